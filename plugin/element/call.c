/*
 * The loop's side of a pealbin. See call.h. Made by peal-bin; makes session,
 * signaller and server, and turns what the session says into outputs and
 * announcements.
 *
 * Life cycle: new (NULL to READY) -> start (READY to PAUSED) -> stop (PAUSED
 * to READY) -> free.
 */
#include "element/call.h"

#include <string.h>

#include "base/error.h"
#include "element/announcer.h"
#include "server/server.h"
#include "signalling/registry.h"

GST_DEBUG_CATEGORY_STATIC (peal_element_call_debug);
#define GST_CAT_DEFAULT peal_element_call_debug

struct _PealCall {
  GstElement *element; /* our owner */
  PealOutputs *outputs;
  PealLoopThread *loop;

  /* on the loop only */
  PealServer *server;
  PealSession *session;
};

typedef struct {
  PealCall *call;
  PealSettings *settings;
  GPtrArray *tracks;
  GError **error;
  gboolean is_done;
} Start;

/* ---- what the session says ---- */

static void
post_error (GstElement *element, const GError *error)
{
  GstStructure *details = NULL;

  switch (error->code) {
    case PEAL_ERROR_RETRY:
      details =
          gst_structure_new ("peal-error", "retry", G_TYPE_BOOLEAN, TRUE, NULL);
      gst_element_message_full_with_details (element, GST_MESSAGE_ERROR,
          GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
          g_strdup (error->message), NULL, __FILE__, GST_FUNCTION, __LINE__,
          details);
      break;
    case PEAL_ERROR_REFUSED:
      GST_ELEMENT_ERROR (
          element, RESOURCE, NOT_AUTHORIZED, ("%s", error->message), (NULL));
      break;
    case PEAL_ERROR_UNSUPPORTED:
      GST_ELEMENT_ERROR (
          element, CORE, MISSING_PLUGIN, ("%s", error->message), (NULL));
      break;
    default:
      GST_ELEMENT_ERROR (
          element, RESOURCE, SETTINGS, ("%s", error->message), (NULL));
      break;
  }
}

static void
on_signalling_state (PealSession *session, PealSignallingState state,
    GError *error, gpointer data)
{
  PealCall *self = data;

  peal_announcer_signalling_state (self->element, state, error);
  if (state == PEAL_SIGNALLING_FAILED && error)
    post_error (self->element, error);
}

static void
on_peer_joined (PealSession *session, PealPeer *peer, gpointer data)
{
  PealCall *self = data;

  peal_announcer_peer_joined (self->element, peer);
}

static void
on_peer_state (
    PealSession *session, PealPeer *peer, const gchar *reason, gpointer data)
{
  PealCall *self = data;

  GST_DEBUG_BIN_TO_DOT_FILE_WITH_TS (
      GST_BIN (self->element), GST_DEBUG_GRAPH_SHOW_ALL, "peal-peer-state");
  peal_announcer_peer_state (self->element, peer, reason);
}

static void
on_track_added (
    PealSession *session, PealPeer *peer, PealRemoteTrack *track, gpointer data)
{
  PealCall *self = data;
  g_autofree gchar *pad = g_strdup (peal_outputs_add_track (self->outputs,
      track, peal_peer_get_id (peer), peal_peer_get_name (peer)));

  peal_announcer_track (
      self->element, peer, peal_remote_track_get_kind (track), pad, TRUE);
}

static void
on_track_removed (
    PealSession *session, PealPeer *peer, PealRemoteTrack *track, gpointer data)
{
  PealCall *self = data;
  g_autofree gchar *pad = peal_outputs_remove_track (self->outputs, track);

  peal_announcer_track (
      self->element, peer, peal_remote_track_get_kind (track), pad, FALSE);
}

static void
on_peer_left (
    PealSession *session, PealPeer *peer, const gchar *reason, gpointer data)
{
  PealCall *self = data;

  peal_announcer_peer_left (self->element, peer, reason);
}

static void
on_message (PealSession *session, const gchar *id, const gchar *name,
    JsonNode *body, gpointer data)
{
  PealCall *self = data;

  peal_announcer_message (self->element, id, name, body);
}

static void
connect_session (PealCall *self)
{
  static const struct {
    const gchar *name;
    GCallback callback;
  } handlers[] = {
    { "signalling-state", G_CALLBACK (on_signalling_state) },
    { "peer-joined", G_CALLBACK (on_peer_joined) },
    { "peer-state", G_CALLBACK (on_peer_state) },
    { "track-added", G_CALLBACK (on_track_added) },
    { "track-removed", G_CALLBACK (on_track_removed) },
    { "peer-left", G_CALLBACK (on_peer_left) },
    { "message", G_CALLBACK (on_message) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect (
        self->session, handlers[i].name, handlers[i].callback, self);
}

/* ---- starting ---- */

/* `https://ADDRESS:PORT` is TLS with a certificate of our own making. */
static PealServerOptions *
make_server_options (const PealSettings *settings)
{
  PealServerOptions *options = peal_server_options_new ();
  const gchar *address = settings->serve;

  if (g_str_has_prefix (address, "https://")) {
    options->tls_auto = TRUE;
    address += strlen ("https://");
  } else if (g_str_has_prefix (address, "http://")) {
    address += strlen ("http://");
  }
  options->listen = g_strdup (address);
  options->token = g_strdup (settings->token);

  return options;
}

static gboolean
start_server (PealCall *self, PealSettings *settings, GError **error)
{
  g_autoptr (PealServerOptions) options = make_server_options (settings);
  g_auto (GStrv) urls = NULL;

  self->server = peal_server_new (options);
  if (!peal_server_start (self->server, error))
    return FALSE;

  if (!settings->uri)
    settings->uri =
        peal_server_dup_signalling_uri (self->server, settings->room);
  if (!settings->tls_ca_file)
    settings->tls_ca_file =
        g_strdup (peal_server_get_certificate_file (self->server));
  urls = peal_server_dup_page_urls (self->server, settings->room);
  for (guint i = 0; urls[i]; i++)
    GST_INFO_OBJECT (self->element, "the page is at %s", urls[i]);

  return TRUE;
}

static gboolean
configure_session (PealCall *self, const PealSettings *settings, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree gchar *certificate =
      peal_settings_load_certificate (settings, &why);
  PealSessionConfig config = {
    .latency_ms = settings->latency,
    .stun_server = settings->stun_server,
    .turn_servers = (const gchar *const *)settings->turn_servers,
    .is_relay_only = g_strcmp0 (settings->ice_transport_policy, "relay") == 0,
    .certificate = certificate,
  };

  if (why) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }

  return peal_session_configure (self->session, &config, error);
}

static gboolean
start_session (PealCall *self, Start *start)
{
  g_autoptr (PealSignallerConfig) config =
      peal_settings_make_signaller_config (start->settings);
  g_autoptr (PealSignaller) signaller =
      peal_signaller_registry_create (config, start->error);

  if (!signaller)
    return FALSE;

  self->session = peal_session_new (GST_BIN (self->element), signaller);
  if (!configure_session (self, start->settings, start->error))
    return FALSE;
  connect_session (self);
  for (guint i = 0; i < start->tracks->len; i++)
    peal_session_add_track (
        self->session, g_ptr_array_index (start->tracks, i));
  peal_session_set_muted (
      self->session, start->settings->mute_audio, start->settings->mute_video);
  peal_session_start (self->session);

  return TRUE;
}

static void
run_start (gpointer data)
{
  Start *start = data;
  PealCall *self = start->call;

  start->is_done = (!start->settings->serve ||
                       start_server (self, start->settings, start->error)) &&
      start_session (self, start);
}

/**
 * peal_call_start:
 * @settings: checked
 * @tracks: (element-type PealTrack): what to send
 * @error: in words fit for the user
 *
 * Serves, if asked to, and begins to join the room.
 */
gboolean
peal_call_start (PealCall *self, const PealSettings *settings,
    GPtrArray *tracks, GError **error)
{
  g_auto (PealSettings) copy = { 0 };
  Start start = { self, &copy, tracks, error, FALSE };

  peal_settings_copy (settings, &copy);
  peal_loop_thread_call (self->loop, run_start, &start);
  if (!start.is_done)
    peal_call_stop (self);

  return start.is_done;
}

/* ---- stopping ---- */

typedef struct {
  PealCall *call;
  PealSession *session;
} Stop;

static void
run_stop (gpointer data)
{
  Stop *stop = data;
  PealCall *self = stop->call;

  stop->session = g_steal_pointer (&self->session);
  if (stop->session)
    peal_session_stop (stop->session);
  if (self->server)
    peal_server_stop (self->server);
  g_clear_object (&self->server);
}

/**
 * peal_call_stop:
 *
 * Leaves the room and waits until every peer's elements are gone.
 */
void
peal_call_stop (PealCall *self)
{
  Stop stop = { self, NULL };

  peal_loop_thread_call (self->loop, run_stop, &stop);
  /* Waits for the reaper, so not on the loop. */
  g_clear_object (&stop.session);
}

/* ---- the rest ---- */

/**
 * peal_call_run:
 *
 * Runs @func on the loop and waits for it.
 */
void
peal_call_run (PealCall *self, PealLoopFunc func, gpointer data)
{
  peal_loop_thread_call (self->loop, func, data);
}

/**
 * peal_call_post:
 *
 * Runs @func on the loop, later.
 */
void
peal_call_post (
    PealCall *self, PealLoopFunc func, gpointer data, GDestroyNotify destroy)
{
  peal_loop_thread_post (self->loop, func, data, destroy);
}

gboolean
peal_call_is_current (PealCall *self)
{
  return peal_loop_thread_is_current (self->loop);
}

/**
 * peal_call_get_session:
 *
 * Returns: (transfer none) (nullable): the session while started. On the loop.
 */
PealSession *
peal_call_get_session (PealCall *self)
{
  return self->session;
}

PealCall *
peal_call_new (GstElement *element, PealOutputs *outputs)
{
  PealCall *self = g_new0 (PealCall, 1);

  GST_DEBUG_CATEGORY_INIT (
      peal_element_call_debug, "peal-element-call", 0, "Peal: one call");
  self->element = element;
  self->outputs = outputs;
  self->loop = peal_loop_thread_new ("peal-loop");

  return self;
}

void
peal_call_free (PealCall *self)
{
  peal_loop_thread_stop (self->loop);
  peal_loop_thread_unref (self->loop);
  g_free (self);
}
