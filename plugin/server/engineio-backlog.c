/*
 * Packets that wait to be polled. See engineio-backlog.h. Pure.
 */
#include "server/engineio-backlog.h"

#include <string.h>

/* Between the packets of a payload. */
#define SEPARATOR '\x1e'

/**
 * peal_engineio_backlog_push:
 * @packet: (transfer full): encoded
 * @max_bytes: how much may wait
 *
 * Returns: FALSE when more would: the client does not poll
 */
gboolean
peal_engineio_backlog_push (
    PealEngineioBacklog *self, gchar *packet, gsize max_bytes)
{
  gsize length = strlen (packet);

  if (self->n_bytes + length > max_bytes) {
    g_free (packet);
    return FALSE;
  }
  g_queue_push_tail (&self->packets, packet);
  self->n_bytes += length;
  return TRUE;
}

/**
 * peal_engineio_backlog_pop:
 *
 * Returns: (transfer full) (nullable): the oldest
 */
gchar *
peal_engineio_backlog_pop (PealEngineioBacklog *self)
{
  gchar *packet = g_queue_pop_head (&self->packets);

  self->n_bytes -= packet ? strlen (packet) : 0;
  return packet;
}

/**
 * peal_engineio_backlog_take_all:
 *
 * Returns: (transfer full): all of them as one payload
 */
gchar *
peal_engineio_backlog_take_all (PealEngineioBacklog *self)
{
  GString *payload = g_string_new (NULL);
  gchar *packet;

  while ((packet = peal_engineio_backlog_pop (self))) {
    if (payload->len > 0)
      g_string_append_c (payload, SEPARATOR);
    g_string_append (payload, packet);
    g_free (packet);
  }
  return g_string_free (payload, FALSE);
}

gboolean
peal_engineio_backlog_is_empty (const PealEngineioBacklog *self)
{
  return self->packets.length == 0;
}

void
peal_engineio_backlog_clear (PealEngineioBacklog *self)
{
  g_queue_clear_full (&self->packets, g_free);
  self->n_bytes = 0;
}
