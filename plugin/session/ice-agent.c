/*
 * Settings of the ICE agent behind a webrtcbin. See ice-agent.h. Called by
 * connection on the loop. No state.
 */
#include "session/ice-agent.h"

#include <gst/webrtc/webrtc.h>

/* RFC 8445 section 14.2: no faster than one check in 5 ms, for the sake of the
 * NATs in between. */
#define ICE_PACING_MS 5
/* Chosen: without STUN and TURN servers there are this network's addresses
 * only. libnice takes its first step, its check and its nomination one tick
 * after the other, so that connecting is mostly waiting for ticks. */
#define LOCAL_ICE_PACING_MS 1
/* The least that libnice takes. */
#define ICE_IDLE_MS 50
#define RELAYS_KEY "peal-has-relays"
/* libnice gives up on a TURN server that is gone after 2 s; this is for what
 * must not happen. */
#define END_LIMIT_MS 4000

/* The GstWebRTCICE, if libnice is behind it. */
static GObject *
get_ice (GstElement *webrtc)
{
  g_autoptr (GObject) ice = NULL;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  if (!ice || !g_object_class_find_property (G_OBJECT_GET_CLASS (ice), "agent"))
    return NULL;

  return g_steal_pointer (&ice);
}

/**
 * peal_ice_agent_get:
 *
 * Returns: (transfer full) (nullable): the NiceAgent of a webrtcbin
 */
GObject *
peal_ice_agent_get (GstElement *webrtc)
{
  g_autoptr (GObject) ice = get_ice (webrtc);
  GObject *agent = NULL;

  if (ice)
    g_object_get (ice, "agent", &agent, NULL);

  return agent;
}

/**
 * peal_ice_agent_get_state:
 * @webrtc: (nullable): a webrtcbin; not from one of its callbacks
 *
 * Returns: (transfer none): new, checking, connected, completed, failed,
 *   disconnected or closed
 */
const gchar *
peal_ice_agent_get_state (GstElement *webrtc)
{
  g_autoptr (GEnumClass) class =
      g_type_class_ref (GST_TYPE_WEBRTC_ICE_CONNECTION_STATE);
  GstWebRTCICEConnectionState state = GST_WEBRTC_ICE_CONNECTION_STATE_CLOSED;
  GEnumValue *value;

  if (webrtc)
    g_object_get (webrtc, "ice-connection-state", &state, NULL);
  value = g_enum_get_value (class, state);

  return value ? value->value_nick : "closed";
}

static const gchar *
kind_of (const NiceCandidate *candidate)
{
  switch (candidate->type) {
    case NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE:
      return "srflx";
    case NICE_CANDIDATE_TYPE_PEER_REFLEXIVE:
      return "prflx";
    case NICE_CANDIDATE_TYPE_RELAYED:
      return "relay";
    case NICE_CANDIDATE_TYPE_HOST:
    default:
      return "host";
  }
}

static void
print_address (const NiceAddress *address, gchar text[PEAL_ICE_ADDRESS_BYTES])
{
  gchar host[NICE_ADDRESS_STRING_LEN];

  nice_address_to_string (address, host);
  g_snprintf (text, PEAL_ICE_ADDRESS_BYTES,
      nice_address_ip_version (address) == 6 ? "[%s]:%u" : "%s:%u", host,
      nice_address_get_port (address));
}

/**
 * peal_ice_agent_read_pair:
 * @local: our candidate of the chosen pair
 * @remote: the peer's
 * @path: (out caller-allocates): the same as plain values
 *
 * Any thread.
 */
void
peal_ice_agent_read_pair (
    NiceCandidate *local, NiceCandidate *remote, PealIcePath *path)
{
  path->local = kind_of (local);
  path->remote = kind_of (remote);
  print_address (&local->addr, path->local_address);
  print_address (&remote->addr, path->remote_address);
}

/**
 * peal_ice_agent_set_up:
 * @webrtc: a webrtcbin that has not gathered candidates yet
 * @has_servers: whether it asks STUN or TURN servers
 *
 * No UPnP, no ICE-TCP, checks as keepalive, and the fastest pace allowed.
 */
void
peal_ice_agent_set_up (GstElement *webrtc, gboolean has_servers)
{
  g_autoptr (GObject) ice = get_ice (webrtc);
  g_autoptr (GObject) agent = NULL;

  if (!ice)
    return;

  g_object_set (ice, "ice-tcp", FALSE, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, "keepalive-conncheck", TRUE,
      "stun-pacing-timer", has_servers ? ICE_PACING_MS : LOCAL_ICE_PACING_MS,
      NULL);
}

/**
 * peal_ice_agent_rest:
 * @webrtc: a webrtcbin that is connected
 *
 * Has libnice stop its pacing timer soon after the last check, instead of five
 * seconds later: a thousand wake-ups a second for each peer. A candidate that
 * comes later starts it again.
 */
void
peal_ice_agent_rest (GstElement *webrtc)
{
  g_autoptr (GObject) agent = peal_ice_agent_get (webrtc);

  if (agent)
    g_object_set (agent, "idle-timeout", ICE_IDLE_MS, NULL);
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
    if (is_added)
      g_object_set_data (G_OBJECT (webrtc), RELAYS_KEY, GINT_TO_POINTER (TRUE));
    else
      GST_WARNING_OBJECT (webrtc, "TURN server %u was refused", i);
  }
}

static void
on_ended (GObject *agent, GAsyncResult *result, gpointer data)
{
  gboolean *has_ended = data;

  *has_ended = TRUE;
}

static gboolean
on_end_limit (gpointer data)
{
  gboolean *is_late = data;

  *is_late = TRUE;

  return G_SOURCE_REMOVE;
}

static void
wait_for_end (NiceAgent *agent, GMainContext *context)
{
  g_autoptr (GSource) limit = g_timeout_source_new (END_LIMIT_MS);
  gboolean has_ended = FALSE;
  gboolean is_late = FALSE;

  g_source_set_callback (limit, on_end_limit, &is_late, NULL);
  g_source_attach (limit, context);
  nice_agent_close_async (agent, on_ended, &has_ended);
  while (!has_ended && !is_late)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (limit);
}

/**
 * peal_ice_agent_end_relays:
 * @webrtc: one that is about to end
 *
 * Tells its TURN servers that their allocations are not needed any more;
 * otherwise they would keep them for ten minutes, and count them. Blocks for a
 * round trip, 2 s if the server is gone; not on the loop.
 */
void
peal_ice_agent_end_relays (GstElement *webrtc)
{
  g_autoptr (GObject) agent = NULL;
  g_autoptr (GMainContext) context = NULL;

  if (!g_object_get_data (G_OBJECT (webrtc), RELAYS_KEY))
    return;

  agent = peal_ice_agent_get (webrtc);
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  wait_for_end (NICE_AGENT (agent), context);
  g_main_context_pop_thread_default (context);
}
