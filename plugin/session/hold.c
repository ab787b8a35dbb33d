/*
 * Holding back. See hold.h. Called by the session.
 */
#include "session/hold.h"

/* Chosen: cameras take up to two seconds to start. */
#define LIMIT_US (3 * G_USEC_PER_SEC)

/**
 * peal_hold_keep:
 *
 * Returns: whether @message was kept; otherwise its time is now
 */
gboolean
peal_hold_keep (PealHold *self, PealMessage *message)
{
  if (self->is_over)
    return FALSE;

  g_queue_push_tail (&self->messages, peal_message_ref (message));
  return TRUE;
}

/**
 * peal_hold_is_overdue:
 * @now_us: monotonic time
 *
 * Returns: whether what is held has waited long enough
 */
gboolean
peal_hold_is_overdue (const PealHold *self, gint64 now_us)
{
  return !self->is_over && now_us - self->began_us > LIMIT_US;
}

/**
 * peal_hold_let_go:
 * @func: gets each message, in order
 *
 * Nothing is held back any more.
 */
void
peal_hold_let_go (PealHold *self, PealHoldFunc func, gpointer data)
{
  PealMessage *message;

  self->is_over = TRUE;
  while ((message = g_queue_pop_head (&self->messages))) {
    func (data, message);
    peal_message_unref (message);
  }
}

/**
 * peal_hold_clear:
 *
 * Forgets what is held.
 */
void
peal_hold_clear (PealHold *self)
{
  g_queue_clear_full (&self->messages, (GDestroyNotify)peal_message_unref);
}
