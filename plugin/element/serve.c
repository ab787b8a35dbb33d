/*
 * Starts a server as a pealbin's settings want it. See serve.h. Called by call
 * on the loop; no state.
 */
#include "element/serve.h"

#include <string.h>

#include "session/ice-servers.h"
#include "wire/ice-option.h"

GST_DEBUG_CATEGORY_STATIC (peal_element_serve_debug);
#define GST_CAT_DEFAULT peal_element_serve_debug

/* `https://ADDRESS:PORT` is TLS with a certificate of our own making. */
static PealServerOptions *
make_server_options (const PealSettings *settings)
{
  PealServerOptions *options = peal_server_options_new ();
  const gchar *address = settings->serve;

  if (g_str_has_prefix (address, "https://")) {
    options->tls_auto = TRUE;
    address += strlen ("https://");
  } else if (g_str_has_prefix (address, "http://")) {
    address += strlen ("http://");
  }
  options->listen = g_strdup (address);
  options->token = g_strdup (settings->token);

  return options;
}

static gboolean
check_turn (const PealIceServer *server, const gchar *url,
    const PealSettings *settings, GError **error)
{
  g_autofree gchar *uri = NULL;

  if (!server->username && settings->turn_secret_file)
    return TRUE;
  uri = peal_ice_servers_to_turn_uri (url, NULL, NULL, error);

  return uri != NULL;
}

static gboolean
add_ice_servers (
    PealServerOptions *options, const PealSettings *settings, GError **error)
{
  GPtrArray *servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);
  GStrv turn = settings->turn_servers;

  options->ice_servers = servers;
  if (settings->stun_server && *settings->stun_server) {
    g_autofree gchar *uri =
        peal_ice_servers_to_stun_uri (settings->stun_server, error);

    if (!uri)
      return FALSE;
    g_ptr_array_add (servers, peal_ice_option_to_server (uri));
  }
  for (guint i = 0; turn && turn[i]; i++) {
    PealIceServer *server = peal_ice_option_to_server (turn[i]);

    g_ptr_array_add (servers, server);
    if (!check_turn (server, turn[i], settings, error))
      return FALSE;
  }

  return TRUE;
}

/* The room hands them out to everyone: in our own room we are one of those. */
static gboolean
give_ice_servers (
    PealServerOptions *options, PealSettings *settings, GError **error)
{
  if (!add_ice_servers (options, settings, error))
    return FALSE;

  options->turn_secret_file = g_strdup (settings->turn_secret_file);
  if (!settings->uri) {
    g_clear_pointer (&settings->stun_server, g_free);
    g_clear_pointer (&settings->turn_servers, g_strfreev);
  }

  return TRUE;
}

/* What the user left open follows from the server. */
static void
complete (PealServer *server, PealSettings *settings)
{
  if (!settings->uri)
    settings->uri = peal_server_dup_signalling_uri (server, settings->room);
  if (!settings->tls_ca_file)
    settings->tls_ca_file =
        g_strdup (peal_server_get_certificate_file (server));
}

/**
 * peal_serve_start:
 * @settings: gets the room's uri and the certificate to trust, if not set;
 *   then loses the STUN and TURN servers, which the room hands out
 * @error: in words fit for the user
 *
 * Returns: (transfer full) (nullable): the server, to be stopped
 */
PealServer *
peal_serve_start (PealSettings *settings, GError **error)
{
  g_autoptr (PealServerOptions) options = make_server_options (settings);
  g_autoptr (PealServer) server = NULL;
  g_auto (GStrv) urls = NULL;

  GST_DEBUG_CATEGORY_INIT (peal_element_serve_debug, "peal-element-serve", 0,
      "Peal: the server inside the element");
  if (!give_ice_servers (options, settings, error))
    return NULL;
  server = peal_server_new (options);
  if (!peal_server_start (server, error))
    return NULL;

  complete (server, settings);
  urls = peal_server_dup_page_urls (server, settings->room);
  for (guint i = 0; urls[i]; i++)
    GST_INFO ("the page is at %s", urls[i]);

  return g_steal_pointer (&server);
}
