/*
 * The bounded queue in front of a libsoup connection. See websocket-output.h.
 *
 * libsoup queues without bound what it is given, and cannot be asked how much
 * that is. So frames wait here, and libsoup gets one whenever the socket is
 * writable and it has none itself: our source has a lower priority than its
 * own, and runs only when its queue is empty.
 */
#include "signalling/websocket-output.h"

#include "base/sources.h"

#define WRITE_PRIORITY (G_PRIORITY_DEFAULT + 10)

struct _PealWebsocketOutput {
  SoupWebsocketConnection *connection;
  GMainContext *context;
  GQueue frames; /* of gchar* */
  gsize bytes;
  GSource *writable;
};

static void
give_to_libsoup (PealWebsocketOutput *self)
{
  g_autofree gchar *text = g_queue_pop_head (&self->frames);

  self->bytes -= strlen (text);
  if (soup_websocket_connection_get_state (self->connection) ==
      SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->connection, text);
}

static gboolean
on_writable (GObject *stream, gpointer data)
{
  PealWebsocketOutput *self = data;

  if (!g_queue_is_empty (&self->frames))
    give_to_libsoup (self);
  if (!g_queue_is_empty (&self->frames))
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&self->writable, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void
await_writable (PealWebsocketOutput *self)
{
  GIOStream *io = soup_websocket_connection_get_io_stream (self->connection);
  GPollableOutputStream *output =
      G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (io));

  self->writable = g_pollable_output_stream_create_source (output, NULL);
  g_source_set_priority (self->writable, WRITE_PRIORITY);
  g_source_set_callback (
      self->writable, G_SOURCE_FUNC (on_writable), self, NULL);
  g_source_attach (self->writable, self->context);
}

/**
 * peal_websocket_output_new:
 * @connection: (transfer none): an open connection
 * @context: where it lives
 *
 * Returns: (transfer full): an empty queue
 */
PealWebsocketOutput *
peal_websocket_output_new (
    SoupWebsocketConnection *connection, GMainContext *context)
{
  PealWebsocketOutput *self = g_new0 (PealWebsocketOutput, 1);

  self->connection = g_object_ref (connection);
  self->context = g_main_context_ref (context);
  g_queue_init (&self->frames);
  return self;
}

/**
 * peal_websocket_output_free:
 *
 * Drops what waits.
 */
void
peal_websocket_output_free (PealWebsocketOutput *self)
{
  peal_source_clear (&self->writable);
  g_queue_clear_full (&self->frames, g_free);
  g_object_unref (self->connection);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * peal_websocket_output_push:
 * @text: (transfer none): one frame, valid UTF-8
 *
 * Returns: whether it will be sent; FALSE when too much waits already
 */
gboolean
peal_websocket_output_push (PealWebsocketOutput *self, const gchar *text)
{
  gsize length = strlen (text);

  if (self->frames.length >= PEAL_WEBSOCKET_MAX_QUEUED_FRAMES ||
      self->bytes + length > PEAL_WEBSOCKET_MAX_QUEUED_BYTES)
    return FALSE;

  g_queue_push_tail (&self->frames, g_strdup (text));
  self->bytes += length;
  if (!self->writable)
    await_writable (self);
  return TRUE;
}

/**
 * peal_websocket_output_flush:
 *
 * Gives libsoup everything that waits, because the connection is to close.
 */
void
peal_websocket_output_flush (PealWebsocketOutput *self)
{
  peal_source_clear (&self->writable);
  while (!g_queue_is_empty (&self->frames))
    give_to_libsoup (self);
}
