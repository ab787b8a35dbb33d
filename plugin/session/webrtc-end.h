/*
 * What goes before the end of a webrtcbin. Called by the reaper. No state.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void
peal_webrtc_settle (GstElement *webrtc);

G_END_DECLS
