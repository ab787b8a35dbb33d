/*
 * Origins. See origin.h. Pure; any thread.
 */
#include "server/origin.h"

#include <string.h>

/* The authority with its port always said. */
static gchar *
normalize (const gchar *scheme, const gchar *authority)
{
  g_autofree gchar *text = g_strdup_printf ("%s://%s", scheme, authority);
  g_autofree gchar *host = NULL;
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  gint port;

  if (!uri || !g_uri_get_host (uri) || g_uri_get_userinfo (uri))
    return NULL;
  port = g_uri_get_port (uri);
  if (port < 0)
    port = g_ascii_strcasecmp (scheme, "https") == 0 ? 443 : 80;
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  return g_strdup_printf ("%s:%d", host, port);
}

/**
 * peal_origin_is_same:
 * @origin: (nullable): the Origin header (RFC 6454); only browsers send it
 * @host: (nullable): the Host header
 *
 * Returns: whether no page asks, or one that @host itself served
 */
gboolean
peal_origin_is_same (const gchar *origin, const gchar *host)
{
  g_autofree gchar *scheme = NULL;
  g_autofree gchar *asked = NULL;
  g_autofree gchar *asking = NULL;

  if (!origin)
    return TRUE;
  scheme = g_uri_parse_scheme (origin);
  if (!host || !scheme || !g_str_has_prefix (origin + strlen (scheme), "://"))
    return FALSE;
  asking = normalize (scheme, origin + strlen (scheme) + strlen ("://"));
  asked = normalize (scheme, host);
  return asking && asked && g_str_equal (asking, asked);
}
