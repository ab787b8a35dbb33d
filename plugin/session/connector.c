/*
 * Gets one member connected and keeps it so. The negotiation's table decides
 * (negotiation.c), this file does: makes and drops attempts, sends what they
 * describe, tries again.
 *
 * Called by the peer; calls the attempt. Lives on the loop.
 *
 * Recovery is always a new session. Whose turn it is to offer says the server;
 * the other side asks with `renegotiate`. A peer that was connected, fell
 * silent and does not react to that either is gone, whatever the server still
 * believes: the peer is told by `gone`.
 */
#include "session/connector.h"

#include "base/error.h"
#include "base/signals.h"
#include "session/counter-offer.h"
#include "session/local-tracks.h"
#include "session/negotiation.h"
#include "session/recovery.h"
#include "session/session-name.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_connector_debug);
#define GST_CAT_DEFAULT peal_session_connector_debug

enum {
  SIGNAL_SEND,
  SIGNAL_STATE_CHANGED,
  SIGNAL_OPENED,
  SIGNAL_DROPPED,
  SIGNAL_GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealConnector {
  GObject parent;

  const PealSessionSettings *settings;
  const PealMember *member; /* the peer's */
  PealPeerState state;
  PealNegotiation negotiation;
  PealRecovery recovery;

  PealAttempt *attempt; /* the current one, or NULL */
  PealCounterOffer counter;
};

G_DEFINE_FINAL_TYPE (PealConnector, peal_connector, G_TYPE_OBJECT)

static void
act (PealConnector *self, PealNegotiationEvent event, PealMessage *message);

/* The only writer of the state. */
static void
set_state (PealConnector *self, PealPeerState state, const gchar *reason)
{
  if (self->state == state)
    return;

  GST_INFO ("peer %s: %s -> %s%s%s", self->member->id,
      peal_peer_state_to_string (self->state),
      peal_peer_state_to_string (state), reason ? ": " : "", reason ?: "");
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0, reason);
}

static void
send (PealConnector *self, PealMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_SEND], 0, message);
  peal_message_unref (message);
}

/* ---- one attempt ---- */

static void
drop_attempt (PealConnector *self)
{
  if (!self->attempt)
    return;

  g_signal_handlers_disconnect_by_data (self->attempt, self);
  g_signal_emit (self, signals[SIGNAL_DROPPED], 0, self->attempt);
  peal_attempt_close (self->attempt);
  g_clear_object (&self->attempt);
}

static void
lose (PealConnector *self, const GError *error)
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
  PealConnector *self = data;

  peal_recovery_connected (&self->recovery);
  peal_local_tracks_prepare (self->settings->tracks);
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
connect_attempt (PealConnector *self)
{
  /* What a handler does may end us: its closure holds us until it returns. */
  g_object_connect (self->attempt, "object-signal::described", on_described,
      self, "object-signal::candidate", on_candidate, self,
      "object-signal::connected", on_connected, self, "object-signal::failed",
      on_failed, self, NULL);
}

/* The other side gave up and begins anew: people are told here as well. */
static void
tell_trouble (PealConnector *self)
{
  g_autofree gchar *trouble =
      self->attempt ? peal_attempt_dup_trouble (self->attempt) : NULL;

  if (trouble && self->state == PEAL_PEER_CONNECTING)
    set_state (self, PEAL_PEER_FAILED, trouble);
}

static gboolean
open_attempt (PealConnector *self, const gchar *session, GError **error)
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

  g_signal_emit (self, signals[SIGNAL_OPENED], 0, self->attempt);
  connect_attempt (self);
  if (self->state != PEAL_PEER_CONNECTED &&
      self->state != PEAL_PEER_DISCONNECTED)
    set_state (self, PEAL_PEER_CONNECTING, NULL);

  return TRUE;
}

/* ---- what the negotiation's actions do ---- */

static void
open_and_offer (PealConnector *self, PealMessage *message)
{
  g_autofree gchar *session = peal_session_name_make ();
  g_autoptr (GError) error = NULL;

  if (!open_attempt (self, session, &error) ||
      !peal_attempt_offer (self->attempt,
          self->counter.wanted[PEAL_MEDIA_VIDEO],
          self->counter.wanted[PEAL_MEDIA_AUDIO], &error))
    lose (self, error);
}

/* What the peer sent can never work: tell it, and leave it to the peer. */
static void
refuse (PealConnector *self, const gchar *session, const GError *error)
{
  send (self, peal_message_new_bye (self->member->id, session, error->message));
  set_state (self, PEAL_PEER_FAILED, error->message);
  peal_negotiation_handle (&self->negotiation, PEAL_NEGOTIATION_BYE);
  drop_attempt (self);
  peal_recovery_ended (&self->recovery);
}

static void
send_offer (PealConnector *self, PealMessage *message)
{
  message->replaces = peal_counter_offer_steal_session (&self->counter);
  send (self, peal_message_ref (message));
}

static void
open_and_answer (PealConnector *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSdp) offer = peal_sdp_parse (message->sdp, &error);

  if (offer &&
      peal_counter_offer_is_due (
          &self->counter, offer, message->session, self->settings->tracks)) {
    GST_INFO ("peer %s offers too few m-lines; we offer", self->member->id);
    act (self, PEAL_NEGOTIATION_START, NULL);
    return;
  }
  if (!offer || !open_attempt (self, message->session, &error) ||
      !peal_attempt_answer (self->attempt, g_steal_pointer (&offer), &error))
    refuse (self, message->session, error);
}

static void
take_answer (PealConnector *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (!peal_attempt_take_answer (self->attempt, message->sdp, &error))
    refuse (self, message->session, error);
}

static void
send_answer (PealConnector *self, PealMessage *message)
{
  send (self, peal_message_ref (message));
  peal_attempt_send_media (self->attempt);
}

static void
recover (PealConnector *self, PealMessage *message)
{
  gint64 now_us = g_get_monotonic_time ();

  drop_attempt (self);
  peal_recovery_failed (&self->recovery, now_us, g_random_double ());
  if (peal_recovery_is_due (&self->recovery, now_us))
    peal_connector_tick (self, now_us);
}

static void
end (PealConnector *self, const gchar *reason)
{
  drop_attempt (self);
  peal_recovery_ended (&self->recovery);
  set_state (self, PEAL_PEER_CLOSED, reason);
}

static void
end_as_told (PealConnector *self, PealMessage *message)
{
  end (self, message && message->text ? message->text : "the peer hung up");
}

/* What to do for each action; nothing for those that are not here. */
static void (*const actions[PEAL_NEGOTIATION_REFUSE + 1]) (
    PealConnector *self, PealMessage *message) = {
  [PEAL_NEGOTIATION_OPEN_AND_OFFER] = open_and_offer,
  [PEAL_NEGOTIATION_SEND_OFFER] = send_offer,
  [PEAL_NEGOTIATION_TAKE_ANSWER] = take_answer,
  [PEAL_NEGOTIATION_OPEN_AND_ANSWER] = open_and_answer,
  [PEAL_NEGOTIATION_SEND_ANSWER] = send_answer,
  [PEAL_NEGOTIATION_RECOVER] = recover,
  [PEAL_NEGOTIATION_CLOSE] = end_as_told,
};

static void
act (PealConnector *self, PealNegotiationEvent event, PealMessage *message)
{
  PealNegotiationState from = self->negotiation.state;
  PealNegotiationAction action =
      peal_negotiation_handle (&self->negotiation, event);

  GST_DEBUG ("peer %s: %s in %s -> %s, action %d", self->member->id,
      peal_negotiation_event_to_string (event),
      peal_negotiation_state_to_string (from),
      peal_negotiation_state_to_string (self->negotiation.state), action);

  if (actions[action])
    actions[action](self, message);
}

/* ---- what the peer says ---- */

static void
take_candidate (PealConnector *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (!peal_attempt_take_candidate (self->attempt, message, &error))
    refuse (self, message->session, error);
}

/* An offer that counters our own crosses nothing: the peer has dropped ours. */
static PealNegotiationEvent
classify_offer (PealConnector *self, PealMessage *message)
{
  if (peal_attempt_has_session (self->attempt, message->session))
    return PEAL_NEGOTIATION_SAME_OFFER;
  if (peal_attempt_has_session (self->attempt, message->replaces))
    return PEAL_NEGOTIATION_COUNTER_OFFER;
  return PEAL_NEGOTIATION_NEW_OFFER;
}

/**
 * peal_connector_handle:
 * @message: from this peer: offer, answer, candidate, renegotiate or bye
 */
void
peal_connector_handle (PealConnector *self, PealMessage *message)
{
  gboolean is_current =
      peal_attempt_has_session (self->attempt, message->session);

  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
      act (self, classify_offer (self, message), message);
      break;
    case PEAL_MESSAGE_ANSWER:
      if (is_current)
        act (self, PEAL_NEGOTIATION_ANSWER, message);
      break;
    case PEAL_MESSAGE_CANDIDATE:
      if (is_current)
        take_candidate (self, message);
      break;
    case PEAL_MESSAGE_RENEGOTIATE:
      act (self, PEAL_NEGOTIATION_RENEGOTIATE, message);
      break;
    case PEAL_MESSAGE_BYE:
      if (!message->session || is_current)
        act (self, PEAL_NEGOTIATION_BYE, message);
      break;
    default:
      break;
  }
}

/* ---- time ---- */

/* The side whose turn it is offers; the other asks it to. */
static void
retry (PealConnector *self, gint64 now_us)
{
  PealMessage *message;

  peal_recovery_tried (&self->recovery);
  if (!self->member->offers) {
    act (self, PEAL_NEGOTIATION_START, NULL);
    return;
  }
  peal_recovery_asked (&self->recovery, now_us, g_random_double ());
  message = peal_message_new (PEAL_MESSAGE_RENEGOTIATE, self->member->id);
  message->session = peal_session_name_make ();
  send (self, message);
}

/* Our offer waits for whoever comes, as long as it takes. */
static gboolean
awaits_somebody (PealConnector *self)
{
  return self->member->is_presumed &&
      self->negotiation.state == PEAL_NEGOTIATION_OFFERED;
}

/* Lost, asked, and no word from it since. */
static gboolean
is_gone (PealConnector *self, gint64 now_us)
{
  return !peal_negotiation_has_heard (&self->negotiation) &&
      peal_recovery_is_gone (&self->recovery, now_us);
}

/* Nobody else would tell the protocol's end that a presumed peer is gone. */
static void
give_up (PealConnector *self)
{
  if (self->member->is_presumed)
    send (self, peal_message_new_bye (self->member->id, "gone", "gone"));
  g_signal_emit (self, signals[SIGNAL_GONE], 0);
}

/**
 * peal_connector_tick:
 * @now_us: monotonic time
 *
 * To be called twice a second. May emit `gone`, upon which this is closed and
 * forgotten.
 */
void
peal_connector_tick (PealConnector *self, gint64 now_us)
{
  g_autoptr (GError) error = NULL;

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

/* ---- what the peer wants ---- */

/**
 * peal_connector_start:
 *
 * Offers, if that is ours to do; otherwise the other member will.
 */
void
peal_connector_start (PealConnector *self)
{
  if (!self->member->offers)
    act (self, PEAL_NEGOTIATION_START, NULL);
}

/**
 * peal_connector_restart:
 *
 * Our tracks changed: makes a new connection, if there was one; in a moment,
 * when they change again and again.
 */
void
peal_connector_restart (PealConnector *self)
{
  if (self->negotiation.state == PEAL_NEGOTIATION_IDLE)
    return;

  if (!self->attempt ||
      peal_recovery_may_restart (&self->recovery, g_get_monotonic_time ())) {
    act (self, PEAL_NEGOTIATION_START, NULL);
  } else {
    peal_negotiation_handle (&self->negotiation, PEAL_NEGOTIATION_LOST);
    drop_attempt (self);
  }
}

/**
 * peal_connector_fail:
 *
 * An element of the connection failed; it is rebuilt.
 */
void
peal_connector_fail (PealConnector *self, const GError *error)
{
  if (self->attempt)
    lose (self, error);
}

/**
 * peal_connector_hang_up:
 *
 * Ends the connection; only a new offer of the member begins another.
 */
void
peal_connector_hang_up (PealConnector *self)
{
  send (self, peal_message_new_bye (self->member->id, NULL, "hung up"));
  peal_negotiation_handle (&self->negotiation, PEAL_NEGOTIATION_BYE);
  end (self, "hung up");
}

/**
 * peal_connector_drop:
 *
 * The member left: drops the connection; closing the connector comes next.
 */
void
peal_connector_drop (PealConnector *self)
{
  drop_attempt (self);
}

/**
 * peal_connector_close:
 *
 * Nothing is tried any more.
 */
void
peal_connector_close (PealConnector *self)
{
  end (self, NULL);
}

/**
 * peal_connector_set_member:
 * @member: lives until another is set; name and turn may differ, the id not
 */
void
peal_connector_set_member (PealConnector *self, const PealMember *member)
{
  self->member = member;
}

PealPeerState
peal_connector_get_state (PealConnector *self)
{
  return self->state;
}

/**
 * peal_connector_get_attempt:
 *
 * Returns: (transfer none) (nullable): the current one
 */
PealAttempt *
peal_connector_get_attempt (PealConnector *self)
{
  return self->attempt;
}

/**
 * peal_connector_new:
 * @settings: (transfer none): outlive it
 * @member: (transfer none): lives until another is set
 */
PealConnector *
peal_connector_new (
    const PealSessionSettings *settings, const PealMember *member)
{
  PealConnector *self = g_object_new (PEAL_TYPE_CONNECTOR, NULL);

  self->settings = settings;
  self->member = member;
  self->negotiation.is_polite = member->is_settled ||
      peal_negotiation_is_polite (settings->own_id, member->id);

  return self;
}

static void
peal_connector_finalize (GObject *object)
{
  PealConnector *self = PEAL_CONNECTOR (object);

  g_assert (!self->attempt);
  g_free (self->counter.session);

  G_OBJECT_CLASS (peal_connector_parent_class)->finalize (object);
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
  /* Thread: the loop. A new attempt; handlers hear it before we do */
  signals[SIGNAL_OPENED] =
      peal_signal_new (type, "opened", 1, PEAL_TYPE_ATTEMPT);
  /* Thread: the loop. The attempt that is about to be closed */
  signals[SIGNAL_DROPPED] =
      peal_signal_new (type, "dropped", 1, PEAL_TYPE_ATTEMPT);
  /* Thread: the loop. It will not come back; a handler closes us */
  signals[SIGNAL_GONE] = peal_signal_new (type, "gone", 0);
}

static void
peal_connector_class_init (PealConnectorClass *class)
{
  G_OBJECT_CLASS (class)->finalize = peal_connector_finalize;

  install_signals (G_TYPE_FROM_CLASS (class));

  GST_DEBUG_CATEGORY_INIT (peal_session_connector_debug,
      "peal-session-connector", 0, "Peal: connections to one member");
}

static void
peal_connector_init (PealConnector *self)
{
}
