/*
 * The fingerprint of a certificate. See certificate-fingerprint.h. Called by
 * the server, which shows it, and by the signalling, which shows whose it met.
 */
#include "base/certificate-fingerprint.h"

/**
 * peal_certificate_fingerprint:
 *
 * Returns: (transfer full): the certificate's SHA-256 as `AB:CD:…`, as
 *   browsers and `openssl x509 -fingerprint -sha256` print it
 */
gchar *
peal_certificate_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  g_autofree gchar *digits = NULL;
  GString *text = g_string_new (NULL);

  g_object_get (certificate, "certificate", &der, NULL);
  digits = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  for (gsize i = 0; digits[i]; i += 2)
    g_string_append_printf (text, "%s%c%c", i ? ":" : "",
        g_ascii_toupper (digits[i]), g_ascii_toupper (digits[i + 1]));
  return g_string_free (text, FALSE);
}
