/*
 * PealInputs: the sink pads of a pealbin and the tracks behind them.
 *
 * Each input is a ghost pad, a clocksync that holds a source without a clock
 * of its own (a file) to real time, and a track.
 *
 * Threads: on the application's, except peal_inputs_list_tracks, which takes
 * a snapshot on any.
 */
#pragma once

#include "element/settings.h"
#include "media/track.h"

G_BEGIN_DECLS

typedef struct _PealInputs PealInputs;

/**
 * PealInputsFunc:
 *
 * Fires on a streaming thread with its pad's stream lock held; only posts.
 */
typedef void (*PealInputsFunc) (GstElement *element);

PealInputs *
peal_inputs_new (
    GstBin *bin, PealInputsFunc on_changed, PealInputsFunc on_ended);
void
peal_inputs_free (PealInputs *self);
GstPad *
peal_inputs_add (PealInputs *self, PealMediaKind kind, GstPadTemplate *template,
    const gchar *name);
void
peal_inputs_remove (PealInputs *self, GstPad *pad);
PealTrack *
peal_inputs_get_track (GstPad *pad);
GPtrArray *
peal_inputs_list_tracks (PealInputs *self);
void
peal_inputs_rewind (PealInputs *self);
gboolean
peal_inputs_is_empty (PealInputs *self);

void
peal_inputs_apply (PealTrack *track, const PealSettings *settings);

G_END_DECLS
