/*
 * A page that says whatever it likes to our Socket.IO server, in the words of
 * every profile.
 */
#include "wire/socketio-server.h"

#include "fuzz.h"
#include "play.h"

const gchar *const fuzz_vectors[] = { NULL };
/* clang-format off */
const gchar *const fuzz_texts[] = {
  "0\n20[\"join-room\",\"lobby\"]\n=\x01\n=\x02\n"
  "2[\"offer\",{\"target\":\"ada\",\"offer\":{\"type\":\"offer\","
  "\"sdp\":\"v=0\"}}]\n=\x05\n=\x06\n=\x07\n=\x03\n"
  "2[\"leave-room\",\"lobby\"]\n=\x0c\n",
  "0{\"token\":\"secret\"}\n20[\"create-room\",\"lobby\"]\n=\x01\n"
  "21[\"join-room\",\"lobby\"]\n=\x07\n=\x07\n1\n",
  "0\n2[\"join_room\",{\"room\":\"lobby\",\"username\":\"Zoe\"}]\n=\x01\n"
  "2[\"ice_candidate\",{\"target\":\"ada\",\"candidate\":{\"candidate\":"
  "\"candidate:1\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}}]\n=\x04\n"
  "2[\"answer\",{\"target\":\"ada\",\"answer\":{\"type\":\"answer\","
  "\"sdp\":\"v=0\"}}]\n",
  "0\n2[\"create or join\",\"lobby\"]\n=\x01\n=\x04\n"
  "2[\"message\",\"got user media\"]\n"
  "2[\"message\",{\"type\":\"answer\",\"sdp\":\"v=0\"}]\n"
  "2[\"message\",{\"type\":\"candidate\",\"label\":0,\"id\":\"0\","
  "\"candidate\":\"candidate:1\"}]\n"
  "2[\"message\",\"bye\"]\n=\x03\n",
  "0\n2[\"join\",\"lobby\"]\n=\x01\n=\x02\n2[\"start_call\",\"lobby\"]\n"
  "2[\"webrtc_offer\",{\"type\":\"webrtc_offer\",\"sdp\":{\"type\":\"offer\","
  "\"sdp\":\"v=0\"},\"roomId\":\"lobby\"}]\n=\x05\n=\x09\n",
  "0/admin,\n0\n0\n",
  NULL
};
/* clang-format on */

static gboolean
is_authorized (gpointer owner, const gchar *token)
{
  return !token || *token;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const PealServerContext context = { .id = "w",
    .is_authorized = is_authorized };

  play_lines (peal_socketio_server_new (&context), data, size);
  return 0;
}
