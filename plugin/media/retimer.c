/*
 * The playing times of a received stream. See retimer.h.
 *
 * Added by remote tracks to the pad where raw media comes from the decoder,
 * and to the one where encoded media is passed on; runs in the streaming
 * thread of that pad. What to wait is decided in playout.c; here it is applied:
 * pictures are shown up to a quarter faster while the delay shrinks, sound
 * loses single periods (catch-up.c).
 *
 * All fields belong to the streaming thread.
 */
#include "media/retimer.h"

#include "media/catch-up.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* Chosen: after a freeze, pictures that follow each other a quarter faster
 * look the same. */
#define CATCH_UP_SHARE 4

/* Sinks wait for 15 ms (pictures) or 20 ms longer than we ask for, and mixes
 * for 10, for what is between us and them (processing-deadline). Threads that
 * wake late are part of that: what comes a little late is in time.
 * Chosen: two thirds of it are left for converters. */
#define LEEWAY_NS ((gint64)(5 * GST_MSECOND))

typedef struct {
  GstElement *element; /* whose clock counts; outlives its pads' streams */
  PealMediaKind kind;
  PealPlayout playout;
  GstClockTime seen;      /* running time of the last one */
  GstClockTime caught_up; /* when sound was made shorter last */
} Retimer;

static void
catch_up_pictures (Retimer *self, GstClockTime now)
{
  if (now > self->seen)
    peal_playout_shrink (&self->playout, (now - self->seen) / CATCH_UP_SHARE);
}

static void
move (GstBuffer *buffer, gint64 by)
{
  if (GST_BUFFER_PTS_IS_VALID (buffer))
    GST_BUFFER_PTS (buffer) += by;
  if (GST_BUFFER_DTS_IS_VALID (buffer))
    GST_BUFFER_DTS (buffer) += by;
}

static gint64
get_shift (Retimer *self)
{
  return self->playout.delay_ns - self->playout.floor_ns;
}

/* How late it is; FALSE when that cannot be told. */
static gboolean
get_lateness (
    GstPad *pad, GstBuffer *buffer, GstClockTime now, gint64 *lateness)
{
  g_autoptr (GstEvent) event =
      gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  GstClockTime time;

  if (!event || !GST_CLOCK_TIME_IS_VALID (now))
    return FALSE;
  gst_event_parse_segment (event, &segment);
  if (segment->format != GST_FORMAT_TIME)
    return FALSE;
  time = gst_segment_to_running_time (
      segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return FALSE;

  *lateness = GST_CLOCK_DIFF (time, now);
  return TRUE;
}

static void
retime (Retimer *self, GstPad *pad, GstBuffer *buffer)
{
  GstClockTime now = gst_element_get_current_running_time (self->element);
  gint64 lateness, growth, shift;

  if (!get_lateness (pad, buffer, now, &lateness))
    return;

  growth = peal_playout_add (&self->playout, lateness - LEEWAY_NS);
  shift = get_shift (self);
  if (self->kind == PEAL_MEDIA_VIDEO)
    catch_up_pictures (self, now);
  else if (growth > 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  else
    peal_catch_up (&self->playout, &self->caught_up, pad, buffer, now);
  if (growth > 0)
    GST_DEBUG_OBJECT (pad,
        "late by %" GST_STIME_FORMAT ", delay is %" G_GINT64_FORMAT " ns",
        GST_STIME_ARGS (lateness), self->playout.delay_ns);
  self->seen = now;
  move (buffer, shift);
}

static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));

  retime (data, pad, buffer);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

/* A gap is in the stream like what it stands for. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstClockTime time, duration;

  if (GST_EVENT_TYPE (event) != GST_EVENT_GAP)
    return GST_PAD_PROBE_OK;

  gst_event_parse_gap (event, &time, &duration);
  gst_event_unref (event);
  GST_PAD_PROBE_INFO_DATA (info) =
      gst_event_new_gap (time + get_shift (data), duration);
  return GST_PAD_PROBE_OK;
}

/**
 * peal_retimer_add:
 * @pad: raw or encoded media passes here, with times of a segment in time
 * @element: (transfer none): one of the pipeline, above @pad
 * @kind: audio or video
 * @delays: copied
 *
 * For as long as @pad lives. Before anything flows; any thread.
 */
void
peal_retimer_add (GstPad *pad, GstElement *element, PealMediaKind kind,
    const PealDelays *delays)
{
  Retimer *self = g_new0 (Retimer, 1);

  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-media-retimer", 0,
      "the playing times of a received stream");
  self->element = element;
  self->kind = kind;
  peal_playout_set_limits (
      &self->playout, (gint64)delays->floor, (gint64)delays->ceiling);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, self, g_free);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, self, NULL);
}
