/*
 * Plain webrtcbin's signalling over standard input and output, for latency-end.
 */
#pragma once

#include <gst/gst.h>

void
latency_rtc_start (GstBin *pipeline, gboolean offers);

/* @line: what the other end has said. */
void
latency_rtc_take (const gchar *line);
