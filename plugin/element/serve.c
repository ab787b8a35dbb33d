/*
 * Starts a server as a pealbin's settings want it. See serve.h. Called by call
 * on the loop; no state.
 */
#include "element/serve.h"

#include <string.h>

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
 * @settings: gets the room's uri and the certificate to trust, if not set
 * @error: in words fit for the user
 *
 * Returns: (transfer full) (nullable): the server, to be stopped
 */
PealServer *
peal_serve_start (PealSettings *settings, GError **error)
{
  g_autoptr (PealServerOptions) options = make_server_options (settings);
  g_autoptr (PealServer) server = peal_server_new (options);
  g_auto (GStrv) urls = NULL;

  GST_DEBUG_CATEGORY_INIT (peal_element_serve_debug, "peal-element-serve", 0,
      "Peal: the server inside the element");
  if (!peal_server_start (server, error))
    return NULL;

  complete (server, settings);
  urls = peal_server_dup_page_urls (server, settings->room);
  for (guint i = 0; urls[i]; i++)
    GST_INFO ("the page is at %s", urls[i]);

  return g_steal_pointer (&server);
}
