/*
 * Retries of one peer: the first at once, then full-jitter exponential backoff
 * (the AWS Architecture Blog's "full jitter", as for signalling), with an end
 * for a peer that can never work. Pure; called by the connector.
 */
#include "session/recovery.h"

/* Chosen: with liveness.c's 4 s, a dead peer is gone within 10 s. */
#define GONE_LIMIT_US (4 * G_USEC_PER_SEC)
#define FIRST_RETRY_US (G_USEC_PER_SEC / 2)
#define LAST_RETRY_US (15 * G_USEC_PER_SEC)
/* Chosen: how often a peer is tried before it must act itself. */
#define MAX_FAILURES 8
/* Chosen: a person who clicks wildly stays below; each costs a webrtcbin. */
#define BURST 20
#define INTERVAL_US (G_USEC_PER_SEC / 2)
/* Chosen: half of what the other side takes from us is left for losses; then
 * at the pace at which it takes more, if it does the same. */
#define RESTART_BURST (BURST / 2)
#define RESTART_US (2 * INTERVAL_US)

static gint64
delay_us (const PealRecovery *self, gdouble chance)
{
  gint64 ceiling_us =
      MIN (FIRST_RETRY_US << MIN (self->failures, 5), LAST_RETRY_US);

  return (gint64)(chance * (gdouble)ceiling_us);
}

/**
 * peal_recovery_connected:
 *
 * It works again.
 */
void
peal_recovery_connected (PealRecovery *self)
{
  *self = (PealRecovery){ .was_connected = TRUE, .paid_us = self->paid_us };
}

/**
 * peal_recovery_failed:
 * @chance: uniform in [0, 1)
 *
 * An attempt failed, or a connection was lost.
 */
void
peal_recovery_failed (PealRecovery *self, gint64 now_us, gdouble chance)
{
  self->failures++;
  if (self->was_connected && self->lost_us == 0)
    self->lost_us = now_us;
  if (self->failures == 1)
    self->retry_us = now_us;
  else if (self->failures <= MAX_FAILURES)
    self->retry_us = now_us + delay_us (self, chance);
  else
    self->retry_us = 0;
}

/**
 * peal_recovery_asked:
 *
 * The other side was asked for an offer; ask again later.
 */
void
peal_recovery_asked (PealRecovery *self, gint64 now_us, gdouble chance)
{
  self->failures++;
  self->retry_us = self->failures <= MAX_FAILURES
      ? now_us + FIRST_RETRY_US + delay_us (self, chance)
      : 0;
}

/**
 * peal_recovery_tried:
 *
 * An attempt is under way.
 */
void
peal_recovery_tried (PealRecovery *self)
{
  self->retry_us = 0;
}

/**
 * peal_recovery_may_open:
 *
 * Whoever asks for it, no peer makes us open connections without end: 20 at
 * once, then 2 a second (the generic cell rate algorithm of ITU-T I.371).
 *
 * Returns: whether one may be opened now; if so, it is counted
 */
gboolean
peal_recovery_may_open (PealRecovery *self, gint64 now_us)
{
  gint64 paid_us = MAX (self->paid_us, now_us);

  if (paid_us - now_us >= BURST * INTERVAL_US)
    return FALSE;

  self->paid_us = paid_us + INTERVAL_US;
  return TRUE;
}

/**
 * peal_recovery_may_restart:
 *
 * An application may add and remove tracks as fast as it likes; the other side
 * would refuse us for ever if each were a new connection.
 *
 * Returns: whether a new connection may replace one that stands; if not, it is
 *   due in a second
 */
gboolean
peal_recovery_may_restart (PealRecovery *self, gint64 now_us)
{
  if (self->paid_us - now_us < RESTART_BURST * INTERVAL_US)
    return TRUE;

  self->retry_us = now_us + RESTART_US;
  return FALSE;
}

/**
 * peal_recovery_ended:
 *
 * Somebody hung up: no more attempts of ours.
 */
void
peal_recovery_ended (PealRecovery *self)
{
  self->retry_us = 0;
  self->lost_us = 0;
}

/**
 * peal_recovery_hold:
 *
 * While we cannot reach the room, a peer cannot react: its time stands still.
 */
void
peal_recovery_hold (PealRecovery *self, gint64 now_us)
{
  if (self->lost_us > 0)
    self->lost_us = now_us;
}

gboolean
peal_recovery_is_due (const PealRecovery *self, gint64 now_us)
{
  return self->retry_us > 0 && now_us >= self->retry_us;
}

/**
 * peal_recovery_is_gone:
 *
 * Returns: whether a peer that was connected has been lost for so long that,
 *   if it has not reacted meanwhile, it is gone
 */
gboolean
peal_recovery_is_gone (const PealRecovery *self, gint64 now_us)
{
  return self->lost_us > 0 && now_us - self->lost_us >= GONE_LIMIT_US;
}

/**
 * peal_recovery_is_interruption:
 *
 * Returns: whether a failure now interrupts a connection that stood
 */
gboolean
peal_recovery_is_interruption (const PealRecovery *self)
{
  return self->was_connected && self->failures == 0;
}
