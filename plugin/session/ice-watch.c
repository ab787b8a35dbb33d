/*
 * The clock of one attempt. See ice-watch.h. Called by the attempt. Pure.
 */
#include "session/ice-watch.h"

#include <string.h>

/* Chosen: a call that is well takes less, and 3 s for the servers' answers
 * and the rest have to fit into the 10 s in which people are told. */
#define SUSPICION_US (5 * G_USEC_PER_SEC / 2)
/* Chosen: TURN over TCP on a slow line takes 5 s. libnice itself gives up
 * after 7 s or so, but not when there is nothing to try. */
#define WAY_LIMIT_US (8 * G_USEC_PER_SEC)
/* Chosen: a phone that wakes up needs some seconds to answer. */
#define ANSWER_LIMIT_US (15 * G_USEC_PER_SEC)

/**
 * peal_ice_watch_note:
 * @candidate: (nullable): one of ours, or NULL: there are no more
 */
void
peal_ice_watch_note (PealIceWatch *self, const gchar *candidate)
{
  if (!candidate) {
    self->has_gathered = TRUE;
    return;
  }
  self->candidates++;
  if (strstr (candidate, " typ relay"))
    self->relays++;
}

/**
 * peal_ice_watch_is_suspicious:
 * @wants_relay: whether there should be a relayed candidate
 *
 * Returns: whether it is time to ask the servers what is wrong
 */
gboolean
peal_ice_watch_is_suspicious (
    const PealIceWatch *self, gboolean wants_relay, gint64 now_us)
{
  if (self->has_gathered && wants_relay && self->relays == 0)
    return TRUE;

  return now_us - self->opened_us >= SUSPICION_US;
}

/**
 * peal_ice_watch_find_end:
 *
 * Returns: (nullable): why an attempt that is not connected is over, static
 *   text; NULL: it is not
 */
const gchar *
peal_ice_watch_find_end (const PealIceWatch *self, gint64 now_us)
{
  if (self->has_gathered && self->candidates == 0)
    return "there is no address under which the peer could reach us";
  if (self->described_us > 0)
    return now_us - self->described_us >= WAY_LIMIT_US
        ? "no way to the peer was found within 8 s"
        : NULL;

  return now_us - self->opened_us >= ANSWER_LIMIT_US
      ? "the peer did not answer within 15 s"
      : NULL;
}
