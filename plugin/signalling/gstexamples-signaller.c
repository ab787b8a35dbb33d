/*
 * gst-examples' signalling: its dialect over a WebSocket. See
 * gstexamples-signaller.h. Made by the registry.
 */
#include "signalling/gstexamples-signaller.h"

#include "base/error.h"
#include "signalling/dialect-signaller.h"
#include "signalling/gst-settings.h"
#include "wire/gstexamples-client.h"
#include "wire/gstexamples.h"

typedef PealGstSettings Settings;

static const PealUriForm form = { "gstexamples+",
  "gstexamples+ws://HOST:8443/?room=ROOM", PEAL_GST_URI_PORT };

static const gchar *
choose (const Settings *settings, const gchar *value, const gchar *parameter)
{
  return value && *value ? value : peal_gst_uri_get (settings->uri, parameter);
}

/* A name is an id, too, where there are no names. */
static PealDialect *
make_dialect (gpointer data, PealDialect *previous)
{
  const Settings *settings = data;
  const gchar *name = choose (settings, settings->config->peer_name, "name");
  g_autofree gchar *id = g_strdup (choose (settings, NULL, "id"));
  PealGstexamplesWish wish = {
    .peer_id = (gchar *)choose (settings, NULL, "peer"),
    .room = (gchar *)choose (settings, settings->config->room, "room"),
  };

  if (!id && name)
    id = g_strdelimit (g_strdup (name), " \t", '-');
  wish.own_id = id && peal_gstexamples_is_id (id) ? id : NULL;
  return peal_gstexamples_client_new (&wish);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Settings, peal_gst_settings_free)

static const PealDialectPlan plan = { peal_gst_settings_make_transport,
  make_dialect, peal_gst_settings_free };

static gboolean
check (const Settings *settings, GError **error)
{
  const gchar *const values[] = { choose (settings, NULL, "id"),
    choose (settings, NULL, "peer"),
    choose (settings, settings->config->room, "room") };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    if (!values[i] || peal_gstexamples_is_id (values[i]))
      continue;
    return peal_error_set (error, PEAL_ERROR_USAGE,
        "the uri's id, peer and room are 1 to 128 characters without a space");
  }
  return TRUE;
}

/**
 * peal_gstexamples_signaller_new:
 * @config: (transfer none): where to, and as whom
 * @error: (out) (optional): USAGE when the uri or an override cannot be
 *
 * Returns: (transfer full) (nullable): an idle signaller that belongs to the
 *   caller's thread-default main context
 */
PealSignaller *
peal_gstexamples_signaller_new (
    const PealSignallerConfig *config, GError **error)
{
  static const gchar *const parameters[] = { "room", "peer", "id", "name",
    "token", NULL };
  g_autoptr (Settings) settings = g_new0 (Settings, 1);
  const gchar *endpoint, *room;

  settings->uri = peal_gst_uri_parse (
      &form, config->uri, parameters, "/", config->token, error);
  settings->config = peal_signaller_config_copy (config);
  if (!settings->uri || !check (settings, error))
    return NULL;
  endpoint = settings->uri->endpoint;
  room = choose (settings, config->room, "room");
  return peal_dialect_signaller_new (
      &plan, g_steal_pointer (&settings), endpoint, room, config->no_retry);
}
