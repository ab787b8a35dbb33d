/*
 * STUN and TURN servers as users write them, for members and for GStreamer.
 */
#include "wire/ice-option.h"

typedef struct {
  const gchar *option;
  const gchar *url;
  const gchar *user;
  const gchar *password;
  const gchar *gst_uri;
} Case;

static const Case cases[] = {
  { "stun:host:3478", "stun:host:3478", NULL, NULL, "stun://host:3478" },
  { "stun://host:3478", "stun:host:3478", NULL, NULL, "stun://host:3478" },
  { "turn:anna:secret@host:3478?transport=tcp", "turn:host:3478?transport=tcp",
      "anna", "secret", "turn://anna:secret@host:3478?transport=tcp" },
  { "turns://a%40b:p%3Aw@[2001:db8::1]:5349", "turns:[2001:db8::1]:5349", "a@b",
      "p:w", "turns://a%40b:p%3Aw@[2001:db8::1]:5349" },
  { "turn:bob:50%/@#?: \303\244@host", "turn:host", "bob", "50%/@#?: \303\244",
      "turn://bob:50%25%2F%40%23%3F%3A%20%C3%A4@host" },
  { "turn:host", "turn:host", NULL, NULL, "turn://host" },
};

static void
members_get_the_secret_beside_the_url (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PealIceServer) server =
        peal_ice_option_to_server (cases[i].option);

    g_assert_cmpstr (server->urls[0], ==, cases[i].url);
    g_assert_null (server->urls[1]);
    g_assert_cmpstr (server->username, ==, cases[i].user);
    g_assert_cmpstr (server->credential, ==, cases[i].password);
  }
}

static void
gstreamer_gets_all_in_one_uri (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *uri = peal_ice_option_to_gst_uri (cases[i].option);

    g_assert_cmpstr (uri, ==, cases[i].gst_uri);
  }
}

static void
what_is_no_address_is_known (void)
{
  const struct {
    const gchar *option;
    gboolean is_valid;
  } options[] = {
    { "stun:host", TRUE },
    { "stun:host:3478", TRUE },
    { "stun:[::1]:3478", TRUE },
    { "turn:bob:a%25b@host:3478?transport=tcp", TRUE },
    { "turns://bob:x@host", TRUE },
    { "stun:", FALSE },
    { "stun::3478", FALSE },
    { "stun:host:99999", FALSE },
    { "stun:host:0", FALSE },
    { "stun:host:x", FALSE },
    { "stun:ho st", FALSE },
    { "stun:host/path", FALSE },
    { "turn:bob:x@", FALSE },
    { "turn:bob:50%@host", FALSE },
    { "turn:bob:x@host?transport", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    g_test_message ("%s", options[i].option);
    g_assert_cmpint (
        peal_ice_option_is_valid (options[i].option), ==, options[i].is_valid);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/ice-option/members-get-the-secret-beside-the-url",
      members_get_the_secret_beside_the_url);
  g_test_add_func ("/wire/ice-option/gstreamer-gets-all-in-one-uri",
      gstreamer_gets_all_in_one_uri);
  g_test_add_func ("/wire/ice-option/what-is-no-address-is-known",
      what_is_no_address_is_known);

  return g_test_run ();
}
