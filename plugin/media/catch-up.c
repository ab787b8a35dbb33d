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

  return caps && gst_audio_info_from_caps (info, caps) &&
      GST_AUDIO_INFO_FORMAT (info) == GST_AUDIO_FORMAT_S16 &&
      GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_INTERLEAVED;
}

/* Returns by how much it became shorter. */
static GstClockTime
shorten (GstBuffer *buffer, const GstAudioInfo *info, GstClockTime most)
{
  guint most_frames = gst_util_uint64_scale (most, info->rate, GST_SECOND);
  GstClockTime less;
  GstMapInfo map;
  guint removed;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE))
    return 0;
  removed = peal_time_stretch_shorten ((gint16 *)map.data, map.size / info->bpf,
      info->channels, info->rate, most_frames);
  gst_buffer_unmap (buffer, &map);
  if (removed == 0)
    return 0;

  gst_buffer_set_size (buffer, map.size - (gsize)removed * info->bpf);
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
 * second at most. Sound of 16 bit integers only; other sound stays as it is.
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
