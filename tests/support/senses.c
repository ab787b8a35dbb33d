/*
 * Eyes, ears and flows. See senses.h.
 *
 * Lock: each object's mutex guards all its fields but the element or pad.
 */
#include "senses.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>
#include <math.h>

#include "media-check.h"

/* Chosen: what lossy codecs and colour conversions leave of a pure colour. */
#define COLOUR_TOLERANCE 60
/* Chosen: a colour is seen when it fills this part of the picture; four in a
 * grid have a quarter each. */
#define SEEN_SHARE 0.1
#define PIXEL_STEP 2
/* Chosen: above the noise of a codec on a still picture. */
#define MOVED_SHARE 0.002
#define MOVED_DISTANCE 90
/* A picture that stands still for so long does not move. */
#define STILL_US (1500 * G_GINT64_CONSTANT (1000))
#define HEARD_SAMPLES 4000 /* a quarter of a second at 16 kHz */
#define HEARD_LEVEL 0.04   /* sources of tests have 0.2 */
#define SILENCE_LEVEL 0.003
#define SOUND_LIMIT_US G_USEC_PER_SEC /* older is not heard now */

/* ---- eyes ---------------------------------------------------------------- */

struct _Eye {
  GstElement *appsink;
  GMutex lock;
  GByteArray *pixels; /* RGB of every PIXEL_STEPth pixel */
  guint width;
  guint height;
  guint count;
  gint64 seen_us;
  gint64 moved_us;
};

static GByteArray *
take_pixels (GstVideoFrame *frame)
{
  GByteArray *pixels = g_byte_array_new ();
  gint stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
  const guint8 *data = GST_VIDEO_FRAME_PLANE_DATA (frame, 0);

  for (gint y = 0; y < GST_VIDEO_FRAME_HEIGHT (frame); y += PIXEL_STEP)
    for (gint x = 0; x < GST_VIDEO_FRAME_WIDTH (frame); x += PIXEL_STEP)
      g_byte_array_append (pixels, data + y * stride + x * 3, 3);

  return pixels;
}

static gboolean
is_near (const guint8 *a, const guint8 *b, gint distance)
{
  return ABS (a[0] - b[0]) <= distance && ABS (a[1] - b[1]) <= distance &&
      ABS (a[2] - b[2]) <= distance;
}

static gboolean
has_moved (GByteArray *before, GByteArray *now)
{
  guint changed = 0;

  if (!before || before->len != now->len)
    return before != NULL;
  for (guint i = 0; i < now->len; i += 3)
    if (!is_near (before->data + i, now->data + i, MOVED_DISTANCE))
      changed++;

  return changed * 3 > MOVED_SHARE * now->len;
}

static void
look_at (Eye *self, GstVideoFrame *frame)
{
  GByteArray *now = take_pixels (frame);
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  if (has_moved (self->pixels, now))
    self->moved_us = now_us;
  g_clear_pointer (&self->pixels, g_byte_array_unref);
  self->pixels = now;
  self->width = (guint)GST_VIDEO_FRAME_WIDTH (frame);
  self->height = (guint)GST_VIDEO_FRAME_HEIGHT (frame);
  self->seen_us = now_us;
  self->count++;
  g_mutex_unlock (&self->lock);
}

static GstFlowReturn
on_picture (GstAppSink *appsink, gpointer data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (appsink);
  GstVideoInfo info;
  GstVideoFrame frame;

  if (sample &&
      gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) &&
      gst_video_frame_map (
          &frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ)) {
    look_at (data, &frame);
    gst_video_frame_unmap (&frame);
  }

  return GST_FLOW_OK;
}

/**
 * eye_new:
 * @appsink: kept; gets pictures of EYE_CAPS
 */
Eye *
eye_new (GstElement *appsink)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_picture };
  Eye *self = g_new0 (Eye, 1);

  self->appsink = gst_object_ref (appsink);
  g_mutex_init (&self->lock);
  gst_app_sink_set_callbacks (GST_APP_SINK (appsink), &callbacks, self, NULL);

  return self;
}

/**
 * eye_free:
 *
 * The appsink's stream has ended.
 */
void
eye_free (Eye *self)
{
  gst_object_unref (self->appsink);
  g_clear_pointer (&self->pixels, g_byte_array_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * eye_sees:
 * @rgb: a colour, 0xRRGGBB
 *
 * Returns: whether @rgb fills a tenth of the last picture, not long ago
 */
gboolean
eye_sees (Eye *self, guint rgb)
{
  guint8 colour[3] = { rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff };
  guint found = 0;
  gboolean is_seen;

  g_mutex_lock (&self->lock);
  for (guint i = 0; self->pixels && i < self->pixels->len; i += 3)
    if (is_near (self->pixels->data + i, colour, COLOUR_TOLERANCE))
      found++;
  is_seen = self->pixels && found * 3 >= SEEN_SHARE * self->pixels->len &&
      g_get_monotonic_time () - self->seen_us < STILL_US;
  g_mutex_unlock (&self->lock);

  return is_seen;
}

/**
 * eye_is_moving:
 *
 * Returns: whether the picture changed not long ago
 */
gboolean
eye_is_moving (Eye *self)
{
  gint64 moved_us;

  g_mutex_lock (&self->lock);
  moved_us = self->moved_us;
  g_mutex_unlock (&self->lock);

  return moved_us > 0 && g_get_monotonic_time () - moved_us < STILL_US;
}

void
eye_get_size (Eye *self, guint *width, guint *height)
{
  g_mutex_lock (&self->lock);
  *width = self->width;
  *height = self->height;
  g_mutex_unlock (&self->lock);
}

/**
 * eye_get_count:
 *
 * Returns: how many pictures came so far
 */
guint
eye_get_count (Eye *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->count;
  g_mutex_unlock (&self->lock);

  return count;
}

/* ---- ears ---------------------------------------------------------------- */

struct _Ear {
  GstElement *appsink;
  GMutex lock;
  GArray *heard; /* the last HEARD_SAMPLES */
  guint rate;
  gint64 heard_us;
};

static GstFlowReturn
on_sound (GstAppSink *appsink, gpointer data)
{
  Ear *self = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (appsink);

  g_mutex_lock (&self->lock);
  if (sample && media_check_append_audio (self->heard, sample, &self->rate))
    self->heard_us = g_get_monotonic_time ();
  if (self->heard->len > HEARD_SAMPLES)
    g_array_remove_range (self->heard, 0, self->heard->len - HEARD_SAMPLES);
  g_mutex_unlock (&self->lock);

  return GST_FLOW_OK;
}

/**
 * ear_new:
 * @appsink: kept; gets sound of EAR_CAPS
 */
Ear *
ear_new (GstElement *appsink)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_sound };
  Ear *self = g_new0 (Ear, 1);

  self->appsink = gst_object_ref (appsink);
  g_mutex_init (&self->lock);
  self->heard = g_array_new (FALSE, FALSE, sizeof (gfloat));
  gst_app_sink_set_callbacks (GST_APP_SINK (appsink), &callbacks, self, NULL);

  return self;
}

/**
 * ear_free:
 *
 * The appsink's stream has ended.
 */
void
ear_free (Ear *self)
{
  gst_object_unref (self->appsink);
  g_array_unref (self->heard);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_fresh (Ear *self)
{
  return self->heard->len >= HEARD_SAMPLES &&
      g_get_monotonic_time () - self->heard_us < SOUND_LIMIT_US;
}

/**
 * ear_hears:
 *
 * Returns: whether the last quarter of a second had a tone of @hz
 */
gboolean
ear_hears (Ear *self, gdouble hz)
{
  gboolean is_heard;

  g_mutex_lock (&self->lock);
  is_heard = is_fresh (self) &&
      media_check_tone_level (self->heard, self->rate, hz) >= HEARD_LEVEL;
  g_mutex_unlock (&self->lock);

  return is_heard;
}

/**
 * ear_hears_silence:
 *
 * Returns: whether the last quarter of a second was silent, but came
 */
gboolean
ear_hears_silence (Ear *self)
{
  gboolean is_silent;

  g_mutex_lock (&self->lock);
  is_silent =
      is_fresh (self) && media_check_loudness (self->heard) < SILENCE_LEVEL;
  g_mutex_unlock (&self->lock);

  return is_silent;
}

/* ---- flows --------------------------------------------------------------- */

struct _Flow {
  GstPad *pad;
  gulong probe;
  GMutex lock;
  guint count;
  gint64 last_us; /* of a buffer, or of the reset */
  gint64 longest_us;
};

static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Flow *self = data;
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  self->count++;
  self->longest_us = MAX (self->longest_us, now_us - self->last_us);
  self->last_us = now_us;
  g_mutex_unlock (&self->lock);

  return GST_PAD_PROBE_OK;
}

/**
 * flow_new:
 * @pad: kept; what passes it is watched from now on
 */
Flow *
flow_new (GstPad *pad)
{
  Flow *self = g_new0 (Flow, 1);

  self->pad = gst_object_ref (pad);
  g_mutex_init (&self->lock);
  flow_reset (self);
  self->probe = gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_buffer,
      self, NULL);

  return self;
}

/**
 * flow_free:
 *
 * Nothing passes the pad any more.
 */
void
flow_free (Flow *self)
{
  gst_pad_remove_probe (self->pad, self->probe);
  gst_object_unref (self->pad);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * flow_reset:
 *
 * Forgets; the next gap begins now.
 */
void
flow_reset (Flow *self)
{
  g_mutex_lock (&self->lock);
  self->count = 0;
  self->longest_us = 0;
  self->last_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

guint
flow_get_count (Flow *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->count;
  g_mutex_unlock (&self->lock);

  return count;
}

/**
 * flow_get_longest_gap_ms:
 *
 * Returns: the longest time without a buffer, the present one too
 */
gint64
flow_get_longest_gap_ms (Flow *self)
{
  gint64 longest_us;

  g_mutex_lock (&self->lock);
  longest_us = MAX (self->longest_us, g_get_monotonic_time () - self->last_us);
  g_mutex_unlock (&self->lock);

  return longest_us / 1000;
}
