/*
 * The raw relay's client, whom anybody on the path says whatever they like.
 */
#include "wire/relay-client.h"

#include "fuzz.h"
#include "play.h"

const gchar *const fuzz_vectors[] = { "relay/valid.json", NULL };
/* clang-format off */
const gchar *const fuzz_texts[] = {
  "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 5 1 IN IP4 0\"}\n=\x05\n"
  "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 5 1 IN IP4 0\"}\n"
  "{\"type\":\"candidate\",\"candidate\":null}\n{\"type\":\"bye\"}\n",
  "{\"type\":\"bye\"}\n{\"type\":\"bye\"}\n{\"type\":\"bye\"}\n=\x04\n=\x06\n"
  "{\"type\":\"answer\",\"answer\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}\n"
  "{\"type\":\"candidate\",\"candidate\":{\"candidate\":\"candidate:1\","
  "\"sdpMid\":\"0\",\"sdpMLineIndex\":0}}\n=\x07\n=\x09\n",
  NULL
};
/* clang-format on */

static PealDialect *
connect (PealDialect *previous)
{
  return peal_relay_client_new ("lobby", previous);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  play_again (connect, data, size);
  return 0;
}
