/*
 * Why an attempt has no network path. See ice-verdict.h. Called by the attempt;
 * calls ice-watch and ice-check. Lives on the loop.
 */
#include "session/ice-verdict.h"

#include "base/error.h"

/**
 * peal_ice_verdict_begin:
 * @check: outlives it
 * @is_relay_only: whether a relay is the only way
 *
 * ICE begins now.
 */
void
peal_ice_verdict_begin (
    PealIceVerdict *self, PealIceCheck *check, gboolean is_relay_only)
{
  self->check = check;
  self->is_relay_only = is_relay_only;
  self->watch.opened_us = g_get_monotonic_time ();
}

/**
 * peal_ice_verdict_described:
 *
 * Both descriptions are there now.
 */
void
peal_ice_verdict_described (PealIceVerdict *self)
{
  self->watch.described_us = g_get_monotonic_time ();
}

static void
review (PealIceVerdict *self, gint64 now_us)
{
  gboolean wants_relay =
      self->is_relay_only || peal_ice_check_has_turn (self->check);

  if (peal_ice_watch_is_suspicious (&self->watch, wants_relay, now_us))
    peal_ice_check_run (self->check, now_us);
}

/**
 * peal_ice_verdict_note:
 * @candidate: (nullable): one of ours; NULL: there are no more
 */
void
peal_ice_verdict_note (PealIceVerdict *self, const gchar *candidate)
{
  peal_ice_watch_note (&self->watch, candidate);
  if (!candidate)
    review (self, g_get_monotonic_time ());
}

/**
 * peal_ice_verdict_explain:
 * @reason: what ICE says, which is only that it failed
 *
 * Returns: (transfer full): PEAL_ERROR_RETRY, with what the servers say
 */
GError *
peal_ice_verdict_explain (const PealIceVerdict *self, const gchar *reason)
{
  g_autofree gchar *faults = peal_ice_check_describe (self->check);
  const gchar *hint = faults;

  if (!hint && !peal_ice_check_has_turn (self->check))
    hint = "no TURN server to go through is known";

  return g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY, "%s%s%s", reason,
      hint ? "; " : "", hint ? hint : "");
}

/**
 * peal_ice_verdict_check:
 * @now_us: monotonic time
 * @error: PEAL_ERROR_RETRY: why it is over
 *
 * The servers' verdict is worth waiting for.
 *
 * Returns: whether it may go on
 */
gboolean
peal_ice_verdict_check (PealIceVerdict *self, gint64 now_us, GError **error)
{
  const gchar *reason = peal_ice_watch_find_end (&self->watch, now_us);

  review (self, now_us);
  if (!reason || !peal_ice_check_is_done (self->check))
    return TRUE;

  g_propagate_error (error, peal_ice_verdict_explain (self, reason));
  return FALSE;
}

/**
 * peal_ice_verdict_dup_trouble:
 *
 * Returns: (transfer full) (nullable): why it has not got anywhere yet; NULL:
 *   it is too young to tell, or the servers have not answered
 */
gchar *
peal_ice_verdict_dup_trouble (const PealIceVerdict *self)
{
  g_autoptr (GError) error = NULL;

  if (!peal_ice_watch_is_suspicious (
          &self->watch, FALSE, g_get_monotonic_time ()) ||
      !peal_ice_check_is_done (self->check))
    return NULL;

  error = peal_ice_verdict_explain (self, "no network path to the peer works");

  return g_strdup (error->message);
}
