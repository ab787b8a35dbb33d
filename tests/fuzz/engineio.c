/*
 * Engine.IO: packets, payloads and handshakes.
 */
#include "wire/engineio.h"

#include "fuzz.h"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = {
  "0{\"sid\":\"lv_VI97HAXpY6yYWAAAC\",\"upgrades\":[\"websocket\"],"
  "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}",
  "40\x1e"
  "42[\"offer\",{}]\x1e"
  "2\x1e"
  "bAAEC",
  "2probe", "3probe", "5", "6", NULL
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const gchar *text = (const gchar *)data;
  g_autoptr (PealEngineioPacket) packet =
      peal_engineio_decode (text, size, NULL);
  g_autoptr (GPtrArray) packets =
      peal_engineio_payload_split (text, size, NULL);
  PealEngineioHandshake *handshake =
      peal_engineio_handshake_decode (text, size, NULL);

  if (handshake)
    peal_engineio_handshake_free (handshake);
  return 0;
}
