/*
 * The raw relay as a signaller: its dialect over a WebSocket. See
 * relay-signaller.h. Made by the registry.
 */
#include "signalling/relay-signaller.h"

#include "signalling/dialect-signaller.h"
#include "signalling/uri-split.h"
#include "signalling/websocket.h"
#include "wire/relay-client.h"

typedef struct {
  gchar *address;
  gchar *endpoint;
  gchar *room;
  gchar *tls_ca_file;
} Settings;

static const PealUriForm form = { "relay+", "relay+ws://HOST:8080/ROOM" };

static PealClientTransport *
make_transport (gpointer data)
{
  const Settings *settings = data;

  return PEAL_CLIENT_TRANSPORT (
      peal_websocket_new (settings->address, NULL, settings->tls_ca_file));
}

static PealDialect *
make_dialect (gpointer data, PealDialect *previous)
{
  const Settings *settings = data;

  return peal_relay_client_new (settings->room, previous);
}

static void
free_settings (gpointer data)
{
  Settings *settings = data;

  g_free (settings->address);
  g_free (settings->endpoint);
  g_free (settings->room);
  g_free (settings->tls_ca_file);
  g_free (settings);
}

static const PealDialectPlan plan = { make_transport, make_dialect,
  free_settings };

/* The room is the path's last part; another one takes its place. */
static gchar *
make_path (GUri *uri, const gchar *room)
{
  const gchar *path = g_uri_get_path (uri);
  const gchar *last = strrchr (path, '/');
  g_autofree gchar *folder = NULL;
  g_autofree gchar *escaped = NULL;

  if (!room || !*room)
    return g_strdup (*path ? path : "/");
  folder = last ? g_strndup (path, (gsize)(last - path)) : g_strdup ("");
  escaped = g_uri_escape_string (room, NULL, FALSE);
  return g_strconcat (folder, "/", escaped, NULL);
}

static gchar *
make_query (GUri *uri, const gchar *token)
{
  const gchar *query = g_uri_get_query (uri);
  g_autofree gchar *escaped = NULL;

  if (!token || !*token)
    return g_strdup (query);
  escaped = g_uri_escape_string (token, NULL, FALSE);
  return g_strdup_printf (
      "%s%stoken=%s", query ? query : "", query ? "&" : "", escaped);
}

/**
 * peal_relay_signaller_new:
 * @config: (transfer none): where to
 * @error: (out) (optional): USAGE when the uri cannot be
 *
 * Returns: (transfer full) (nullable): an idle signaller that belongs to the
 *   caller's thread-default main context
 */
PealSignaller *
peal_relay_signaller_new (const PealSignallerConfig *config, GError **error)
{
  g_autoptr (GUri) uri = peal_uri_split (&form, config->uri, error);
  g_autofree gchar *path = NULL;
  g_autofree gchar *query = NULL;
  Settings *settings;

  if (!uri)
    return NULL;

  path = make_path (uri, config->room);
  query = make_query (uri, config->token);
  settings = g_new0 (Settings, 1);
  settings->address = peal_uri_join (uri, path, query);
  settings->endpoint = peal_uri_get_endpoint (uri);
  settings->room = g_uri_unescape_string (strrchr (path, '/') + 1, NULL);
  settings->tls_ca_file = g_strdup (config->tls_ca_file);
  return peal_dialect_signaller_new (
      &plan, settings, settings->endpoint, settings->room, config->no_retry);
}
