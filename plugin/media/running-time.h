/*
 * From a source's timestamps to running time. Any thread; no state.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GstClockTime
peal_running_time_get_now (GstElement *element);
GstBuffer *
peal_running_time_apply (
    GstBuffer *buffer, const GstSegment *segment, GstClockTime now);

G_END_DECLS
