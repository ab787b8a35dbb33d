/*
 * STUN and TURN URLs, from RFC 7064/7065 form (`turn:host:port?transport=udp`
 * with the credentials beside it) to webrtcbin's (`turn://user:pass@host:port`,
 * user and password percent-encoded). What users write in webrtcbin's own form
 * passes through. Pure.
 */
#include "session/ice-servers.h"

#include <string.h>

#include "base/error.h"

#define STUN_PORT 3478 /* RFC 8489 section 8 */

typedef struct {
  gchar *host; /* bracketed when IPv6 */
  guint port;
  gchar *query; /* NULL or "transport=…" */
} Address;

static void
address_clear (Address *address)
{
  g_free (address->host);
  g_free (address->query);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Address, address_clear)

static gboolean
is_transport_query (const gchar *query)
{
  return g_str_equal (query, "transport=udp") ||
      g_str_equal (query, "transport=tcp");
}

static gboolean
split_port (const gchar *text, Address *address)
{
  const gchar *host_end = strrchr (text, ']');
  const gchar *colon = strrchr (host_end ? host_end : text, ':');
  guint64 port;

  if (!colon) {
    address->host = g_strdup (text);
    return *text != '\0';
  }
  if (!g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL))
    return FALSE;
  address->port = (guint)port;
  address->host = g_strndup (text, (gsize)(colon - text));

  return *address->host != '\0';
}

static gboolean
parse_address (const gchar *text, guint default_port, Address *address)
{
  const gchar *question;
  g_autofree gchar *authority = NULL;

  if (g_str_has_prefix (text, "//"))
    text += 2;
  question = strchr (text, '?');
  authority =
      question ? g_strndup (text, (gsize)(question - text)) : g_strdup (text);
  if (question)
    address->query = g_strdup (question + 1);
  address->port = default_port;
  if (strpbrk (authority, "/@ \t\r\n"))
    return FALSE;

  return split_port (authority, address) &&
      (!address->query || is_transport_query (address->query));
}

/**
 * peal_ice_servers_to_stun_uri:
 * @url: `stun:host[:port]` or `stun://host[:port]`
 *
 * Returns: (transfer full) (nullable): `stun://host:port`
 */
gchar *
peal_ice_servers_to_stun_uri (const gchar *url, GError **error)
{
  g_auto (Address) address = { 0 };

  if (!g_str_has_prefix (url, "stun:") ||
      !parse_address (url + strlen ("stun:"), STUN_PORT, &address) ||
      address.query) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "'%s' is no STUN server; write stun:HOST:PORT", url);
    return NULL;
  }

  return g_strdup_printf ("stun://%s:%u", address.host, address.port);
}

static gchar *
make_turn_uri (const gchar *scheme, const Address *address,
    const gchar *username, const gchar *credential)
{
  g_autofree gchar *user = g_uri_escape_string (username, NULL, FALSE);
  g_autofree gchar *password = g_uri_escape_string (credential, NULL, FALSE);

  return g_strdup_printf ("%s://%s:%s@%s:%u%s%s", scheme, user, password,
      address->host, address->port, address->query ? "?" : "",
      address->query ? address->query : "");
}

/* Our own form carries the credentials: turn://user:password@host:port */
static gboolean
split_userinfo (
    const gchar *rest, gchar **username, gchar **credential, gchar **address)
{
  const gchar *at = strrchr (rest, '@');
  g_autofree gchar *userinfo = NULL;
  g_auto (GStrv) parts = NULL;

  if (!g_str_has_prefix (rest, "//") || !at)
    return FALSE;

  userinfo = g_strndup (rest + 2, (gsize)(at - rest - 2));
  parts = g_strsplit (userinfo, ":", 2);
  if (g_strv_length (parts) != 2)
    return FALSE;
  *username = g_uri_unescape_string (parts[0], NULL);
  *credential = g_uri_unescape_string (parts[1], NULL);
  *address = g_strdup (at + 1);

  return *username && *credential;
}

/**
 * peal_ice_servers_to_turn_uri:
 * @url: `turn:host[:port][?transport=udp|tcp]`, or with the credentials
 *   inside, `turn://user:password@host:port`
 * @username: (nullable): needed unless @url carries it
 * @credential: (nullable): needed unless @url carries it
 * @error: never names the credentials
 *
 * `turns:` is refused: libnice has no TURN over TLS.
 *
 * Returns: (transfer full) (nullable): the URI for webrtcbin
 */
gchar *
peal_ice_servers_to_turn_uri (const gchar *url, const gchar *username,
    const gchar *credential, GError **error)
{
  g_auto (Address) address = { 0 };
  g_autofree gchar *own_user = NULL;
  g_autofree gchar *own_credential = NULL;
  g_autofree gchar *rest = NULL;

  if (g_str_has_prefix (url, "turns:")) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "TURN over TLS (turns:) is not supported by libnice; use turn: with "
        "?transport=tcp");
    return NULL;
  }
  if (g_str_has_prefix (url, "turn:")) {
    if (split_userinfo (
            url + strlen ("turn:"), &own_user, &own_credential, &rest)) {
      username = own_user;
      credential = own_credential;
    } else {
      rest = g_strdup (url + strlen ("turn:"));
    }
  }
  if (!rest || !username || !credential ||
      !parse_address (rest, STUN_PORT, &address)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "not a usable TURN server; write turn://USER:PASSWORD@HOST:PORT with "
        "':', '/' and '@' in user and password percent-encoded");
    return NULL;
  }

  return make_turn_uri ("turn", &address, username, credential);
}

/**
 * peal_ice_servers_find_stun:
 * @servers: (nullable) (element-type PealIceServer): as a room handed them out
 *
 * Returns: (transfer full) (nullable): the first usable STUN server; webrtcbin
 *   takes only one
 */
gchar *
peal_ice_servers_find_stun (GPtrArray *servers)
{
  for (guint i = 0; servers && i < servers->len; i++) {
    const PealIceServer *server = g_ptr_array_index (servers, i);

    for (guint j = 0; server->urls && server->urls[j]; j++) {
      gchar *uri = peal_ice_servers_to_stun_uri (server->urls[j], NULL);

      if (uri)
        return uri;
    }
  }

  return NULL;
}

/**
 * peal_ice_servers_list_turn:
 * @servers: (nullable) (element-type PealIceServer): as a room handed them out
 *
 * Returns: (transfer full): the usable TURN servers, in order
 */
GStrv
peal_ice_servers_list_turn (GPtrArray *servers)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; servers && i < servers->len; i++) {
    const PealIceServer *server = g_ptr_array_index (servers, i);

    for (guint j = 0; server->urls && server->urls[j]; j++) {
      g_autofree gchar *uri = peal_ice_servers_to_turn_uri (
          server->urls[j], server->username, server->credential, NULL);

      if (uri)
        g_strv_builder_add (builder, uri);
    }
  }

  return g_strv_builder_end (builder);
}
