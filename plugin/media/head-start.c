/*
 * What is encoded ahead of an opening gate. See head-start.h. Used by
 * fan-out.c, under its lock; has no clock of its own.
 */
#include "media/head-start.h"

/**
 * peal_head_start_begin:
 * @now_us: monotonic time
 *
 * Somebody is about to come: for a moment, what is added is kept.
 */
void
peal_head_start_begin (PealHeadStart *self, gint64 now_us)
{
  /* The encoder may have had a rest: what comes does not follow. */
  if (!peal_head_start_is_running (self, now_us))
    peal_head_start_clear (self);
  self->until_us = now_us + PEAL_HEAD_START_US;
}

/**
 * peal_head_start_is_running:
 * @now_us: monotonic time
 *
 * Returns: whether somebody may still come
 */
gboolean
peal_head_start_is_running (const PealHeadStart *self, gint64 now_us)
{
  return now_us < self->until_us;
}

/**
 * peal_head_start_add:
 * @burst: (transfer none): encoded
 * @now_us: monotonic time
 *
 * Keeps @burst while it runs, from the last key frame on.
 */
void
peal_head_start_add (PealHeadStart *self, PealRtpBurst *burst, gint64 now_us)
{
  gboolean is_key = peal_rtp_burst_is_key (burst);

  if (is_key || !peal_head_start_is_running (self, now_us))
    peal_head_start_clear (self);
  if (!peal_head_start_is_running (self, now_us))
    return;
  if (is_key)
    self->key_us = now_us;
  if (is_key || !g_queue_is_empty (&self->bursts))
    g_queue_push_tail (&self->bursts, peal_rtp_burst_ref (burst));
}

/**
 * peal_head_start_get:
 * @now_us: monotonic time
 *
 * Returns: (transfer none) (nullable) (element-type PealRtpBurst): a key frame
 *   and what follows it; NULL when there is none that is fresh
 */
const GList *
peal_head_start_get (const PealHeadStart *self, gint64 now_us)
{
  if (!peal_head_start_is_running (self, now_us) ||
      now_us - self->key_us > PEAL_HEAD_START_US)
    return NULL;

  return self->bursts.head;
}

/**
 * peal_head_start_clear:
 *
 * Lets go of what it holds; it may still run.
 */
void
peal_head_start_clear (PealHeadStart *self)
{
  g_queue_clear_full (&self->bursts, (GDestroyNotify)peal_rtp_burst_unref);
}
