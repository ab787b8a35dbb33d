/*
 * gst-examples' signalling: its lines, and both ends as dialects.
 */
#include "wire/gstexamples.h"

#include <string.h>

#include "fuzz.h"
#include "play.h"
#include "wire/gst-choice.h"
#include "wire/gstexamples-client.h"
#include "wire/gstexamples-server.h"

const gchar *const fuzz_vectors[] = { "gstexamples/lines.json", NULL };
const gchar *const fuzz_texts[] = {
  "HELLO\nROOM_OK a b\nROOM_PEER_JOINED c\n=\x04\n"
  "ROOM_PEER_MSG a {\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}\n=\x05\n"
  "ROOM_PEER_LEFT a\n",
  "HELLO 1\nROOM lobby\n=\x01\n=\x02\nROOM_PEER_MSG ada OFFER_REQUEST\n=\x04\n",
  "HELLO 1\nSESSION ada\n=\x01\n{\"ice\":{\"candidate\":\"c\"}}\n=\x03\n", NULL
};

static gboolean
is_authorized (gpointer owner, const gchar *token)
{
  return TRUE;
}

static gboolean
can_call (gpointer owner, const gchar *who)
{
  return who[0] != 'n';
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const PealServerContext context = {
    .id = "w", .is_authorized = is_authorized, .can_call = can_call
  };
  PealGstexamplesWish wish = { .own_id = "me",
    .peer_id = size % 3 == 1 ? "a" : NULL,
    .room = size % 3 == 2 ? "lobby" : NULL };
  g_autoptr (PealGstexamplesLine) line =
      peal_gstexamples_decode ((const gchar *)data, size, NULL);
  g_autoptr (PealMessage) message = line && line->text
      ? peal_gstexamples_read_payload (line->text, NULL)
      : NULL;
  g_autofree gchar *text =
      message ? peal_gstexamples_write_payload (message) : NULL;

  play_lines (peal_gstexamples_client_new (&wish), data, size);
  play_lines (peal_gstexamples_server_new (&context), data, size);
  play_lines (peal_gst_server_new_for_first_frame (&context), data, size);
  return 0;
}
