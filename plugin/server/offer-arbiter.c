/*
 * Whose offer counts. See offer-arbiter.h. Pure; called by the room links.
 */
#include "server/offer-arbiter.h"

static void
clear_list (GPtrArray **list)
{
  g_clear_pointer (list, g_ptr_array_unref);
}

static void
forget_swallowed (PealOfferArbiter *self)
{
  g_clear_pointer (&self->swallowed, peal_message_unref);
  clear_list (&self->held);
}

static void
forget_pending (PealOfferArbiter *self)
{
  g_clear_pointer (&self->pending, peal_message_unref);
  clear_list (&self->trickled);
}

static void
keep (GPtrArray **list, PealMessage *message)
{
  if (!*list)
    *list = g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  if ((*list)->len < PEAL_OFFER_ARBITER_MAX_CANDIDATES)
    g_ptr_array_add (*list, peal_message_ref (message));
}

/**
 * peal_offer_arbiter_clear:
 *
 * Back to the start: one of the two has gone, or cannot take the offer.
 */
void
peal_offer_arbiter_clear (PealOfferArbiter *self)
{
  forget_pending (self);
  forget_swallowed (self);
}

static gboolean
take_offer (
    PealOfferArbiter *self, guint side, PealMessage *offer, gint64 now_us)
{
  gboolean is_crossed = self->pending && self->by != side &&
      now_us - self->pending_at_us < PEAL_OFFER_ARBITER_PENDING_US;

  forget_swallowed (self);
  if (is_crossed) {
    self->swallowed = peal_message_ref (offer);
    self->swallowed_at_us = now_us;
    return FALSE;
  }
  forget_pending (self);
  self->pending = peal_message_ref (offer);
  self->pending_at_us = now_us;
  self->by = side;
  return TRUE;
}

/* An answer to an offer that was swallowed means nothing any more. */
static gboolean
take_answer (PealOfferArbiter *self, guint side)
{
  if (self->pending && self->by == side)
    return FALSE;
  peal_offer_arbiter_clear (self);
  return TRUE;
}

static gboolean
take_candidate (PealOfferArbiter *self, guint side, PealMessage *candidate)
{
  if (self->pending && self->by == side) {
    keep (&self->trickled, candidate);
    return TRUE;
  }
  if (!self->swallowed ||
      g_strcmp0 (self->swallowed->session, candidate->session) != 0)
    return TRUE;
  keep (&self->held, candidate);
  return FALSE;
}

/**
 * peal_offer_arbiter_passes:
 * @side: who says it: 0 or 1
 * @message: (transfer none): as the other side would hear it
 * @now_us: the monotonic time
 *
 * Returns: whether it is to be relayed; otherwise it is swallowed
 */
gboolean
peal_offer_arbiter_passes (
    PealOfferArbiter *self, guint side, PealMessage *message, gint64 now_us)
{
  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
      return take_offer (self, side, message, now_us);
    case PEAL_MESSAGE_ANSWER:
      return take_answer (self, side);
    case PEAL_MESSAGE_CANDIDATE:
      return take_candidate (self, side, message);
    case PEAL_MESSAGE_BYE:
      peal_offer_arbiter_clear (self);
      return TRUE;
    default:
      return TRUE;
  }
}

/**
 * peal_offer_arbiter_get_deadline:
 *
 * Returns: when to ask peal_offer_arbiter_turn(), or G_MAXINT64
 */
gint64
peal_offer_arbiter_get_deadline (const PealOfferArbiter *self)
{
  return self->swallowed ? self->swallowed_at_us + PEAL_OFFER_ARBITER_INSIST_US
                         : G_MAXINT64;
}

/**
 * peal_offer_arbiter_turn:
 *
 * Whether the loser insists: it has not answered for too long. Then its offer
 * is the pending one now, with its candidates in @trickled; both are to be
 * relayed. @swallowed is the offer that is given up.
 */
gboolean
peal_offer_arbiter_turn (PealOfferArbiter *self, gint64 now_us)
{
  PealMessage *given_up = self->pending;

  if (now_us < peal_offer_arbiter_get_deadline (self))
    return FALSE;
  self->pending = self->swallowed;
  self->pending_at_us = now_us;
  self->by = 1 - self->by;
  self->swallowed = given_up;
  self->swallowed_at_us = G_MAXINT64 - PEAL_OFFER_ARBITER_INSIST_US;
  clear_list (&self->trickled);
  self->trickled = g_steal_pointer (&self->held);
  return TRUE;
}
