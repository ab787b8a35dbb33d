/*
 * Secrets. See secret.h. Any thread.
 */
#include "server/secret.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "server/member-key.h"

#define DIGEST_BYTES 32

static void
hash (const gchar *text, guchar digest[DIGEST_BYTES])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *)text, strlen (text));
  g_checksum_get_digest (checksum, digest, &length);
}

/**
 * peal_secret_new_key:
 *
 * Returns: (transfer full): a random resume key
 */
gchar *
peal_secret_new_key (void)
{
  guchar bytes[PEAL_MEMBER_KEY_BYTES];

  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes) < 0)
    g_error ("no random numbers to be had");
  return peal_member_key_from_bytes (bytes);
}

/**
 * peal_secret_equal:
 * @guess: (nullable): what a stranger says it is
 *
 * Takes the same time wherever the two differ, and whatever @secret's length.
 */
gboolean
peal_secret_equal (const gchar *secret, const gchar *guess)
{
  guchar digest[DIGEST_BYTES];
  guchar guess_digest[DIGEST_BYTES];

  hash (secret, digest);
  hash (guess ? guess : "", guess_digest);
  return guess && gnutls_memcmp (digest, guess_digest, sizeof digest) == 0;
}
