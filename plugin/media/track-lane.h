/*
 * PealTrackLane: one codec of a track: a fan-out that stays, and an encoding
 * before it while there is input and demand.
 */
#pragma once

#include "media/fan-out.h"
#include "media/track-caps.h"
#include "media/track-encoding.h"

G_BEGIN_DECLS

typedef struct _PealTrackLane PealTrackLane;

/**
 * PealTrackLaneInput:
 * @input: raw or encoded
 * @codec: (nullable): if encoded
 * @caps: (nullable): of the input
 * @target_bps: bitrate for encoders, bit/s
 */
typedef struct {
  PealTrackInput input;
  const PealCodec *codec;
  GstCaps *caps;
  guint target_bps;
} PealTrackLaneInput;

PealTrackLane *
peal_track_lane_new (GstBin *track, GstPad *sink, const PealCodec *codec);
void
peal_track_lane_free (PealTrackLane *self);
const PealCodec *
peal_track_lane_get_codec (PealTrackLane *self);
PealFanOut *
peal_track_lane_get_fan_out (PealTrackLane *self);
PealTrackEncoding *
peal_track_lane_get_encoding (PealTrackLane *self);
gboolean
peal_track_lane_update (
    PealTrackLane *self, const PealTrackLaneInput *input, GError **error);
void
peal_track_lane_set_standby (
    PealTrackLane *self, gboolean is_standby, const PealTrackLaneInput *input);
void
peal_track_lane_stop (PealTrackLane *self);
void
peal_track_lane_stop_failed (PealTrackLane *self);
void
peal_track_lane_reset (PealTrackLane *self);
void
peal_track_lane_push (PealTrackLane *self, GstBuffer *buffer, GstCaps *caps);
void
peal_track_lane_set_muted (PealTrackLane *self, gboolean is_muted);

G_END_DECLS
