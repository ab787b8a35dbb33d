/*
 * How far a mix is behind the clock, and who has to know.
 *
 * What a mix gives is stamped with the time at which it is there, as if the
 * mix took none; downstream is told of no latency but the one that it would
 * have of remote tracks, too. So a mix of pictures, which takes a frame, makes
 * no sink of sound in the same pipeline wait, and no one-picture mix, which
 * takes nothing (mix-direct.h), has to.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

/* All fields are private; begins with peal_mix_latency_init(). */
typedef struct {
  GstElement *aggregator; /* not owned */
  GstClockTime block;     /* duration of what it makes at a time, or 0 */
  GstClockTime shift;     /* of what it makes; its thread */
  gint64 asked_us;        /* for its latency; its thread */

  GMutex lock;
  GstClockTime latency; /* guarded by lock */
  GstClockTime floor;   /* guarded by lock */
} PealMixLatency;

void
peal_mix_latency_init (PealMixLatency *self);
void
peal_mix_latency_clear (PealMixLatency *self);
void
peal_mix_latency_start (PealMixLatency *self, GstElement *aggregator,
    PealMediaKind kind, GstPad *mixed);
void
peal_mix_latency_answer_on (PealMixLatency *self, GstPad *src);
void
peal_mix_latency_restart (PealMixLatency *self);
void
peal_mix_latency_set_floor (PealMixLatency *self, GstClockTime floor);
GstClockTime
peal_mix_latency_get (PealMixLatency *self);
GstClockTime
peal_mix_latency_get_floor (PealMixLatency *self);
GstClockTime
peal_mix_latency_get_slack (PealMixLatency *self);

G_END_DECLS
