/*
 * Both ends of Peal rooms as dialects: a server, and a member, that say
 * whatever they like.
 */
#include "fuzz.h"
#include "play.h"
#include "wire/peal-rooms-server.h"
#include "wire/rooms-client.h"

const gchar *const fuzz_vectors[] = { "peal-rooms/valid.json",
  "peal-rooms/invalid.json", NULL };
/* clang-format off */
const gchar *const fuzz_texts[] = {
  "{\"type\":\"joined\",\"room\":\"lobby\",\"id\":\"m\",\"resume\":\"k\","
  "\"peers\":[{\"id\":\"a\",\"name\":\"A\",\"offers\":false}]}\n=\x04\n"
  "{\"type\":\"offer\",\"from\":\"a\",\"session\":\"12345678\","
  "\"sdp\":\"v=0\"}\n=\x05\n=\x06\n=\x08\n=\x09\n"
  "{\"type\":\"peer-left\",\"id\":\"a\",\"reason\":\"gone\"}\n",
  "{\"type\":\"join\",\"room\":\"lobby\",\"name\":\"Ada\"}\n=\x01\n=\x02\n"
  "{\"type\":\"offer\",\"to\":\"ada\",\"session\":\"12345678\","
  "\"sdp\":\"v=0\"}\n=\x05\n=\x06\n{\"type\":\"ping\"}\n=\x0c\n=\x03\n"
  "{\"type\":\"bye\"}\n",
  NULL
};
/* clang-format on */

static PealDialect *
connect (PealDialect *previous)
{
  PealMessage *join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->room = g_strdup ("lobby");
  return peal_rooms_client_new (join, previous);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const PealServerContext context = { .id = "w" };

  play_again (connect, data, size);
  play_lines (peal_rooms_server_new (&context), data, size);
  return 0;
}
