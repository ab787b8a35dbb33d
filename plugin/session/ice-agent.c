/*
 * Settings of the ICE agent behind a webrtcbin. See ice-agent.h. Called by
 * connection on the loop. No state.
 */
#include "session/ice-agent.h"

/* RFC 8445 section 14.2: no faster than one check in 5 ms. */
#define ICE_PACING_MS 5

/**
 * peal_ice_agent_set_up:
 * @webrtc: a webrtcbin that has not gathered candidates yet
 *
 * No UPnP, no ICE-TCP, checks as keepalive, and the fastest pace allowed.
 */
void
peal_ice_agent_set_up (GstElement *webrtc)
{
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) agent = NULL;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  if (!ice || !g_object_class_find_property (G_OBJECT_GET_CLASS (ice), "agent"))
    return;

  g_object_set (ice, "ice-tcp", FALSE, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, "keepalive-conncheck", TRUE,
      "stun-pacing-timer", ICE_PACING_MS, NULL);
}

/**
 * peal_ice_agent_add_servers:
 * @stun_server: (nullable): `stun://host:port`
 * @turn_servers: (nullable): `turn://user:pass@host:port`
 */
void
peal_ice_agent_add_servers (GstElement *webrtc, const gchar *stun_server,
    const gchar *const *turn_servers)
{
  if (stun_server)
    g_object_set (webrtc, "stun-server", stun_server, NULL);

  for (guint i = 0; turn_servers && turn_servers[i]; i++) {
    gboolean is_added = FALSE;

    g_signal_emit_by_name (
        webrtc, "add-turn-server", turn_servers[i], &is_added);
    if (!is_added)
      GST_WARNING_OBJECT (webrtc, "TURN server %u was refused", i);
  }
}
