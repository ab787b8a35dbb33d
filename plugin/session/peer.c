/*
 * One remote member. The negotiation's table decides (negotiation.c), this
 * file does: makes and drops attempts, sends what they describe, tries again,
 * and keeps the remote tracks.
 *
 * Called by the session; calls attempt and remote-tracks. Lives on the loop.
 *
 * Recovery is always a new session. Whose turn it is to offer says the server;
 * the other side asks with `renegotiate`. A peer that was connected, fell
 * silent and does not react to that either is gone, whatever the server still
 * believes: the session is told by `gone`.
 */
#include "session/peer.h"

#include "base/error.h"
#include "base/signals.h"
#include "session/attempt.h"
#include "session/local-tracks.h"
#include "session/negotiation.h"
#include "session/recovery.h"
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

  const PealSessionSettings *settings;
  PealMember *member;
  PealPeerState state;
  PealNegotiation negotiation;

  PealAttempt *attempt; /* the current one, or NULL */
  gint64 first_opened_us;
  PealRemoteTracks *tracks;
  PealTalk *talk;
  guint wanted[2]; /* m-lines by kind that the peer offered last */
  PealRecovery recovery;
  PealPeerStats stats;
};

G_DEFINE_FINAL_TYPE (PealPeer, peal_peer, G_TYPE_OBJECT)

static void
act (PealPeer *self, PealNegotiationEvent event, PealMessage *message);

static const gchar *const state_names[] = { "new", "connecting", "connected",
  "disconnected", "failed", "closed" };

const gchar *
peal_peer_state_to_string (PealPeerState state)
{
  return state_names[state];
}

/* The only writer of the state. */
static void
set_state (PealPeer *self, PealPeerState state, const gchar *reason)
{
  if (self->state == state)
    return;

  GST_INFO ("peer %s: %s -> %s%s%s", self->member->id,
      peal_peer_state_to_string (self->state),
      peal_peer_state_to_string (state), reason ? ": " : "",
      reason ? reason : "");
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0, reason);
}

static void
send (PealPeer *self, PealMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_SEND], 0, message);
  peal_message_unref (message);
}

/* ---- one attempt ---- */

static void
drop_attempt (PealPeer *self)
{
  if (!self->attempt)
    return;

  g_signal_handlers_disconnect_by_data (self->attempt, self);
  peal_talk_set_channel (self->talk, NULL);
  peal_remote_tracks_detach (self->tracks);
  peal_attempt_close (self->attempt);
  g_clear_object (&self->attempt);
}

static void
lose (PealPeer *self, const GError *error)
{
  set_state (self,
      peal_recovery_is_interruption (&self->recovery) ? PEAL_PEER_DISCONNECTED
                                                      : PEAL_PEER_FAILED,
      error->message);
  act (self, PEAL_NEGOTIATION_LOST, NULL);
}

static void
on_failed (PealAttempt *attempt, GError *error, gpointer data)
{
  lose (data, error);
}

static void
on_connected (PealAttempt *attempt, gpointer data)
{
  PealPeer *self = data;

  peal_recovery_connected (&self->recovery);
  self->stats.setup_us =
      g_get_monotonic_time () - peal_attempt_get_opened_us (attempt);
  set_state (self, PEAL_PEER_CONNECTED, peal_attempt_get_note (attempt));
}

static void
on_described (PealAttempt *attempt, PealMessage *message, gpointer data)
{
  act (data,
      message->kind == PEAL_MESSAGE_OFFER ? PEAL_NEGOTIATION_OFFER_MADE
                                          : PEAL_NEGOTIATION_ANSWER_MADE,
      message);
}

static void
on_candidate (PealAttempt *attempt, PealMessage *message, gpointer data)
{
  send (data, peal_message_ref (message));
}

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
connect_attempt (PealPeer *self)
{
  /* What a handler does may end us: its closure holds us until it returns. */
  /* clang-format off */
  g_object_connect (self->attempt,
      "object-signal::described", on_described, self,
      "object-signal::candidate", on_candidate, self,
      "object-signal::connected", on_connected, self,
      "object-signal::failed", on_failed, self,
      "object-signal::remote-pad", on_remote_pad, self,
      "object-signal::stats", on_stats, self,
      NULL);
  /* clang-format on */
}

/* The other side gave up and begins anew: people are told here as well. */
static void
tell_trouble (PealPeer *self)
{
  g_autofree gchar *trouble =
      self->attempt ? peal_attempt_dup_trouble (self->attempt) : NULL;

  if (trouble && self->state == PEAL_PEER_CONNECTING)
    set_state (self, PEAL_PEER_FAILED, trouble);
}

static gboolean
open_attempt (PealPeer *self, const gchar *session, GError **error)
{
  tell_trouble (self);
  drop_attempt (self);
  peal_recovery_tried (&self->recovery);
  if (!peal_recovery_may_open (&self->recovery, g_get_monotonic_time ())) {
    g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_REFUSED,
        "the peer begins new connections too often");
    return FALSE;
  }
  self->attempt =
      peal_attempt_new (self->settings, self->member->id, session, error);
  if (!self->attempt)
    return FALSE;

  if (self->first_opened_us == 0)
    self->first_opened_us = peal_attempt_get_opened_us (self->attempt);
  connect_attempt (self);
  peal_talk_set_channel (self->talk, peal_attempt_get_channel (self->attempt));
  if (self->state != PEAL_PEER_CONNECTED &&
      self->state != PEAL_PEER_DISCONNECTED)
    set_state (self, PEAL_PEER_CONNECTING, NULL);

  return TRUE;
}

/* ---- what the negotiation's actions do ---- */

static void
open_and_offer (PealPeer *self)
{
  g_autofree gchar *session = peal_attempt_make_session ();
  g_autoptr (GError) error = NULL;

  if (!open_attempt (self, session, &error) ||
      !peal_attempt_offer (self->attempt, self->wanted[PEAL_MEDIA_VIDEO],
          self->wanted[PEAL_MEDIA_AUDIO], &error))
    lose (self, error);
}

/* What the peer sent can never work: tell it, and leave it to the peer. */
static void
refuse (PealPeer *self, const gchar *session, const GError *error)
{
  send (self, peal_message_new_bye (self->member->id, session, error->message));
  set_state (self, PEAL_PEER_FAILED, error->message);
  peal_negotiation_handle (&self->negotiation, PEAL_NEGOTIATION_BYE);
  drop_attempt (self);
  peal_recovery_ended (&self->recovery);
}

static void
open_and_answer (PealPeer *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSdp) offer = peal_sdp_parse (message->sdp, &error);

  for (guint kind = 0; offer && kind < 2; kind++)
    self->wanted[kind] = peal_sdp_count (offer, kind);
  if (offer && !peal_sdp_only_sends (offer) &&
      !peal_local_tracks_fit (self->settings->tracks, self->wanted)) {
    GST_INFO ("peer %s offers too few m-lines; we offer", self->member->id);
    act (self, PEAL_NEGOTIATION_START, NULL);
    return;
  }
  if (!offer || !open_attempt (self, message->session, &error) ||
      !peal_attempt_answer (self->attempt, g_steal_pointer (&offer), &error))
    refuse (self, message->session, error);
}

static void
take_answer (PealPeer *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (!peal_attempt_take_answer (self->attempt, message->sdp, &error))
    refuse (self, message->session, error);
}

static void
send_answer (PealPeer *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  send (self, peal_message_ref (message));
  if (!peal_attempt_send_media (self->attempt, &error))
    lose (self, error);
}

static void
recover (PealPeer *self)
{
  gint64 now_us = g_get_monotonic_time ();

  drop_attempt (self);
  peal_recovery_failed (&self->recovery, now_us, g_random_double ());
  if (peal_recovery_is_due (&self->recovery, now_us))
    peal_peer_tick (self, now_us);
}

static void
end (PealPeer *self, const gchar *reason)
{
  drop_attempt (self);
  peal_recovery_ended (&self->recovery);
  set_state (self, PEAL_PEER_CLOSED, reason);
}

static void
act (PealPeer *self, PealNegotiationEvent event, PealMessage *message)
{
  PealNegotiationState from = self->negotiation.state;
  PealNegotiationAction action =
      peal_negotiation_handle (&self->negotiation, event);

  GST_DEBUG ("peer %s: %s in %s -> %s, action %d", self->member->id,
      peal_negotiation_event_to_string (event),
      peal_negotiation_state_to_string (from),
      peal_negotiation_state_to_string (self->negotiation.state), action);

  switch (action) {
    case PEAL_NEGOTIATION_OPEN_AND_OFFER:
      open_and_offer (self);
      break;
    case PEAL_NEGOTIATION_SEND_OFFER:
      send (self, peal_message_ref (message));
      break;
    case PEAL_NEGOTIATION_TAKE_ANSWER:
      take_answer (self, message);
      break;
    case PEAL_NEGOTIATION_OPEN_AND_ANSWER:
      open_and_answer (self, message);
      break;
    case PEAL_NEGOTIATION_SEND_ANSWER:
      send_answer (self, message);
      break;
    case PEAL_NEGOTIATION_RECOVER:
      recover (self);
      break;
    case PEAL_NEGOTIATION_CLOSE:
      end (self, message && message->text ? message->text : "the peer hung up");
      break;
    case PEAL_NEGOTIATION_IGNORE:
    case PEAL_NEGOTIATION_REFUSE:
    default:
      break;
  }
}

/* ---- what the peer says ---- */

static void
take_candidate (PealPeer *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (!peal_attempt_take_candidate (self->attempt, message, &error))
    refuse (self, message->session, error);
}

static gboolean
is_current (PealPeer *self, PealMessage *message)
{
  return self->attempt &&
      g_strcmp0 (peal_attempt_get_session (self->attempt), message->session) ==
      0;
}

/**
 * peal_peer_handle:
 * @message: from this peer: offer, answer, candidate, renegotiate or bye
 */
void
peal_peer_handle (PealPeer *self, PealMessage *message)
{
  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
      act (self,
          is_current (self, message) ? PEAL_NEGOTIATION_SAME_OFFER
                                     : PEAL_NEGOTIATION_NEW_OFFER,
          message);
      break;
    case PEAL_MESSAGE_ANSWER:
      if (is_current (self, message))
        act (self, PEAL_NEGOTIATION_ANSWER, message);
      break;
    case PEAL_MESSAGE_CANDIDATE:
      if (is_current (self, message))
        take_candidate (self, message);
      break;
    case PEAL_MESSAGE_RENEGOTIATE:
      act (self, PEAL_NEGOTIATION_RENEGOTIATE, message);
      break;
    case PEAL_MESSAGE_BYE:
      if (!message->session || is_current (self, message))
        act (self, PEAL_NEGOTIATION_BYE, message);
      break;
    default:
      break;
  }
}

/* ---- time ---- */

/* The side whose turn it is offers; the other asks it to. */
static void
retry (PealPeer *self, gint64 now_us)
{
  PealMessage *message;

  peal_recovery_tried (&self->recovery);
  if (!self->member->offers) {
    act (self, PEAL_NEGOTIATION_START, NULL);
    return;
  }
  peal_recovery_asked (&self->recovery, now_us, g_random_double ());
  message = peal_message_new (PEAL_MESSAGE_RENEGOTIATE, self->member->id);
  message->session = peal_attempt_make_session ();
  send (self, message);
}

/* Our offer waits for whoever comes, as long as it takes. */
static gboolean
awaits_somebody (PealPeer *self)
{
  return self->member->is_presumed &&
      self->negotiation.state == PEAL_NEGOTIATION_OFFERED;
}

/* Lost, asked, and no word from it since. */
static gboolean
is_gone (PealPeer *self, gint64 now_us)
{
  gboolean has_reacted = self->negotiation.state == PEAL_NEGOTIATION_STABLE ||
      self->negotiation.state == PEAL_NEGOTIATION_MAKING_ANSWER;

  return !has_reacted && peal_recovery_is_gone (&self->recovery, now_us);
}

/* Nobody else would tell the protocol's end that a presumed peer is gone. */
static void
give_up (PealPeer *self)
{
  if (self->member->is_presumed)
    send (self, peal_message_new_bye (self->member->id, "gone", "gone"));
  g_signal_emit (self, signals[SIGNAL_GONE], 0);
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
  g_autoptr (GError) error = NULL;

  peal_talk_tick (self->talk, now_us);
  if (self->attempt && !awaits_somebody (self) &&
      !peal_attempt_check (self->attempt, now_us, &error))
    lose (self, error);
  if (!self->settings->is_signalling) {
    peal_recovery_hold (&self->recovery, now_us);
    return;
  }
  if (is_gone (self, now_us))
    give_up (self);
  else if (peal_recovery_is_due (&self->recovery, now_us))
    retry (self, now_us);
}

/* ---- what the session wants ---- */

/**
 * peal_peer_start:
 *
 * Offers, if that is ours to do; otherwise the peer will.
 */
void
peal_peer_start (PealPeer *self)
{
  if (!self->member->offers)
    act (self, PEAL_NEGOTIATION_START, NULL);
}

/**
 * peal_peer_restart:
 *
 * Our tracks changed: makes a new connection behind the same remote tracks.
 */
void
peal_peer_restart (PealPeer *self)
{
  if (self->negotiation.state != PEAL_NEGOTIATION_IDLE)
    act (self, PEAL_NEGOTIATION_START, NULL);
}

/**
 * peal_peer_fail:
 *
 * An element of this peer failed; its connection is rebuilt.
 */
void
peal_peer_fail (PealPeer *self, const GError *error)
{
  if (self->attempt)
    lose (self, error);
}

/**
 * peal_peer_hang_up:
 *
 * Ends the connection; only a new offer of the peer begins another.
 */
void
peal_peer_hang_up (PealPeer *self)
{
  send (self, peal_message_new_bye (self->member->id, NULL, "hung up"));
  peal_negotiation_handle (&self->negotiation, PEAL_NEGOTIATION_BYE);
  end (self, "hung up");
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

  drop_attempt (self);
  tracks = peal_remote_tracks_list (self->tracks);
  for (guint i = 0; i < tracks->len; i++)
    g_signal_emit (
        self, signals[SIGNAL_TRACK_REMOVED], 0, g_ptr_array_index (tracks, i));
  g_clear_pointer (&self->tracks, peal_remote_tracks_free);
  set_state (self, PEAL_PEER_CLOSED, NULL);
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
  peal_member_free (self->member);
  self->member = peal_member_copy (member);
}

/**
 * peal_peer_is_alive:
 *
 * Returns: whether a connection to it stands
 */
gboolean
peal_peer_is_alive (PealPeer *self)
{
  return self->attempt && peal_attempt_is_connected (self->attempt);
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
  return self->state;
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
  if (self->attempt)
    peal_attempt_get_stats (self->attempt);

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
  *path = (PealIcePath){ 0 };

  return self->attempt ? peal_attempt_get_ice (self->attempt, path) : "closed";
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

  self->settings = settings;
  self->member = peal_member_copy (member);
  self->negotiation.is_polite = member->is_settled ||
      peal_negotiation_is_polite (settings->own_id, member->id);
  self->tracks = peal_remote_tracks_new (settings, member->id);

  return self;
}

static void
peal_peer_finalize (GObject *object)
{
  PealPeer *self = PEAL_PEER (object);

  g_assert (!self->attempt);
  g_assert (!self->tracks);
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
