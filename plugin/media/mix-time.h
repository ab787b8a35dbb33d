/*
 * When a mix begins and how far it is: a GstAggregator that runs on the clock,
 * kept from running while there is no time to run by.
 *
 * Thread: whichever changes the mixer's state.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PealMixTime:
 * @aggregator: (transfer none): live, with one source pad, `src`
 * @hold: the probe that stops it, or 0
 * @is_positioned: whether its position was set since it last started
 */
typedef struct {
  GstElement *aggregator;
  gulong hold;
  gboolean is_positioned;
} PealMixTime;

void
peal_mix_time_before_change (PealMixTime *self, GstStateChange transition);
void
peal_mix_time_after_change (
    PealMixTime *self, GstStateChange transition, GstClockTime latency);

G_END_DECLS
