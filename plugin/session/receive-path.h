/*
 * The receiving side inside webrtcbin, in settings for calls: what waits there
 * for lost packets, and how far sound and picture may be apart.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void
peal_receive_path_set_up (GstElement *webrtc);
void
peal_receive_path_tune (GstElement *jitter_buffer);
gboolean
peal_receive_path_is_jitter_buffer (GstObject *source);

G_END_DECLS
