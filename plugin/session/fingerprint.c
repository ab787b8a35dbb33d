/*
 * Certificate fingerprints, RFC 8122 section 5. Pure.
 */
#include "session/fingerprint.h"

#include <string.h>

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"

static const struct {
  const gchar *name;
  GChecksumType type;
} algorithms[] = {
  { "sha-256", G_CHECKSUM_SHA256 },
  { "sha-384", G_CHECKSUM_SHA384 },
  { "sha-512", G_CHECKSUM_SHA512 },
};

static guchar *
decode_pem (const gchar *pem, gsize *length)
{
  const gchar *begin = strstr (pem, PEM_BEGIN);
  const gchar *end;
  g_autofree gchar *base64 = NULL;

  if (!begin)
    return NULL;

  /* The dashes at the end of the first are not those of the second. */
  begin += strlen (PEM_BEGIN);
  end = strstr (begin, PEM_END);
  if (!end)
    return NULL;

  base64 = g_strndup (begin, (gsize)(end - begin));

  return g_base64_decode (base64, length);
}

/* "sha-256 AB:CD" -> the algorithm and "abcd" */
static gboolean
split (const gchar *fingerprint, GChecksumType *type, gchar **hex)
{
  g_auto (GStrv) parts = g_strsplit (fingerprint, " ", 2);

  if (g_strv_length (parts) != 2)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++) {
    g_auto (GStrv) bytes = NULL;
    g_autofree gchar *joined = NULL;

    if (g_ascii_strcasecmp (g_strstrip (parts[0]), algorithms[i].name) != 0)
      continue;
    bytes = g_strsplit (g_strstrip (parts[1]), ":", 65);
    joined = g_strjoinv (NULL, bytes);
    if ((gssize)strlen (joined) !=
        2 * g_checksum_type_get_length (algorithms[i].type))
      return FALSE;
    *type = algorithms[i].type;
    *hex = g_ascii_strdown (joined, -1);
    return TRUE;
  }

  return FALSE;
}

/**
 * peal_fingerprint_is_valid:
 * @fingerprint: the value of an `a=fingerprint` attribute
 *
 * Returns: whether it names a hash we accept (SHA-256 or longer; SHA-1 no
 *   longer binds a certificate) and has its length
 */
gboolean
peal_fingerprint_is_valid (const gchar *fingerprint)
{
  g_autofree gchar *hex = NULL;
  GChecksumType type;

  return split (fingerprint, &type, &hex);
}

/**
 * peal_fingerprint_matches:
 * @pem: the certificate that DTLS presented
 * @fingerprints: values of `a=fingerprint` from the peer's SDP
 *
 * Returns: whether the certificate has at least one of @fingerprints
 */
gboolean
peal_fingerprint_matches (const gchar *pem, const gchar *const *fingerprints)
{
  gsize length = 0;
  g_autofree guchar *der = decode_pem (pem, &length);

  if (!der || length == 0)
    return FALSE;

  for (guint i = 0; fingerprints[i]; i++) {
    g_autofree gchar *promised = NULL;
    g_autofree gchar *actual = NULL;
    GChecksumType type;

    if (!split (fingerprints[i], &type, &promised))
      continue;
    actual = g_compute_checksum_for_data (type, der, length);
    if (g_strcmp0 (actual, promised) == 0)
      return TRUE;
  }

  return FALSE;
}

/**
 * peal_fingerprint_make:
 * @pem: a certificate, perhaps with its key
 *
 * Returns: (transfer full) (nullable): the value of an `a=fingerprint`
 *   attribute, SHA-256, or NULL if there is no certificate
 */
gchar *
peal_fingerprint_make (const gchar *pem)
{
  gsize length = 0;
  g_autofree guchar *der = decode_pem (pem, &length);
  g_autofree gchar *hex = NULL;
  GString *text;

  if (!der || length == 0)
    return NULL;

  hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, length);
  text = g_string_new ("sha-256");
  for (const gchar *digit = hex; *digit; digit += 2)
    g_string_append_printf (text, "%c%c%c", digit == hex ? ' ' : ':',
        g_ascii_toupper (digit[0]), g_ascii_toupper (digit[1]));

  return g_string_free (text, FALSE);
}
