/*
 * Takes delay that is no longer needed out of sound. See catch-up.h.
 *
 * Used by the retimer and by the inputs of a mix, on the streaming thread of
 * the pad that the sound passes; calls playout.c for what there is to take
 * back and time-stretch.c to take it.
 */
#include "media/catch-up.h"

#include <gst/audio/audio.h>

#include "media/time-stretch.h"

/* Chosen: one period of ten or more; that is at most a tenth faster. */
#define INTERVAL (100 * GST_MSECOND)

static gboolean
get_format (GstPad *pad, GstAudioInfo *info)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return caps && gst_audio_info_from_caps (info, caps);
}

static void
convert (const GstAudioInfo *from, gpointer *in, const GstAudioInfo *to,
    gpointer *out, guint n_frames)
{
  GstAudioConverter *converter = gst_audio_converter_new (
      GST_AUDIO_CONVERTER_FLAG_NONE, (gpointer)from, (gpointer)to, NULL);

  if (!converter)
    return;
  gst_audio_converter_samples (
      converter, GST_AUDIO_CONVERTER_FLAG_NONE, in, n_frames, out, n_frames);
  gst_audio_converter_free (converter);
}

/* Other formats by way of 16 bits: what a piece of a tenth of a second loses so
 * is 90 dB below the loudest. Returns how many frames were taken out. */
static guint
shorten_any (gpointer *planes, guint n_frames, const GstAudioInfo *info,
    guint most_frames)
{
  g_autofree gint16 *samples = g_new0 (gint16, n_frames * info->channels);
  gpointer plain_planes[] = { samples };
  GstAudioInfo plain;
  guint removed;

  gst_audio_info_set_format (
      &plain, GST_AUDIO_FORMAT_S16, info->rate, info->channels, info->position);
  convert (info, planes, &plain, plain_planes, n_frames);
  removed = peal_time_stretch_shorten (
      samples, n_frames, info->channels, info->rate, most_frames);
  if (removed > 0)
    convert (&plain, plain_planes, info, planes, n_frames - removed);

  return removed;
}

static gboolean
is_plain (const GstAudioInfo *info)
{
  return GST_AUDIO_INFO_FORMAT (info) == GST_AUDIO_FORMAT_S16 &&
      GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_INTERLEAVED;
}

/* Cuts off the end. Of planes each keeps its place. */
static void
set_length (GstBuffer *buffer, const GstAudioInfo *info, guint n_frames)
{
  GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);

  if (meta)
    meta->samples = n_frames;
  if (GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_INTERLEAVED)
    gst_buffer_set_size (buffer, (gsize)n_frames * info->bpf);
}

/* Returns by how much it became shorter. */
static GstClockTime
shorten (GstBuffer *buffer, const GstAudioInfo *info, GstClockTime most)
{
  guint most_frames = gst_util_uint64_scale (most, info->rate, GST_SECOND);
  GstAudioBuffer audio;
  GstClockTime less;
  guint n_frames, removed;

  if (!gst_audio_buffer_map (&audio, info, buffer, GST_MAP_READWRITE))
    return 0;
  n_frames = audio.n_samples;
  removed = is_plain (info)
      ? peal_time_stretch_shorten (
            audio.planes[0], n_frames, info->channels, info->rate, most_frames)
      : shorten_any (audio.planes, n_frames, info, most_frames);
  gst_audio_buffer_unmap (&audio);
  if (removed == 0)
    return 0;

  set_length (buffer, info, n_frames - removed);
  less = gst_util_uint64_scale (removed, GST_SECOND, info->rate);
  if (GST_BUFFER_DURATION_IS_VALID (buffer) &&
      GST_BUFFER_DURATION (buffer) > less)
    GST_BUFFER_DURATION (buffer) -= less;
  return less;
}

/**
 * peal_catch_up:
 * @playout: says what there is to take back, and takes note of it
 * @last: (inout): when sound was shortened last; 0 at first
 * @pad: whose caps @buffer has
 * @buffer: (inout): writable; it has been given the delay that @playout says
 * @now: running time
 *
 * Shortens @buffer when that is worth while and does not sound, ten times a
 * second at most. Raw sound of any format; what is not stays as it is.
 */
void
peal_catch_up (PealPlayout *playout, GstClockTime *last, GstPad *pad,
    GstBuffer *buffer, GstClockTime now)
{
  gint64 excess = peal_playout_get_excess (playout);
  GstAudioInfo info;

  if (excess == 0 || now < *last + INTERVAL || !get_format (pad, &info))
    return;

  *last = now;
  peal_playout_shrink (playout, shorten (buffer, &info, excess));
}
