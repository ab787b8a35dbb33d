/*
 * A TCP proxy whose connections can be cut. See tcp-proxy.h.
 *
 *   client ---- listener | pair: near, far ---- 127.0.0.1:target_port
 *
 * While the target refuses, so does the proxy: it closes what it accepted.
 */
#include "tcp-proxy.h"

struct _TcpProxy {
  GSocketService *service;
  GCancellable *cancellable;
  GList *streams; /* of GIOStream */
  guint port;
  guint target_port;
};

typedef struct {
  TcpProxy *proxy;
  GIOStream *near;
  GCancellable *cancellable;
} Pair;

static void
on_spliced (GObject *source, GAsyncResult *result, gpointer data)
{
  g_io_stream_splice_finish (result, NULL);
}

static void
free_pair (Pair *pair)
{
  g_object_unref (pair->near);
  g_object_unref (pair->cancellable);
  g_free (pair);
}

static void
on_target_reached (GObject *source, GAsyncResult *result, gpointer data)
{
  Pair *pair = data;
  GSocketConnection *far = g_socket_client_connect_to_host_finish (
      G_SOCKET_CLIENT (source), result, NULL);

  if (!far) {
    g_io_stream_close (pair->near, NULL, NULL);
  } else if (g_cancellable_is_cancelled (pair->cancellable)) {
    g_object_unref (far);
  } else {
    pair->proxy->streams = g_list_prepend (pair->proxy->streams, far);
    g_io_stream_splice_async (pair->near, G_IO_STREAM (far),
        G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2,
        G_PRIORITY_DEFAULT, pair->cancellable, on_spliced, NULL);
  }
  free_pair (pair);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *near, GObject *source,
    gpointer data)
{
  TcpProxy *self = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  Pair *pair = g_new0 (Pair, 1);

  pair->proxy = self;
  pair->near = g_object_ref (G_IO_STREAM (near));
  pair->cancellable = g_object_ref (self->cancellable);
  self->streams = g_list_prepend (self->streams, g_object_ref (near));
  g_socket_client_connect_to_host_async (client, "127.0.0.1",
      (guint16)self->target_port, self->cancellable, on_target_reached, pair);
  return TRUE;
}

TcpProxy *
tcp_proxy_new (guint target_port)
{
  TcpProxy *self = g_new0 (TcpProxy, 1);
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->target_port = target_port;
  self->cancellable = g_cancellable_new ();
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);

  return self;
}

guint
tcp_proxy_get_port (TcpProxy *self)
{
  return self->port;
}

/**
 * tcp_proxy_cut:
 *
 * Ends every connection without a word; new ones are let through.
 */
void
tcp_proxy_cut (TcpProxy *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  for (GList *item = self->streams; item; item = item->next) {
    GSocket *socket = g_socket_connection_get_socket (item->data);

    g_socket_shutdown (socket, TRUE, TRUE, NULL);
  }
  g_list_free_full (g_steal_pointer (&self->streams), g_object_unref);
}

void
tcp_proxy_free (TcpProxy *self)
{
  tcp_proxy_cut (self);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_object_unref (self->cancellable);
  g_free (self);
}
