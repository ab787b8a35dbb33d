/*
 * The way of a packet through a webrtcbin, made shorter. Called by peer-media
 * on the loop. No state.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

gboolean
peal_send_path_shorten (GstPad *sink);

G_END_DECLS
