/*
 * Who may say what when between two peers: the negotiation's states and edges.
 * Pure: events in, actions out; the connector does what the action says.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealNegotiationState:
 * @PEAL_NEGOTIATION_IDLE: no attempt is under way
 * @PEAL_NEGOTIATION_MAKING_OFFER: our session; webrtcbin makes the offer
 * @PEAL_NEGOTIATION_OFFERED: our offer is sent
 * @PEAL_NEGOTIATION_MAKING_ANSWER: the peer's session; the answer is made
 * @PEAL_NEGOTIATION_STABLE: both descriptions are set
 * @PEAL_NEGOTIATION_ENDED: the peer said bye; only it may begin again
 */
typedef enum {
  PEAL_NEGOTIATION_IDLE,
  PEAL_NEGOTIATION_MAKING_OFFER,
  PEAL_NEGOTIATION_OFFERED,
  PEAL_NEGOTIATION_MAKING_ANSWER,
  PEAL_NEGOTIATION_STABLE,
  PEAL_NEGOTIATION_ENDED,
} PealNegotiationState;

/**
 * PealNegotiationEvent:
 * @PEAL_NEGOTIATION_START: we are to offer, in a new session
 * @PEAL_NEGOTIATION_OFFER_MADE: webrtcbin made our offer
 * @PEAL_NEGOTIATION_ANSWER: the peer answered our session
 * @PEAL_NEGOTIATION_NEW_OFFER: the peer offers in a new session
 * @PEAL_NEGOTIATION_COUNTER_OFFER: the peer dropped our offer for one of its
 *   own: no glare, whoever is polite
 * @PEAL_NEGOTIATION_SAME_OFFER: the peer offers again in its session
 * @PEAL_NEGOTIATION_ANSWER_MADE: webrtcbin made our answer
 * @PEAL_NEGOTIATION_RENEGOTIATE: the peer asks for a new offer of ours
 * @PEAL_NEGOTIATION_LOST: the connection failed, or time ran out
 * @PEAL_NEGOTIATION_BYE: the peer ended the connection
 */
typedef enum {
  PEAL_NEGOTIATION_START,
  PEAL_NEGOTIATION_OFFER_MADE,
  PEAL_NEGOTIATION_ANSWER,
  PEAL_NEGOTIATION_NEW_OFFER,
  PEAL_NEGOTIATION_COUNTER_OFFER,
  PEAL_NEGOTIATION_SAME_OFFER,
  PEAL_NEGOTIATION_ANSWER_MADE,
  PEAL_NEGOTIATION_RENEGOTIATE,
  PEAL_NEGOTIATION_LOST,
  PEAL_NEGOTIATION_BYE,
} PealNegotiationEvent;

/**
 * PealNegotiationAction:
 * @PEAL_NEGOTIATION_IGNORE: nothing to do
 * @PEAL_NEGOTIATION_OPEN_AND_OFFER: new session, new connection, create offer
 * @PEAL_NEGOTIATION_SEND_OFFER: send what was made
 * @PEAL_NEGOTIATION_TAKE_ANSWER: set the peer's answer
 * @PEAL_NEGOTIATION_OPEN_AND_ANSWER: new connection for the peer's session
 * @PEAL_NEGOTIATION_SEND_ANSWER: send what was made
 * @PEAL_NEGOTIATION_RECOVER: drop the connection and arrange for another
 * @PEAL_NEGOTIATION_CLOSE: drop the connection
 * @PEAL_NEGOTIATION_REFUSE: the event has no place in this state
 */
typedef enum {
  PEAL_NEGOTIATION_IGNORE,
  PEAL_NEGOTIATION_OPEN_AND_OFFER,
  PEAL_NEGOTIATION_SEND_OFFER,
  PEAL_NEGOTIATION_TAKE_ANSWER,
  PEAL_NEGOTIATION_OPEN_AND_ANSWER,
  PEAL_NEGOTIATION_SEND_ANSWER,
  PEAL_NEGOTIATION_RECOVER,
  PEAL_NEGOTIATION_CLOSE,
  PEAL_NEGOTIATION_REFUSE,
} PealNegotiationAction;

/**
 * PealNegotiation: one peer's; zero-initialised is IDLE
 * @is_polite: whether we yield when two offers cross: the side with the
 *   smaller id does
 */
typedef struct {
  PealNegotiationState state;
  gboolean is_polite;
} PealNegotiation;

PealNegotiationAction
peal_negotiation_handle (PealNegotiation *self, PealNegotiationEvent event);
gboolean
peal_negotiation_has_heard (const PealNegotiation *self);
gboolean
peal_negotiation_is_polite (const gchar *own_id, const gchar *peer_id);
const gchar *
peal_negotiation_state_to_string (PealNegotiationState state);
const gchar *
peal_negotiation_event_to_string (PealNegotiationEvent event);

G_END_DECLS
