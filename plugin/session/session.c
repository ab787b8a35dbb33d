/*
 * Membership of one room. See session.h.
 *
 * Called by the element; calls the signaller and the peers. Lives on the loop.
 *
 * What the room says is held back until every track knows whether it is raw or
 * encoded (HOLD_LIMIT_US at most), because offers and answers depend on it.
 *
 * A call outlives the room: when the signaller comes back and a peer is not in
 * the list, it stays as long as its connection does ("unlisted"); it may be
 * reconnecting itself.
 */
#include "session/session.h"

#include "base/error.h"
#include "base/post.h"
#include "session/ice-servers.h"
#include "session/local-tracks.h"
#include "wire/app-body.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_session_debug);
#define GST_CAT_DEFAULT peal_session_session_debug

#define TICK_MS 500
/* Chosen: cameras take up to two seconds to start. */
#define HOLD_LIMIT_US (3 * G_USEC_PER_SEC)

enum {
  SIGNAL_SIGNALLING_STATE,
  SIGNAL_PEER_JOINED,
  SIGNAL_PEER_STATE,
  SIGNAL_TRACK_ADDED,
  SIGNAL_TRACK_REMOVED,
  SIGNAL_PEER_LEFT,
  SIGNAL_MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealSession {
  GObject parent;

  PealSessionSettings settings;
  PealSignaller *signaller;
  GHashTable *peers;    /* id -> PealPeer */
  GHashTable *unlisted; /* set of ids */
  GHashTable *gone;     /* id -> PealMember: gone for us, not for the room */
  GQueue *held;         /* of PealMessage, until is_ready */
  gboolean is_ready;
  gint64 started_us;
  GSource *tick;
  gboolean has_own_servers;
  gboolean is_audio_muted;
  gboolean is_video_muted;
};

G_DEFINE_FINAL_TYPE (PealSession, peal_session, G_TYPE_OBJECT)

static void
handle (PealSession *self, PealMessage *message);

/* ---- peers ---- */

static void
send (PealSession *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (!peal_signaller_send (self->signaller, message, &error))
    GST_WARNING ("cannot send %s: %s",
        peal_message_kind_to_string (message->kind), error->message);
}

static void
tell_mute (PealSession *self, const gchar *peer_id)
{
  g_autoptr (JsonNode) body =
      peal_app_body_new_mute (self->is_audio_muted, self->is_video_muted);
  g_autoptr (PealMessage) message = peal_message_new_text (peer_id, body);

  send (self, message);
}

static void
on_peer_send (PealPeer *peer, PealMessage *message, gpointer data)
{
  send (data, message);
}

static void
on_peer_state (PealPeer *peer, const gchar *reason, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_PEER_STATE], 0, peer, reason);
}

static void
on_track_added (PealPeer *peer, PealRemoteTrack *track, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_TRACK_ADDED], 0, peer, track);
}

static void
on_track_removed (PealPeer *peer, PealRemoteTrack *track, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_TRACK_REMOVED], 0, peer, track);
}

static void
drop_peer (PealSession *self, const gchar *id, const gchar *reason)
{
  gpointer key = NULL;
  gpointer value = NULL;
  g_autoptr (PealPeer) peer = NULL;
  g_autofree gchar *owned_id = NULL;

  g_hash_table_remove (self->unlisted, id);
  if (!g_hash_table_steal_extended (self->peers, id, &key, &value))
    return;

  owned_id = key;
  peer = value;
  peal_peer_close (peer);
  g_signal_handlers_disconnect_by_data (peer, self);
  g_signal_emit (self, signals[SIGNAL_PEER_LEFT], 0, peer, reason);
}

static void
on_peer_gone (PealPeer *peer, gpointer data)
{
  PealSession *self = data;
  const gchar *id = peal_peer_get_id (peer);

  /* The room may still believe in it: its next word brings it back. */
  g_hash_table_insert (self->gone, g_strdup (id),
      peal_member_new (id, peal_peer_get_name (peer), NULL, TRUE));
  drop_peer (self, id, "lost");
}

static PealPeer *
add_peer (PealSession *self, const PealMember *member)
{
  PealPeer *peer = peal_peer_new (&self->settings, member);

  g_hash_table_remove (self->gone, member->id);
  g_hash_table_insert (self->peers, g_strdup (member->id), peer);
  g_signal_connect (peer, "send", G_CALLBACK (on_peer_send), self);
  g_signal_connect (peer, "state-changed", G_CALLBACK (on_peer_state), self);
  g_signal_connect (peer, "track-added", G_CALLBACK (on_track_added), self);
  g_signal_connect (peer, "track-removed", G_CALLBACK (on_track_removed), self);
  g_signal_connect (peer, "gone", G_CALLBACK (on_peer_gone), self);
  g_signal_emit (self, signals[SIGNAL_PEER_JOINED], 0, peer);
  if (self->is_audio_muted || self->is_video_muted)
    tell_mute (self, member->id);

  return peer;
}

static void
meet (PealSession *self, const PealMember *member)
{
  PealPeer *peer = g_hash_table_lookup (self->peers, member->id);

  g_hash_table_remove (self->unlisted, member->id);
  if (!peer) {
    peal_peer_start (add_peer (self, member));
    return;
  }
  peal_peer_set_member (peer, member);
  if (!peal_peer_is_alive (peer))
    peal_peer_start (peer);
}

/* ---- ICE servers ---- */

static void
take_servers (PealSession *self, GPtrArray *servers)
{
  if (self->has_own_servers)
    return;

  g_free (self->settings.stun_server);
  g_strfreev (self->settings.turn_servers);
  self->settings.stun_server = peal_ice_servers_find_stun (servers);
  self->settings.turn_servers = peal_ice_servers_list_turn (servers);
}

/* ---- what the room says ---- */

static void
mark_unlisted (PealSession *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (self->unlisted, g_strdup (id));
}

static void
take_joined (PealSession *self, PealMessage *message)
{
  g_free (self->settings.own_id);
  self->settings.own_id = g_strdup (message->peer_id);
  take_servers (self, message->ice_servers);
  g_hash_table_remove_all (self->gone);
  mark_unlisted (self);
  for (guint i = 0; message->members && i < message->members->len; i++)
    meet (self, g_ptr_array_index (message->members, i));
}

static void
take_text (PealSession *self, PealMessage *message)
{
  PealPeer *peer = message->peer_id
      ? g_hash_table_lookup (self->peers, message->peer_id)
      : NULL;

  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message->peer_id,
      peer ? peal_peer_get_name (peer) : NULL, message->body);
}

/* A word from one that we had given up brings it back. */
static PealPeer *
find_sender (PealSession *self, PealMessage *message)
{
  PealPeer *peer = g_hash_table_lookup (self->peers, message->peer_id);
  PealMember *member = g_hash_table_lookup (self->gone, message->peer_id);

  if (!peer && member && message->kind != PEAL_MESSAGE_BYE) {
    g_autoptr (PealMember) copy = peal_member_copy (member);

    peer = add_peer (self, copy);
  }

  return peer;
}

static void
take_for_peer (PealSession *self, PealMessage *message)
{
  PealPeer *peer = message->peer_id ? find_sender (self, message) : NULL;

  if (peer)
    peal_peer_handle (peer, message);
  else
    GST_INFO ("%s from a stranger is left out",
        peal_message_kind_to_string (message->kind));
}

static void
take_left (PealSession *self, PealMessage *message)
{
  if (!message->peer_id)
    return;
  g_hash_table_remove (self->gone, message->peer_id);
  drop_peer (self, message->peer_id, message->text ? message->text : "left");
}

static void
handle (PealSession *self, PealMessage *message)
{
  switch (message->kind) {
    case PEAL_MESSAGE_JOINED:
      take_joined (self, message);
      break;
    case PEAL_MESSAGE_PEER_JOINED:
      meet (self, message->member);
      break;
    case PEAL_MESSAGE_PEER_LEFT:
      take_left (self, message);
      break;
    case PEAL_MESSAGE_TEXT:
      take_text (self, message);
      break;
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
    case PEAL_MESSAGE_RENEGOTIATE:
    case PEAL_MESSAGE_BYE:
      take_for_peer (self, message);
      break;
    case PEAL_MESSAGE_ERROR:
      GST_WARNING ("the room says %s: %s", message->code, message->text);
      break;
    default:
      break;
  }
}

static void
on_message (PealSignaller *signaller, PealMessage *message, gpointer data)
{
  PealSession *self = data;

  if (self->is_ready)
    handle (self, message);
  else
    g_queue_push_tail (self->held, peal_message_ref (message));
}

static void
on_signalling_state (PealSignaller *signaller, PealSignallingState state,
    GError *error, gpointer data)
{
  PealSession *self = data;

  self->settings.is_signalling = state == PEAL_SIGNALLING_JOINED;
  g_signal_emit (self, signals[SIGNAL_SIGNALLING_STATE], 0, state, error);
}

/* ---- tracks ---- */

static void
restart_peers (PealSession *self)
{
  g_autoptr (GPtrArray) peers = peal_session_list_peers (self);

  for (guint i = 0; i < peers->len; i++)
    peal_peer_restart (g_ptr_array_index (peers, i));
}

static void
become_ready (PealSession *self)
{
  PealMessage *message;

  self->is_ready = TRUE;
  peal_local_tracks_review (self->settings.tracks);
  while ((message = g_queue_pop_head (self->held))) {
    handle (self, message);
    peal_message_unref (message);
  }
}

/**
 * peal_session_review_tracks:
 *
 * A track's input became known or changed: begins with the room, or makes new
 * connections where what we offer is no longer the same.
 */
void
peal_session_review_tracks (PealSession *self)
{
  if (!self->tick)
    return;

  if (!self->is_ready && peal_local_tracks_are_known (self->settings.tracks))
    become_ready (self);
  else if (self->is_ready && peal_local_tracks_review (self->settings.tracks))
    restart_peers (self);
}

/**
 * peal_session_add_track:
 *
 * From now on @track is offered to everyone, in the order of track names.
 */
void
peal_session_add_track (PealSession *self, PealTrack *track)
{
  peal_local_tracks_add (self->settings.tracks, track);
  peal_session_review_tracks (self);
}

/**
 * peal_session_remove_track:
 *
 * @track is no longer sent; connections that send it are made anew.
 */
void
peal_session_remove_track (PealSession *self, PealTrack *track)
{
  if (g_ptr_array_remove (self->settings.tracks, track) && self->is_ready)
    restart_peers (self);
}

/* ---- life ---- */

static void
drop_unlisted (PealSession *self)
{
  g_autoptr (GList) ids = g_hash_table_get_keys (self->unlisted);

  for (GList *item = ids; item; item = item->next) {
    PealPeer *peer = g_hash_table_lookup (self->peers, item->data);
    g_autofree gchar *id = g_strdup (item->data);

    if (!peer)
      g_hash_table_remove (self->unlisted, id);
    else if (self->settings.is_signalling && !peal_peer_is_alive (peer))
      drop_peer (self, id, "left while we were away");
  }
}

static gboolean
on_tick (gpointer data)
{
  PealSession *self = data;
  g_autoptr (GPtrArray) peers = peal_session_list_peers (self);
  gint64 now_us = g_get_monotonic_time ();

  if (!self->is_ready && now_us - self->started_us > HOLD_LIMIT_US)
    become_ready (self);
  drop_unlisted (self);
  for (guint i = 0; i < peers->len; i++)
    peal_peer_tick (g_ptr_array_index (peers, i), now_us);

  return G_SOURCE_CONTINUE;
}

/**
 * peal_session_configure:
 * @config: copied
 * @error: PEAL_ERROR_USAGE for servers that are none
 *
 * For connections made from now on.
 */
gboolean
peal_session_configure (
    PealSession *self, const PealSessionConfig *config, GError **error)
{
  g_autoptr (GStrvBuilder) turn = g_strv_builder_new ();
  g_autofree gchar *stun = NULL;

  if (config->stun_server && *config->stun_server) {
    stun = peal_ice_servers_to_stun_uri (config->stun_server, error);
    if (!stun)
      return FALSE;
  }
  for (guint i = 0; config->turn_servers && config->turn_servers[i]; i++) {
    g_autofree gchar *uri = peal_ice_servers_to_turn_uri (
        config->turn_servers[i], NULL, NULL, error);

    if (!uri)
      return FALSE;
    g_strv_builder_add (turn, uri);
  }

  g_free (self->settings.stun_server);
  g_strfreev (self->settings.turn_servers);
  g_free (self->settings.certificate);
  self->settings.stun_server = g_steal_pointer (&stun);
  self->settings.turn_servers = g_strv_builder_end (turn);
  self->has_own_servers =
      self->settings.stun_server || self->settings.turn_servers[0];
  self->settings.latency_ms = config->latency_ms;
  self->settings.is_relay_only = config->is_relay_only;
  self->settings.certificate = g_strdup (config->certificate);

  return TRUE;
}

/**
 * peal_session_start:
 *
 * Joins the room.
 */
void
peal_session_start (PealSession *self)
{
  self->started_us = g_get_monotonic_time ();
  self->tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, g_main_context_get_thread_default ());
  peal_signaller_start (self->signaller);
  peal_session_review_tracks (self);
}

/**
 * peal_session_stop:
 *
 * Leaves the room and drops every peer; their elements end on the reaper's
 * thread, and are gone when the session is finalized.
 */
void
peal_session_stop (PealSession *self)
{
  g_autoptr (GPtrArray) peers = peal_session_list_peers (self);

  if (!self->tick)
    return;

  g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  g_signal_handlers_disconnect_by_data (self->signaller, self);
  peal_signaller_stop (self->signaller);
  for (guint i = 0; i < peers->len; i++)
    drop_peer (
        self, peal_peer_get_id (g_ptr_array_index (peers, i)), "we left");
}

/* ---- what the user wants ---- */

/**
 * peal_session_send_message:
 * @peer_id: (nullable): one peer, or NULL for everyone
 * @body: any JSON
 */
gboolean
peal_session_send_message (
    PealSession *self, const gchar *peer_id, JsonNode *body, GError **error)
{
  g_autoptr (PealMessage) message = peal_message_new_text (peer_id, body);

  if (peer_id && !g_hash_table_contains (self->peers, peer_id)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "there is no peer '%s' in the room", peer_id);
    return FALSE;
  }

  return peal_signaller_send (self->signaller, message, error);
}

/**
 * peal_session_set_muted:
 *
 * Stops or resumes our sound and picture, and tells everyone.
 */
void
peal_session_set_muted (
    PealSession *self, gboolean is_audio_muted, gboolean is_video_muted)
{
  gboolean is_same = self->is_audio_muted == is_audio_muted &&
      self->is_video_muted == is_video_muted;

  self->is_audio_muted = is_audio_muted;
  self->is_video_muted = is_video_muted;
  peal_local_tracks_set_muted (
      self->settings.tracks, is_audio_muted, is_video_muted);
  if (!is_same && self->settings.is_signalling)
    tell_mute (self, NULL);
}

static void
for_peers (PealSession *self, const gchar *peer_id, void (*func) (PealPeer *))
{
  g_autoptr (GPtrArray) peers = peal_session_list_peers (self);

  for (guint i = 0; i < peers->len; i++) {
    PealPeer *peer = g_ptr_array_index (peers, i);

    if (!peer_id || g_str_equal (peer_id, peal_peer_get_id (peer)))
      func (peer);
  }
}

/**
 * peal_session_hang_up:
 * @peer_id: (nullable): one peer, or NULL for all
 */
void
peal_session_hang_up (PealSession *self, const gchar *peer_id)
{
  for_peers (self, peer_id, peal_peer_hang_up);
}

/**
 * peal_session_request_key_frame:
 * @peer_id: (nullable): one peer, or NULL for all
 */
void
peal_session_request_key_frame (PealSession *self, const gchar *peer_id)
{
  for_peers (self, peer_id, peal_peer_request_key_frame);
}

/**
 * peal_session_fail_peer:
 *
 * An element that belongs to @peer_id posted @error.
 */
void
peal_session_fail_peer (
    PealSession *self, const gchar *peer_id, const GError *error)
{
  PealPeer *peer = g_hash_table_lookup (self->peers, peer_id);

  if (peer)
    peal_peer_fail (peer, error);
}

/**
 * peal_session_list_peers:
 *
 * Returns: (transfer container) (element-type PealPeer): a snapshot
 */
GPtrArray *
peal_session_list_peers (PealSession *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    g_ptr_array_add (list, g_object_ref (peer));

  return list;
}

/**
 * peal_session_new:
 * @bin: (transfer none): the element; it outlives the session
 * @signaller: kept
 */
PealSession *
peal_session_new (GstBin *bin, PealSignaller *signaller)
{
  PealSession *self = g_object_new (PEAL_TYPE_SESSION, NULL);

  self->settings.bin = bin;
  self->signaller = g_object_ref (signaller);
  g_signal_connect (signaller, "message", G_CALLBACK (on_message), self);
  g_signal_connect (
      signaller, "state-changed", G_CALLBACK (on_signalling_state), self);

  return self;
}

static void
clear_settings (PealSessionSettings *settings)
{
  g_clear_pointer (&settings->reaper, peal_reaper_free);
  g_clear_pointer (&settings->tracks, g_ptr_array_unref);
  g_free (settings->own_id);
  g_free (settings->stun_server);
  g_strfreev (settings->turn_servers);
  g_free (settings->certificate);
}

static void
peal_session_finalize (GObject *object)
{
  PealSession *self = PEAL_SESSION (object);

  g_assert (!self->tick);
  g_clear_object (&self->signaller);
  g_queue_free_full (self->held, (GDestroyNotify)peal_message_unref);
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->unlisted);
  g_hash_table_unref (self->gone);
  clear_settings (&self->settings);

  G_OBJECT_CLASS (peal_session_parent_class)->finalize (object);
}

static guint
new_signal (const gchar *name, guint count, GType a, GType b, GType c)
{
  return g_signal_new (name, PEAL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
      NULL, NULL, G_TYPE_NONE, count, a, b, c);
}

static void
peal_session_class_init (PealSessionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = peal_session_finalize;

  /* All fire on the loop with no lock held; a handler does not stop us.
   * signalling-state (PealSignallingState state, GError *error or NULL)
   * peer-joined (PealPeer *peer)
   * peer-state (PealPeer *peer, const gchar *reason or NULL)
   * track-added, track-removed (PealPeer *peer, PealRemoteTrack *track)
   * peer-left (PealPeer *peer, const gchar *reason)
   * message (const gchar *peer_id, const gchar *name or NULL, JsonNode *body)
   */
  signals[SIGNAL_SIGNALLING_STATE] = new_signal ("signalling-state", 2,
      PEAL_TYPE_SIGNALLING_STATE, G_TYPE_ERROR, G_TYPE_NONE);
  signals[SIGNAL_PEER_JOINED] =
      new_signal ("peer-joined", 1, PEAL_TYPE_PEER, G_TYPE_NONE, G_TYPE_NONE);
  signals[SIGNAL_PEER_STATE] =
      new_signal ("peer-state", 2, PEAL_TYPE_PEER, G_TYPE_STRING, G_TYPE_NONE);
  signals[SIGNAL_TRACK_ADDED] = new_signal (
      "track-added", 2, PEAL_TYPE_PEER, PEAL_TYPE_REMOTE_TRACK, G_TYPE_NONE);
  signals[SIGNAL_TRACK_REMOVED] = new_signal (
      "track-removed", 2, PEAL_TYPE_PEER, PEAL_TYPE_REMOTE_TRACK, G_TYPE_NONE);
  signals[SIGNAL_PEER_LEFT] =
      new_signal ("peer-left", 2, PEAL_TYPE_PEER, G_TYPE_STRING, G_TYPE_NONE);
  signals[SIGNAL_MESSAGE] =
      new_signal ("message", 3, G_TYPE_STRING, G_TYPE_STRING, JSON_TYPE_NODE);

  GST_DEBUG_CATEGORY_INIT (peal_session_session_debug, "peal-session-session",
      0, "Peal: membership of a room");
}

static void
peal_session_init (PealSession *self)
{
  self->peers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->unlisted =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->gone = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)peal_member_free);
  self->held = g_queue_new ();
  self->settings.tracks = g_ptr_array_new_with_free_func (g_object_unref);
  self->settings.reaper = peal_reaper_new ();
}
