/*
 * The frames that wait for a WebSocket's client. See outgoing-queue.h.
 *
 * How it knows that libsoup has nothing left: libsoup writes from a source of
 * the default priority that is ready when the socket is writable, and removes
 * it when its queue is empty. The source here waits for the same socket at a
 * lower priority, so it only runs when the socket is writable and libsoup has
 * nothing more to write.
 */
#include "server/outgoing-queue.h"

#include <string.h>

/* Lower than libsoup's sources, higher than idle ones. */
#define PUMP_PRIORITY (G_PRIORITY_DEFAULT + 10)
/* chosen: as much as one write takes at most; a single frame may be more. */
#define LOT_BYTES (16 * 1024)

struct _PealOutgoingQueue {
  SoupWebsocketConnection *socket;
  GQueue frames; /* of GBytes */
  gsize n_bytes;
  gsize max_bytes;
  GSource *pump;
};

static void
send_first (PealOutgoingQueue *self)
{
  g_autoptr (GBytes) frame = g_queue_pop_head (&self->frames);

  self->n_bytes -= g_bytes_get_size (frame);
  soup_websocket_connection_send_message (
      self->socket, SOUP_WEBSOCKET_DATA_TEXT, frame);
}

static gboolean
is_open (PealOutgoingQueue *self)
{
  return soup_websocket_connection_get_state (self->socket) ==
      SOUP_WEBSOCKET_STATE_OPEN;
}

static void
stop_pump (PealOutgoingQueue *self)
{
  if (self->pump)
    g_source_destroy (self->pump);
  g_clear_pointer (&self->pump, g_source_unref);
}

static gboolean
on_writable (GObject *stream, gpointer data)
{
  PealOutgoingQueue *self = data;
  gsize before = self->n_bytes;

  while (is_open (self) && self->frames.length > 0 &&
      before - self->n_bytes < LOT_BYTES)
    send_first (self);
  if (is_open (self) && self->frames.length > 0)
    return G_SOURCE_CONTINUE;
  stop_pump (self);
  return G_SOURCE_REMOVE;
}

static void
start_pump (PealOutgoingQueue *self)
{
  GOutputStream *stream = g_io_stream_get_output_stream (
      soup_websocket_connection_get_io_stream (self->socket));

  if (self->pump)
    return;
  self->pump = g_pollable_output_stream_create_source (
      G_POLLABLE_OUTPUT_STREAM (stream), NULL);
  g_source_set_name (self->pump, "peal-outgoing-queue");
  g_source_set_priority (self->pump, PUMP_PRIORITY);
  g_source_set_callback (self->pump, G_SOURCE_FUNC (on_writable), self, NULL);
  g_source_attach (self->pump, g_main_context_get_thread_default ());
}

/**
 * peal_outgoing_queue_new:
 * @socket: an open WebSocket
 * @max_bytes: how much may wait
 */
PealOutgoingQueue *
peal_outgoing_queue_new (SoupWebsocketConnection *socket, gsize max_bytes)
{
  PealOutgoingQueue *self = g_new0 (PealOutgoingQueue, 1);

  self->socket = g_object_ref (socket);
  self->max_bytes = max_bytes;
  g_queue_init (&self->frames);
  return self;
}

void
peal_outgoing_queue_free (PealOutgoingQueue *self)
{
  stop_pump (self);
  g_queue_clear_full (&self->frames, (GDestroyNotify)g_bytes_unref);
  g_object_unref (self->socket);
  g_free (self);
}

/**
 * peal_outgoing_queue_push:
 * @text: a whole frame
 *
 * Returns: FALSE when more than the bound would wait: the client does not
 *   read
 */
gboolean
peal_outgoing_queue_push (PealOutgoingQueue *self, const gchar *text)
{
  gsize length = strlen (text);

  if (!is_open (self))
    return TRUE;
  if (self->n_bytes + length > self->max_bytes)
    return FALSE;
  g_queue_push_tail (&self->frames, g_bytes_new (text, length));
  self->n_bytes += length;
  start_pump (self);
  return TRUE;
}

/**
 * peal_outgoing_queue_flush:
 *
 * Gives everything to libsoup: for the last words before a close.
 */
void
peal_outgoing_queue_flush (PealOutgoingQueue *self)
{
  while (is_open (self) && self->frames.length > 0)
    send_first (self);
  stop_pump (self);
}
