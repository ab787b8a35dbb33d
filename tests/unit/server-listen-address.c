/*
 * What users write after --listen, where browsers' pages come from, and the
 * URLs that follow.
 */
#include "server/listen-address.h"

#include <string.h>

#include "base/error.h"
#include "server/client-address.h"
#include "server/origin.h"
#include "server/server-urls.h"

static void
check (const gchar *text, const gchar *address, guint port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealListenAddress) parsed =
      peal_listen_address_parse (text, &error);
  g_autofree gchar *host = NULL;

  g_assert_no_error (error);
  host = g_inet_address_to_string (parsed->address);
  g_assert_cmpstr (host, ==, address);
  g_assert_cmpuint (parsed->port, ==, port);
}

static void
test_valid (void)
{
  check (NULL, "127.0.0.1", 8080);
  check ("9000", "127.0.0.1", 9000);
  check (":9000", "127.0.0.1", 9000);
  check ("0", "127.0.0.1", 0);
  check ("localhost:1", "127.0.0.1", 1);
  check ("0.0.0.0:8443", "0.0.0.0", 8443);
  check ("192.0.2.7", "192.0.2.7", 8080);
  check ("[::1]:65535", "::1", 65535);
  check ("[::]", "::", 8080);
}

static void
test_invalid (void)
{
  static const gchar *const texts[] = { "", "::", "host.example:80", "1.2.3:80",
    "65536", "0.0.0.0:", "0.0.0.0:x", "0.0.0.0:-1", "[::1", "[::1]80", "::1:80",
    "[zz]:80", " 80" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (peal_listen_address_parse (texts[i], &error));
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
    g_assert_nonnull (strstr (error->message, texts[i]));
  }
}

static void
test_origin (void)
{
  g_assert_true (peal_origin_is_same (NULL, "host"));
  g_assert_true (peal_origin_is_same ("http://a:8080", "a:8080"));
  g_assert_true (peal_origin_is_same ("http://A", "a:80"));
  g_assert_true (peal_origin_is_same ("https://a", "a:443"));
  g_assert_true (
      peal_origin_is_same ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"));
  g_assert_false (peal_origin_is_same ("https://evil.example", "a:443"));
  g_assert_false (peal_origin_is_same ("http://a:8081", "a:8080"));
  g_assert_false (peal_origin_is_same ("null", "a:8080"));
  g_assert_false (peal_origin_is_same ("", "a:8080"));
  g_assert_false (peal_origin_is_same ("http://a@b:8080", "b:8080"));
  g_assert_false (peal_origin_is_same ("http://a", NULL));
}

static void
test_urls (void)
{
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress) v6 =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  g_auto (GStrv) urls = peal_server_urls_list ("https", any, 8443, "lobby");
  g_autofree gchar *local = peal_server_urls_local ("wss", any, 8443, "lobby");
  g_autofree gchar *bare = peal_server_urls_local ("http", v6, 80, NULL);

  g_assert_cmpuint (g_strv_length (urls), >=, 1);
  for (guint i = 0; urls[i]; i++) {
    g_assert_true (g_str_has_suffix (urls[i], ":8443/lobby"));
    g_assert_null (strstr (urls[i], "0.0.0.0"));
  }
  g_assert_cmpstr (local, ==, "wss://127.0.0.1:8443/lobby");
  g_assert_cmpstr (bare, ==, "http://[::1]:80/");
}

static gchar *
make_key (const gchar *text)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (text, 1);

  return peal_client_address_to_key (address);
}

static void
test_keys (void)
{
  g_autofree gchar *v4 = make_key ("192.0.2.1");
  g_autofree gchar *v6 = make_key ("2001:db8::1");
  g_autofree gchar *same_net = make_key ("2001:db8::2:3");
  g_autofree gchar *other_net = make_key ("2001:db8:0:1::1");

  g_assert_cmpstr (v4, ==, "192.0.2.1");
  g_assert_cmpstr (v6, ==, same_net);
  g_assert_cmpstr (v6, !=, other_net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/listen-address/without-an-address-it-is-loopback", test_valid);
  g_test_add_func (
      "/listen-address/what-is-wrong-is-named-in-the-error", test_invalid);
  g_test_add_func (
      "/listen-address/only-the-server-s-own-pages-are-of-its-origin",
      test_origin);
  g_test_add_func ("/listen-address/urls-never-name-the-wildcard", test_urls);
  g_test_add_func (
      "/listen-address/a-network-of-ipv6-counts-as-one-client", test_keys);
  return g_test_run ();
}
