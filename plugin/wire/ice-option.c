/*
 * STUN and TURN servers as users write them: `stun:HOST:PORT`,
 * `turn:USER:PASSWORD@HOST:PORT?transport=tcp`, also with `//` after the
 * scheme. Members get a URL without the secret beside user and password (the
 * form of RFC 7065); GStreamer's elements take it all in one URI. Pure.
 */
#include "wire/ice-option.h"

#include <string.h>

typedef struct {
  gchar *scheme;
  gchar *user;     /* as written, still percent-encoded; nullable */
  gchar *password; /* the same */
  gchar *host;     /* host, port, query */
} Parts;

static void
clear_parts (Parts *parts)
{
  g_free (parts->scheme);
  g_free (parts->user);
  g_free (parts->password);
  g_free (parts->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, clear_parts)

static void
split_user (Parts *parts, const gchar *start, const gchar *end)
{
  const gchar *colon = memchr (start, ':', end - start);

  parts->user = g_strndup (start, (colon ? colon : end) - start);
  if (colon)
    parts->password = g_strndup (colon + 1, end - colon - 1);
}

static void
split (const gchar *option, Parts *parts)
{
  const gchar *colon = strchr (option, ':');
  const gchar *rest = colon ? colon + 1 : option;
  const gchar *at = NULL;

  parts->scheme = g_strndup (option, colon ? colon - option : 0);
  if (g_str_has_prefix (rest, "//"))
    rest += 2;
  at = strrchr (rest, '@');
  if (at)
    split_user (parts, rest, at);
  parts->host = g_strdup (at ? at + 1 : rest);
}

static gchar *
decode (const gchar *text)
{
  gchar *decoded = text ? g_uri_unescape_string (text, NULL) : NULL;

  return decoded ? decoded : g_strdup (text);
}

/* People forget some of it. */
static gchar *
encode_again (const gchar *text)
{
  g_autofree gchar *decoded = decode (text);

  return g_uri_escape_string (decoded ? decoded : "", NULL, FALSE);
}

static gboolean
is_decodable (const gchar *text)
{
  g_autofree gchar *decoded = text ? g_uri_unescape_string (text, NULL) : NULL;

  return !text || decoded;
}

static gboolean
is_address (const gchar *text)
{
  g_autofree gchar *uri = g_strconcat ("ice://", text, NULL);
  g_autofree gchar *host = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *query = NULL;
  gint port = 0;

  return !strpbrk (text, " \t\r\n#") &&
      g_uri_split (uri, G_URI_FLAGS_NONE, NULL, NULL, &host, &port, &path,
          &query, NULL, NULL) &&
      host && host[0] && port != 0 && !path[0] &&
      (!query || g_str_has_prefix (query, "transport="));
}

/**
 * peal_ice_option_is_valid:
 * @option: what was given to --stun or --turn
 *
 * Browsers make no connection at all when one of their servers is no address.
 *
 * Returns: whether it has a host, at most one port and transport, and user and
 *   password whose percent signs are encoded
 */
gboolean
peal_ice_option_is_valid (const gchar *option)
{
  g_auto (Parts) parts = { 0 };

  split (option, &parts);
  return is_decodable (parts.user) && is_decodable (parts.password) &&
      is_address (parts.host);
}

/**
 * peal_ice_option_to_server:
 * @option: what was given to --stun or --turn
 *
 * Returns: (transfer full): the server as members are told of it
 */
PealIceServer *
peal_ice_option_to_server (const gchar *option)
{
  g_auto (Parts) parts = { 0 };
  g_autofree gchar *url = NULL;
  g_autofree gchar *user = NULL;
  g_autofree gchar *password = NULL;
  const gchar *urls[2] = { NULL, NULL };

  split (option, &parts);
  url = g_strdup_printf ("%s:%s", parts.scheme, parts.host);
  user = decode (parts.user);
  password = decode (parts.password);
  urls[0] = url;
  return peal_ice_server_new (urls, user, password);
}

/**
 * peal_ice_option_to_gst_uri:
 * @option: what was given to --stun or --turn
 *
 * Returns: (transfer full): the URI for GStreamer's properties, such as
 *   `turn://user:password@host:3478`
 */
gchar *
peal_ice_option_to_gst_uri (const gchar *option)
{
  g_auto (Parts) parts = { 0 };
  g_autofree gchar *user = NULL;
  g_autofree gchar *password = NULL;

  split (option, &parts);
  if (!parts.user)
    return g_strdup_printf ("%s://%s", parts.scheme, parts.host);
  user = encode_again (parts.user);
  password = encode_again (parts.password);
  return g_strdup_printf (
      "%s://%s:%s@%s", parts.scheme, user, password, parts.host);
}
