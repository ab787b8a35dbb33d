/*
 * The raw relay: its messages, and the server's end as a dialect. The other
 * end is relay-client.c's.
 */
#include "wire/relay.h"

#include "fuzz.h"
#include "play.h"
#include "wire/relay-server.h"

const gchar *const fuzz_vectors[] = { "relay/valid.json", NULL };
const gchar *const fuzz_texts[] = { "{\"type\":\"offer\",\"sdp\":\"v=0\"}",
  "{\"type\":\"answer\",\"answer\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}",
  "{\"type\":\"candidate\",\"candidate\":{\"candidate\":\"candidate:1\","
  "\"sdpMid\":\"0\",\"sdpMLineIndex\":0}}\n=\x01\n=\x04\n=\x03\n",
  "{\"type\":\"bye\"}", NULL };

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const PealServerContext context = { .id = "w" };
  g_autoptr (PealMessage) message = NULL;
  g_autofree gchar *text = NULL;

  peal_relay_decode ((const gchar *)data, size, &message, NULL);
  if (message)
    text = peal_relay_encode (message);
  play_lines (peal_relay_server_new (&context), data, size);
  play_lines (peal_relay_server_new_for_first_frame (&context), data, size);
  return 0;
}
