/*
 * TURN credentials from a shared secret: RFC 2202's vector, one of coturn's
 * kind (made with openssl dgst -sha1 -hmac), and who gets them.
 */
#include "server/turn-credentials.h"

#include <string.h>

#define NOON_S 1893456000 /* 2030-01-01 */

static void
passwords_are_hmacs (void)
{
  g_autofree gchar *rfc = peal_turn_credentials_make_password (
      "Jefe", "what do ya want for nothing?");
  g_autofree gchar *own =
      peal_turn_credentials_make_password ("north-sea", "1893542400:alice");

  g_assert_cmpstr (rfc, ==, "7/zfauXrL6LSdBbV8YTfnCWafHk=");
  g_assert_cmpstr (own, ==, "iV94BHEkWv9n/qMoYRfSVIYjkKk=");
}

static void
users_expire_after_a_day (void)
{
  g_autofree gchar *user =
      peal_turn_credentials_make_username ("alice", NOON_S);

  g_assert_cmpstr (user, ==, "1893542400:alice");
}

static GPtrArray *
make_servers (void)
{
  const gchar *stun[] = { "stun:host", NULL };
  const gchar *turn[] = { "turn:host?transport=udp", "turn:host", NULL };
  GPtrArray *servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);

  g_ptr_array_add (servers, peal_ice_server_new (stun, NULL, NULL));
  g_ptr_array_add (servers, peal_ice_server_new (turn, NULL, NULL));
  g_ptr_array_add (servers, peal_ice_server_new (turn, "bob", "own"));

  return servers;
}

static void
each_member_gets_its_own (void)
{
  g_autoptr (GPtrArray) servers = make_servers ();
  g_autoptr (GPtrArray) alices =
      peal_turn_credentials_hand_out (servers, "s", "alice", NOON_S);
  g_autoptr (GPtrArray) bens =
      peal_turn_credentials_hand_out (servers, "s", "ben", NOON_S + 1);
  const PealIceServer *alice = g_ptr_array_index (alices, 1);
  const PealIceServer *ben = g_ptr_array_index (bens, 1);

  g_assert_cmpstr (alice->urls[1], ==, "turn:host");
  g_assert_true (g_str_has_suffix (alice->username, ":alice"));
  g_assert_true (g_str_has_suffix (ben->username, ":ben"));
  g_assert_cmpstr (alice->credential, !=, ben->credential);
}

static void
only_turn_servers_without_a_user_get_any (void)
{
  g_autoptr (GPtrArray) servers = make_servers ();
  g_autoptr (GPtrArray) handed =
      peal_turn_credentials_hand_out (servers, "s", "alice", NOON_S);
  const PealIceServer *stun = g_ptr_array_index (handed, 0);
  const PealIceServer *own = g_ptr_array_index (handed, 2);

  g_assert_null (stun->username);
  g_assert_null (stun->credential);
  g_assert_cmpstr (own->username, ==, "bob");
  g_assert_cmpstr (own->credential, ==, "own");
}

static void
without_a_secret_all_get_the_same (void)
{
  g_autoptr (GPtrArray) servers = make_servers ();
  g_autoptr (GPtrArray) handed =
      peal_turn_credentials_hand_out (servers, NULL, "alice", NOON_S);

  g_assert_true (handed == servers);
  g_assert_null (peal_turn_credentials_hand_out (NULL, "s", "alice", NOON_S));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/turn-credentials/passwords-are-hmacs", passwords_are_hmacs);
  g_test_add_func (
      "/turn-credentials/users-expire-after-a-day", users_expire_after_a_day);
  g_test_add_func (
      "/turn-credentials/each-member-gets-its-own", each_member_gets_its_own);
  g_test_add_func ("/turn-credentials/only-turn-servers-without-a-user-get-any",
      only_turn_servers_without_a_user_get_any);
  g_test_add_func ("/turn-credentials/without-a-secret-all-get-the-same",
      without_a_secret_all_get_the_same);

  return g_test_run ();
}
