/*
 * URIs of other GStreamer protocols: what they mean.
 */
#include "signalling/gst-uri.h"

typedef struct {
  const gchar *text;
  const gchar *token; /* of a property */
  const gchar *websocket;
  const gchar *endpoint;
  const gchar *peer;
} Reading;

static const PealUriForm form = { "x+", "x+ws://HOST:8443", PEAL_GST_URI_PORT };

static const Reading readings[] = {
  { "x+ws://host", NULL, "ws://host:8443/in", "host:8443", NULL },
  { "x+ws://host/", NULL, "ws://host:8443/in", "host:8443", NULL },
  { "x+wss://host:443", NULL, "wss://host:443/in", "host:443", NULL },
  { "x+ws://host:80/a/b", NULL, "ws://host:80/a/b", "host:80", NULL },
  { "X+WS://[::1]:9/", NULL, "ws://[::1]:9/in", "[::1]:9", NULL },
  { "x+ws://host?peer=a%20b", NULL, "ws://host:8443/in", "host:8443", "a b" },
  { "x+ws://host?peer=", NULL, "ws://host:8443/in", "host:8443", NULL },
  { "x+ws://host?token=T%26", NULL, "ws://host:8443/in?token=T%26", "host:8443",
      NULL },
  { "x+ws://host?token=T&peer=P", "U", "ws://host:8443/in?token=U", "host:8443",
      "P" },
};

static void
test_reading (gconstpointer data)
{
  static const gchar *const allowed[] = { "peer", "token", NULL };
  const Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PealGstUri) uri = peal_gst_uri_parse (
      &form, reading->text, allowed, "/in", reading->token, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (uri->websocket, ==, reading->websocket);
  g_assert_cmpstr (uri->endpoint, ==, reading->endpoint);
  g_assert_cmpstr (peal_gst_uri_get (uri, "peer"), ==, reading->peer);
  g_assert_null (peal_gst_uri_get (uri, "room"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (readings); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/gst-uri/is-understood/%u", i + 1);

    g_test_add_data_func (path, &readings[i], test_reading);
  }
  return g_test_run ();
}
