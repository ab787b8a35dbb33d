/*
 * The way of messages to one peer. See outbox.h. Called by talk. Pure.
 */
#include "session/outbox.h"

#include <string.h>

#include "base/error.h"

void
peal_outbox_init (PealOutbox *self)
{
  self->route = PEAL_ROUTE_ROOM;
  self->since_us = 0;
  self->room_us = 0;
  g_queue_init (&self->kept);
  self->bytes = 0;
}

/**
 * peal_outbox_clear:
 *
 * Forgets what is kept.
 */
void
peal_outbox_clear (PealOutbox *self)
{
  g_queue_clear_full (&self->kept, g_free);
  self->bytes = 0;
}

/**
 * peal_outbox_set_route:
 * @now_us: monotonic time
 *
 * What is kept is to be popped and sent then, unless it still waits.
 */
void
peal_outbox_set_route (PealOutbox *self, PealRoute route, gint64 now_us)
{
  if (route != self->route)
    self->since_us = now_us;
  self->route = route;
}

/**
 * peal_outbox_get_route:
 *
 * Returns: the way of the next message; what is kept goes before it
 */
PealRoute
peal_outbox_get_route (const PealOutbox *self)
{
  return self->route;
}

/**
 * peal_outbox_is_overdue:
 *
 * Returns: whether messages have waited for a channel for too long
 */
gboolean
peal_outbox_is_overdue (const PealOutbox *self, gint64 now_us)
{
  return self->route == PEAL_ROUTE_WAIT &&
      now_us - self->since_us >= PEAL_OUTBOX_WAIT_US;
}

/**
 * peal_outbox_begin:
 *
 * Another connection is being made: what the room has carried so far is in
 * front of its offer and answer.
 */
void
peal_outbox_begin (PealOutbox *self)
{
  self->room_us = 0;
}

/**
 * peal_outbox_note_room:
 * @now_us: monotonic time
 *
 * A message went through the room while a connection was being made.
 */
void
peal_outbox_note_room (PealOutbox *self, gint64 now_us)
{
  self->room_us = now_us;
}

/**
 * peal_outbox_is_settled:
 *
 * Returns: whether what goes over a channel now cannot overtake what went
 *   through the room, as far as can be known
 */
gboolean
peal_outbox_is_settled (const PealOutbox *self, gint64 now_us)
{
  return self->room_us == 0 || now_us - self->room_us >= PEAL_OUTBOX_SETTLE_US;
}

/**
 * peal_outbox_keep:
 * @error: PEAL_ERROR_RETRY: too much waits already
 */
gboolean
peal_outbox_keep (PealOutbox *self, const gchar *text, GError **error)
{
  gsize length = strlen (text);

  if (self->kept.length >= PEAL_OUTBOX_MAX_ITEMS ||
      self->bytes + length > PEAL_OUTBOX_MAX_BYTES) {
    g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_RETRY,
        "too much waits for the connection already");
    return FALSE;
  }

  g_queue_push_tail (&self->kept, g_strdup (text));
  self->bytes += length;

  return TRUE;
}

/**
 * peal_outbox_pop:
 *
 * Returns: (transfer full) (nullable): the oldest message kept, if it no
 *   longer has to wait
 */
gchar *
peal_outbox_pop (PealOutbox *self)
{
  gchar *text;

  if (self->route == PEAL_ROUTE_WAIT)
    return NULL;
  text = g_queue_pop_head (&self->kept);
  if (text)
    self->bytes -= strlen (text);

  return text;
}
