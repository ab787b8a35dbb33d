/*
 * gst-plugins-rs' signalling: its dialect over a WebSocket. See
 * gstwebrtc-signaller.h. Made by the registry.
 */
#include "signalling/gstwebrtc-signaller.h"

#include "base/error.h"
#include "signalling/dialect-signaller.h"
#include "signalling/gst-settings.h"
#include "wire/gstwebrtc-client.h"
#include "wire/peal-rooms.h"

typedef struct {
  PealGstSettings gst;
  PealGstwebrtcWish wish; /* its texts belong to the uri */
} Settings;

static const PealUriForm form = { "gstwebrtc+", "gstwebrtc+ws://HOST:8443",
  PEAL_GST_URI_PORT };

static PealDialect *
make_dialect (gpointer data, PealDialect *previous)
{
  const Settings *settings = data;
  const PealSignallerConfig *config = settings->gst.config;
  PealMessage *join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->room = g_strdup (config->room);
  join->name = g_strdup (config->peer_name && *config->peer_name
          ? config->peer_name
          : peal_gst_uri_get (settings->gst.uri, "name"));
  join->meta = config->meta ? json_node_ref (config->meta) : NULL;
  return peal_gstwebrtc_client_new (&settings->wish, join);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Settings, peal_gst_settings_free)

static const PealDialectPlan plan = { peal_gst_settings_make_transport,
  make_dialect, peal_gst_settings_free };

static gboolean
read_role (Settings *settings, GError **error)
{
  static const gchar *const roles[] = { "both", "producer", "consumer",
    "listener" };
  const gchar *role = peal_gst_uri_get (settings->gst.uri, "role");

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
  const gchar *version = peal_gst_uri_get (settings->gst.uri, "version");

  if (version && g_str_equal (version, "1.1"))
    settings->wish.version = PEAL_GSTWEBRTC_V1_1;
  else if (version && !g_str_equal (version, "1.0"))
    return peal_error_set (
        error, PEAL_ERROR_USAGE, "the uri's version is 1.0 or 1.1");
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
  peal_error_set (
      error, PEAL_ERROR_USAGE, "a room's name is " PEAL_ROOMS_ROOM_RULE);
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
  settings->gst.uri = peal_gst_uri_parse (
      &form, config->uri, parameters, path, config->token, error);
  if (!settings->gst.uri || !read_role (settings, error) ||
      !read_version (settings, error))
    return NULL;
  settings->wish.peer_id =
      (gchar *)peal_gst_uri_get (settings->gst.uri, "peer");
  settings->wish.peer_name =
      (gchar *)peal_gst_uri_get (settings->gst.uri, "peer-name");
  settings->gst.config = peal_signaller_config_copy (config);
  endpoint = settings->gst.uri->endpoint;
  return peal_dialect_signaller_new (&plan, g_steal_pointer (&settings),
      endpoint, config->room, config->no_retry);
}
