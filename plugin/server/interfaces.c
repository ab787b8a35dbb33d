/*
 * This machine's addresses. See interfaces.h. Any thread; asks the kernel
 * each time, since addresses come and go.
 */
#include "server/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

static GInetAddress *
to_address (const struct sockaddr *address)
{
  if (address && address->sa_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;

    return g_inet_address_new_from_bytes (
        (const guint8 *)&v4->sin_addr, G_SOCKET_FAMILY_IPV4);
  }
  if (address && address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

    return g_inet_address_new_from_bytes (
        (const guint8 *)&v6->sin6_addr, G_SOCKET_FAMILY_IPV6);
  }
  return NULL;
}

/* What another machine can most likely reach stands first: IPv4, then IPv6;
 * bridges of containers and virtual machines behind real interfaces. */
static gint
rank (const struct ifaddrs *interface)
{
  gint value = interface->ifa_addr->sa_family == AF_INET ? 0 : 2;

  if (g_str_has_prefix (interface->ifa_name, "docker") ||
      g_str_has_prefix (interface->ifa_name, "veth") ||
      g_str_has_prefix (interface->ifa_name, "virbr") ||
      g_str_has_prefix (interface->ifa_name, "br-"))
    value += 1;
  return value;
}

static void
add_ranked (GPtrArray *addresses, const struct ifaddrs *list, gint wanted)
{
  for (const struct ifaddrs *item = list; item; item = item->ifa_next) {
    GInetAddress *address = to_address (item->ifa_addr);

    if (address && (item->ifa_flags & IFF_UP) && rank (item) == wanted &&
        !g_inet_address_get_is_loopback (address))
      g_ptr_array_add (addresses, g_object_ref (address));
    g_clear_object (&address);
  }
}

/**
 * peal_interfaces_list_addresses:
 *
 * Returns: (transfer full) (element-type GInetAddress): the addresses of the
 *   interfaces that are up, loopback excepted; the likeliest to be reached
 *   from another machine first
 */
GPtrArray *
peal_interfaces_list_addresses (void)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);
  struct ifaddrs *list = NULL;

  if (getifaddrs (&list) != 0)
    return addresses;
  for (gint wanted = 0; wanted <= 3; wanted++)
    add_ranked (addresses, list, wanted);
  freeifaddrs (list);
  return addresses;
}

/**
 * peal_interfaces_is_link_local:
 *
 * Returns: whether @address needs a scope to be reached, so that a URL cannot
 *   name it
 */
gboolean
peal_interfaces_is_link_local (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      g_inet_address_get_is_link_local (address);
}
