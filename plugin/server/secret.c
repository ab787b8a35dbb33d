/*
 * Secrets and ids. See secret.h. Any thread.
 */
#include "server/secret.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define SECRET_BYTES 24 /* 192 bits: 32 characters of base64 */
#define SECRET_CHARACTERS 32
#define ID_BYTES 15 /* 120 bits: 20 characters */

/* base64url (RFC 4648 section 5): every character is one that ids may have. */
static gchar *
to_base64url (const guchar *bytes, gsize n_bytes)
{
  gchar *text = g_base64_encode (bytes, n_bytes);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  return text;
}

static void
hash (const gchar *text, guchar digest[32])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = 32;

  g_checksum_update (checksum, (const guchar *)text, strlen (text));
  g_checksum_get_digest (checksum, digest, &length);
}

/**
 * peal_secret_new:
 *
 * Returns: (transfer full): 32 random characters from `[A-Za-z0-9_-]`
 */
gchar *
peal_secret_new (void)
{
  guchar bytes[SECRET_BYTES];

  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes) < 0)
    g_error ("no random numbers to be had");
  return to_base64url (bytes, sizeof bytes);
}

/**
 * peal_secret_is_well_formed:
 *
 * Returns: whether peal_secret_new() could have made it
 */
gboolean
peal_secret_is_well_formed (const gchar *secret)
{
  if (strlen (secret) != SECRET_CHARACTERS)
    return FALSE;
  for (const gchar *at = secret; *at; at++) {
    if (!g_ascii_isalnum (*at) && *at != '-' && *at != '_')
      return FALSE;
  }
  return TRUE;
}

/**
 * peal_secret_to_id:
 *
 * Returns: (transfer full): 20 characters from `[A-Za-z0-9_-]` that follow
 *   from @secret and do not tell it
 */
gchar *
peal_secret_to_id (const gchar *secret)
{
  guchar digest[32];

  hash (secret, digest);
  return to_base64url (digest, ID_BYTES);
}

/**
 * peal_secret_equal:
 * @guess: (nullable): what a stranger says it is
 *
 * Takes the same time wherever the two differ, and whatever their lengths.
 */
gboolean
peal_secret_equal (const gchar *secret, const gchar *guess)
{
  guchar digest[32];
  guchar guess_digest[32];

  hash (secret, digest);
  hash (guess ? guess : "", guess_digest);
  return guess && gnutls_memcmp (digest, guess_digest, sizeof digest) == 0;
}
