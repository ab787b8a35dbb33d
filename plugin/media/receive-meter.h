/*
 * What has come out of a received stream, and whether it is time to ask its
 * sender for a key frame. Any thread.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

/**
 * PealRemoteTrackCounters: what has been decoded (or passed) so far
 * @frames: video frames
 * @width: of the last picture, pixels; 0 before the first
 * @height: of the last picture, pixels
 * @audio_ns: sound, in nanoseconds
 * @first_frame_us: monotonic time of the first frame or sample; 0: none yet
 * @last_frame_us: monotonic time of the last one
 */
typedef struct {
  guint64 frames;
  guint width;
  guint height;
  guint64 audio_ns;
  gint64 first_frame_us;
  gint64 last_frame_us;
} PealRemoteTrackCounters;

/**
 * PealReceiveMeter: all fields are guarded by @lock
 * @counters: what has come out
 * @waiting_since_us: monotonic time since when packets came and nothing came
 *   out; 0: not waiting
 * @requested_us: monotonic time of the last request for a key frame
 */
typedef struct {
  GMutex lock;
  PealRemoteTrackCounters counters;
  gint64 waiting_since_us;
  gint64 requested_us;
} PealReceiveMeter;

void
peal_receive_meter_init (PealReceiveMeter *self);
void
peal_receive_meter_clear (PealReceiveMeter *self);
void
peal_receive_meter_restart (PealReceiveMeter *self);
void
peal_receive_meter_count (
    PealReceiveMeter *self, PealMediaKind kind, GstPad *pad, GstBuffer *buffer);
gboolean
peal_receive_meter_may_request (PealReceiveMeter *self);
gboolean
peal_receive_meter_must_request (PealReceiveMeter *self);
void
peal_receive_meter_get (
    PealReceiveMeter *self, PealRemoteTrackCounters *counters);

G_END_DECLS
