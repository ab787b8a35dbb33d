/*
 * gst-plugins-rs' signalling: its messages, and both ends as dialects.
 */
#include "wire/gstwebrtc.h"

#include <string.h>

#include "fuzz.h"
#include "play.h"
#include "wire/gstwebrtc-client.h"
#include "wire/gstwebrtc-server.h"

const gchar *const fuzz_vectors[] = { "gstwebrtc/valid.json",
  "gstwebrtc/invalid.json", NULL };
const gchar *const fuzz_texts[] = {
  "{\"type\":\"welcome\",\"peerId\":\"m\"}\n"
  "{\"type\":\"list\",\"producers\":[{\"id\":\"p\",\"meta\":null}]}\n"
  "{\"type\":\"sessionStarted\",\"peerId\":\"p\",\"sessionId\":\"s\"}\n"
  "{\"type\":\"peer\",\"sessionId\":\"s\",\"sdp\":{\"type\":\"offer\","
  "\"sdp\":\"v=0\"}}\n=\x06\n=\x05\n=\x08\n"
  "{\"type\":\"startSession\",\"peerId\":\"c\",\"sessionId\":\"t\"}\n=\x04\n"
  "{\"type\":\"endSession\",\"sessionId\":\"s\"}\n",
  "{\"type\":\"setPeerStatus\",\"roles\":[\"producer\",\"listener\"]}\n"
  "=\x01\n=\x02\n=\x04\n=\x07\n=\x03\n"
  "{\"type\":\"startSession\",\"peerId\":\"ada\"}\n=\x04\n",
  NULL
};

static void
read_as (PealGstwebrtcSide side, const guint8 *data, gsize size)
{
  g_autoptr (PealGstwebrtcMessage) message =
      peal_gstwebrtc_decode (side, (const gchar *)data, size, NULL);
  g_autoptr (PealGstwebrtcMessage) again = NULL;
  g_autofree gchar *text = NULL;

  if (!message)
    return;
  text = peal_gstwebrtc_encode (side, message);
  again = peal_gstwebrtc_decode (side, text, strlen (text), NULL);
  g_assert_true (!again || again->kind == message->kind);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const PealServerContext context = { .id = "w" };
  PealGstwebrtcWish wish = { .role = size % 4, .version = size / 4 % 2 };

  read_as (PEAL_GSTWEBRTC_FROM_CLIENT, data, size);
  read_as (PEAL_GSTWEBRTC_FROM_SERVER, data, size);
  play_lines (peal_gstwebrtc_client_new (
                  &wish, peal_message_new (PEAL_MESSAGE_JOIN, NULL)),
      data, size);
  play_lines (peal_gstwebrtc_server_new (&context), data, size);
  return 0;
}
