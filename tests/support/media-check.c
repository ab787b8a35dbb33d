/*
 * What a picture shows and what a sound is. See media-check.h.
 *
 * Pictures are converted to RGB by GStreamer's own converter and averaged.
 * A tone is measured with Goertzel's algorithm (G. Goertzel, "An Algorithm
 * for the Evaluation of Finite Trigonometric Series", 1958) on a Hann window.
 */
#include "media-check.h"

#include <gst/audio/audio.h>
#include <gst/video/video.h>
#include <math.h>

#include "wait.h"

/* Chosen: 4:2:0 conversion and a codec at a low bitrate shift a pure colour
 * by up to about 40 of 255; the primary colours are 255 apart. */
#define COLOUR_TOLERANCE 60

/* Chosen: noise of a codec on a still picture stays under 2 of 255. */
#define MOVEMENT_THRESHOLD 2.0

/* Chosen: speech codecs keep a tone well above this; dither is far below. */
#define SILENCE_THRESHOLD 0.003

/* Chosen: bounds and step of the search for the strongest tone. A quarter of
 * a second of sound resolves about 8 Hz with a Hann window. */
#define LOWEST_HZ 100.0
#define HIGHEST_HZ 3600.0
#define STEP_HZ 5.0
#define TONE_WINDOW_MS 250
#define TONE_TOLERANCE_HZ 20.0

static gboolean
get_rgb_info (const GstVideoInfo *info, GstVideoInfo *rgb)
{
  if (!gst_video_info_set_format (
          rgb, GST_VIDEO_FORMAT_RGB, info->width, info->height))
    return FALSE;

  rgb->fps_n = info->fps_n;
  rgb->fps_d = info->fps_d;
  rgb->interlace_mode = info->interlace_mode;
  return TRUE;
}

/* The converter reads the caps' colorimetry, so the numbers are true RGB. */
static GstSample *
convert_frame (GstVideoFrame *frame)
{
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstVideoConverter *converter;
  GstVideoFrame rgb_frame;
  GstVideoInfo rgb;

  if (!get_rgb_info (&frame->info, &rgb))
    return NULL;
  caps = gst_video_info_to_caps (&rgb);
  buffer = gst_buffer_new_allocate (NULL, rgb.size, NULL);
  if (!gst_video_frame_map (&rgb_frame, &rgb, buffer, GST_MAP_WRITE))
    return NULL;
  converter = gst_video_converter_new (&frame->info, &rgb, NULL);
  gst_video_converter_frame (converter, frame, &rgb_frame);
  gst_video_converter_free (converter);
  gst_video_frame_unmap (&rgb_frame);

  return gst_sample_new (buffer, caps, NULL, NULL);
}

static GstSample *
convert_to_rgb (GstSample *sample)
{
  GstVideoFrame frame;
  GstVideoInfo info;
  GstSample *converted;

  if (!gst_sample_get_caps (sample) ||
      !gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      !gst_video_frame_map (
          &frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return NULL;
  converted = convert_frame (&frame);
  gst_video_frame_unmap (&frame);

  return converted;
}

static gboolean
map_rgb (GstSample *rgb, GstVideoFrame *frame)
{
  GstVideoInfo info;

  return rgb && gst_video_info_from_caps (&info, gst_sample_get_caps (rgb)) &&
      gst_video_frame_map (
          frame, &info, gst_sample_get_buffer (rgb), GST_MAP_READ);
}

static const guint8 *
pixel_at (GstVideoFrame *frame, gint x, gint y)
{
  return (const guint8 *)GST_VIDEO_FRAME_PLANE_DATA (frame, 0) +
      y * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0) + x * 3;
}

static GstVideoRectangle
region_to_pixels (MediaRegion region, GstVideoFrame *frame)
{
  gint width = GST_VIDEO_FRAME_WIDTH (frame);
  gint height = GST_VIDEO_FRAME_HEIGHT (frame);
  GstVideoRectangle pixels = {
    .x = CLAMP ((gint)(region.left * width), 0, width - 1),
    .y = CLAMP ((gint)(region.top * height), 0, height - 1),
  };

  pixels.w = CLAMP ((gint)(region.right * width), pixels.x + 1, width);
  pixels.h = CLAMP ((gint)(region.bottom * height), pixels.y + 1, height);
  pixels.w -= pixels.x;
  pixels.h -= pixels.y;

  return pixels;
}

static guint
average (GstVideoFrame *frame, GstVideoRectangle area)
{
  guint64 sums[3] = { 0 };
  guint64 count = (guint64)area.w * area.h;

  for (gint y = area.y; y < area.y + area.h; y++)
    for (gint x = area.x; x < area.x + area.w; x++)
      for (guint i = 0; i < 3; i++)
        sums[i] += pixel_at (frame, x, y)[i];

  return (guint)(sums[0] / count) << 16 | (guint)(sums[1] / count) << 8 |
      (guint)(sums[2] / count);
}

/**
 * media_check_get_size:
 * @width: (out): pixels
 * @height: (out): pixels
 *
 * Returns: whether @sample is raw video
 */
gboolean
media_check_get_size (GstSample *sample, guint *width, guint *height)
{
  GstVideoInfo info;

  if (!sample || !gst_sample_get_caps (sample) ||
      !gst_video_info_from_caps (&info, gst_sample_get_caps (sample)))
    return FALSE;

  *width = GST_VIDEO_INFO_WIDTH (&info);
  *height = GST_VIDEO_INFO_HEIGHT (&info);
  return TRUE;
}

/**
 * media_check_mean_colour:
 * @sample: a raw picture
 * @rgb: (out): the mean colour of @region as 0xRRGGBB
 *
 * Returns: whether @sample could be read
 */
gboolean
media_check_mean_colour (GstSample *sample, MediaRegion region, guint *rgb)
{
  g_autoptr (GstSample) converted = convert_to_rgb (sample);
  GstVideoFrame frame;

  if (!map_rgb (converted, &frame))
    return FALSE;

  *rgb = average (&frame, region_to_pixels (region, &frame));
  gst_video_frame_unmap (&frame);
  return TRUE;
}

/**
 * media_check_is_colour:
 * @rgb: the colour expected, 0xRRGGBB
 *
 * Returns: whether the mean of @region is @rgb, as near as a lossy codec
 *   keeps it (60 of 255 in each component)
 */
gboolean
media_check_is_colour (GstSample *sample, MediaRegion region, guint rgb)
{
  guint mean;

  if (!media_check_mean_colour (sample, region, &mean))
    return FALSE;

  for (guint shift = 0; shift <= 16; shift += 8) {
    gint distance = (gint)(mean >> shift & 0xff) - (gint)(rgb >> shift & 0xff);

    if (ABS (distance) > COLOUR_TOLERANCE)
      return FALSE;
  }
  return TRUE;
}

static gdouble
mean_difference (GstVideoFrame *a, GstVideoFrame *b, GstVideoRectangle area)
{
  guint64 sum = 0;

  for (gint y = area.y; y < area.y + area.h; y++)
    for (gint x = area.x; x < area.x + area.w; x++)
      for (guint i = 0; i < 3; i++)
        sum += ABS ((gint)pixel_at (a, x, y)[i] - (gint)pixel_at (b, x, y)[i]);

  return sum / (3.0 * area.w * area.h);
}

/**
 * media_check_difference:
 *
 * Returns: the mean distance between the components of two pictures in
 *   @region, 0 to 255; 255 when their sizes differ or one cannot be read
 */
gdouble
media_check_difference (GstSample *a, GstSample *b, MediaRegion region)
{
  g_autoptr (GstSample) rgb_a = convert_to_rgb (a);
  g_autoptr (GstSample) rgb_b = convert_to_rgb (b);
  GstVideoFrame frame_a, frame_b;
  gdouble difference = 255;

  if (!map_rgb (rgb_a, &frame_a))
    return difference;
  if (!map_rgb (rgb_b, &frame_b)) {
    gst_video_frame_unmap (&frame_a);
    return difference;
  }
  if (frame_a.info.width == frame_b.info.width &&
      frame_a.info.height == frame_b.info.height)
    difference = mean_difference (
        &frame_a, &frame_b, region_to_pixels (region, &frame_a));
  gst_video_frame_unmap (&frame_a);
  gst_video_frame_unmap (&frame_b);

  return difference;
}

/**
 * media_check_is_moving:
 *
 * Returns: whether two pictures of one stream show different things, more
 *   than a codec's noise makes them
 */
gboolean
media_check_is_moving (GstSample *a, GstSample *b)
{
  return media_check_difference (a, b, MEDIA_REGION_ALL) > MOVEMENT_THRESHOLD;
}

static gfloat
read_sample (const GstAudioInfo *info, const guint8 *data)
{
  if (GST_AUDIO_INFO_FORMAT (info) == GST_AUDIO_FORMAT_F32LE) {
    gfloat value;

    memcpy (&value, data, sizeof (value));
    return value;
  }
  return GST_READ_UINT16_LE (data) / 32768.0f -
      (GST_READ_UINT16_LE (data) > 32767 ? 2.0f : 0.0f);
}

/**
 * media_check_append_audio:
 * @samples: an array of gfloat, -1 to 1, that grows by the first channel
 * @sample: interleaved raw audio, S16LE or F32LE
 * @rate: (out): samples per second
 *
 * Returns: whether @sample could be read
 */
gboolean
media_check_append_audio (GArray *samples, GstSample *sample, guint *rate)
{
  GstAudioInfo info;
  GstMapInfo map;

  if (!gst_sample_get_caps (sample) ||
      !gst_audio_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      (GST_AUDIO_INFO_FORMAT (&info) != GST_AUDIO_FORMAT_S16LE &&
          GST_AUDIO_INFO_FORMAT (&info) != GST_AUDIO_FORMAT_F32LE) ||
      !gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
    return FALSE;

  for (gsize i = 0; i + GST_AUDIO_INFO_BPF (&info) <= map.size;
       i += GST_AUDIO_INFO_BPF (&info)) {
    gfloat value = read_sample (&info, map.data + i);

    g_array_append_val (samples, value);
  }
  *rate = GST_AUDIO_INFO_RATE (&info);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  return TRUE;
}

/**
 * media_check_tone_level:
 * @samples: an array of gfloat
 * @rate: samples per second
 * @hz: the frequency to look at
 *
 * Returns: the amplitude of the tone at @hz, 0 to 1
 */
gdouble
media_check_tone_level (GArray *samples, guint rate, gdouble hz)
{
  gdouble coefficient = 2 * cos (2 * G_PI * hz / rate);
  gdouble s1 = 0, s2 = 0;
  guint n = samples->len;

  if (n < 2)
    return 0;

  for (guint i = 0; i < n; i++) {
    gdouble window = 0.5 - 0.5 * cos (2 * G_PI * i / (n - 1));
    gdouble s =
        g_array_index (samples, gfloat, i) * window + coefficient * s1 - s2;

    s2 = s1;
    s1 = s;
  }
  /* A Hann window halves the sum; a sine has half its amplitude per side. */
  return sqrt (MAX (s1 * s1 + s2 * s2 - coefficient * s1 * s2, 0)) * 4 / n;
}

/**
 * media_check_loudness:
 *
 * Returns: the root mean square of @samples, 0 to 1
 */
gdouble
media_check_loudness (GArray *samples)
{
  gdouble sum = 0;

  for (guint i = 0; i < samples->len; i++) {
    gdouble value = g_array_index (samples, gfloat, i);

    sum += value * value;
  }
  return samples->len ? sqrt (sum / samples->len) : 0;
}

/**
 * media_check_dominant_frequency:
 *
 * Returns: the strongest tone between 100 and 3600 Hz, in Hz within 5; 0 when
 *   there is silence
 */
gdouble
media_check_dominant_frequency (GArray *samples, guint rate)
{
  gdouble best_hz = 0, best_level = 0;

  if (media_check_loudness (samples) < SILENCE_THRESHOLD)
    return 0;

  for (gdouble hz = LOWEST_HZ; hz <= HIGHEST_HZ; hz += STEP_HZ) {
    gdouble level = media_check_tone_level (samples, rate, hz);

    if (level > best_level) {
      best_level = level;
      best_hz = hz;
    }
  }
  return best_hz;
}

/* Pulls one sample before @deadline_us, or gives NULL. */
static GstSample *
pull (GstElement *appsink, gint64 deadline_us)
{
  gint64 left_us = deadline_us - g_get_monotonic_time ();

  if (left_us <= 0)
    return NULL;

  return gst_app_sink_try_pull_sample (
      GST_APP_SINK (appsink), left_us * GST_USECOND);
}

static gint64
deadline_in (guint timeout_ms)
{
  return g_get_monotonic_time () +
      timeout_ms * wait_slowness () * G_TIME_SPAN_MILLISECOND;
}

/**
 * media_wait_for_colour:
 * @timeout_ms: how long to wait, in milliseconds
 *
 * Returns: whether a picture came whose @region has the colour @rgb
 */
gboolean
media_wait_for_colour (
    GstElement *appsink, MediaRegion region, guint rgb, guint timeout_ms)
{
  gint64 deadline_us = deadline_in (timeout_ms);
  guint last = 0;

  while (TRUE) {
    g_autoptr (GstSample) sample = pull (appsink, deadline_us);

    if (!sample)
      break;
    if (media_check_is_colour (sample, region, rgb))
      return TRUE;
    media_check_mean_colour (sample, region, &last);
  }
  g_test_message (
      "no picture with #%06x in time; the last was #%06x", rgb, last);
  return FALSE;
}

/**
 * media_wait_for_size:
 * @timeout_ms: how long to wait, in milliseconds
 *
 * Returns: whether a picture of @width x @height pixels came
 */
gboolean
media_wait_for_size (
    GstElement *appsink, guint width, guint height, guint timeout_ms)
{
  gint64 deadline_us = deadline_in (timeout_ms);

  while (TRUE) {
    g_autoptr (GstSample) sample = pull (appsink, deadline_us);
    guint w, h;

    if (!sample)
      return FALSE;
    if (media_check_get_size (sample, &w, &h) && w == width && h == height)
      return TRUE;
  }
}

/**
 * media_wait_for_movement:
 * @timeout_ms: how long to wait, in milliseconds
 *
 * Returns: whether a picture came that differs from the first one
 */
gboolean
media_wait_for_movement (GstElement *appsink, guint timeout_ms)
{
  gint64 deadline_us = deadline_in (timeout_ms);
  g_autoptr (GstSample) first = pull (appsink, deadline_us);

  while (first) {
    g_autoptr (GstSample) sample = pull (appsink, deadline_us);

    if (!sample)
      break;
    if (media_check_is_moving (first, sample))
      return TRUE;
  }
  return FALSE;
}

/* Collects a window's length of sound; FALSE when it did not come in time. */
static gboolean
pull_window (
    GstElement *appsink, gint64 deadline_us, GArray *samples, guint *rate)
{
  g_array_set_size (samples, 0);
  *rate = G_MAXUINT / 1000;
  while (samples->len < *rate / 1000 * TONE_WINDOW_MS) {
    g_autoptr (GstSample) sample = pull (appsink, deadline_us);

    if (!sample || !media_check_append_audio (samples, sample, rate))
      return FALSE;
  }
  return TRUE;
}

/**
 * media_wait_for_tone:
 * @hz: the frequency, 100 to 3600
 * @timeout_ms: how long to wait, in milliseconds
 *
 * Returns: whether @hz became the strongest tone, within 20 Hz
 */
gboolean
media_wait_for_tone (GstElement *appsink, gdouble hz, guint timeout_ms)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  gint64 deadline_us = deadline_in (timeout_ms);
  gdouble found = -1;
  guint rate;

  while (pull_window (appsink, deadline_us, samples, &rate)) {
    found = media_check_dominant_frequency (samples, rate);
    if (fabs (found - hz) <= TONE_TOLERANCE_HZ)
      return TRUE;
  }
  g_test_message ("no tone of %.0f Hz in time; the last was %.0f", hz, found);
  return FALSE;
}

/**
 * media_wait_for_silence:
 * @timeout_ms: how long to wait, in milliseconds
 *
 * Returns: whether a quarter of a second of silence came
 */
gboolean
media_wait_for_silence (GstElement *appsink, guint timeout_ms)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  gint64 deadline_us = deadline_in (timeout_ms);
  guint rate;

  while (pull_window (appsink, deadline_us, samples, &rate))
    if (media_check_loudness (samples) < SILENCE_THRESHOLD)
      return TRUE;

  return FALSE;
}
