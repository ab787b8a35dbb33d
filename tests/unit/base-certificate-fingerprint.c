/*
 * The fingerprint of a certificate against what openssl says of it.
 */
#include "base/certificate-fingerprint.h"

/* openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=peal
 */
static const gchar pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdjCCARugAwIBAgIURzG8GN1ji3So7pS4uoQRa+zWqxkwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEcGVhbDAgFw0yNjExMjExODUyMDBaGA8yMTI2MTAyODE4NTIw\n"
    "MFowDzENMAsGA1UEAwwEcGVhbDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBcz\n"
    "gwd27Gjrl73zTJegsEPUrRejiDsL6eY0zNuwjvIb8cTteGcT8Ea3Jh1wVJw3QsIp\n"
    "KnisW+VIx4sOc/1gyuyjUzBRMB0GA1UdDgQWBBTnyk3i3NTuRazbVcqjkHN+mORE\n"
    "3DAfBgNVHSMEGDAWgBTnyk3i3NTuRazbVcqjkHN+mORE3DAPBgNVHRMBAf8EBTAD\n"
    "AQH/MAoGCCqGSM49BAMCA0kAMEYCIQCSnkg/OUIoGYOl0XKcqbs0hnAEfUrYEu37\n"
    "35+Twb6CdAIhAKvxOnqocD6RM7rxOXxv/yrDwJBZlkBh1uqbQdFRNBWa\n"
    "-----END CERTIFICATE-----\n";

static void
test_as_openssl (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_pem (pem, -1, &error);
  g_autofree gchar *fingerprint = NULL;

  g_assert_no_error (error);
  fingerprint = peal_certificate_fingerprint (certificate);
  g_assert_cmpstr (fingerprint, ==,
      "41:AF:8F:EC:90:62:87:3A:FE:BF:C4:92:54:DC:9D:8A:"
      "69:95:0E:62:31:F1:D7:80:BC:08:C6:30:3B:AC:EB:68");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/certificate-fingerprint/is-what-openssl-prints", test_as_openssl);
  return g_test_run ();
}
