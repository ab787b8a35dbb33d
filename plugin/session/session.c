/*
 * Membership of one room. See session.h.
 *
 * Called by the element; calls the signaller and the peers. Lives on the loop.
 *
 * What the room says is held back until every track knows whether it is raw or
 * encoded, for three seconds at most (hold.h).
 *
 * A call outlives the room: a peer that the room lists no more ("unlisted")
 * stays as long as its connection does, for 30 s; it may be reconnecting
 * itself.
 */
#include "session/session.h"

#include "base/error.h"
#include "base/signals.h"
#include "base/sources.h"
#include "session/hold.h"
#include "session/local-tracks.h"
#include "session/membership.h"
#include "session/messenger.h"
#include "session/mute.h"
#include "wire/error-text.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_session_debug);
#define GST_CAT_DEFAULT peal_session_session_debug

#define TICK_MS 500

enum {
  SIGNAL_SIGNALLING_STATE,
  SIGNAL_PEER_JOINED,
  SIGNAL_PEER_STATE,
  SIGNAL_TRACK_ADDED,
  SIGNAL_TRACK_REMOVED,
  SIGNAL_PEER_LEFT,
  SIGNAL_MESSAGE,
  SIGNAL_WARNING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealSession {
  GObject parent;

  PealSessionSettings settings;
  PealSignaller *signaller;
  PealMembership *members;
  PealMessenger *messenger;
  PealHold hold;
  GSource *tick;
  PealMute mute;
  gchar *missed; /* what was said last of one who is not there */
};

G_DEFINE_FINAL_TYPE (PealSession, peal_session, G_TYPE_OBJECT)

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
  g_autoptr (PealMessage) message = peal_mute_tell (&self->mute, peer_id);

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
  g_autoptr (PealPeer) peer = peal_membership_steal (self->members, id);

  if (!peer)
    return;

  peal_peer_close (peer);
  peal_messenger_detach (self->messenger, peer);
  g_signal_handlers_disconnect_by_data (peer, self);
  g_signal_emit (self, signals[SIGNAL_PEER_LEFT], 0, peer, reason);
}

/* The room may still believe in it: its next word brings it back. */
static void
on_peer_gone (PealPeer *peer, gpointer data)
{
  PealSession *self = data;

  peal_membership_remember (self->members, peer);
  drop_peer (self, peal_peer_get_id (peer), "lost");
}

static PealPeer *
add_peer (PealSession *self, const PealMember *member)
{
  PealPeer *peer = peal_peer_new (&self->settings, member);

  peal_membership_add (self->members, peer);
  g_signal_connect (peer, "send", G_CALLBACK (on_peer_send), self);
  g_signal_connect (peer, "state-changed", G_CALLBACK (on_peer_state), self);
  g_signal_connect (peer, "track-added", G_CALLBACK (on_track_added), self);
  g_signal_connect (peer, "track-removed", G_CALLBACK (on_track_removed), self);
  g_signal_connect (peer, "gone", G_CALLBACK (on_peer_gone), self);
  peal_messenger_attach (self->messenger, peer);
  g_signal_emit (self, signals[SIGNAL_PEER_JOINED], 0, peer);
  if (self->mute.is_audio || self->mute.is_video)
    tell_mute (self, member->id);

  return peer;
}

static void
meet (PealSession *self, const PealMember *member)
{
  PealPeer *peer = peal_membership_find (self->members, member->id);

  peal_membership_list_again (self->members, member->id);
  g_clear_pointer (&self->missed, g_free);
  if (!peer) {
    peal_peer_start (add_peer (self, member));
    return;
  }
  peal_peer_set_member (peer, member);
  if (!peal_peer_is_alive (peer))
    peal_peer_start (peer);
}

/* ---- what the room says ---- */

static void
take_joined (PealSession *self, PealMessage *message)
{
  g_free (self->settings.own_id);
  self->settings.own_id = g_strdup (message->peer_id);
  peal_session_settings_offer_servers (&self->settings, message->ice_servers);
  peal_membership_unlist_all (self->members, g_get_monotonic_time ());
  for (guint i = 0; message->members && i < message->members->len; i++)
    meet (self, g_ptr_array_index (message->members, i));
  if (!message->members || message->members->len == 0)
    peal_local_tracks_prepare (self->settings.tracks);
}

static void
on_text (PealMessenger *messenger, const gchar *id, const gchar *name,
    JsonNode *body, const gchar *label, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_MESSAGE], 0, id, name, body, label);
}

/* A word from one that we had given up brings it back. */
static PealPeer *
find_sender (PealSession *self, PealMessage *message)
{
  PealPeer *peer = peal_membership_find (self->members, message->peer_id);
  g_autoptr (PealMember) member = NULL;

  if (peer || message->kind == PEAL_MESSAGE_BYE)
    return peer;

  member = peal_membership_recall (self->members, message->peer_id);

  return member ? add_peer (self, member) : NULL;
}

static void
take_for_peer (PealSession *self, PealMessage *message)
{
  PealPeer *peer = message->peer_id ? find_sender (self, message) : NULL;

  if (peer && message->kind != PEAL_MESSAGE_BYE)
    peal_membership_list_again (self->members, message->peer_id);
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
  peal_membership_forget (self->members, message->peer_id);
  drop_peer (self, message->peer_id, message->text ? message->text : "left");
}

/* Whom the user wants is missed at each retry, and told of once. */
static void
take_error (PealSession *self, PealMessage *message)
{
  if (g_strcmp0 (message->code, PEAL_ERROR_TEXT_NOBODY) != 0)
    GST_WARNING ("the room says %s: %s", message->code, message->text);
  else if (g_strcmp0 (self->missed, message->text) != 0) {
    g_free (self->missed);
    self->missed = g_strdup (message->text);
    g_signal_emit (self, signals[SIGNAL_WARNING], 0, message->text);
  }
}

static void
handle (gpointer data, PealMessage *message)
{
  PealSession *self = data;

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
      peal_messenger_take (self->messenger, message);
      break;
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
    case PEAL_MESSAGE_RENEGOTIATE:
    case PEAL_MESSAGE_BYE:
      take_for_peer (self, message);
      break;
    case PEAL_MESSAGE_ERROR:
      take_error (self, message);
      break;
    default:
      break;
  }
}

static void
on_message (PealSignaller *signaller, PealMessage *message, gpointer data)
{
  PealSession *self = data;

  if (!peal_hold_keep (&self->hold, message))
    handle (self, message);
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
become_ready (PealSession *self)
{
  peal_local_tracks_review (self->settings.tracks);
  peal_hold_let_go (&self->hold, handle, self);
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

  if (!self->hold.is_over &&
      peal_local_tracks_are_known (self->settings.tracks))
    become_ready (self);
  else if (self->hold.is_over &&
      peal_local_tracks_review (self->settings.tracks))
    peal_membership_for_each (self->members, NULL, peal_peer_restart);
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
  if (g_ptr_array_remove (self->settings.tracks, track) && self->hold.is_over)
    peal_membership_for_each (self->members, NULL, peal_peer_restart);
}

/* ---- life ---- */

static void
drop_unlisted (PealSession *self, PealPeer *peer, gint64 now_us)
{
  g_autofree gchar *id = g_strdup (peal_peer_get_id (peer));

  if (self->settings.is_signalling &&
      peal_membership_is_unlisted (self->members, id) &&
      (!peal_peer_is_alive (peer) ||
          peal_membership_is_overdue (self->members, id, now_us)))
    drop_peer (self, id, "left while we were away");
}

static gboolean
on_tick (gpointer data)
{
  PealSession *self = data;
  g_autoptr (GPtrArray) peers = peal_session_list_peers (self);
  gint64 now_us = g_get_monotonic_time ();

  if (peal_hold_is_overdue (&self->hold, now_us))
    become_ready (self);
  for (guint i = 0; i < peers->len; i++) {
    peal_peer_tick (g_ptr_array_index (peers, i), now_us);
    drop_unlisted (self, g_ptr_array_index (peers, i), now_us);
  }

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
  return peal_session_settings_configure (&self->settings, config, error);
}

/**
 * peal_session_start:
 *
 * Joins the room.
 */
void
peal_session_start (PealSession *self)
{
  self->hold.began_us = g_get_monotonic_time ();
  self->tick = peal_source_attach (
      g_timeout_source_new (TICK_MS), "peal-session-tick", on_tick, self);
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

  peal_source_clear (&self->tick);
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
 *
 * See peal_messenger_send().
 */
gboolean
peal_session_send_message (
    PealSession *self, const gchar *peer_id, JsonNode *body, GError **error)
{
  return peal_messenger_send (self->messenger, peer_id, body, error);
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
  gboolean is_new = peal_mute_set (
      &self->mute, self->settings.tracks, is_audio_muted, is_video_muted);

  if (is_new && self->settings.is_signalling)
    tell_mute (self, NULL);
}

void
peal_session_hang_up (PealSession *self, const gchar *peer_id)
{
  peal_membership_for_each (self->members, peer_id, peal_peer_hang_up);
}

/**
 * peal_session_request_key_frame:
 * @peer_id: (nullable): one peer, or NULL for all
 */
void
peal_session_request_key_frame (PealSession *self, const gchar *peer_id)
{
  peal_membership_for_each (
      self->members, peer_id, peal_peer_request_key_frame);
}

/**
 * peal_session_settle:
 *
 * Waits, some milliseconds, until the elements of dropped peers are gone.
 */
void
peal_session_settle (PealSession *self)
{
  peal_reaper_wait (self->settings.reaper);
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
  PealPeer *peer = peal_membership_find (self->members, peer_id);

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
  return peal_membership_list (self->members);
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
  self->messenger = peal_messenger_new (signaller, self->members);
  g_signal_connect (self->messenger, "message", G_CALLBACK (on_text), self);
  g_signal_connect (signaller, "message", G_CALLBACK (on_message), self);
  g_signal_connect (
      signaller, "state-changed", G_CALLBACK (on_signalling_state), self);

  return self;
}

static void
peal_session_finalize (GObject *object)
{
  PealSession *self = PEAL_SESSION (object);

  g_assert (!self->tick);
  g_clear_object (&self->messenger);
  g_clear_object (&self->signaller);
  peal_hold_clear (&self->hold);
  peal_membership_free (self->members);
  g_free (self->missed);
  peal_session_settings_clear (&self->settings);

  G_OBJECT_CLASS (peal_session_parent_class)->finalize (object);
}

/* Thread of all: the loop, no lock held; a handler may close us. */
static void
install_signals (GType type)
{
  /* Thread: the loop. State, error or NULL */
  signals[SIGNAL_SIGNALLING_STATE] = peal_signal_new (
      type, "signalling-state", 2, PEAL_TYPE_SIGNALLING_STATE, G_TYPE_ERROR);
  /* Thread: the loop. A new member */
  signals[SIGNAL_PEER_JOINED] =
      peal_signal_new (type, "peer-joined", 1, PEAL_TYPE_PEER);
  /* Thread: the loop. Peer, reason or NULL */
  signals[SIGNAL_PEER_STATE] =
      peal_signal_new (type, "peer-state", 2, PEAL_TYPE_PEER, G_TYPE_STRING);
  /* Thread: the loop. Peer, track */
  signals[SIGNAL_TRACK_ADDED] = peal_signal_new (
      type, "track-added", 2, PEAL_TYPE_PEER, PEAL_TYPE_REMOTE_TRACK);
  /* Thread: the loop. Peer, track */
  signals[SIGNAL_TRACK_REMOVED] = peal_signal_new (
      type, "track-removed", 2, PEAL_TYPE_PEER, PEAL_TYPE_REMOTE_TRACK);
  /* Thread: the loop. Peer, reason */
  signals[SIGNAL_PEER_LEFT] =
      peal_signal_new (type, "peer-left", 2, PEAL_TYPE_PEER, G_TYPE_STRING);
  /* Thread: the loop. Id, name, body, channel's label; NULL: by the room */
  signals[SIGNAL_MESSAGE] = peal_signal_new (type, "message", 4, G_TYPE_STRING,
      G_TYPE_STRING, JSON_TYPE_NODE, G_TYPE_STRING);
  /* Thread: the loop. What the user may want to mend, in a sentence */
  signals[SIGNAL_WARNING] = peal_signal_new (type, "warning", 1, G_TYPE_STRING);
}

static void
peal_session_class_init (PealSessionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = peal_session_finalize;

  install_signals (G_TYPE_FROM_CLASS (class));

  GST_DEBUG_CATEGORY_INIT (peal_session_session_debug, "peal-session-session",
      0, "Peal: membership of a room");
}

static void
peal_session_init (PealSession *self)
{
  self->members = peal_membership_new ();
  peal_session_settings_init (&self->settings, self);
}
