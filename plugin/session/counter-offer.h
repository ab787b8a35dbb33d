/*
 * An offer that has too few m-lines for what we send is not answered but
 * countered: by an offer of ours, which has at least the peer's m-lines and
 * names the session that it replaces.
 *
 * Threads: the loop.
 */
#pragma once

#include "session/sdp.h"

G_BEGIN_DECLS

/**
 * PealCounterOffer: zero-initialised, nothing was offered to us
 * @wanted: m-lines by kind that the peer offered last
 * @session: (nullable): the peer's session that our next offer counters
 */
typedef struct {
  guint wanted[2];
  gchar *session;
} PealCounterOffer;

gboolean
peal_counter_offer_is_due (PealCounterOffer *self, const PealSdp *offer,
    const gchar *session, GPtrArray *tracks);
gchar *
peal_counter_offer_steal_session (PealCounterOffer *self);

G_END_DECLS
