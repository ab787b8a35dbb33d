/*
 * What we want of libnice, set through webrtcbin (webrtcbin.md 2.3, 2.5).
 */
#pragma once

#include <gst/gst.h>
#include <nice/agent.h>

#include "stats/ice-path.h"

G_BEGIN_DECLS

GObject *
peal_ice_agent_get (GstElement *webrtc);
const gchar *
peal_ice_agent_get_state (GstElement *webrtc);
void
peal_ice_agent_read_pair (
    NiceCandidate *local, NiceCandidate *remote, PealIcePath *path);
void
peal_ice_agent_set_up (GstElement *webrtc, gboolean has_servers);
void
peal_ice_agent_rest (GstElement *webrtc);
void
peal_ice_agent_end_relays (GstElement *webrtc);
void
peal_ice_agent_add_servers (GstElement *webrtc, const gchar *stun_server,
    const gchar *const *turn_servers);

G_END_DECLS
