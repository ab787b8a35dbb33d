/*
 * Socket.IO as a signaller: its dialect over Engine.IO. See
 * socketio-signaller.h. Made by the registry.
 */
#include "signalling/socketio-signaller.h"

#include "signalling/dialect-signaller.h"
#include "signalling/engineio-transport.h"
#include "signalling/peal-uri.h"
#include "signalling/uri-split.h"
#include "wire/engineio.h"
#include "wire/socketio-client.h"

typedef struct {
  gchar *address;
  gchar *endpoint;
  gchar *room;
  gchar *name;
  gchar *token; /* never logged */
  gchar *path;
  gchar *profile;
  gchar *tls_ca_file;
} Settings;

static const PealUriForm form = { "socketio+",
  "socketio+ws://HOST:3000/ROOM?profile=mesh" };

static PealClientTransport *
make_transport (gpointer data)
{
  const Settings *settings = data;

  return peal_engineio_transport_new (settings->address, settings->tls_ca_file);
}

static PealDialect *
make_dialect (gpointer data, PealDialect *previous)
{
  const Settings *settings = data;

  return peal_socketio_client_new (settings->room, settings->name,
      settings->token, peal_profile_from_string (settings->profile), previous);
}

static void
free_settings (gpointer data)
{
  Settings *settings = data;

  g_free (settings->address);
  g_free (settings->endpoint);
  g_free (settings->room);
  g_free (settings->name);
  g_free (settings->token);
  g_free (settings->path);
  g_free (settings->profile);
  g_free (settings->tls_ca_file);
  g_free (settings);
}

static const PealDialectPlan plan = { make_transport, make_dialect,
  free_settings };

static gboolean
read_query (Settings *settings, GUri *uri, GError **error)
{
  const PealUriParameter parameters[] = { { "profile", &settings->profile },
    { "path", &settings->path }, { "name", &settings->name },
    { "token", &settings->token }, { "room", &settings->room } };

  return peal_uri_read_query (
      &form, uri, parameters, G_N_ELEMENTS (parameters), error);
}

static gboolean
read_room (Settings *settings, GUri *uri, GError **error)
{
  const gchar *path = g_uri_get_path (uri);

  if (*path == '/')
    path++;
  if (!*path)
    return TRUE;
  settings->room = g_uri_unescape_string (path, NULL);
  return settings->room ||
      peal_uri_refuse (&form, "its room is badly encoded", error);
}

static gboolean
check (Settings *settings, GError **error)
{
  if (settings->profile &&
      peal_profile_from_string (settings->profile) == PEAL_PROFILE_UNKNOWN)
    return peal_uri_refuse (
        &form, "a profile is mesh, py, codelab or broadcast", error);
  if (settings->path && *settings->path != '/')
    return peal_uri_refuse (&form, "a path begins with /", error);
  if (!g_utf8_validate (settings->room, -1, NULL))
    return peal_uri_refuse (&form, "its room is badly encoded", error);

  return TRUE;
}

static gboolean
read_settings (Settings *settings, GUri *uri, const PealSignallerConfig *config,
    GError **error)
{
  if (!read_room (settings, uri, error) || !read_query (settings, uri, error))
    return FALSE;
  peal_uri_replace (&settings->room, config->room);
  peal_uri_replace (&settings->name, config->peer_name);
  peal_uri_replace (&settings->token, config->token);
  if (!settings->room || !*settings->room)
    peal_uri_replace (&settings->room, PEAL_URI_DEFAULT_ROOM);
  if (!check (settings, error))
    return FALSE;
  settings->address = peal_uri_join (
      uri, settings->path ? settings->path : PEAL_ENGINEIO_PATH, NULL);
  settings->endpoint = peal_uri_get_endpoint (uri);
  settings->tls_ca_file = g_strdup (config->tls_ca_file);
  return TRUE;
}

/**
 * peal_socketio_signaller_new:
 * @config: (transfer none): where to, and as whom
 * @error: (out) (optional): USAGE when the uri or an override cannot be
 *
 * Returns: (transfer full) (nullable): an idle signaller that belongs to the
 *   caller's thread-default main context
 */
PealSignaller *
peal_socketio_signaller_new (const PealSignallerConfig *config, GError **error)
{
  g_autoptr (GUri) uri = peal_uri_split (&form, config->uri, error);
  Settings *settings;

  if (!uri)
    return NULL;

  settings = g_new0 (Settings, 1);
  if (!read_settings (settings, uri, config, error)) {
    free_settings (settings);
    return NULL;
  }
  return peal_dialect_signaller_new (
      &plan, settings, settings->endpoint, settings->room, config->no_retry);
}
