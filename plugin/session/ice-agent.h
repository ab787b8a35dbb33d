/*
 * What we want of libnice, set through webrtcbin (webrtcbin.md 2.3, 2.5).
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void
peal_ice_agent_set_up (GstElement *webrtc);
void
peal_ice_agent_add_servers (GstElement *webrtc, const gchar *stun_server,
    const gchar *const *turn_servers);

G_END_DECLS
