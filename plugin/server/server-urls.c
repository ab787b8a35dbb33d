/*
 * The URLs of a server. See server-urls.h. Any thread; asks the kernel for
 * this machine's addresses.
 */
#include "server/server-urls.h"

#include "server/interfaces.h"

static gboolean
is_v6 (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
}

static gchar *
make_url (
    const gchar *scheme, GInetAddress *address, guint port, const gchar *room)
{
  g_autofree gchar *host = g_inet_address_to_string (address);

  return g_strdup_printf (is_v6 (address) ? "%s://[%s]:%u/%s" : "%s://%s:%u/%s",
      scheme, host, port, room ? room : "");
}

/**
 * peal_server_urls_list:
 * @address: what the server is bound to, perhaps the wildcard
 * @room: (nullable): the path
 *
 * Returns: (transfer full): at least one; those that another machine can open
 *   first
 */
GStrv
peal_server_urls_list (
    const gchar *scheme, GInetAddress *address, guint port, const gchar *room)
{
  g_autoptr (GPtrArray) own = peal_interfaces_list_addresses ();
  GPtrArray *urls = g_ptr_array_new ();
  gboolean is_any = g_inet_address_get_is_any (address);

  for (guint i = 0; is_any && i < own->len; i++) {
    GInetAddress *item = g_ptr_array_index (own, i);

    if (!peal_interfaces_is_link_local (item) &&
        (is_v6 (address) || !is_v6 (item)))
      g_ptr_array_add (urls, make_url (scheme, item, port, room));
  }
  if (urls->len == 0)
    g_ptr_array_add (
        urls, peal_server_urls_local (scheme, address, port, room));
  g_ptr_array_add (urls, NULL);
  return (GStrv)g_ptr_array_free (urls, FALSE);
}

/**
 * peal_server_urls_local:
 * @address: what the server is bound to, perhaps the wildcard
 * @room: (nullable): the path
 *
 * Returns: (transfer full): how this machine itself reaches it
 */
gchar *
peal_server_urls_local (
    const gchar *scheme, GInetAddress *address, guint port, const gchar *room)
{
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (g_inet_address_get_family (address));

  return make_url (scheme,
      g_inet_address_get_is_any (address) ? loopback : address, port, room);
}
