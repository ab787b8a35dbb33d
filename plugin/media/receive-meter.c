/*
 * What has come out of a received stream, and when to ask for a key frame.
 * See receive-meter.h. Used by remote tracks.
 */
#include "media/receive-meter.h"

#include <gst/audio/audio.h>

/* Chosen: long enough for a key frame to arrive over a slow path, short enough
 * not to be noticed as a fault. */
#define KEY_FRAME_RETRY_US (500 * G_TIME_SPAN_MILLISECOND)
/* Chosen: requests within this time would be answered by one key frame. */
#define KEY_FRAME_INTERVAL_US (100 * G_TIME_SPAN_MILLISECOND)

void
peal_receive_meter_init (PealReceiveMeter *self)
{
  g_mutex_init (&self->lock);
}

void
peal_receive_meter_clear (PealReceiveMeter *self)
{
  g_mutex_clear (&self->lock);
}

/**
 * peal_receive_meter_restart:
 *
 * Another sender begins: the counters go on, the waiting begins anew.
 */
void
peal_receive_meter_restart (PealReceiveMeter *self)
{
  g_mutex_lock (&self->lock);
  self->waiting_since_us = 0;
  self->requested_us = 0;
  g_mutex_unlock (&self->lock);
}

/* With the lock. */
static void
count_frame (PealReceiveMeter *self, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstStructure *structure = caps ? gst_caps_get_structure (caps, 0) : NULL;
  gint width, height;

  self->counters.frames++;
  if (structure && gst_structure_get_int (structure, "width", &width) &&
      gst_structure_get_int (structure, "height", &height)) {
    self->counters.width = width;
    self->counters.height = height;
  }
}

static guint64
get_sound_duration (GstPad *pad, GstBuffer *buffer)
{
  g_autoptr (GstCaps) caps = NULL;
  GstAudioInfo info;

  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    return GST_BUFFER_DURATION (buffer);

  caps = gst_pad_get_current_caps (pad);
  if (!caps || !gst_audio_info_from_caps (&info, caps) || info.rate == 0 ||
      info.bpf == 0)
    return 0;
  return gst_util_uint64_scale (
      gst_buffer_get_size (buffer) / info.bpf, GST_SECOND, info.rate);
}

/**
 * peal_receive_meter_count:
 * @kind: audio or video
 * @pad: where it passes; its caps tell the size
 * @buffer: a picture, or a piece of sound
 */
void
peal_receive_meter_count (
    PealReceiveMeter *self, PealMediaKind kind, GstPad *pad, GstBuffer *buffer)
{
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  if (kind == PEAL_MEDIA_VIDEO)
    count_frame (self, pad);
  else
    self->counters.audio_ns += get_sound_duration (pad, buffer);
  if (self->counters.first_frame_us == 0)
    self->counters.first_frame_us = now_us;
  self->counters.last_frame_us = now_us;
  self->waiting_since_us = 0;
  g_mutex_unlock (&self->lock);
}

/**
 * peal_receive_meter_may_request:
 *
 * Returns: whether a key frame may be asked for now; then it counts as asked
 */
gboolean
peal_receive_meter_may_request (PealReceiveMeter *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean may_request;

  g_mutex_lock (&self->lock);
  may_request = now_us - self->requested_us >= KEY_FRAME_INTERVAL_US;
  if (may_request)
    self->requested_us = now_us;
  g_mutex_unlock (&self->lock);

  return may_request;
}

/**
 * peal_receive_meter_must_request:
 *
 * Called with each packet.
 *
 * Returns: whether packets have come for 500 ms and nothing came out of them,
 *   and none was asked for in that time; then it counts as asked
 */
gboolean
peal_receive_meter_must_request (PealReceiveMeter *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean must_request;

  g_mutex_lock (&self->lock);
  if (self->waiting_since_us == 0)
    self->waiting_since_us = now_us;
  must_request = now_us - self->waiting_since_us >= KEY_FRAME_RETRY_US &&
      now_us - self->requested_us >= KEY_FRAME_RETRY_US;
  if (must_request)
    self->requested_us = now_us;
  g_mutex_unlock (&self->lock);

  return must_request;
}

/**
 * peal_receive_meter_get:
 * @counters: (out): a copy
 */
void
peal_receive_meter_get (
    PealReceiveMeter *self, PealRemoteTrackCounters *counters)
{
  g_mutex_lock (&self->lock);
  *counters = self->counters;
  g_mutex_unlock (&self->lock);
}
