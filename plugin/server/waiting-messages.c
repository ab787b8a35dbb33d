/*
 * What waits for a member. See waiting-messages.h. Pure; one thread at a time.
 */
#include "server/waiting-messages.h"

#include <string.h>

#include "wire/json.h"

static gsize
weigh (const PealMessage *message)
{
  gsize bytes = sizeof *message;

  if (message->sdp)
    bytes += strlen (message->sdp);
  if (message->candidate)
    bytes += strlen (message->candidate);
  if (message->text)
    bytes += strlen (message->text);
  if (message->body) {
    g_autofree gchar *text = peal_json_to_text (message->body);

    bytes += strlen (text);
  }
  return bytes;
}

/**
 * peal_waiting_messages_push:
 *
 * Returns: FALSE when there is no place for it
 */
gboolean
peal_waiting_messages_push (PealWaitingMessages *self, PealMessage *message)
{
  gsize n_bytes = weigh (message);

  if (self->messages.length >= PEAL_WAITING_MESSAGES_MAX ||
      self->n_bytes + n_bytes > PEAL_WAITING_MESSAGES_MAX_BYTES)
    return FALSE;
  g_queue_push_tail (&self->messages, peal_message_ref (message));
  self->n_bytes += n_bytes;
  return TRUE;
}

/**
 * peal_waiting_messages_pop:
 *
 * Returns: (transfer full) (nullable): the oldest
 */
PealMessage *
peal_waiting_messages_pop (PealWaitingMessages *self)
{
  PealMessage *message = g_queue_pop_head (&self->messages);

  if (message)
    self->n_bytes -= weigh (message);
  return message;
}

void
peal_waiting_messages_clear (PealWaitingMessages *self)
{
  g_queue_clear_full (&self->messages, (GDestroyNotify)peal_message_unref);
  self->n_bytes = 0;
}
