/*
 * Fingerprints and certificates of peers.
 */
#include "session/fingerprint.h"

#include "fuzz.h"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = {
  "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:"
  "66:77:88:99:AA:BB:CC:DD:EE:FF",
  "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33",
  "-----BEGIN CERTIFICATE-----\nMIIBAAEC\n-----END CERTIFICATE-----\n", NULL
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  const gchar *const fingerprints[] = { text, NULL };
  g_autofree gchar *made = peal_fingerprint_make (text);

  peal_fingerprint_is_valid (text);
  peal_fingerprint_matches (text, fingerprints);
  peal_fingerprint_matches (fuzz_texts[2], fingerprints);
  return 0;
}
