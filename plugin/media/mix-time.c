/*
 * Holds an aggregator outside PLAYING and sets its position. See mix-time.h.
 * Called by the mixer around its state changes.
 *
 * GstAggregator 1.22 does not know PAUSED. Once it has a clock it gives one
 * buffer after the other until its position has reached the clock, measured
 * from a base time that is set only in the change to PLAYING, or is an old
 * one: it would be many seconds ahead then, and silent until they have passed.
 */
#include "media/mix-time.h"

#include <gst/base/gstaggregator.h>

static GstPadProbeReturn
on_held (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_OK; /* blocks while it is there */
}

static void
hold (PealMixTime *self)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->aggregator, "src");

  if (!self->hold)
    self->hold = gst_pad_add_probe (
        src, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_held, NULL, NULL);
}

static void
let_go (PealMixTime *self)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->aggregator, "src");

  if (self->hold)
    gst_pad_remove_probe (src, self->hold);
  self->hold = 0;
}

/* Begins where the clock is, which may have run for long. A position that was
 * set from outside GstAggregator 1.22 leaves alone; its own it sets back to 0
 * when the very first input buffer comes. */
static void
set_position (PealMixTime *self, GstClockTime latency)
{
  GstClockTime now = gst_element_get_current_running_time (self->aggregator);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  if (now != GST_CLOCK_TIME_NONE && now > latency)
    segment.position = now - latency;
  gst_aggregator_update_segment (GST_AGGREGATOR (self->aggregator), &segment);
  self->is_positioned = TRUE;
}

/**
 * peal_mix_time_before_change:
 * @transition: of the aggregator, about to happen
 */
void
peal_mix_time_before_change (PealMixTime *self, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    self->is_positioned = FALSE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED ||
      transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    hold (self);
}

/**
 * peal_mix_time_after_change:
 * @transition: of the aggregator, that has happened
 * @latency: how far the mix is behind the clock, in nanoseconds
 */
void
peal_mix_time_after_change (
    PealMixTime *self, GstStateChange transition, GstClockTime latency)
{
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING && !self->is_positioned)
    set_position (self, latency);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING ||
      transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    let_go (self);
}
