/*
 * A bounded queue of messages. See kept-messages.h. Pure.
 */
#include "signalling/kept-messages.h"

#include "base/error.h"

void
peal_kept_messages_init (PealKeptMessages *self)
{
  g_queue_init (&self->messages);
  self->bytes = 0;
}

/**
 * peal_kept_messages_clear:
 *
 * Forgets everything; the queue stays usable.
 */
void
peal_kept_messages_clear (PealKeptMessages *self)
{
  g_queue_clear_full (&self->messages, (GDestroyNotify)peal_message_unref);
  self->bytes = 0;
}

/**
 * peal_kept_messages_push:
 * @message: (transfer none): what to keep
 * @bytes: how large it is
 * @error: (out) (optional): RETRY when the queue is full
 *
 * Returns: whether @message is kept
 */
gboolean
peal_kept_messages_push (
    PealKeptMessages *self, PealMessage *message, gsize bytes, GError **error)
{
  if (self->messages.length >= PEAL_KEPT_MESSAGES_MAX ||
      self->bytes + bytes > PEAL_KEPT_MESSAGES_MAX_BYTES)
    return peal_error_set (error, PEAL_ERROR_RETRY,
        "too much waits for the connection to come back");

  g_queue_push_tail (&self->messages, peal_message_ref (message));
  self->bytes += bytes;
  return TRUE;
}

/**
 * peal_kept_messages_pop:
 *
 * Once popped, the room that the messages took counts as free when the last
 * one is out.
 *
 * Returns: (transfer full) (nullable): the oldest message
 */
PealMessage *
peal_kept_messages_pop (PealKeptMessages *self)
{
  PealMessage *message = g_queue_pop_head (&self->messages);

  if (self->messages.length == 0)
    self->bytes = 0;
  return message;
}
