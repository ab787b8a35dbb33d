/*
 * The entry of a mix. See mix-entry.h.
 *
 * Added by the mixer to each of its inputs; runs on the streaming thread of
 * the input. Timestamps of an input that is late or far ahead are moved
 * (align.c), because an aggregator throws late data away; sound that was moved
 * comes back by and by (catch-up.c).
 *
 * All fields belong to the streaming thread.
 */
#include "media/mix-entry.h"

#include "media/align.h"
#include "media/catch-up.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

typedef struct {
  PealMix *mix; /* not owned */
  GstSegment segment;
  PealAlign align;
  GstClockTime caught_up; /* when sound was made shorter last */
} Entry;

static void
place_picture (Entry *self, GstPad *pad, GstBuffer *buffer, GstClockTime now)
{
  PealMix *mix = self->mix;
  GstClockTime time = GST_BUFFER_PTS (buffer);

  GST_BUFFER_PTS (buffer) =
      peal_align_video (time, now, peal_mix_latency_get (&mix->latency));
  if (GST_BUFFER_PTS (buffer) == time && mix->direct)
    peal_mix_direct_offer (mix->direct, pad, buffer, time,
        peal_mix_latency_get_floor (&mix->latency));
}

static void
place_sound (Entry *self, GstPad *pad, GstBuffer *buffer, GstClockTime now)
{
  gboolean is_discontinuous;

  GST_BUFFER_PTS (buffer) =
      peal_align_audio (&self->align, GST_BUFFER_PTS (buffer), now,
          peal_mix_latency_get_slack (&self->mix->latency), &is_discontinuous);
  if (!is_discontinuous) {
    peal_catch_up (&self->align.playout, &self->caught_up, pad, buffer, now);
    return;
  }
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  GST_DEBUG_OBJECT (pad,
      "moved by %" GST_STIME_FORMAT ", for being late by %" GST_STIME_FORMAT,
      GST_STIME_ARGS (self->align.base_ns),
      GST_STIME_ARGS (self->align.playout.delay_ns));
}

/* Gives a buffer its place in the mix; drops what has none. */
static GstPadProbeReturn
place (Entry *self, GstPad *pad, GstPadProbeInfo *info)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstClockTime now = gst_element_get_current_running_time (self->mix->element);
  GstClockTime time = gst_segment_to_running_time (
      &self->segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));

  if (time == GST_CLOCK_TIME_NONE)
    return GST_PAD_PROBE_DROP;

  buffer = gst_buffer_make_writable (buffer);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  if (now == GST_CLOCK_TIME_NONE)
    return GST_PAD_PROBE_OK;

  if (self->mix->kind == PEAL_MEDIA_VIDEO)
    place_picture (self, pad, buffer, now);
  else
    place_sound (self, pad, buffer, now);
  return GST_PAD_PROBE_OK;
}

/* Behind this pad timestamps are running times: any time can be given to a
 * buffer then, whatever the input's segment was. */
static GstPadProbeReturn
replace_segment (Entry *self, GstPadProbeInfo *info)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstSegment plain;

  gst_event_copy_segment (event, &self->segment);
  if (self->segment.format != GST_FORMAT_TIME)
    return GST_PAD_PROBE_DROP;

  self->align = (PealAlign){ 0 };
  gst_segment_init (&plain, GST_FORMAT_TIME);
  gst_event_unref (event);
  GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_segment (&plain);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_input (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    return place (data, pad, info);

  switch (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))) {
    case GST_EVENT_SEGMENT:
      return replace_segment (data, info);
    case GST_EVENT_GAP: /* the mix fills gaps by itself */
    case GST_EVENT_EOS:
      return GST_PAD_PROBE_DROP;
    default:
      return GST_PAD_PROBE_OK;
  }
}

/**
 * peal_mix_entry_add:
 * @pad: a sink pad of @mix's element
 * @mix: (transfer none): outlives @pad
 *
 * For as long as @pad lives. Before anything flows.
 */
void
peal_mix_entry_add (GstPad *pad, PealMix *mix)
{
  Entry *self = g_new0 (Entry, 1);

  GST_DEBUG_CATEGORY_INIT (
      debug_category, "peal-media-mix-entry", 0, "what comes into a mix");
  self->mix = mix;
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_input,
      self, g_free);
}
