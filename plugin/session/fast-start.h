/*
 * Streams that are passed on from their first packets. Called by receive-path
 * for each jitter buffer that a webrtcbin makes. No state of its own.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void
peal_fast_start_set_up (GstElement *jitter_buffer);

G_END_DECLS
