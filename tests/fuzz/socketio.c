/*
 * Socket.IO: packets, and what the profiles make of their events.
 */
#include "wire/socketio.h"

#include "fuzz.h"
#include "wire/socketio-profiles.h"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = { "0{\"token\":\"secret\"}", "1",
  "2[\"join-room\",\"lobby\"]", "21[\"join-room\",{\"roomId\":\"lobby\"}]",
  "31[{\"success\":true,\"roomId\":\"lobby\",\"existingUsers\":[\"a\"]}]",
  "2[\"offer\",{\"target\":\"Zx\",\"offer\":{\"type\":\"offer\","
  "\"sdp\":\"v=0\"}}]",
  "2[\"ice_candidate\",{\"from\":\"Zx\",\"candidate\":{\"candidate\":"
  "\"candidate:1\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}}]",
  "2[\"message\",{\"type\":\"candidate\",\"label\":0,\"id\":\"0\","
  "\"candidate\":\"candidate:1\"}]",
  "2[\"webrtc_offer\",{\"type\":\"offer\",\"sdp\":\"v=0\",\"roomId\":\"r\"}]",
  "4{\"message\":\"no\"}", NULL };

static void
read_event (PealProfileSide side, JsonNode *data)
{
  PealProfile profile = 0;
  PealProfileWord word = 0;
  g_autoptr (PealMessage) message = NULL;

  peal_profile_decode (side, &profile, data, &word, &message);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_decode ((const gchar *)data, size, NULL);
  g_autoptr (PealMessage) message = NULL;
  g_autofree gchar *text = NULL;

  if (!packet)
    return 0;
  text = peal_socketio_encode (packet);
  if (packet->type == PEAL_SOCKETIO_EVENT) {
    for (gint side = 0; side < 2; side++)
      read_event ((PealProfileSide)side, packet->data);
  }
  if (packet->type == PEAL_SOCKETIO_ACK)
    peal_profile_decode_ack (
        peal_socketio_packet_get_argument (packet, 0), &message);
  return 0;
}
