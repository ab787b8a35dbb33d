/*
 * The port of a SoupServer that a test makes. See soup-door.h.
 */
#include "soup-door.h"

#include "server/acceptor.h"

#define DOOR_KEY "soup-door"

static void
on_accepted (SoupServer *server, GIOStream *stream, GSocketAddress *local,
    GSocketAddress *remote)
{
  g_autoptr (GError) error = NULL;

  soup_server_accept_iostream (server, stream, local, remote, &error);
  g_assert_no_error (error);
}

/**
 * soup_door_open:
 * @port: of the loopback interface, or 0 for a free one
 *
 * On the thread-default main context.
 *
 * Returns: the port it is
 */
guint
soup_door_open (SoupServer *server, guint port)
{
  PealAcceptor *door = peal_acceptor_new (NULL);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GError) error = NULL;

  g_signal_connect_object (
      door, "accepted", G_CALLBACK (on_accepted), server, G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (server), DOOR_KEY, door, g_object_unref);
  peal_acceptor_open (door, address, &port, &error);
  g_assert_no_error (error);
  return port;
}

/**
 * soup_door_close:
 *
 * Takes no more clients, and disconnects those that are no web sockets.
 */
void
soup_door_close (SoupServer *server)
{
  g_object_set_data (G_OBJECT (server), DOOR_KEY, NULL);
  soup_server_disconnect (server);
}
