/*
 * The client of gst-examples' signalling, in a room, calling and called. See
 * dialect-rig.h for the scripts.
 */
#include "wire/gstexamples-client.h"

#include "dialect-rig.h"

#define OFFER(sdp) "{'sdp':{'type':'offer','sdp':'" sdp "'}}\n"
#define ANSWER(sdp) "{'sdp':{'type':'answer','sdp':'" sdp "'}}\n"
#define ICE(candidate) \
  "{'ice':{'candidate':'" candidate "','sdpMLineIndex':0}}\n"
#define GREETING "> HELLO me\n< HELLO\n"

typedef struct {
  const gchar *sentence;
  PealGstexamplesWish wish;
  const gchar *script;
} Story;

/* clang-format off */
static const Story stories[] = {
  { "the-newcomer-offers-to-those-in-the-room", { "me", NULL, "lobby" },
    GREETING
    "> ROOM lobby\n"
    "< ROOM_OK ada bob\n"
    "! joined me ada bob\n"
    "= offer ada 0123456789abcdef v=0\n"
    "> ROOM_PEER_MSG ada " OFFER ("v=0")
    "= candidate ada 0123456789abcdef 0 candidate:1\n"
    "> ROOM_PEER_MSG ada " ICE ("candidate:1")
    "= candidate ada 0123456789abcdef 0 -\n"
    "< ROOM_PEER_MSG ada " ANSWER ("v=1")
    "! answer ada #1 v=1\n"
    "< ROOM_PEER_MSG ada " ICE ("candidate:2")
    "! candidate ada #1 0 candidate:2\n"
    "< ROOM_PEER_MSG bob OFFER_REQUEST\n"
    "! renegotiate bob -\n"
    "< ROOM_PEER_LEFT bob\n"
    "! peer-left bob\n" },
  { "an-empty-room-is-entered-and-a-newcomer-offers", { "me", NULL, "lobby" },
    GREETING
    "> ROOM lobby\n"
    "< ROOM_OK\n"
    "! joined me\n"
    "< ROOM_PEER_JOINED cem\n"
    "! peer-joined cem cem offers\n"
    "< ROOM_PEER_MSG cem " ICE ("candidate:1")
    "< ROOM_PEER_MSG cem " OFFER ("v=0")
    "! offer cem #1 v=0\n"
    "! candidate cem #1 0 candidate:1\n"
    "= answer cem #1 v=1\n"
    "> ROOM_PEER_MSG cem " ANSWER ("v=1")
    "= renegotiate cem x\n"
    "> ROOM_PEER_MSG cem OFFER_REQUEST\n" },
  { "who-calls-offers", { "me", "door", NULL },
    GREETING
    "! joined me\n"
    "> SESSION door\n"
    "< SESSION_OK\n"
    "! peer-joined door door waits\n"
    "= offer door 0123456789abcdef v=0\n"
    "> " OFFER ("v=0")
    "< " ANSWER ("v=1")
    "! answer door #1 v=1\n"
    "< OFFER_REQUEST\n"
    "! renegotiate door #1\n" },
  { "who-is-not-there-or-busy-is-called-again-later-and-later",
    { "me", "door", NULL },
    GREETING
    "! joined me\n"
    "> SESSION door\n"
    "< ERROR peer 'door' not found\n"
    "! error nobody-there\n"
    "+ 999\n+ 1\n"
    "> SESSION door\n"
    "< ERROR peer 'door' busy\n"
    "! error nobody-there\n"
    "+ 1999\n+ 1\n"
    "> SESSION door\n"
    "< " OFFER ("v=0") },
  { "who-waits-answers-a-caller", { "me", NULL, NULL },
    GREETING
    "! joined me\n"
    "= offer caller 0123456789abcdef v=0 ?\n"
    "< nonsense\n"
    "< " OFFER ("v=0")
    "! peer-joined caller caller offers\n"
    "! offer caller #1 v=0\n"
    "= answer caller #1 v=1\n"
    "> " ANSWER ("v=1")
    "= bye caller -\n" },
  { "who-waits-offers-to-a-caller-that-asks-for-it", { "me", NULL, NULL },
    GREETING
    "! joined me\n"
    "< OFFER_REQUEST\n"
    "! peer-joined caller caller waits\n"
    "= offer caller 0123456789abcdef v=0\n"
    "> " OFFER ("v=0")
    "< " ANSWER ("v=1")
    "! answer caller #1 v=1\n" },
  { "what-the-protocol-cannot-say-is-refused", { "me", NULL, "lobby" },
    GREETING
    "> ROOM lobby\n"
    "< ROOM_OK ada\n"
    "! joined me ada\n"
    "= message ada {} ?\n"
    "= message - {} ?\n"
    "= ping -\n" },
  { "words-out-of-place-are-not-heard", { "me", NULL, "lobby" },
    "> HELLO me\n"
    "< ROOM_OK ada\n"
    "! joined me ada\n"
    "< ROOM_OK bob\n"
    "< SESSION_OK\n"
    "< " OFFER ("v=0")
    "< ROOM_PEER_MSG\n< ROOM_PEER_JOINED\n< ROOM_PEER_MSG ada {}\n"
    "< SESSION x\n< ROOM x\n" },
};
/* clang-format on */

static void
play (gconstpointer data)
{
  const Story *story = data;

  dialect_rig_play (peal_gstexamples_client_new (&story->wish), story->script);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/gstexamples-client/%s", stories[i].sentence);

    g_test_add_data_func (path, &stories[i], play);
  }
  return g_test_run ();
}
