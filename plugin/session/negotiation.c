/*
 * The negotiation's edge table (protocols.md section 1). webrtcbin has neither
 * rollback nor ICE restart, so every way back is a new session: whoever offers
 * in a new session starts afresh, and when two such offers cross, the side
 * with the smaller id drops its own. Pure; called by the connector.
 */
#include "session/negotiation.h"

typedef struct {
  PealNegotiationState from;
  PealNegotiationEvent event;
  PealNegotiationState to;
  PealNegotiationAction action;
} Edge;

#define EDGE(from, event, to, action)                                         \
  {                                                                           \
    PEAL_NEGOTIATION_##from, PEAL_NEGOTIATION_##event, PEAL_NEGOTIATION_##to, \
        PEAL_NEGOTIATION_##action                                             \
  }

/* clang-format off */
static const Edge edges[] = {
  EDGE (IDLE, START, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (IDLE, NEW_OFFER, MAKING_ANSWER, OPEN_AND_ANSWER),
  EDGE (IDLE, RENEGOTIATE, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (IDLE, LOST, IDLE, RECOVER),
  EDGE (IDLE, BYE, ENDED, CLOSE),

  EDGE (MAKING_OFFER, START, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (MAKING_OFFER, OFFER_MADE, OFFERED, SEND_OFFER),
  EDGE (MAKING_OFFER, NEW_OFFER, MAKING_ANSWER, OPEN_AND_ANSWER),
  EDGE (MAKING_OFFER, RENEGOTIATE, MAKING_OFFER, IGNORE),
  EDGE (MAKING_OFFER, LOST, IDLE, RECOVER),
  EDGE (MAKING_OFFER, BYE, ENDED, CLOSE),

  EDGE (OFFERED, START, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (OFFERED, ANSWER, STABLE, TAKE_ANSWER),
  EDGE (OFFERED, NEW_OFFER, MAKING_ANSWER, OPEN_AND_ANSWER),
  EDGE (OFFERED, RENEGOTIATE, OFFERED, IGNORE),
  EDGE (OFFERED, LOST, IDLE, RECOVER),
  EDGE (OFFERED, BYE, ENDED, CLOSE),

  EDGE (MAKING_ANSWER, START, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (MAKING_ANSWER, NEW_OFFER, MAKING_ANSWER, OPEN_AND_ANSWER),
  EDGE (MAKING_ANSWER, SAME_OFFER, MAKING_ANSWER, IGNORE),
  EDGE (MAKING_ANSWER, ANSWER_MADE, STABLE, SEND_ANSWER),
  EDGE (MAKING_ANSWER, LOST, IDLE, RECOVER),
  EDGE (MAKING_ANSWER, BYE, ENDED, CLOSE),

  EDGE (STABLE, START, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (STABLE, ANSWER, STABLE, IGNORE),
  EDGE (STABLE, NEW_OFFER, MAKING_ANSWER, OPEN_AND_ANSWER),
  EDGE (STABLE, SAME_OFFER, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (STABLE, RENEGOTIATE, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (STABLE, LOST, IDLE, RECOVER),
  EDGE (STABLE, BYE, ENDED, CLOSE),

  EDGE (ENDED, NEW_OFFER, MAKING_ANSWER, OPEN_AND_ANSWER),
  EDGE (ENDED, RENEGOTIATE, MAKING_OFFER, OPEN_AND_OFFER),
  EDGE (ENDED, LOST, ENDED, IGNORE),
  EDGE (ENDED, BYE, ENDED, IGNORE),
};
/* clang-format on */

static const gchar *const state_names[] = { "idle", "making-offer", "offered",
  "making-answer", "stable", "ended" };
static const gchar *const event_names[] = { "start", "offer-made", "answer",
  "new-offer", "counter-offer", "same-offer", "answer-made", "renegotiate",
  "lost", "bye" };

static gboolean
has_own_offer (PealNegotiationState state)
{
  return state == PEAL_NEGOTIATION_MAKING_OFFER ||
      state == PEAL_NEGOTIATION_OFFERED;
}

/**
 * peal_negotiation_handle:
 *
 * The one place where the state changes. An event that has no edge leaves it
 * and gives PEAL_NEGOTIATION_REFUSE.
 *
 * Returns: what to do now
 */
PealNegotiationAction
peal_negotiation_handle (PealNegotiation *self, PealNegotiationEvent event)
{
  if (event == PEAL_NEGOTIATION_NEW_OFFER && has_own_offer (self->state) &&
      !self->is_polite)
    return PEAL_NEGOTIATION_IGNORE;
  if (event == PEAL_NEGOTIATION_COUNTER_OFFER)
    event = PEAL_NEGOTIATION_NEW_OFFER; /* but no glare */

  for (guint i = 0; i < G_N_ELEMENTS (edges); i++) {
    if (edges[i].from != self->state || edges[i].event != event)
      continue;
    self->state = edges[i].to;
    return edges[i].action;
  }

  return PEAL_NEGOTIATION_REFUSE;
}

/**
 * peal_negotiation_has_heard:
 *
 * Returns: whether the peer has said its part: an offer, or an answer to ours
 */
gboolean
peal_negotiation_has_heard (const PealNegotiation *self)
{
  return self->state == PEAL_NEGOTIATION_STABLE ||
      self->state == PEAL_NEGOTIATION_MAKING_ANSWER;
}

/**
 * peal_negotiation_is_polite:
 *
 * Returns: whether @own_id is the side that yields to @peer_id
 */
gboolean
peal_negotiation_is_polite (const gchar *own_id, const gchar *peer_id)
{
  return g_strcmp0 (own_id, peer_id) < 0;
}

const gchar *
peal_negotiation_state_to_string (PealNegotiationState state)
{
  return state_names[state];
}

const gchar *
peal_negotiation_event_to_string (PealNegotiationEvent event)
{
  return event_names[event];
}
