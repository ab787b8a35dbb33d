/*
 * The server's end of gst-examples' signalling: a client in a room, one that
 * calls and one that waits. See dialect-rig.h for the scripts.
 */
#include "wire/gstexamples-server.h"

#include "dialect-rig.h"

#define OFFER(sdp) "{'sdp':{'type':'offer','sdp':'" sdp "'}}\n"
#define ANSWER(sdp) "{'sdp':{'type':'answer','sdp':'" sdp "'}}\n"
#define ICE(candidate) \
  "{'ice':{'candidate':'" candidate "','sdpMLineIndex':0}}\n"
#define GREETING "< HELLO 42\n> HELLO\n"
#define WAITING GREETING "+ 999\n+ 1\n! join - 42\n"

typedef struct {
  const gchar *sentence;
  const gchar *script;
  gboolean is_closed; /* the server wants a token */
} Story;

/* clang-format off */
static const Story stories[] = {
  { "a-room-is-entered-and-its-members-are-offered-to",
    GREETING
    "< ROOM lobby\n"
    "! join lobby 42\n"
    "= joined w ada bob\n"
    "> ROOM_OK ada bob\n"
    "< ROOM_PEER_MSG ada " OFFER ("v=0")
    "! offer ada #1 v=0\n"
    "= answer ada #1 v=1\n"
    "> ROOM_PEER_MSG ada " ANSWER ("v=1")
    "= candidate ada #1 0 candidate:1\n"
    "> ROOM_PEER_MSG ada " ICE ("candidate:1")
    "= candidate ada #1 0 -\n"
    "< ROOM_PEER_MSG ada " ICE ("candidate:2")
    "! candidate ada #1 0 candidate:2\n"
    "= peer-joined cem - offers\n"
    "> ROOM_PEER_JOINED cem\n"
    "= offer cem 0123456789abcdef v=2\n"
    "> ROOM_PEER_MSG cem " OFFER ("v=2")
    "< ROOM_PEER_MSG cem " ANSWER ("v=3")
    "! answer cem #2 v=3\n"
    "= renegotiate cem x\n"
    "> ROOM_PEER_MSG cem OFFER_REQUEST\n"
    "= peer-left ada -\n"
    "> ROOM_PEER_LEFT ada\n"
    "+ 2000\n" },
  { "an-offer-request-asks-the-member",
    GREETING
    "< ROOM lobby\n"
    "! join lobby 42\n"
    "= joined w ada\n"
    "> ROOM_OK ada\n"
    "< ROOM_PEER_MSG ada OFFER_REQUEST\n"
    "! renegotiate ada #1\n" },
  { "who-is-not-in-the-room-is-not-found",
    GREETING
    "< ROOM lobby\n"
    "! join lobby 42\n"
    "= joined w\n"
    "> ROOM_OK\n"
    "< ROOM other\n"
    "> ERROR invalid command, already in a room\n" },
  { "a-room-s-name-is-checked",
    GREETING
    "< ROOM ../etc\n"
    "> ERROR invalid room id\n" },
  { "a-member-is-called-by-its-name",
    GREETING
    "< SESSION ada\n"
    "! join - 42\n"
    "= joined w ada bob\n"
    "> SESSION_OK\n"
    "< " OFFER ("v=0")
    "! offer ada #1 v=0\n"
    "= offer bob 0123456789abcdef v=9 ?\n"
    "= answer ada #1 v=1\n"
    "> " ANSWER ("v=1")
    "< SESSION bob\n"
    "> ERROR invalid command, already in a session\n"
    "= peer-left bob -\n"
    "= peer-left ada -\n"
    "x 1000\n" },
  { "who-calls-may-ask-for-an-offer",
    GREETING
    "< SESSION ada\n"
    "! join - 42\n"
    "= joined w ada\n"
    "> SESSION_OK\n"
    "< OFFER_REQUEST\n"
    "! renegotiate ada #1\n"
    "= offer ada 0123456789abcdef v=0\n"
    "> " OFFER ("v=0") },
  { "who-is-called-and-is-not-there-is-not-found-and-may-come-later",
    GREETING
    "< SESSION nobody\n"
    "> ERROR peer 'nobody' not found\n"
    "+ 15000\n"
    "< SESSION nobody\n"
    "> ERROR peer 'nobody' not found\n"
    "+ 15000\n"
    "< SESSION ada\n"
    "! join - 42\n"
    "= joined w ada\n"
    "> SESSION_OK\n" },
  { "who-waits-and-calls-nobody-waits-on",
    WAITING
    "= joined w\n"
    "< SESSION nobody\n"
    "> ERROR peer 'nobody' not found\n"
    "+ 30000\n"
    "= peer-joined bob Bob waits\n"
    "> OFFER_REQUEST\n" },
  { "who-is-called-and-is-taken-meanwhile-is-not-found",
    GREETING
    "< SESSION ada\n"
    "! join - 42\n"
    "= joined w\n"
    "! bye - -\n"
    "> ERROR peer 'ada' not found\n"
    "< SESSION ada\n"
    "! join - 42\n"
    "= joined w ada\n"
    "> SESSION_OK\n" },
  { "who-waits-is-asked-to-offer-where-nobody-else-will",
    WAITING
    "= joined w ada\n"
    "> OFFER_REQUEST\n"
    "< " OFFER ("v=0")
    "! offer ada #1 v=0\n"
    "= answer ada #1 v=1\n"
    "> " ANSWER ("v=1") },
  { "who-waits-is-called-without-being-told",
    WAITING
    "= joined w\n"
    "= peer-joined ada Ada offers\n"
    "= offer ada 0123456789abcdef v=0\n"
    "> " OFFER ("v=0")
    "< " ANSWER ("v=1")
    "! answer ada #1 v=1\n"
    "= bye ada -\n"
    "= peer-left ada -\n"
    "x 1000\n" },
  { "who-waited-may-call",
    WAITING
    "= joined w\n"
    "< SESSION ada\n"
    "! bye - -\n"
    "! join - 42\n"
    "= joined w ada\n"
    "> SESSION_OK\n" },
  { "who-was-given-somebody-may-call-another-until-it-speaks",
    WAITING
    "= joined w ada\n"
    "> OFFER_REQUEST\n"
    "< SESSION bob\n"
    "! bye - -\n"
    "! join - 42\n"
    "= joined w ada bob\n"
    "> SESSION_OK\n"
    "< " OFFER ("v=0")
    "! offer bob #1 v=0\n"
    "< SESSION ada\n"
    "> ERROR invalid command, already in a session\n" },
  { "who-has-not-noticed-a-call-waits-on",
    WAITING
    "= joined w\n"
    "= peer-joined ada Ada offers\n"
    "= peer-left ada -\n"
    "= peer-joined bob Bob waits\n"
    "> OFFER_REQUEST\n"
    "= peer-left bob -\n"
    "x 1000\n" },
  { "who-does-not-greet-is-sent-away", "< ROOM lobby\nx 1002\n" },
  { "an-id-is-wanted", "< HELLO\nx 1002\n" },
  { "a-second-greeting-is-one-too-many", GREETING "< HELLO 43\nx 1002\n" },
  { "who-is-kept-out-is-told-so",
    GREETING
    "< ROOM lobby\n"
    "! join lobby 42\n"
    "= error room-full\n"
    "> ERROR room-full\n" },
  { "who-has-no-token-is-told-so-and-sent-away",
    "< HELLO 42\n> ERROR unauthorized\nx 1008\n", TRUE },
  { "who-called-in-vain-is-left-time-to-call-again",
    GREETING
    "< SESSION nobody\n"
    "> ERROR peer 'nobody' not found\n"
    "+ 19999\n+ 1\n"
    "! join - 42\n" },
  { "what-is-wrong-is-counted-and-not-told",
    GREETING
    "< ROOM lobby\n"
    "! join lobby 42\n"
    "= joined w ada\n"
    "> ROOM_OK ada\n"
    "< ROOM_PEER_MSG ada {}\n"
    "! error bad-message\n"
    "= error bad-message\n"
    "< {'sdp':1}\n"
    "! error bad-message\n"
    "< ROOM_OK x\n"
    "! error bad-message\n"
    "= message ada {} ?\n" },
};
/* clang-format on */

static gboolean
is_authorized (gpointer owner, const gchar *token)
{
  const Story *story = owner;

  return !story->is_closed;
}

static gboolean
can_call (gpointer owner, const gchar *who)
{
  return !g_str_equal (who, "nobody");
}

static void
play (gconstpointer data)
{
  const Story *story = data;
  PealServerContext context = {
    .id = "w",
    .is_authorized = is_authorized,
    .can_call = can_call,
    .owner = (gpointer)story,
  };

  dialect_rig_play (peal_gstexamples_server_new (&context), story->script);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/gstexamples-server/%s", stories[i].sentence);

    g_test_add_data_func (path, &stories[i], play);
  }
  return g_test_run ();
}
