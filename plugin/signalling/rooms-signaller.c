/*
 * Peal rooms as a signaller: its dialect over a WebSocket. See
 * rooms-signaller.h. Made by the registry.
 */
#include "signalling/rooms-signaller.h"

#include "signalling/dialect-signaller.h"
#include "signalling/peal-uri.h"
#include "signalling/websocket.h"
#include "wire/peal-rooms.h"
#include "wire/rooms-client.h"

typedef struct {
  PealUri *uri;
  PealSignallerConfig *config;
} Settings;

static PealClientTransport *
make_transport (gpointer data)
{
  static const gchar *const protocols[] = { PEAL_ROOMS_SUBPROTOCOL, NULL };
  const Settings *settings = data;

  return PEAL_CLIENT_TRANSPORT (peal_websocket_new (
      settings->uri->websocket, protocols, settings->config->tls_ca_file));
}

static PealDialect *
make_dialect (gpointer data, PealDialect *previous)
{
  const Settings *settings = data;
  const PealSignallerConfig *config = settings->config;
  PealMessage *join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->room = g_strdup (settings->uri->room);
  join->name = g_strdup (settings->uri->name);
  join->token = g_strdup (settings->uri->token);
  join->meta = config->meta ? json_node_ref (config->meta) : NULL;
  join->prefers_offering = config->prefers_offering;
  return peal_rooms_client_new (join, previous);
}

static void
free_settings (gpointer data)
{
  Settings *settings = data;

  peal_uri_free (settings->uri);
  peal_signaller_config_free (settings->config);
  g_free (settings);
}

static const PealDialectPlan plan = { make_transport, make_dialect,
  free_settings };

/**
 * peal_rooms_signaller_new:
 * @config: (transfer none): where to, and as whom
 * @error: (out) (optional): USAGE when the uri or an override cannot be
 *
 * Returns: (transfer full) (nullable): an idle signaller that belongs to the
 *   caller's thread-default main context
 */
PealSignaller *
peal_rooms_signaller_new (const PealSignallerConfig *config, GError **error)
{
  g_autoptr (PealUri) uri = peal_uri_parse (config->uri, error);
  Settings *settings;

  if (!uri ||
      !peal_uri_override (
          uri, config->room, config->peer_name, config->token, error))
    return NULL;

  settings = g_new0 (Settings, 1);
  settings->uri = g_steal_pointer (&uri);
  settings->config = peal_signaller_config_copy (config);
  return peal_dialect_signaller_new (&plan, settings, settings->uri->endpoint,
      settings->uri->room, config->no_retry);
}
