/*
 * What is in the certificates that we make ourselves.
 */
#include "base/certificate-maker.h"

#include <string.h>

#define NOW_S G_GINT64_CONSTANT (1700000000)

static GTlsCertificate *
read_certificate (const gchar *pem)
{
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate =
      g_tls_certificate_new_from_pem (pem, (gssize)strlen (pem), &error);

  g_assert_no_error (error);

  return certificate;
}

static gchar *
make_anonymous (void)
{
  g_autoptr (GError) error = NULL;
  gchar *pem = peal_certificate_maker_new_anonymous (NOW_S, &error);

  g_assert_no_error (error);

  return pem;
}

static void
test_key (void)
{
  g_autofree gchar *pem = make_anonymous ();
  g_autoptr (GTlsCertificate) certificate = read_certificate (pem);
  g_autofree gchar *key = NULL;
  g_autoptr (GByteArray) der = NULL;

  g_object_get (
      certificate, "private-key-pem", &key, "certificate", &der, NULL);
  g_assert_nonnull (key);
  g_assert_true (peal_certificate_maker_is_key (key));
  g_assert_true (peal_certificate_maker_is_pair (der, key));
}

static void
test_anonymous (void)
{
  g_autofree gchar *pem = make_anonymous ();
  g_autoptr (GTlsCertificate) certificate = read_certificate (pem);
  g_autofree gchar *subject = NULL;
  g_autoptr (GPtrArray) names = NULL;

  g_object_get (
      certificate, "subject-name", &subject, "dns-names", &names, NULL);
  g_assert_cmpstr (subject, ==, "CN=WebRTC");
  g_assert_true (names == NULL || names->len == 0);
}

static void
test_new_each_time (void)
{
  g_autofree gchar *one = make_anonymous ();
  g_autofree gchar *other = make_anonymous ();
  g_autoptr (GTlsCertificate) first = read_certificate (one);
  g_autoptr (GTlsCertificate) second = read_certificate (other);

  g_assert_false (g_tls_certificate_is_same (first, second));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/certificate-maker/dtls-gets-a-certificate-with-its-key", test_key);
  g_test_add_func (
      "/certificate-maker/it-says-nothing-of-who-shows-it", test_anonymous);
  g_test_add_func ("/certificate-maker/no-two-are-alike", test_new_each_time);

  return g_test_run ();
}
