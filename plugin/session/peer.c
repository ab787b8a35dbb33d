/*
 * One remote member: what of it outlives its connections, which are remote
 * tracks, messages and numbers. Its connector makes the connections; each
 * attempt's pads go behind the tracks here, its channel under the talk.
 *
 * Called by the session; calls connector, remote-tracks and talk. Lives on the
 * loop.
 */
#include "session/peer.h"

#include "base/signals.h"
#include "session/connector.h"
#include "session/webrtc-events.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_peer_debug);
#define GST_CAT_DEFAULT peal_session_peer_debug

enum {
  SIGNAL_SEND,
  SIGNAL_STATE_CHANGED,
  SIGNAL_TRACK_ADDED,
  SIGNAL_TRACK_REMOVED,
  SIGNAL_GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealPeer {
  GObject parent;

  PealMember *member;
  PealConnector *connector;
  PealRemoteTracks *tracks; /* NULL once closed */
  PealTalk *talk;
  gint64 first_opened_us;
  PealPeerStats stats;
};

G_DEFINE_FINAL_TYPE (PealPeer, peal_peer, G_TYPE_OBJECT)

/* ---- what an attempt says ---- */

static void
on_remote_pad (
    PealAttempt *attempt, GstPad *pad, guint kind, guint ordinal, gpointer data)
{
  PealPeer *self = data;
  g_autoptr (GError) error = NULL;
  gboolean is_new = FALSE;
  PealRemoteTrack *track = peal_remote_tracks_attach (
      self->tracks, kind, ordinal, pad, &is_new, &error);

  if (!track) {
    GST_WARNING (
        "peer %s: a pad stays shut: %s", self->member->id, error->message);
    return;
  }
  if (is_new)
    g_signal_emit (self, signals[SIGNAL_TRACK_ADDED], 0, track);
  peal_webrtc_events_release_pad (pad);
}

static void
on_stats (PealAttempt *attempt, GstStructure *stats, gpointer data)
{
  PealPeer *self = data;

  gint64 setup_us = self->stats.setup_us;

  peal_peer_stats_read (&self->stats, stats);
  self->stats.setup_us = setup_us;
}

static void
on_connected (PealAttempt *attempt, gpointer data)
{
  PealPeer *self = data;

  self->stats.setup_us =
      g_get_monotonic_time () - peal_attempt_get_opened_us (attempt);
}

/* ---- what the connector says ---- */

static void
on_opened (PealConnector *connector, PealAttempt *attempt, gpointer data)
{
  PealPeer *self = data;

  if (self->first_opened_us == 0)
    self->first_opened_us = peal_attempt_get_opened_us (attempt);
  /* clang-format off */
  g_object_connect (attempt,
      "object-signal::connected", on_connected, self,
      "object-signal::remote-pad", on_remote_pad, self,
      "object-signal::stats", on_stats, self,
      NULL);
  /* clang-format on */
  peal_talk_set_channel (self->talk, peal_attempt_get_channel (attempt));
}

static void
on_dropped (PealConnector *connector, PealAttempt *attempt, gpointer data)
{
  PealPeer *self = data;

  g_signal_handlers_disconnect_by_data (attempt, self);
  peal_talk_set_channel (self->talk, NULL);
  peal_remote_tracks_detach (self->tracks);
}

static void
on_send (PealConnector *connector, PealMessage *message, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_SEND], 0, message);
}

static void
on_state_changed (PealConnector *connector, const gchar *reason, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_STATE_CHANGED], 0, reason);
}

static void
on_gone (PealConnector *connector, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_GONE], 0);
}

static void
connect_connector (PealPeer *self)
{
  /* What a handler does may end us: its closure holds us until it returns. */
  /* clang-format off */
  g_object_connect (self->connector,
      "object-signal::opened", on_opened, self,
      "object-signal::dropped", on_dropped, self,
      "object-signal::send", on_send, self,
      "object-signal::state-changed", on_state_changed, self,
      "object-signal::gone", on_gone, self,
      NULL);
  /* clang-format on */
}

/* ---- what the session wants ---- */

/**
 * peal_peer_handle:
 * @message: from this peer: offer, answer, candidate, renegotiate or bye
 */
void
peal_peer_handle (PealPeer *self, PealMessage *message)
{
  peal_connector_handle (self->connector, message);
}

/**
 * peal_peer_tick:
 * @now_us: monotonic time
 *
 * To be called twice a second. May emit `gone`, upon which the session closes
 * and forgets this peer.
 */
void
peal_peer_tick (PealPeer *self, gint64 now_us)
{
  peal_talk_tick (self->talk, now_us);
  peal_connector_tick (self->connector, now_us);
}

/**
 * peal_peer_start:
 *
 * Offers, if that is ours to do; otherwise the peer will.
 */
void
peal_peer_start (PealPeer *self)
{
  peal_connector_start (self->connector);
}

/**
 * peal_peer_restart:
 *
 * Our tracks changed: makes a new connection behind the same remote tracks.
 */
void
peal_peer_restart (PealPeer *self)
{
  peal_connector_restart (self->connector);
}

/**
 * peal_peer_fail:
 *
 * An element of this peer failed; its connection is rebuilt.
 */
void
peal_peer_fail (PealPeer *self, const GError *error)
{
  peal_connector_fail (self->connector, error);
}

/**
 * peal_peer_hang_up:
 *
 * Ends the connection; only a new offer of the peer begins another.
 */
void
peal_peer_hang_up (PealPeer *self)
{
  peal_connector_hang_up (self->connector);
}

/**
 * peal_peer_close:
 *
 * The member left: everything of it goes, remote tracks too.
 */
void
peal_peer_close (PealPeer *self)
{
  g_autoptr (GPtrArray) tracks = NULL;

  if (!self->tracks)
    return;

  peal_connector_drop (self->connector);
  tracks = peal_remote_tracks_list (self->tracks);
  for (guint i = 0; i < tracks->len; i++)
    g_signal_emit (
        self, signals[SIGNAL_TRACK_REMOVED], 0, g_ptr_array_index (tracks, i));
  g_clear_pointer (&self->tracks, peal_remote_tracks_free);
  peal_connector_close (self->connector);
}

/**
 * peal_peer_set_member:
 * @member: what the room says of the same member now
 *
 * After the room came back, or the member did: name and turn may differ.
 */
void
peal_peer_set_member (PealPeer *self, const PealMember *member)
{
  PealMember *copy = peal_member_copy (member);

  peal_connector_set_member (self->connector, copy);
  peal_member_free (self->member);
  self->member = copy;
}

/**
 * peal_peer_is_alive:
 *
 * Returns: whether a connection to it stands
 */
gboolean
peal_peer_is_alive (PealPeer *self)
{
  PealAttempt *attempt = peal_connector_get_attempt (self->connector);

  return attempt && peal_attempt_is_connected (attempt);
}

void
peal_peer_request_key_frame (PealPeer *self)
{
  g_autoptr (GPtrArray) tracks = peal_peer_list_tracks (self);

  for (guint i = 0; i < tracks->len; i++)
    peal_remote_track_request_key_frame (g_ptr_array_index (tracks, i));
}

const gchar *
peal_peer_get_id (PealPeer *self)
{
  return self->member->id;
}

const gchar *
peal_peer_get_name (PealPeer *self)
{
  return self->member->name ? self->member->name : self->member->id;
}

PealPeerState
peal_peer_get_state (PealPeer *self)
{
  return peal_connector_get_state (self->connector);
}

/**
 * peal_peer_get_talk:
 *
 * Returns: (transfer none): the messages to and from it
 */
PealTalk *
peal_peer_get_talk (PealPeer *self)
{
  return self->talk;
}

/**
 * peal_peer_list_tracks:
 *
 * Returns: (transfer container) (element-type PealRemoteTrack): its tracks
 */
GPtrArray *
peal_peer_list_tracks (PealPeer *self)
{
  return self->tracks ? peal_remote_tracks_list (self->tracks)
                      : g_ptr_array_new ();
}

/**
 * peal_peer_get_stats:
 *
 * Gives the last snapshot and asks for a new one.
 */
const PealPeerStats *
peal_peer_get_stats (PealPeer *self)
{
  PealAttempt *attempt = peal_connector_get_attempt (self->connector);

  if (attempt)
    peal_attempt_get_stats (attempt);

  return &self->stats;
}

/**
 * peal_peer_get_ice:
 * @path: (out caller-allocates): the way that ICE chose, as far as it has
 *
 * Returns: (transfer none): state of ICE: new, checking, connected, completed,
 *   failed, disconnected or closed
 */
const gchar *
peal_peer_get_ice (PealPeer *self, PealIcePath *path)
{
  PealAttempt *attempt = peal_connector_get_attempt (self->connector);

  *path = (PealIcePath){ 0 };

  return attempt ? peal_attempt_get_ice (attempt, path) : "closed";
}

/**
 * peal_peer_get_first_opened_us:
 *
 * Returns: monotonic time of the first attempt, microseconds
 */
gint64
peal_peer_get_first_opened_us (PealPeer *self)
{
  return self->first_opened_us;
}

PealPeer *
peal_peer_new (const PealSessionSettings *settings, const PealMember *member)
{
  PealPeer *self = g_object_new (PEAL_TYPE_PEER, NULL);

  self->member = peal_member_copy (member);
  self->connector = peal_connector_new (settings, self->member);
  self->tracks = peal_remote_tracks_new (settings, member->id);
  connect_connector (self);

  return self;
}

static void
peal_peer_finalize (GObject *object)
{
  PealPeer *self = PEAL_PEER (object);

  g_assert (!self->tracks);
  g_object_unref (self->connector);
  peal_member_free (self->member);
  g_object_unref (self->talk);

  G_OBJECT_CLASS (peal_peer_parent_class)->finalize (object);
}

/* Thread of all: the loop, no lock held; a handler may close us. */
static void
install_signals (GType type)
{
  /* Thread: the loop. To be sent to the room */
  signals[SIGNAL_SEND] = peal_signal_new (type, "send", 1, PEAL_TYPE_MESSAGE);
  /* Thread: the loop. The reason, or NULL */
  signals[SIGNAL_STATE_CHANGED] =
      peal_signal_new (type, "state-changed", 1, G_TYPE_STRING);
  /* Thread: the loop. A new one */
  signals[SIGNAL_TRACK_ADDED] =
      peal_signal_new (type, "track-added", 1, PEAL_TYPE_REMOTE_TRACK);
  /* Thread: the loop. To be unlinked now */
  signals[SIGNAL_TRACK_REMOVED] =
      peal_signal_new (type, "track-removed", 1, PEAL_TYPE_REMOTE_TRACK);
  /* Thread: the loop. It will not come back; a handler closes it */
  signals[SIGNAL_GONE] = peal_signal_new (type, "gone", 0);
}

static void
peal_peer_class_init (PealPeerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = peal_peer_finalize;

  install_signals (G_TYPE_FROM_CLASS (class));

  GST_DEBUG_CATEGORY_INIT (
      peal_session_peer_debug, "peal-session-peer", 0, "Peal: one member");
}

static void
peal_peer_init (PealPeer *self)
{
  self->stats.round_trip_ms = -1;
  self->talk = peal_talk_new ();
}
