/*
 * Certificates against the fingerprints that a description promises.
 */
#include "session/fingerprint.h"
#include "session/identity.h"

#include <string.h>

#include "base/certificate-maker.h"

static gchar *
make_certificate (void)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();
  g_autofree gchar *key = peal_certificate_maker_new_key (NULL);
  gchar *pem;

  g_assert_nonnull (key);
  pem = peal_certificate_maker_sign (
      key, "test", addresses, g_get_real_time () / G_USEC_PER_SEC, NULL);
  g_assert_nonnull (pem);

  return pem;
}

static gchar *
fingerprint_of (const gchar *pem, GChecksumType type, const gchar *name)
{
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_pem (pem, -1, NULL);
  g_autoptr (GByteArray) der = NULL;
  g_autofree gchar *hex = NULL;
  GString *text = g_string_new (name);

  g_object_get (certificate, "certificate", &der, NULL);
  hex = g_compute_checksum_for_data (type, der->data, der->len);
  for (gchar *digit = hex; *digit; digit += 2)
    g_string_append_printf (text, "%c%c%c", digit == hex ? ' ' : ':',
        g_ascii_toupper (digit[0]), g_ascii_toupper (digit[1]));

  return g_string_free (text, FALSE);
}

static void
test_match (void)
{
  static const struct {
    GChecksumType type;
    const gchar *name;
  } rows[] = { { G_CHECKSUM_SHA256, "sha-256" },
    { G_CHECKSUM_SHA384, "SHA-384" }, { G_CHECKSUM_SHA512, "sha-512" } };
  g_autofree gchar *pem = make_certificate ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *text = fingerprint_of (pem, rows[i].type, rows[i].name);
    g_autofree gchar *small = g_ascii_strdown (text, -1);
    const gchar *one[] = { text, NULL };
    const gchar *lower[] = { small, NULL };
    const gchar *second[] = { "sha-256 00:11", text, NULL };

    g_assert_true (peal_fingerprint_is_valid (text));
    g_assert_true (peal_fingerprint_matches (pem, one));
    g_assert_true (peal_fingerprint_matches (pem, lower));
    g_assert_true (peal_fingerprint_matches (pem, second));
  }
}

static void
test_mismatch (void)
{
  g_autofree gchar *pem = make_certificate ();
  g_autofree gchar *other_pem = make_certificate ();
  g_autofree gchar *other =
      fingerprint_of (other_pem, G_CHECKSUM_SHA256, "sha-256");
  const gchar *others[] = { other, NULL };
  const gchar *none[] = { NULL };

  g_assert_false (peal_fingerprint_matches (pem, others));
  g_assert_false (peal_fingerprint_matches (pem, none));
  g_assert_false (peal_fingerprint_matches ("", others));
  g_assert_false (
      peal_fingerprint_matches ("-----BEGIN CERTIFICATE-----\n", others));
  g_assert_false (peal_fingerprint_matches (
      "-----BEGIN CERTIFICATE----------END CERTIFICATE-----", others));
}

static void
test_make (void)
{
  g_autofree gchar *pem = make_certificate ();
  g_autofree gchar *expected =
      fingerprint_of (pem, G_CHECKSUM_SHA256, "sha-256");
  g_autofree gchar *key = peal_certificate_maker_new_key (NULL);
  g_autofree gchar *both = g_strconcat (pem, "\n", key, NULL);
  g_autofree gchar *made = peal_fingerprint_make (pem);
  g_autofree gchar *made_of_both = peal_fingerprint_make (both);

  g_assert_cmpstr (made, ==, expected);
  g_assert_cmpstr (made_of_both, ==, expected);
  g_assert_null (peal_fingerprint_make (key));
  g_assert_null (peal_fingerprint_make (""));
}

/* SHA-1 no longer binds a certificate. */
static void
test_weak (void)
{
  g_autofree gchar *pem = make_certificate ();
  g_autofree gchar *sha1 = fingerprint_of (pem, G_CHECKSUM_SHA1, "sha-1");
  g_autofree gchar *md5 = fingerprint_of (pem, G_CHECKSUM_MD5, "md5");
  const gchar *both[] = { sha1, md5, NULL };

  g_assert_false (peal_fingerprint_is_valid (sha1));
  g_assert_false (peal_fingerprint_is_valid (md5));
  g_assert_false (peal_fingerprint_matches (pem, both));
}

static void
test_invalid (void)
{
  static const gchar *const rows[] = { "", " ", "sha-256", "sha-256 ",
    "sha-256 AB:CD", "AB:CD", ":", "sha-512 00" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_false (peal_fingerprint_is_valid (rows[i]));
}

static void
test_overlap (void)
{
  static const gchar *const none[] = { NULL };

  g_assert_false (peal_fingerprint_matches (
      "-----BEGIN CERTIFICATE-------END CERTIFICATE-----\n", none));
}

/* The description and the certificate come in either order. */
static void
test_identity (void)
{
  g_autofree gchar *pem = make_certificate ();
  g_autofree gchar *other = make_certificate ();
  g_autofree gchar *own = peal_fingerprint_make (pem);
  const gchar *promised[] = { own, NULL };
  PealIdentity identity = { NULL };

  g_assert_cmpint (peal_identity_judge (&identity), ==, PEAL_IDENTITY_UNKNOWN);
  peal_identity_promise (&identity, promised);
  g_assert_cmpint (peal_identity_judge (&identity), ==, PEAL_IDENTITY_UNKNOWN);
  peal_identity_show (&identity, pem);
  g_assert_cmpint (peal_identity_judge (&identity), ==, PEAL_IDENTITY_RIGHT);
  peal_identity_show (&identity, other);
  g_assert_cmpint (peal_identity_judge (&identity), ==, PEAL_IDENTITY_WRONG);
  peal_identity_clear (&identity);
  peal_identity_show (&identity, pem);
  g_assert_cmpint (peal_identity_judge (&identity), ==, PEAL_IDENTITY_UNKNOWN);
  peal_identity_clear (&identity);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/fingerprint/a-certificate-has-its-own-in-any-case", test_match);
  g_test_add_func ("/fingerprint/a-certificate-has-no-other", test_mismatch);
  g_test_add_func (
      "/fingerprint/one-is-made-of-the-certificate-alone", test_make);
  g_test_add_func ("/fingerprint/weak-hashes-do-not-count", test_weak);
  g_test_add_func ("/fingerprint/nonsense-is-invalid", test_invalid);

  g_test_add_func (
      "/fingerprint/a-peer-is-who-it-promised-to-be-or-not", test_identity);
  g_test_add_func (
      "/fingerprint/a-certificate-that-ends-in-its-own-beginning-is-none",
      test_overlap);
  return g_test_run ();
}
