/*
 * Certificates: made, kept, used again, renewed, refused.
 */
#include "server/tls-store.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/certificate-fingerprint.h"
#include "base/error.h"

typedef struct {
  gchar *directory;
  gchar *certificate_file;
  gchar *key_file;
  GDateTime *now;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("peal-tls-XXXXXX", NULL);
  fixture->certificate_file =
      g_build_filename (fixture->directory, "certificate.pem", NULL);
  fixture->key_file = g_build_filename (fixture->directory, "key.pem", NULL);
  fixture->now = g_date_time_new_now_utc ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_remove (fixture->certificate_file);
  g_remove (fixture->key_file);
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->certificate_file);
  g_free (fixture->key_file);
  g_date_time_unref (fixture->now);
}

static gchar *
ensure (Fixture *fixture, GDateTime *now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate =
      peal_tls_store_ensure (fixture->directory, now, &error);

  g_assert_no_error (error);
  return peal_certificate_fingerprint (certificate);
}

static void
test_make (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *fingerprint = ensure (fixture, fixture->now);
  GStatBuf status;

  g_assert_cmpuint (strlen (fingerprint), ==, 32 * 3 - 1);
  g_assert_cmpint (g_stat (fixture->key_file, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate =
      peal_tls_store_ensure (fixture->directory, fixture->now, NULL);
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GPtrArray) addresses =
      g_tls_certificate_get_ip_addresses (certificate);
  g_autoptr (GBytes) localhost = g_bytes_new ("localhost", 9);

  g_assert_true (
      g_ptr_array_find_with_equal_func (names, localhost, g_bytes_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (
      addresses, loopback, (GEqualFunc)g_inet_address_equal, NULL));
}

static void
test_reuse (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *first = ensure (fixture, fixture->now);
  g_autofree gchar *second = ensure (fixture, fixture->now);

  g_assert_cmpstr (first, ==, second);
}

static void
test_renew (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *first = ensure (fixture, fixture->now);
  g_autoptr (GDateTime) later = g_date_time_add_days (fixture->now, 380);
  g_autofree gchar *key = NULL;
  g_autofree gchar *key_after = NULL;
  g_autofree gchar *second = NULL;

  g_file_get_contents (fixture->key_file, &key, NULL, NULL);
  second = ensure (fixture, later);
  g_file_get_contents (fixture->key_file, &key_after, NULL, NULL);
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpstr (key, ==, key_after);
}

static void
test_spoilt (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *first = ensure (fixture, fixture->now);
  g_autofree gchar *second = NULL;

  g_file_set_contents (fixture->key_file, "rubbish", -1, NULL);
  second = ensure (fixture, fixture->now);
  g_assert_cmpstr (first, !=, second);
}

static void
check_refused (const gchar *certificate, const gchar *key, const gchar *named)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (peal_tls_store_load (certificate, key, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, named));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *fingerprint = ensure (fixture, fixture->now);
  g_autofree gchar *other =
      g_build_filename (fixture->directory, "other.pem", NULL);

  check_refused (fixture->certificate_file, NULL, "key");
  check_refused (NULL, fixture->key_file, "certificate");
  check_refused (fixture->certificate_file, other, other);
  g_file_set_contents (other, "rubbish", -1, NULL);
  check_refused (other, fixture->key_file, other);
  check_refused (fixture->certificate_file, other, other);
  g_remove (other);
}

/* Both files are fine, but not of one pair. */
static void
test_other_key (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *fingerprint = ensure (fixture, fixture->now);
  g_autofree gchar *certificate = NULL;
  g_autofree gchar *other = NULL;

  g_file_get_contents (fixture->certificate_file, &certificate, NULL, NULL);
  g_remove (fixture->key_file);
  g_remove (fixture->certificate_file);
  other = ensure (fixture, fixture->now);
  g_file_set_contents (fixture->certificate_file, certificate, -1, NULL);
  check_refused (
      fixture->certificate_file, fixture->key_file, fixture->key_file);
}

static void
test_no_directory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *below = NULL;

  g_file_set_contents (fixture->key_file, "a file", -1, NULL);
  below = g_build_filename (fixture->key_file, "directory", NULL);
  g_assert_null (peal_tls_store_ensure (below, fixture->now, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, below));
}

#define ADD(name, func) \
  g_test_add ("/tls-store/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-certificate-is-made-and-its-key-is-private", test_make);
  ADD ("a-certificate-names-this-machine", test_names);
  ADD ("a-certificate-is-used-again", test_reuse);
  ADD ("a-certificate-near-its-end-is-renewed-with-the-same-key", test_renew);
  ADD ("a-key-that-is-spoilt-is-made-anew", test_spoilt);
  ADD ("what-cannot-be-loaded-is-an-error-that-names-the-file", test_refused);
  ADD ("a-key-of-another-certificate-is-an-error", test_other_key);
  ADD ("a-directory-that-cannot-be-made-is-an-error", test_no_directory);
  return g_test_run ();
}
