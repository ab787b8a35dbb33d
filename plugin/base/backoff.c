/*
 * Exponential backoff with full jitter. See backoff.h. Pure.
 *
 * Full jitter (a delay drawn from zero up to a ceiling that doubles) spreads
 * clients that lost one server in the same moment best, and costs the least
 * work in total. Source: Brooker, "Exponential Backoff And Jitter", 2015.
 */
#include "base/backoff.h"

static guint
draw (guint limit, gpointer data)
{
  return (guint)g_random_int_range (0, (gint32)limit);
}

/**
 * peal_backoff_init:
 * @self: (out caller-allocates): a backoff
 * @random: (nullable): the source of chance; NULL is GLib's
 * @data: the argument of @random
 */
void
peal_backoff_init (PealBackoff *self, PealBackoffRandom random, gpointer data)
{
  self->random = random ? random : draw;
  self->data = data;
  peal_backoff_reset (self);
}

/**
 * peal_backoff_next_ms:
 * @self: a backoff
 *
 * Counts one failed attempt.
 *
 * Returns: how long to wait before the next attempt, in milliseconds, from 0
 *   to a ceiling that is %PEAL_BACKOFF_FIRST_MS at first and doubles with
 *   every call up to %PEAL_BACKOFF_LIMIT_MS
 */
guint
peal_backoff_next_ms (PealBackoff *self)
{
  guint delay_ms = self->random (self->ceiling_ms + 1, self->data);

  self->ceiling_ms = MIN (self->ceiling_ms * 2, PEAL_BACKOFF_LIMIT_MS);
  return delay_ms;
}

/**
 * peal_backoff_reset:
 * @self: a backoff
 *
 * To be called after a success that lasted: the next ceiling is the first.
 */
void
peal_backoff_reset (PealBackoff *self)
{
  self->ceiling_ms = PEAL_BACKOFF_FIRST_MS;
}
