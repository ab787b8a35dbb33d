/*
 * How an address is printed for users. See endpoint.h. Pure.
 */
#include "signalling/endpoint.h"

/**
 * peal_endpoint_to_string:
 * @host: a name or an address, IPv6 without brackets
 *
 * Returns: (transfer full): `HOST:PORT` or `[V6]:PORT`
 */
gchar *
peal_endpoint_to_string (const gchar *host, gint port)
{
  return g_strdup_printf (strchr (host, ':') ? "[%s]:%d" : "%s:%d", host, port);
}
