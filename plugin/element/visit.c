/*
 * From joining a room to leaving it. See visit.h. Made by the call; makes
 * session, signaller and server, and turns what the session says into outputs
 * and announcements.
 */
#include "element/visit.h"

#include "element/announcer.h"
#include "element/serve.h"
#include "signalling/registry.h"

struct _PealVisit {
  GstElement *element;
  PealOutputs *outputs;
  PealServer *server;
  PealSession *session;
  gboolean has_played;
  GError *failure; /* of the time before that, or NULL */
};

/* ---- what the session says ---- */

static void
on_track_added (
    PealSession *session, PealPeer *peer, PealRemoteTrack *track, gpointer data)
{
  PealVisit *self = data;
  g_autofree gchar *pad = g_strdup (peal_outputs_add_track (self->outputs,
      track, peal_peer_get_id (peer), peal_peer_get_name (peer)));

  peal_announcer_track (
      self->element, peer, peal_remote_track_get_kind (track), pad, TRUE);
}

static void
on_track_removed (
    PealSession *session, PealPeer *peer, PealRemoteTrack *track, gpointer data)
{
  PealVisit *self = data;
  g_autofree gchar *pad = peal_outputs_remove_track (self->outputs, track);

  peal_announcer_track (
      self->element, peer, peal_remote_track_get_kind (track), pad, FALSE);
}

/* gst-launch-1.0 forgets an error that comes before it has set PLAYING. */
static void
on_signalling_state (PealSession *session, PealSignallingState state,
    GError *error, gpointer data)
{
  PealVisit *self = data;

  if (state != PEAL_SIGNALLING_FAILED || !error)
    return;
  if (self->has_played)
    peal_announcer_error (self->element, error);
  else if (!self->failure)
    self->failure = g_error_copy (error);
}

static void
connect_session (PealVisit *self)
{
  peal_announcer_attach (self->element, self->session);
  g_signal_connect (self->session, "signalling-state",
      G_CALLBACK (on_signalling_state), self);
  g_signal_connect (
      self->session, "track-added", G_CALLBACK (on_track_added), self);
  g_signal_connect (
      self->session, "track-removed", G_CALLBACK (on_track_removed), self);
}

/* ---- life ---- */

/* The server's thread. */
static void
on_server_warning (PealServer *server, const gchar *text, gpointer data)
{
  PealVisit *self = data;

  GST_ELEMENT_WARNING (self->element, RESOURCE, BUSY, ("%s", text), (NULL));
}

static gboolean
start_server (PealVisit *self, PealSettings *settings, GError **error)
{
  self->server = peal_serve_start (settings, error);
  if (!self->server)
    return FALSE;

  g_signal_connect (
      self->server, "warning", G_CALLBACK (on_server_warning), self);

  return TRUE;
}

static gboolean
start_session (PealVisit *self, const PealSettings *settings, GPtrArray *tracks,
    GError **error)
{
  g_autoptr (PealSignallerConfig) config =
      peal_settings_make_signaller_config (settings);
  g_autoptr (PealSignaller) signaller =
      peal_signaller_registry_create (config, error);

  if (!signaller)
    return FALSE;

  self->session = peal_session_new (GST_BIN (self->element), signaller);
  if (!peal_settings_configure_session (settings, self->session, error))
    return FALSE;
  connect_session (self);
  for (guint i = 0; i < tracks->len; i++)
    peal_session_add_track (self->session, g_ptr_array_index (tracks, i));
  peal_session_set_muted (
      self->session, settings->mute_audio, settings->mute_video);
  peal_session_start (self->session);

  return TRUE;
}

/**
 * peal_visit_start:
 * @settings: checked; the server's address is put into it
 * @tracks: (element-type PealTrack): what to send
 * @error: in words fit for the user
 *
 * Serves, if asked to, and begins to join the room.
 */
gboolean
peal_visit_start (
    PealVisit *self, PealSettings *settings, GPtrArray *tracks, GError **error)
{
  peal_outputs_set_latency (self->outputs, settings->min_latency);
  if (settings->serve && !start_server (self, settings, error))
    return FALSE;

  return start_session (self, settings, tracks, error);
}

/**
 * peal_visit_play:
 *
 * Returns: whether it has not failed yet; if it has, the error is posted
 */
gboolean
peal_visit_play (PealVisit *self)
{
  self->has_played = TRUE;
  if (self->failure)
    peal_announcer_error (self->element, self->failure);

  return !self->failure;
}

/**
 * peal_visit_stop:
 *
 * Leaves the room; what is left to do is peal_visit_free().
 */
void
peal_visit_stop (PealVisit *self)
{
  if (self->session)
    peal_session_stop (self->session);
  if (self->server)
    peal_server_stop (self->server);
  g_clear_object (&self->server);
}

/**
 * peal_visit_get_session:
 *
 * Returns: (transfer none) (nullable): NULL before start
 */
PealSession *
peal_visit_get_session (PealVisit *self)
{
  return self->session;
}

/**
 * peal_visit_new:
 * @element: (transfer none): our owner
 * @outputs: (transfer none): for what the others send
 */
PealVisit *
peal_visit_new (GstElement *element, PealOutputs *outputs)
{
  PealVisit *self = g_new0 (PealVisit, 1);

  self->element = element;
  self->outputs = outputs;

  return self;
}

/**
 * peal_visit_free:
 *
 * Not on the loop: waits until the elements of every peer are gone.
 */
void
peal_visit_free (PealVisit *self)
{
  g_assert (!self->server);
  g_clear_object (&self->session);
  g_clear_error (&self->failure);
  g_free (self);
}
