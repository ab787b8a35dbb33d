/*
 * A Socket.IO signalling server that says whatever it likes, to our client of
 * each profile, and to one that has not found out which it is.
 */
#include "wire/socketio-client.h"

#include "fuzz.h"
#include "play.h"

const gchar *const fuzz_vectors[] = { NULL };
/* clang-format off */
const gchar *const fuzz_texts[] = {
  "0{\"sid\":\"me\"}\n"
  "30[{\"success\":true,\"roomId\":\"lobby\",\"existingUsers\":[\"a\",\"b\"]}]\n"
  "2[\"offer\",{\"from\":\"a\",\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}]\n"
  "=\x05\n"
  "2[\"user-joined\",{\"userId\":\"Zx\"}]\n=\x04\n=\x06\n"
  "2[\"answer\",{\"from\":\"Zx\",\"answer\":{\"type\":\"answer\","
  "\"sdp\":\"v=0\"}}]\n"
  "2[\"user-left\",{\"userId\":\"Zx\"}]\n",
  "0{\"sid\":\"me\"}\n"
  "30[{\"success\":false,\"error\":\"Room not found\"}]\n"
  "30[{\"success\":false,\"error\":\"Room is full\"}]\n",
  "0{\"sid\":\"me\"}\n31[]\n"
  "2[\"existing-users\",[{\"sid\":\"ada\",\"username\":\"Ada\"}]]\n"
  "2[\"ice-candidate\",{\"from\":\"ada\",\"candidate\":{\"candidate\":"
  "\"candidate:1\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}}]\n=\x07\n=\x04\n"
  "2[\"offer\",{\"from\":\"ada\",\"offer\":\"v=0\"}]\n",
  "0{\"sid\":\"me\"}\n"
  "2[\"created\",\"lobby\",\"me\"]\n2[\"join\",\"lobby\"]\n2[\"ready\"]\n"
  "2[\"message\",\"got user media\"]\n=\x04\n"
  "2[\"message\",{\"type\":\"answer\",\"sdp\":\"v=0\"}]\n"
  "2[\"message\",{\"type\":\"candidate\",\"label\":0,\"id\":\"0\","
  "\"candidate\":\"candidate:1\"}]\n"
  "2[\"message\",\"bye\"]\n",
  "0{\"sid\":\"me\"}\n"
  "2[\"room_joined\",\"lobby\"]\n2[\"start_call\"]\n"
  "2[\"webrtc_offer\",{\"type\":\"offer\",\"sdp\":\"v=0\"}]\n=\x05\n"
  "2[\"webrtc_ice_candidate\",{\"label\":0,\"candidate\":\"candidate:1\"}]\n"
  "=\x09\n",
  "4{\"message\":\"Not authorized\"}\n1\n",
  NULL
};
/* clang-format on */

static PealDialect *
connect (PealDialect *previous)
{
  return peal_socketio_client_new (
      "lobby", "Ada", "secret", PEAL_PROFILE_UNKNOWN, previous);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  PealProfile profile = (PealProfile)(size % PEAL_N_PROFILES);

  play_lines (peal_socketio_client_new ("lobby", NULL, NULL, profile, NULL),
      data, size);
  play_again (connect, data, size);
  return 0;
}
