/*
 * Countering an offer. See counter-offer.h. Called by the connector.
 */
#include "session/counter-offer.h"

#include "session/local-tracks.h"

/**
 * peal_counter_offer_is_due:
 * @offer: the peer's
 * @session: its name
 * @tracks: (element-type PealTrack): what we send
 *
 * Remembers how many m-lines the peer wants, and, if we are to offer, what our
 * offer replaces.
 *
 * Returns: whether we are to offer instead of answering
 */
gboolean
peal_counter_offer_is_due (PealCounterOffer *self, const PealSdp *offer,
    const gchar *session, GPtrArray *tracks)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (self->wanted); kind++)
    self->wanted[kind] = peal_sdp_count (offer, kind);
  if (peal_sdp_only_sends (offer) ||
      peal_local_tracks_fit (tracks, self->wanted))
    return FALSE;

  g_free (self->session);
  self->session = g_strdup (session);
  return TRUE;
}

/**
 * peal_counter_offer_steal_session:
 *
 * Returns: (transfer full) (nullable): the session that the offer replaces
 *   which goes out now
 */
gchar *
peal_counter_offer_steal_session (PealCounterOffer *self)
{
  return g_steal_pointer (&self->session);
}
