/*
 * From a source's timestamps to running time: behind a cut in the graph
 * (feed.c) no segment follows, so timestamps have to speak for themselves.
 * Used by track.c and fan-out.c, each with the segment that it was given.
 */
#include "media/running-time.h"

static GstClockTime
convert (const GstSegment *segment, GstClockTime time)
{
  if (segment->format != GST_FORMAT_TIME)
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);
}

/**
 * peal_running_time_get_now:
 * @element: an element of a pipeline
 *
 * Returns: its running time now in ns; %GST_CLOCK_TIME_NONE with no clock. For
 *   live sources that do not stamp (the byte-streams of some cameras)
 */
GstClockTime
peal_running_time_get_now (GstElement *element)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (element);
  GstClockTime now, base;

  if (clock == NULL)
    return GST_CLOCK_TIME_NONE;
  now = gst_clock_get_time (clock);
  base = gst_element_get_base_time (element);
  return now > base ? now - base : 0;
}

/**
 * peal_running_time_apply:
 * @buffer: (transfer full): timestamped within @segment, or not at all
 * @segment: its segment, of any format
 * @now: what a buffer without a timestamp gets; %GST_CLOCK_TIME_NONE for none
 *
 * Returns: (transfer full): @buffer, or a copy with the same memory, whose
 *   timestamps are running times in ns
 */
GstBuffer *
peal_running_time_apply (
    GstBuffer *buffer, const GstSegment *segment, GstClockTime now)
{
  GstClockTime pts = convert (segment, GST_BUFFER_PTS (buffer));
  GstClockTime dts = convert (segment, GST_BUFFER_DTS (buffer));

  if (!GST_CLOCK_TIME_IS_VALID (pts))
    pts = GST_CLOCK_TIME_IS_VALID (dts) ? dts : now;
  if (pts == GST_BUFFER_PTS (buffer) && dts == GST_BUFFER_DTS (buffer))
    return buffer;
  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DTS (buffer) = dts;
  return buffer;
}
