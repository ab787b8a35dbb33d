/*
 * Where the server listens. See listen-address.h. Any thread.
 */
#include "server/listen-address.h"

#include <string.h>

#include "base/error.h"

static gboolean
refuse (const gchar *text, GError **error)
{
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "cannot listen on \"%s\": write ADDRESS:PORT, [IPV6]:PORT, :PORT or "
      "PORT, for example 0.0.0.0:8080",
      text);
  return FALSE;
}

static gboolean
parse_port (const gchar *digits, guint16 *port)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &value, NULL))
    return FALSE;
  *port = (guint16)value;
  return TRUE;
}

/* `[V6]`, `[V6]:PORT`: the part in brackets, and what follows the colon. */
static gboolean
split_brackets (const gchar *text, gchar **host, const gchar **port)
{
  const gchar *end = strchr (text, ']');

  if (!end || (end[1] != '\0' && end[1] != ':'))
    return FALSE;
  *host = g_strndup (text + 1, end - text - 1);
  *port = end[1] == ':' ? end + 2 : NULL;
  return TRUE;
}

static gboolean
split (const gchar *text, gchar **host, const gchar **port)
{
  const gchar *colon = strchr (text, ':');

  if (*text == '[')
    return split_brackets (text, host, port);
  if (colon && strchr (colon + 1, ':'))
    return FALSE;
  if (colon) {
    *host = g_strndup (text, colon - text);
    *port = colon + 1;
  } else if (*text && strspn (text, "0123456789") == strlen (text)) {
    *host = g_strdup ("");
    *port = text;
  } else {
    *host = g_strdup (text);
    *port = NULL;
  }
  return TRUE;
}

static GInetAddress *
parse_host (const gchar *host)
{
  if (*host == '\0' || g_str_equal (host, "localhost"))
    return g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  return g_inet_address_new_from_string (host);
}

/**
 * peal_listen_address_parse:
 * @text: (nullable): `ADDRESS:PORT`, `[V6]:PORT`, `:PORT` or `PORT`; NULL is
 *   `127.0.0.1:8080`. Without an address it is loopback; without a port, 8080.
 *
 * Returns: (transfer full): the address; or NULL and PEAL_ERROR_USAGE
 */
PealListenAddress *
peal_listen_address_parse (const gchar *text, GError **error)
{
  g_autofree gchar *host = NULL;
  const gchar *digits = NULL;
  guint16 port = PEAL_LISTEN_ADDRESS_DEFAULT_PORT;
  g_autoptr (GInetAddress) address = NULL;
  PealListenAddress *self;

  if (!text)
    text = "127.0.0.1:8080";
  if (*text && split (text, &host, &digits) &&
      (!digits || parse_port (digits, &port)))
    address = parse_host (host);
  if (!address) {
    refuse (text, error);
    return NULL;
  }
  self = g_new0 (PealListenAddress, 1);
  self->address = g_steal_pointer (&address);
  self->port = port;
  return self;
}

void
peal_listen_address_free (PealListenAddress *self)
{
  g_object_unref (self->address);
  g_free (self);
}

/**
 * peal_listen_address_to_socket_address:
 *
 * Returns: (transfer full): the address to bind to
 */
GSocketAddress *
peal_listen_address_to_socket_address (const PealListenAddress *self)
{
  return g_inet_socket_address_new (self->address, self->port);
}
