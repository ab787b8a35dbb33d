/*
 * gst-plugins-rs' signalling: its dialect over a WebSocket. See
 * gstwebrtc-signaller.h. Made by the registry.
 */
#include "signalling/gstwebrtc-signaller.h"

#include "base/error.h"
#include "signalling/dialect-signaller.h"
#include "signalling/gst-uri.h"
#include "signalling/websocket.h"
#include "wire/gstwebrtc-client.h"
#include "wire/peal-rooms.h"

typedef struct {
  PealGstUri *uri;
  PealSignallerConfig *config;
  PealGstwebrtcWish wish; /* its texts belong to the uri */
} Settings;

static PealClientTransport *
make_transport (gpointer data)
{
  const Settings *settings = data;

  return PEAL_CLIENT_TRANSPORT (peal_websocket_new (
      settings->uri->websocket, NULL, settings->config->tls_ca_file));
}

static PealDialect *
make_dialect (gpointer data, PealDialect *previous)
{
  const Settings *settings = data;
  const PealSignallerConfig *config = settings->config;
  PealMessage *join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->room = g_strdup (config->room);
  join->name = g_strdup (config->peer_name && *config->peer_name
          ? config->peer_name
          : peal_gst_uri_get (settings->uri, "name"));
  join->meta = config->meta ? json_node_ref (config->meta) : NULL;
  return peal_gstwebrtc_client_new (&settings->wish, join);
}

static void
free_settings (gpointer data)
{
  Settings *settings = data;

  g_clear_pointer (&settings->uri, peal_gst_uri_free);
  g_clear_pointer (&settings->config, peal_signaller_config_free);
  g_free (settings);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Settings, free_settings)

static const PealDialectPlan plan = { make_transport, make_dialect,
  free_settings };

static gboolean
read_role (Settings *settings, GError **error)
{
  static const gchar *const roles[] = { "both", "producer", "consumer",
    "listener" };
  const gchar *role = peal_gst_uri_get (settings->uri, "role");

  for (guint i = 0; role && i < G_N_ELEMENTS (roles); i++) {
    if (!g_str_equal (roles[i], role))
      continue;
    settings->wish.role = (PealGstwebrtcRole)i;
    return TRUE;
  }
  if (role)
    g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "the uri's role is one of both, producer, consumer and listener");
  return !role;
}

static gboolean
read_version (Settings *settings, GError **error)
{
  const gchar *version = peal_gst_uri_get (settings->uri, "version");

  if (version && g_str_equal (version, "1.1"))
    settings->wish.version = PEAL_GSTWEBRTC_V1_1;
  else if (version && !g_str_equal (version, "1.0")) {
    g_set_error_literal (
        error, PEAL_ERROR, PEAL_ERROR_USAGE, "the uri's version is 1.0 or 1.1");
    return FALSE;
  }
  return TRUE;
}

/* A server of ours has rooms, in its path; theirs takes any path. */
static gchar *
make_path (const gchar *room, GError **error)
{
  if (!room || !*room)
    return g_strdup ("/");
  if (peal_rooms_is_valid_room (room))
    return g_strconcat ("/gstwebrtc/", room, NULL);
  g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "a room is 1 to 64 letters, digits, dots, dashes or underscores");
  return NULL;
}

/**
 * peal_gstwebrtc_signaller_new:
 * @config: (transfer none): where to, and as whom
 * @error: (out) (optional): USAGE when the uri or an override cannot be
 *
 * Returns: (transfer full) (nullable): an idle signaller that belongs to the
 *   caller's thread-default main context
 */
PealSignaller *
peal_gstwebrtc_signaller_new (const PealSignallerConfig *config, GError **error)
{
  static const gchar *const parameters[] = { "peer", "peer-name", "role",
    "version", "name", "token", NULL };
  g_autoptr (Settings) settings = g_new0 (Settings, 1);
  g_autofree gchar *path = make_path (config->room, error);
  const gchar *endpoint;

  if (!path)
    return NULL;
  settings->uri =
      peal_gst_uri_parse (config->uri, parameters, path, config->token, error);
  if (!settings->uri || !read_role (settings, error) ||
      !read_version (settings, error))
    return NULL;
  settings->wish.peer_id = (gchar *)peal_gst_uri_get (settings->uri, "peer");
  settings->wish.peer_name =
      (gchar *)peal_gst_uri_get (settings->uri, "peer-name");
  settings->config = peal_signaller_config_copy (config);
  endpoint = settings->uri->endpoint;
  return peal_dialect_signaller_new (&plan, g_steal_pointer (&settings),
      endpoint, config->room, config->no_retry);
}
