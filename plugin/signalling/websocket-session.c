/*
 * The libsoup session behind a WebSocket connection. See websocket-session.h.
 */
#include "signalling/websocket-session.h"

/* An HTTP proxy set for the Web does not know the way back to this network. */
static gboolean
is_near (const gchar *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (!address)
    return g_ascii_strcasecmp (host, "localhost") == 0;

  return g_inet_address_get_is_loopback (address) ||
      g_inet_address_get_is_link_local (address) ||
      g_inet_address_get_is_site_local (address);
}

/**
 * peal_websocket_session_new:
 * @uri: where to connect
 *
 * Returns: (transfer full): a session of the caller's thread-default main
 *   context, which goes through the system's proxy unless @uri is near
 */
SoupSession *
peal_websocket_session_new (GUri *uri)
{
  SoupSession *session = soup_session_new ();

  if (is_near (g_uri_get_host (uri)))
    soup_session_set_proxy_resolver (session, NULL);

  return session;
}
