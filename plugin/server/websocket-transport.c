/*
 * One WebSocket. See websocket-transport.h.
 *
 * Called by the room connection that owns it; calls libsoup. A socket that
 * closes with 1000 or 1001 was meant to; any other end is a lost connection.
 */
#include "server/websocket-transport.h"

#include <gst/gst.h>

#include "server/input-watch.h"
#include "server/outgoing-queue.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* protocols.md 1: a member that misses two pongs is dropped. */
#define MAX_MISSED_PONGS 2
/* Above the protocols' limit of 64 KiB, so that a frame a little too large
 * still gets its error and an orderly close; libsoup ends what is larger with
 * 1009. */
#define MAX_PAYLOAD_BYTES (2 * 64 * 1024)

/* chosen: a goodbye that is not through by then is not waited for. */
#define LINGER_MS 1000

struct _PealWebsocketTransport {
  PealTransport parent;
  SoupWebsocketConnection *socket;
  PealOutgoingQueue *outgoing;
  PealInputWatch *input;
  gboolean was_heard; /* since the last look */
  guint n_missed_pongs;
  GSource *pong_timer;
};

G_DEFINE_FINAL_TYPE (
    PealWebsocketTransport, peal_websocket_transport, PEAL_TYPE_TRANSPORT)

static void
stop_pong_timer (PealWebsocketTransport *self)
{
  if (self->pong_timer)
    g_source_destroy (self->pong_timer);
  g_clear_pointer (&self->pong_timer, g_source_unref);
}

static gboolean
on_pong_timer (gpointer data)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (data);

  self->n_missed_pongs = self->was_heard ? 0 : self->n_missed_pongs + 1;
  self->was_heard = FALSE;
  if (self->n_missed_pongs < MAX_MISSED_PONGS)
    return G_SOURCE_CONTINUE;
  peal_transport_note_silence (PEAL_TRANSPORT (self));
  return G_SOURCE_REMOVE;
}

static void
start_pong_timer (PealWebsocketTransport *self, guint interval_s)
{
  self->pong_timer = g_timeout_source_new_seconds (interval_s);
  g_source_set_name (self->pong_timer, "peal-websocket-pong-timer");
  g_source_set_callback (self->pong_timer, on_pong_timer, self, NULL);
  g_source_attach (self->pong_timer, g_main_context_get_thread_default ());
}

static void
on_message (SoupWebsocketConnection *socket, gint type, GBytes *frame,
    PealWebsocketTransport *transport)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (transport);
  gsize length = 0;
  const gchar *text = g_bytes_get_data (frame, &length);

  self->was_heard = TRUE;
  peal_input_watch_note_message (self->input);
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    peal_transport_take_frame (PEAL_TRANSPORT (self), text ? text : "", length);
  else
    peal_transport_take_odd_frame (PEAL_TRANSPORT (self), length);
}

static void
on_pong (
    SoupWebsocketConnection *socket, GBytes *data, PealWebsocketTransport *self)
{
  self->was_heard = TRUE;
}

/* Cut, not closed: libsoup would go on keeping what comes. */
static void
on_endless_message (gpointer data)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (data);

  GST_INFO_OBJECT (self, "a message without end");
  peal_transport_note_flood (PEAL_TRANSPORT (self));
  g_io_stream_close (
      soup_websocket_connection_get_io_stream (self->socket), NULL, NULL);
}

static gboolean
meant_to_go (gushort code)
{
  return code == SOUP_WEBSOCKET_CLOSE_NORMAL ||
      code == SOUP_WEBSOCKET_CLOSE_GOING_AWAY;
}

static void
on_closed (SoupWebsocketConnection *socket, PealWebsocketTransport *transport)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (transport);
  gushort code = soup_websocket_connection_get_close_code (socket);

  GST_DEBUG_OBJECT (self, "closed with %u", code);
  stop_pong_timer (self);
  peal_transport_note_closed (PEAL_TRANSPORT (self), meant_to_go (code));
}

static gboolean
send (PealTransport *transport, const gchar *text)
{
  return peal_outgoing_queue_push (
      PEAL_WEBSOCKET_TRANSPORT (transport)->outgoing, text);
}

/* The backlog of somebody who does not read is not flushed to libsoup. */
static void
drop_backlog (PealTransport *transport)
{
  PealWebsocketTransport *self = PEAL_WEBSOCKET_TRANSPORT (transport);

  g_clear_pointer (&self->outgoing, peal_outgoing_queue_free);
  self->outgoing = peal_outgoing_queue_new (self->socket, 0);
}

/* `closed` follows when the client agrees, or after libsoup's five seconds. */
static void
close_socket (PealTransport *transport, guint code, const gchar *reason)
{
  PealWebsocketTransport *self = PEAL_WEBSOCKET_TRANSPORT (transport);

  stop_pong_timer (self);
  peal_outgoing_queue_flush (self->outgoing);
  if (soup_websocket_connection_get_state (self->socket) ==
      SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->socket, code, reason);
}

/* One that is still open, since its context is at its end, is cut. */
static void
forget_socket (PealWebsocketTransport *self)
{
  g_signal_handlers_disconnect_by_data (self->socket, self);
  if (soup_websocket_connection_get_state (self->socket) !=
      SOUP_WEBSOCKET_STATE_CLOSED)
    g_io_stream_close (
        soup_websocket_connection_get_io_stream (self->socket), NULL, NULL);
}

static void
dispose (GObject *object)
{
  PealWebsocketTransport *self = PEAL_WEBSOCKET_TRANSPORT (object);

  stop_pong_timer (self);
  if (self->socket)
    forget_socket (self);
  g_clear_pointer (&self->outgoing, peal_outgoing_queue_free);
  g_clear_pointer (&self->input, peal_input_watch_free);
  g_clear_object (&self->socket);
  G_OBJECT_CLASS (peal_websocket_transport_parent_class)->dispose (object);
}

static void
peal_websocket_transport_class_init (PealWebsocketTransportClass *class)
{
  PealTransportClass *transport_class = PEAL_TRANSPORT_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  transport_class->send = send;
  transport_class->drop_backlog = drop_backlog;
  transport_class->close = close_socket;
  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-server-websocket-transport", 0,
      "a WebSocket of the Peal server");
}

static void
peal_websocket_transport_init (PealWebsocketTransport *self)
{
}

/**
 * peal_websocket_transport_new:
 * @socket: (transfer none): an open WebSocket
 * @limits: the interval of pings and the bound of the backlog
 */
PealTransport *
peal_websocket_transport_new (
    SoupWebsocketConnection *socket, const PealServerLimits *limits)
{
  PealWebsocketTransport *self =
      g_object_new (PEAL_TYPE_WEBSOCKET_TRANSPORT, NULL);

  self->socket = g_object_ref (socket);
  self->outgoing = peal_outgoing_queue_new (socket, limits->backlog_bytes);
  soup_websocket_connection_set_max_incoming_payload_size (
      socket, MAX_PAYLOAD_BYTES);
  soup_websocket_connection_set_keepalive_interval (
      socket, limits->ping_interval_s);
  self->input = peal_input_watch_new (
      socket, 2 * MAX_PAYLOAD_BYTES, on_endless_message, self);
  g_signal_connect (socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (socket, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), self);
  start_pong_timer (self, limits->ping_interval_s);
  return PEAL_TRANSPORT (self);
}

static gboolean
on_lingered (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/**
 * peal_websocket_transport_retire:
 * @socket: (inout) (transfer full) (nullable): set to NULL
 *
 * Closes a transport that nobody listens to any more; its socket has a while
 * to say goodbye.
 */
void
peal_websocket_transport_retire (
    PealTransport **socket, guint code, const gchar *reason)
{
  g_autoptr (GSource) source = NULL;

  if (!*socket)
    return;
  peal_transport_set_sink (*socket, NULL, NULL);
  peal_transport_close (*socket, code, reason);
  source = g_timeout_source_new (LINGER_MS);
  g_source_set_name (source, "peal-websocket-linger");
  g_source_set_callback (
      source, on_lingered, g_steal_pointer (socket), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}
