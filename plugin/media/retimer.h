/*
 * Gives what passes a pad the time at which to show or play it: as early as
 * the jitter of the network lets it be in time.
 *
 * Downstream's latency stays what it was told first, the floor: a delay that
 * changes with the network goes into the timestamps. So no sink is asked to
 * change its latency in the middle of a stream, and one peer's bad network
 * costs the others nothing.
 */
#pragma once

#include <gst/gst.h>

#include "media/codec.h"

G_BEGIN_DECLS

/*
 * @floor: delay that downstream knows of as our latency, in nanoseconds
 * @ceiling: most delay, in nanoseconds
 */
typedef struct {
  GstClockTime floor;
  GstClockTime ceiling;
} PealDelays;

void
peal_retimer_add (GstPad *pad, GstElement *element, PealMediaKind kind,
    const PealDelays *delays);

G_END_DECLS
