/*
 * The output of a received stream that the mixer asks for and gives back:
 *
 *   raw fork ─ drop queue ─ ghost pad of the bin
 *
 * Threads: all on the loop, but peal_mix_output_is_linked() on any.
 */
#pragma once

#include "media/fork.h"

G_BEGIN_DECLS

/**
 * PealMixOutput: at most one output
 * @bin: (transfer none): has the queue and the pad
 * @fork: (transfer none): in @bin, gives raw media
 * @queue: (nullable): while there is an output
 * @from: (nullable): the fork's pad
 * @lock: guards @pad
 * @pad: (nullable): the bin's pad
 */
typedef struct {
  GstElement *bin;
  PealFork *fork;
  GstElement *queue;
  GstPad *from;
  GMutex lock;
  GstPad *pad;
} PealMixOutput;

void
peal_mix_output_init (PealMixOutput *self, GstElement *bin, PealFork *fork);
void
peal_mix_output_clear (PealMixOutput *self);
GstPad *
peal_mix_output_open (
    PealMixOutput *self, GstPadTemplate *template, GstClockTime latency);
void
peal_mix_output_close (PealMixOutput *self);
void
peal_mix_output_stop (PealMixOutput *self);
gboolean
peal_mix_output_is_linked (PealMixOutput *self);

G_END_DECLS
