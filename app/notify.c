/*
 * Telling systemd that a service is ready: one datagram to the socket named
 * in NOTIFY_SOCKET (sd_notify(3) gives the protocol). Nothing is said, and
 * nothing fails, when there is no such socket.
 */
#include "app/notify.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

static GSocketAddress *
make_address (const gchar *path)
{
  if (path[0] == '@')
    return g_unix_socket_address_new_with_type (
        path + 1, -1, G_UNIX_SOCKET_ADDRESS_ABSTRACT);
  return g_unix_socket_address_new (path);
}

/**
 * peal_notify:
 * @state: lines such as `READY=1`
 *
 * Returns: whether systemd was told
 */
gboolean
peal_notify (const gchar *state)
{
  const gchar *path = g_getenv ("NOTIFY_SOCKET");
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  if (!path || !path[0])
    return FALSE;
  address = make_address (path);
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_DEFAULT, NULL);
  return socket &&
      g_socket_send_to (socket, address, state, strlen (state), NULL, NULL) > 0;
}
