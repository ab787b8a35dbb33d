/*
 * The short way through a mix of pictures. See mix-direct.h.
 *
 *   input ─┬─ compositor ─ mixed ─┬─ queue ─ mix
 *          └──────────────────────┘
 *
 * Made by the mixer. Pictures are offered on the streaming thread of their
 * input, which must never wait; so the queue is one that does not make it
 * (drop-queue.h). The stream lock of the queue's sink pad keeps both ways
 * apart.
 *
 * The compositor is behind the clock by its latency, and stamped so
 * (mix-latency.h). A picture that goes by it keeps its time, less the latency
 * that inputs have and sinks add again.
 *
 * Lock: `lock` guards what is marked; nothing is called with it held.
 */
#include "media/mix-direct.h"

#include <gst/video/video.h>

/* Chosen: pictures that come at 20 a second, with jitter, are not missed. */
#define HOLD_US (80 * G_TIME_SPAN_MILLISECOND)
/* Chosen: so many intervals make a rate. */
#define N_STEADY 8

struct _PealMixDirect {
  GstPad *sink; /* of the queue */
  gint is_open; /* atomic */

  GMutex lock;
  GstClockTime previous; /* time of the last one offered; guarded by lock */
  GstClockTime interval; /* their mean; guarded by lock */
  guint n_intervals;     /* guarded by lock */
  gint64 used_us;        /* when one went by last; guarded by lock */
  GstClockTime last;     /* given to the queue; guarded by lock */
};

/* The mix as it is: caps that the compositor has sent. */
static gboolean
get_format (GstPad *pad, GstVideoInfo *info)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return caps && gst_video_info_from_caps (info, caps);
}

static gboolean
is_plain (GstBuffer *buffer, const GstVideoInfo *info)
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);

  if (gst_buffer_get_video_crop_meta (buffer))
    return FALSE;
  for (guint i = 0; meta && i < meta->n_planes; i++)
    if (meta->stride[i] != info->stride[i] ||
        meta->offset[i] != info->offset[i])
      return FALSE;

  return gst_buffer_get_size (buffer) == info->size;
}

static gboolean
is_same_picture (
    GstPad *input, GstPad *output, GstBuffer *buffer, GstVideoInfo *mix)
{
  GstVideoInfo info;

  return get_format (input, &info) && get_format (output, mix) &&
      info.finfo == mix->finfo && info.width == mix->width &&
      info.height == mix->height && info.par_n == mix->par_n &&
      info.par_d == mix->par_d && info.interlace_mode == mix->interlace_mode &&
      gst_video_colorimetry_is_equal (&info.colorimetry, &mix->colorimetry) &&
      is_plain (buffer, mix);
}

/* With the lock. A rate that fits the mix, for some time already. */
static gboolean
is_steady (PealMixDirect *self, GstClockTime time, const GstVideoInfo *mix)
{
  GstClockTime frame = gst_util_uint64_scale (
      GST_SECOND, MAX (mix->fps_d, 1), MAX (mix->fps_n, 1));
  GstClockTime previous = self->previous;
  GstClockTime interval;

  self->previous = time;
  if (previous == GST_CLOCK_TIME_NONE || time <= previous ||
      time - previous > HOLD_US * GST_USECOND) {
    self->n_intervals = 0;
    return FALSE;
  }
  interval = time - previous;
  self->interval = self->n_intervals == 0
      ? interval
      : (self->interval * (N_STEADY - 1) + interval) / N_STEADY;
  self->n_intervals++;

  return self->n_intervals >= N_STEADY && self->interval > frame * 5 / 6 &&
      self->interval < frame * 3 / 2;
}

/* Takes note that the short way is in use; whether it is this picture's turn,
 * and not one after it has been shown already. */
static gboolean
claim (PealMixDirect *self, GstClockTime time, GstClockTime shown,
    const GstVideoInfo *mix)
{
  gboolean is_usable;

  g_mutex_lock (&self->lock);
  is_usable = is_steady (self, time, mix);
  if (is_usable)
    self->used_us = g_get_monotonic_time ();
  is_usable =
      is_usable && (self->last == GST_CLOCK_TIME_NONE || shown > self->last);
  if (is_usable)
    self->last = shown;
  g_mutex_unlock (&self->lock);

  return is_usable;
}

/* What the compositor made: not needed, or older than what was shown. */
static GstPadProbeReturn
on_mixed (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealMixDirect *self = data;
  GstClockTime time = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));
  gboolean is_needed;

  g_mutex_lock (&self->lock);
  is_needed = (!g_atomic_int_get (&self->is_open) || self->used_us == 0 ||
                  g_get_monotonic_time () - self->used_us > HOLD_US) &&
      (self->last == GST_CLOCK_TIME_NONE || time > self->last);
  if (is_needed)
    self->last = time;
  g_mutex_unlock (&self->lock);

  return is_needed ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

/**
 * peal_mix_direct_offer:
 * @input: where @buffer is; its caps tell its format
 * @buffer: (transfer none): a picture
 * @time: running time at which it is to be shown
 * @latency: what sinks add to the times of the mix's buffers
 *
 * Gives it to the queue if it can stand for the mix. On the input's streaming
 * thread; never waits.
 */
void
peal_mix_direct_offer (PealMixDirect *self, GstPad *input, GstBuffer *buffer,
    GstClockTime time, GstClockTime latency)
{
  GstVideoInfo mix;
  GstBuffer *picture;

  if (!g_atomic_int_get (&self->is_open) || time <= latency ||
      !is_same_picture (input, self->sink, buffer, &mix) ||
      !claim (self, time, time - latency, &mix))
    return;

  picture = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (picture) = time - latency;
  GST_BUFFER_DTS (picture) = GST_CLOCK_TIME_NONE;
  gst_pad_chain (self->sink, picture);
}

/**
 * peal_mix_direct_set_open:
 * @is_open: whether there is one input, and the mix runs
 *
 * Any thread.
 */
void
peal_mix_direct_set_open (PealMixDirect *self, gboolean is_open)
{
  g_mutex_lock (&self->lock);
  self->previous = GST_CLOCK_TIME_NONE;
  self->n_intervals = 0;
  g_atomic_int_set (&self->is_open, is_open);
  g_mutex_unlock (&self->lock);
}

/**
 * peal_mix_direct_restart:
 *
 * Time begins anew. While nothing flows.
 */
void
peal_mix_direct_restart (PealMixDirect *self)
{
  g_mutex_lock (&self->lock);
  self->last = GST_CLOCK_TIME_NONE;
  self->used_us = 0;
  g_mutex_unlock (&self->lock);
}

/**
 * peal_mix_direct_new:
 * @mixed: (transfer none): where the compositor's pictures come
 * @queue: (transfer none): a drop queue that @mixed is linked to
 *
 * Returns: (transfer full): closed
 */
PealMixDirect *
peal_mix_direct_new (GstPad *mixed, GstElement *queue)
{
  PealMixDirect *self = g_new0 (PealMixDirect, 1);

  g_mutex_init (&self->lock);
  self->sink = gst_element_get_static_pad (queue, "sink");
  self->previous = self->last = GST_CLOCK_TIME_NONE;
  gst_pad_add_probe (mixed, GST_PAD_PROBE_TYPE_BUFFER, on_mixed, self, NULL);

  return self;
}

/**
 * peal_mix_direct_free:
 *
 * When nothing flows any more.
 */
void
peal_mix_direct_free (PealMixDirect *self)
{
  gst_object_unref (self->sink);
  g_mutex_clear (&self->lock);
  g_free (self);
}
