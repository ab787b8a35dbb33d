/*
 * Whose offer counts between two members of which at least one does not know
 * Peal's rules (protocols.md sections 3 and 4): the first that is relayed. A
 * page takes an offer that crosses its own (browsers roll back by themselves),
 * so its own is swallowed; a member that does not react to that within a while
 * insists, and then its offer counts. Pure.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* chosen: an offer that nobody answered for so long does not count. The page
 * of Peal has the same limit. */
#define PEAL_OFFER_ARBITER_PENDING_US (5 * G_USEC_PER_SEC)
/* chosen: a busy browser rolls back and answers within two seconds. */
#define PEAL_OFFER_ARBITER_INSIST_US (3 * G_USEC_PER_SEC)
/* chosen: as many candidates as one description has, at most. */
#define PEAL_OFFER_ARBITER_MAX_CANDIDATES 128

/**
 * PealOfferArbiter:
 * @pending: (nullable): the offer that was relayed and is not answered
 * @by: whose it is: side 0 or 1
 * @pending_at_us: when it was relayed
 * @trickled: (element-type PealMessage): what was relayed of its candidates
 * @swallowed: (nullable): the other side's offer that crossed it
 * @swallowed_at_us: when
 * @held: (element-type PealMessage): candidates of the swallowed offer
 *
 * All zero is a fresh one.
 */
typedef struct {
  PealMessage *pending;
  guint by;
  gint64 pending_at_us;
  GPtrArray *trickled;
  PealMessage *swallowed;
  gint64 swallowed_at_us;
  GPtrArray *held;
} PealOfferArbiter;

void
peal_offer_arbiter_clear (PealOfferArbiter *self);
gboolean
peal_offer_arbiter_passes (
    PealOfferArbiter *self, guint side, PealMessage *message, gint64 now_us);
gint64
peal_offer_arbiter_get_deadline (const PealOfferArbiter *self);
gboolean
peal_offer_arbiter_turn (PealOfferArbiter *self, gint64 now_us);

G_END_DECLS
