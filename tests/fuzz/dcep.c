/*
 * The words that open data channels, and what users write of ICE servers.
 */
#include "wire/dcep.h"

#include "fuzz.h"
#include "wire/ice-option.h"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = { "\x03", "\x02",
  "\x03\x01\x01\x01\x01\x01\x01\x01\x01\x04\x01\x01peal", "stun:192.0.2.1:3478",
  "turn:user:pass@host:3478?transport=tcp", NULL };

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  g_autoptr (PealIceServer) server = NULL;
  g_autofree gchar *uri = NULL;

  peal_dcep_is_valid (data, size);
  if (g_utf8_validate (text, -1, NULL)) {
    server = peal_ice_option_to_server (text);
    uri = peal_ice_option_to_gst_uri (text);
  }
  return 0;
}
