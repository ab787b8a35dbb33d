/*
 * Where a client comes from. See client-address.h. Any thread.
 */
#include "server/client-address.h"

/**
 * peal_client_address_is_loopback:
 *
 * Returns: whether the client is on this machine (or behind a proxy that is)
 */
gboolean
peal_client_address_is_loopback (GSocketAddress *address)
{
  return G_IS_INET_SOCKET_ADDRESS (address) &&
      g_inet_address_get_is_loopback (
          g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/**
 * peal_client_address_to_key:
 *
 * Returns: (transfer full): whom something counts for: an IPv4 address, or an
 *   IPv6 network of 64 bits, since a host has all of one (RFC 4291 section
 *   2.5.4)
 */
gchar *
peal_client_address_to_key (GSocketAddress *address)
{
  GInetAddress *inet;
  const guint8 *bytes;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("?");
  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4)
    return g_inet_address_to_string (inet);
  bytes = g_inet_address_to_bytes (inet);
  return g_strdup_printf ("%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", bytes[0],
      bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
}
