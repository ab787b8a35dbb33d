/*
 * Notices a message without end. See input-watch.h.
 *
 * Whenever the socket is readable this asks the kernel how many bytes were read
 * from it so far. What was read since the last whole message is what libsoup
 * keeps. Pings of the client are read, too, but
 * not told; so a few bytes a second are forgiven.
 */
#include "server/input-watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* chosen: a ping is some 20 bytes, and nobody sends more than a few. */
#define FORGIVEN_BYTES_PER_SECOND 64

struct _PealInputWatch {
  SoupWebsocketConnection *websocket;
  GSocket *socket;
  GSource *source;
  gsize max_bytes;
  guint64 n_read_before; /* at the last whole message */
  gint64 noted_at_us;
  PealInputWatchFunc func;
  gpointer data;
};

static GObject *
dup_base (GObject *stream)
{
  static const gchar *const names[] = { "base-iostream", "base-io-stream" };
  GObject *base = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && !base; i++) {
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (stream), names[i]))
      g_object_get (stream, names[i], &base, NULL);
  }
  return base;
}

/* Under libsoup's stream, and TLS's, if any. */
static GSocket *
dup_socket (SoupWebsocketConnection *websocket)
{
  GObject *stream = g_object_ref (
      G_OBJECT (soup_websocket_connection_get_io_stream (websocket)));
  GSocket *socket = NULL;

  while (stream && !G_IS_SOCKET_CONNECTION (stream)) {
    GObject *base = dup_base (stream);

    g_object_unref (stream);
    stream = base;
  }
  if (stream)
    socket = g_object_ref (
        g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  g_clear_object (&stream);
  return socket;
}

/* What the kernel got, less what nobody has read yet. */
static guint64
count_read (PealInputWatch *self)
{
  struct tcp_info info = { 0 };
  socklen_t length = sizeof info;
  gssize n_unread = g_socket_get_available_bytes (self->socket);

  if (getsockopt (g_socket_get_fd (self->socket), IPPROTO_TCP, TCP_INFO, &info,
          &length) != 0 ||
      n_unread < 0 || info.tcpi_bytes_received < (guint64)n_unread)
    return 0;
  return info.tcpi_bytes_received - n_unread;
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  PealInputWatch *self = data;
  gint64 quiet_us = g_get_monotonic_time () - self->noted_at_us;
  guint64 forgiven =
      (guint64)quiet_us * FORGIVEN_BYTES_PER_SECOND / G_USEC_PER_SEC;

  /* libsoup does not read any more, so the socket might stay readable. */
  if ((condition & (G_IO_HUP | G_IO_ERR)) ||
      soup_websocket_connection_get_state (self->websocket) !=
          SOUP_WEBSOCKET_STATE_OPEN)
    return G_SOURCE_REMOVE;
  if (count_read (self) <= self->n_read_before + self->max_bytes + forgiven)
    return G_SOURCE_CONTINUE;
  self->func (self->data);
  return G_SOURCE_REMOVE;
}

static void
start (PealInputWatch *self)
{
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_name (self->source, "peal-input-watch");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * peal_input_watch_new:
 * @max_bytes: how much may come without a whole message
 * @func: called once when more came, on the same thread; must not free the
 *   watch
 */
PealInputWatch *
peal_input_watch_new (SoupWebsocketConnection *socket, gsize max_bytes,
    PealInputWatchFunc func, gpointer data)
{
  PealInputWatch *self = g_new0 (PealInputWatch, 1);

  self->websocket = g_object_ref (socket);
  self->socket = dup_socket (socket);
  self->max_bytes = max_bytes;
  self->func = func;
  self->data = data;
  if (self->socket) {
    peal_input_watch_note_message (self);
    start (self);
  }
  return self;
}

void
peal_input_watch_free (PealInputWatch *self)
{
  if (self->source)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_object (&self->socket);
  g_object_unref (self->websocket);
  g_free (self);
}

/**
 * peal_input_watch_note_message:
 *
 * A whole message has come.
 */
void
peal_input_watch_note_message (PealInputWatch *self)
{
  if (!self->socket)
    return;
  self->n_read_before = count_read (self);
  self->noted_at_us = g_get_monotonic_time ();
}
