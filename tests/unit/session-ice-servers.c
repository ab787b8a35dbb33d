/*
 * STUN and TURN servers, as people and rooms write them, for webrtcbin.
 */
#include "session/ice-servers.h"

#include <string.h>

#include "base/error.h"

typedef struct {
  const gchar *url;
  const gchar *user;
  const gchar *password;
  const gchar *uri; /* NULL: refused */
} Row;

static const Row stun_rows[] = {
  { "stun:stun.example.org", NULL, NULL, "stun://stun.example.org:3478" },
  { "stun:192.0.2.1:19302", NULL, NULL, "stun://192.0.2.1:19302" },
  { "stun://192.0.2.1:19302", NULL, NULL, "stun://192.0.2.1:19302" },
  { "stun:[2001:db8::1]", NULL, NULL, "stun://[2001:db8::1]:3478" },
  { "stun:[2001:db8::1]:99", NULL, NULL, "stun://[2001:db8::1]:99" },
  { "stun:", NULL, NULL, NULL },
  { "stun::3478", NULL, NULL, NULL },
  { "stun:host:0", NULL, NULL, NULL },
  { "stun:host:65536", NULL, NULL, NULL },
  { "stun:host:port", NULL, NULL, NULL },
  { "stun:user@host", NULL, NULL, NULL },
  { "stun:host/path", NULL, NULL, NULL },
  { "stun:host?transport=udp", NULL, NULL, NULL },
  { "stuns:host", NULL, NULL, NULL },
  { "turn:host", NULL, NULL, NULL },
  { "", NULL, NULL, NULL },
};

static const Row turn_rows[] = {
  { "turn:turn.example.org", "u", "p", "turn://u:p@turn.example.org:3478" },
  { "turn:192.0.2.1:99?transport=udp", "u", "p",
      "turn://u:p@192.0.2.1:99?transport=udp" },
  { "turn:[::1]:99?transport=tcp", "u", "p",
      "turn://u:p@[::1]:99?transport=tcp" },
  { "turn:host", "1700:bob", "a/b+c=@",
      "turn://1700%3Abob:a%2Fb%2Bc%3D%40@"
      "host:3478" },
  { "turn://u:p@host:99", NULL, NULL, "turn://u:p@host:99" },
  { "turn://u%40x:p%3Aq@host", NULL, NULL, "turn://u%40x:p%3Aq@host:3478" },
  { "turn://u:p@host", "other", "other", "turn://u:p@host:3478" },
  { "turn:host", NULL, NULL, NULL },
  { "turn:host", "u", NULL, NULL },
  { "turn://u@host", NULL, NULL, NULL },
  { "turn:host?transport=sctp", "u", "p", NULL },
  { "turn:host?a=b", "u", "p", NULL },
  { "turns:host", "u", "p", NULL },
  { "http://host", "u", "p", NULL },
  { "turn:", "u", "p", NULL },
};

static void
test_stun (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (stun_rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *uri =
        peal_ice_servers_to_stun_uri (stun_rows[i].url, &error);

    g_assert_cmpstr (uri, ==, stun_rows[i].uri);
    g_assert_true ((uri == NULL) == (error != NULL));
  }
}

static void
test_turn (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (turn_rows); i++) {
    const Row *row = &turn_rows[i];
    g_autoptr (GError) error = NULL;
    g_autofree gchar *uri = peal_ice_servers_to_turn_uri (
        row->url, row->user, row->password, &error);

    g_assert_cmpstr (uri, ==, row->uri);
    g_assert_true ((uri == NULL) == (error != NULL));
  }
}

static void
test_secrets (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (peal_ice_servers_to_turn_uri (
      "turn://maria:swordfish@host:0", NULL, NULL, &error));
  g_assert_null (strstr (error->message, "maria"));
  g_assert_null (strstr (error->message, "swordfish"));
}

static void
test_turns (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (peal_ice_servers_to_turn_uri ("turns:host", "u", "p", &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED);
}

static void
add (GPtrArray *servers, const gchar *first, const gchar *second,
    const gchar *user, const gchar *password)
{
  const gchar *urls[] = { first, second, NULL };

  g_ptr_array_add (servers, peal_ice_server_new (urls, user, password));
}

static void
test_lists (void)
{
  g_autoptr (GPtrArray) servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);
  g_autofree gchar *stun = NULL;
  g_auto (GStrv) turn = NULL;

  add (servers, "turns:secure", "turn:plain", "u", "p");
  add (servers, "nonsense", "stun:first", NULL, NULL);
  add (servers, "stun:second", "turn:no-credentials", NULL, NULL);
  stun = peal_ice_servers_find_stun (servers);
  turn = peal_ice_servers_list_turn (servers);
  g_assert_cmpstr (stun, ==, "stun://first:3478");
  g_assert_cmpuint (g_strv_length (turn), ==, 1);
  g_assert_cmpstr (turn[0], ==, "turn://u:p@plain:3478");
}

static void
test_none (void)
{
  g_auto (GStrv) turn = peal_ice_servers_list_turn (NULL);

  g_assert_null (peal_ice_servers_find_stun (NULL));
  g_assert_cmpuint (g_strv_length (turn), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ice-servers/stun-urls-become-uris", test_stun);
  g_test_add_func ("/ice-servers/turn-urls-become-uris", test_turn);
  g_test_add_func ("/ice-servers/no-error-names-the-credentials", test_secrets);
  g_test_add_func ("/ice-servers/turn-over-tls-is-unsupported", test_turns);
  g_test_add_func (
      "/ice-servers/of-a-list-the-usable-ones-are-taken", test_lists);
  g_test_add_func ("/ice-servers/no-list-is-an-empty-one", test_none);

  return g_test_run ();
}
