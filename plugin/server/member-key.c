/*
 * Resume keys and ids. See member-key.h. Pure; any thread.
 *
 * An id is a hash of its key: whoever knows the key proves who it was without
 * the server having to remember anything, and nobody finds a key for an id.
 */
#include "server/member-key.h"

#include <string.h>

#define KEY_CHARACTERS 32
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

/**
 * peal_member_key_from_bytes:
 * @bytes: random ones
 *
 * Returns: (transfer full): a key: 32 characters from `[A-Za-z0-9_-]`
 */
gchar *
peal_member_key_from_bytes (const guchar bytes[PEAL_MEMBER_KEY_BYTES])
{
  return to_base64url (bytes, PEAL_MEMBER_KEY_BYTES);
}

/**
 * peal_member_key_is_well_formed:
 * @key: (nullable): what a stranger sent
 *
 * Returns: whether it could be a key
 */
gboolean
peal_member_key_is_well_formed (const gchar *key)
{
  if (!key || strlen (key) != KEY_CHARACTERS)
    return FALSE;
  for (const gchar *at = key; *at; at++) {
    if (!g_ascii_isalnum (*at) && *at != '-' && *at != '_')
      return FALSE;
  }
  return TRUE;
}

/**
 * peal_member_key_to_id:
 *
 * Returns: (transfer full): 20 characters from `[A-Za-z0-9_-]`, always the
 *   same for @key
 */
gchar *
peal_member_key_to_id (const gchar *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guchar digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *)key, strlen (key));
  g_checksum_get_digest (checksum, digest, &length);
  return to_base64url (digest, ID_BYTES);
}
