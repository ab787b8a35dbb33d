/*
 * The client of gst-plugins-rs' signalling: what it says to a server, and to
 * the room's side of it, in every role. See dialect-rig.h for the scripts.
 */
#include "wire/gstwebrtc-client.h"

#include "dialect-rig.h"

#define END(session) "{'type':'endSession','sessionId':'" session "'}\n"
#define LEFT(peer) \
  "{'type':'peerStatusChanged','roles':[],'meta':null,'peerId':'" peer "'}\n"
#define PRODUCES(peer, meta)                                      \
  "{'type':'peerStatusChanged','roles':['producer'],'meta':" meta \
  ",'peerId':'" peer "'}\n"
#define START(peer) "{'type':'startSession','peerId':'" peer "','offer':null}\n"
#define STARTED(peer, session) \
  "{'type':'sessionStarted','peerId':'" peer "','sessionId':'" session "'}\n"
#define WANTED(peer, session, offer)                                 \
  "{'type':'startSession','peerId':'" peer "','sessionId':'" session \
  "','offer':" offer "}\n"
#define SDP(session, type, sdp)                                   \
  "{'type':'peer','sessionId':'" session "','sdp':{'type':'" type \
  "','sdp':'" sdp "'}}\n"
#define ICE(session, candidate, line)                                       \
  "{'type':'peer','sessionId':'" session "','ice':{'candidate':'" candidate \
  "','sdpMLineIndex':" line "}}\n"

#define WELCOME "{'type':'welcome','peerId':'m'}\n"
#define STATUS(roles, meta) \
  "{'type':'setPeerStatus','roles':" roles ",'meta':" meta "}\n"
#define LIST "{'type':'list'}\n"

/* The server's echo of our status: then we are in. */
#define TAKEN                                                       \
  "< {'type':'peerStatusChanged','roles':['listener'],'meta':null," \
  "'peerId':'m'}\n! joined m\n"

#define JOIN_AS_BOTH                                   \
  "< " WELCOME "> " STATUS ("['producer','listener']", \
      "{'name':'Ada','peal-takes':'all'}") "> " LIST TAKEN
#define JOIN_AS_PRODUCER                               \
  "< " WELCOME "> " STATUS ("['producer','listener']", \
      "{'name':'Ada'}") "> {'type':'listConsumers'}\n" TAKEN
#define JOIN_AS_CONSUMER \
  "< " WELCOME "> " STATUS ("['listener']", "{'name':'Ada'}") "> " LIST TAKEN
#define JOIN_AS_LISTENER \
  "< " WELCOME "> " STATUS ("['listener','consumer']", "{'name':'Ada'}") TAKEN

typedef struct {
  const gchar *sentence;
  PealGstwebrtcWish wish;
  const gchar *script;
} Story;

#define BOTH                 \
  {                          \
    PEAL_GSTWEBRTC_ROLE_BOTH \
  }
#define PRODUCER                 \
  {                              \
    PEAL_GSTWEBRTC_ROLE_PRODUCER \
  }
#define CONSUMER                 \
  {                              \
    PEAL_GSTWEBRTC_ROLE_CONSUMER \
  }
#define LISTENER                 \
  {                              \
    PEAL_GSTWEBRTC_ROLE_LISTENER \
  }

/* clang-format off */
static const Story stories[] = {
  { "who-is-wanted-and-not-there-is-missed-and-waited-for",
    { PEAL_GSTWEBRTC_ROLE_CONSUMER, .peer_name = "Door" },
    JOIN_AS_CONSUMER
    "< {'type':'list','producers':[{'id':'p','meta':{'name':'Gate'}}]}\n"
    "! error nobody-there\n"
    "< " PRODUCES ("d", "{'name':'Door'}")
    "! peer-joined d Door offers\n"
    "> " START ("d") },
  { "who-is-wanted-and-there-is-not-missed",
    { PEAL_GSTWEBRTC_ROLE_CONSUMER, .peer_id = "d" },
    JOIN_AS_CONSUMER
    "< {'type':'list','producers':[{'id':'d','meta':{'name':'Door'}}]}\n"
    "! peer-joined d Door offers\n"
    "> " START ("d") },
  { "a-listener-misses-the-producer-that-is-to-start",
    { PEAL_GSTWEBRTC_ROLE_LISTENER, .peer_name = "Door" },
    "< " WELCOME "> " STATUS ("['listener','consumer']", "{'name':'Ada'}")
    "> " LIST TAKEN
    "< {'type':'list','producers':[{'id':'p','meta':{'name':'Gate'}}]}\n"
    "! error nobody-there\n"
    "+ 100000\n"
    "< " PRODUCES ("d", "{'name':'Door'}")
    "< " STARTED ("d", "s1")
    "! peer-joined d Door offers\n" },
  { "a-listener-whose-producer-is-there-waits-for-it",
    { PEAL_GSTWEBRTC_ROLE_LISTENER, .peer_id = "p" },
    "< " WELCOME "> " STATUS ("['listener','consumer']", "{'name':'Ada'}")
    "> " LIST TAKEN
    "< {'type':'list','producers':[{'id':'p','meta':{'name':'Gate'}}]}\n"
    "+ 100000\n" },
  { "a-producer-misses-the-consumer-that-takes-nothing-once",
    { PEAL_GSTWEBRTC_ROLE_PRODUCER, .peer_id = "c" },
    JOIN_AS_PRODUCER
    "< {'type':'listConsumers','consumers':[]}\n"
    "< " WANTED ("d", "s1", "null")
    "> " END ("s1")
    "+ 4999\n+ 1\n"
    "! error nobody-there\n"
    "+ 100000\n"
    "< " WANTED ("c", "s2", "null")
    "! peer-joined c - waits\n" },
  { "a-producer-whose-consumer-has-come-misses-nobody",
    { PEAL_GSTWEBRTC_ROLE_PRODUCER, .peer_id = "c" },
    JOIN_AS_PRODUCER
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c - waits\n"
    "+ 100000\n" },
  { "a-producer-for-anybody-misses-nobody", PRODUCER,
    JOIN_AS_PRODUCER
    "+ 100000\n" },
  { "a-producer-that-left-misses-nobody",
    { PEAL_GSTWEBRTC_ROLE_PRODUCER, .peer_id = "c" },
    JOIN_AS_PRODUCER
    "= bye - -\n"
    "> " STATUS ("[]", "null")
    "+ 100000\n" },
  { "it-introduces-itself-when-welcomed", BOTH, JOIN_AS_BOTH },
  { "a-server-that-does-not-say-welcome-is-left", BOTH,
    "+ 9999\n+ 1\nx 1002\n" },
  { "a-server-that-does-not-let-us-in-is-believed", BOTH,
    "< " WELCOME "> " STATUS ("['producer','listener']",
        "{'name':'Ada','peal-takes':'all'}") "> " LIST
    "< {'type':'error','details':'unauthorized: the token'}\n"
    "! error unauthorized\n" },
  { "a-server-that-does-not-answer-is-left", BOTH,
    "< " WELCOME "> " STATUS ("['producer','listener']",
        "{'name':'Ada','peal-takes':'all'}") "> " LIST
    "+ 9999\n+ 1\nx 1002\n" },
  { "the-newer-version-is-declared-first-and-says-why-it-ends",
    { PEAL_GSTWEBRTC_ROLE_PRODUCER, PEAL_GSTWEBRTC_V1_1 },
    "< " WELCOME
    "> {'type':'setProtocolVersion','version':'v1_1'}\n"
    "> " STATUS ("['producer','listener']", "{'name':'Ada'}")
    "> {'type':'listConsumers'}\n"
    TAKEN
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c - waits\n"
    "= bye c -\n"
    "> {'type':'endSessionV1_1','sessionId':'s1','error':null}\n"
    "+ 10\n"
    "! peer-left c\n" },

  { "a-producer-offers-to-whoever-starts-a-session", PRODUCER,
    JOIN_AS_PRODUCER
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c - waits\n"
    "= offer c 0123456789abcdef v=0\n"
    "> " SDP ("s1", "offer", "v=0")
    "= candidate c 0123456789abcdef 0 candidate:1\n"
    "> " ICE ("s1", "candidate:1", "0")
    "= candidate c 0123456789abcdef 0 -\n"
    "= candidate c 0123456789abcdef -1 candidate:2\n"
    "= candidate c another-session 0 candidate:3\n"
    "< " SDP ("s1", "answer", "v=1")
    "! answer c #1 v=1\n"
    "< " ICE ("s1", "candidate:4", "1")
    "! candidate c #1 1 candidate:4\n"
    "< " ICE ("s1", "", "1")
    "! candidate c #1 1 -\n"
    "< " END ("s1")
    "! peer-left c\n"
    "< " ICE ("s1", "candidate:5", "1") },
  { "a-producer-answers-a-consumer-that-offers", PRODUCER,
    JOIN_AS_PRODUCER
    "< " WANTED ("c", "s1", "'v=0'")
    "! peer-joined c - offers\n"
    "! offer c #1 v=0\n"
    "= answer c #1 v=1\n"
    "> " SDP ("s1", "answer", "v=1") },
  { "two-consumers-of-one-peer-are-two-members", PRODUCER,
    JOIN_AS_PRODUCER
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c - waits\n"
    "< " WANTED ("c", "s2", "null")
    "! peer-joined c-2 - waits\n"
    "= offer c-2 0123456789abcdef v=0\n"
    "> " SDP ("s2", "offer", "v=0")
    "< " END ("s1")
    "! peer-left c\n" },
  { "an-offer-of-a-consumer-inside-a-session-is-not-heard", PRODUCER,
    JOIN_AS_PRODUCER
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c - waits\n"
    "< " SDP ("s1", "offer", "v=0") },
  { "a-producer-that-must-offer-again-ends-the-session", PRODUCER,
    JOIN_AS_PRODUCER
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c - waits\n"
    "= offer c 0123456789abcdef v=0\n"
    "> " SDP ("s1", "offer", "v=0")
    "= offer c 1123456789abcdef v=1 ?\n"
    "> " END ("s1")
    "+ 10\n"
    "! peer-left c\n" },
  { "a-producer-starts-with-consumers-that-wait", PRODUCER,
    JOIN_AS_PRODUCER
    "< {'type':'listConsumers','consumers':[{'id':'c','meta':{'name':'C'}}]}\n"
    "> " START ("c")
    "< {'type':'listConsumers','consumers':[{'id':'c','meta':{'name':'C'}}]}\n"
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c C waits\n" },
  { "a-producer-for-one-serves-no-other",
    { PEAL_GSTWEBRTC_ROLE_PRODUCER, .peer_id = "c" },
    JOIN_AS_PRODUCER
    "< " WANTED ("d", "s1", "null")
    "> " END ("s1")
    "< " WANTED ("c", "s2", "null")
    "! peer-joined c - waits\n" },

  { "a-consumer-takes-from-producers-that-are-there-and-that-come", CONSUMER,
    JOIN_AS_CONSUMER
    "< {'type':'list','producers':[{'id':'p','meta':{'name':'Door'}}]}\n"
    "! peer-joined p Door offers\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "< " SDP ("s1", "offer", "v=0")
    "! offer p #1 v=0\n"
    "= answer p #1 v=1\n"
    "> " SDP ("s1", "answer", "v=1")
    "= candidate p #1 0 candidate:1\n"
    "> " ICE ("s1", "candidate:1", "0")
    "< " PRODUCES ("q", "null")
    "! peer-joined q - offers\n"
    "> " START ("q")
    "< " PRODUCES ("p", "{}")
    "< " LEFT ("p")
    "! peer-left p\n" },
  { "a-consumer-does-not-take-from-itself", CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("m", "null") },
  { "a-producer-is-chosen-by-its-name",
    { PEAL_GSTWEBRTC_ROLE_CONSUMER, .peer_name = "Door" },
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "{'name':'Hall'}")
    "< " PRODUCES ("q", "{'display-name':'Door'}")
    "! peer-joined q Door offers\n"
    "> " START ("q") },
  { "a-producer-is-chosen-by-its-id",
    { PEAL_GSTWEBRTC_ROLE_CONSUMER, .peer_id = "q" },
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "< " PRODUCES ("q", "null")
    "! peer-joined q - offers\n"
    "> " START ("q") },
  { "a-session-that-a-producer-ends-is-asked-for-again-later-and-later",
    CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "! peer-joined p - offers\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "< " SDP ("s1", "offer", "v=0")
    "! offer p #1 v=0\n"
    "< " END ("s1")
    "! bye p #1\n"
    "+ 999\n+ 1\n"
    "> " START ("p")
    "< " STARTED ("p", "s2")
    "< " END ("s2")
    "+ 1999\n+ 1\n"
    "> " START ("p") },
  { "after-a-session-that-lasted-the-next-is-asked-for-soon", CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "! peer-joined p - offers\n"
    "> " START ("p")
    "< {'type':'error','details':'Peer with ID p not found'}\n"
    "! error server-error\n"
    "+ 1000\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "+ 11000\n"
    "< " END ("s1")
    "+ 1000\n"
    "> " START ("p") },
  { "a-lost-connection-is-another-session", CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "! peer-joined p - offers\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "< " SDP ("s1", "offer", "v=0")
    "! offer p #1 v=0\n"
    "= renegotiate p x\n"
    "> " END ("s1")
    "> " START ("p")
    "= renegotiate p x\n"
    "< " STARTED ("p", "s2")
    "< " SDP ("s1", "offer", "v=1")
    "< " SDP ("s2", "offer", "v=2")
    "! offer p #2 v=2\n" },
  { "a-second-offer-in-a-session-is-another-session", CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "! peer-joined p - offers\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "< " SDP ("s1", "offer", "v=0")
    "! offer p #1 v=0\n"
    "< " SDP ("s1", "offer", "v=1")
    "> " END ("s1")
    "> " START ("p") },
  { "our-own-offer-to-a-producer-goes-with-the-question", CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "! peer-joined p - offers\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "= offer p 0123456789abcdef v=0\n"
    "> " END ("s1")
    "> {'type':'startSession','peerId':'p','offer':'v=0'}\n"
    "= candidate p 0123456789abcdef 0 candidate:1\n"
    "< " STARTED ("p", "s2")
    "> " ICE ("s2", "candidate:1", "0")
    "< " SDP ("s2", "answer", "v=1")
    "! answer p #1 v=1\n" },
  { "a-producer-that-offers-in-spite-of-our-offer-is-answered", CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "! peer-joined p - offers\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "= offer p 0123456789abcdef v=0\n"
    "> " END ("s1")
    "> {'type':'startSession','peerId':'p','offer':'v=0'}\n"
    "< " STARTED ("p", "s2")
    "< " SDP ("s2", "offer", "v=1")
    "! bye p #1\n"
    "! offer p #2 v=1\n" },
  { "whom-we-hung-up-on-is-not-called-again", CONSUMER,
    JOIN_AS_CONSUMER
    "< " PRODUCES ("p", "null")
    "! peer-joined p - offers\n"
    "> " START ("p")
    "< " STARTED ("p", "s1")
    "= bye p -\n"
    "> " END ("s1")
    "+ 100000\n" },

  { "of-two-that-take-everybody-the-smaller-id-starts", BOTH,
    JOIN_AS_BOTH
    "< " PRODUCES ("a", "{'peal-takes':'all'}")
    "< " PRODUCES ("z", "{'peal-takes':'all'}")
    "! peer-joined z - offers\n"
    "> " START ("z")
    "< " PRODUCES ("b", "{'name':'Door'}")
    "! peer-joined b Door offers\n"
    "> " START ("b")
    "< " WANTED ("b", "s1", "null")
    "! peer-joined b-2 Door waits\n" },
  { "a-listener-waits-for-a-producer-to-start", LISTENER,
    JOIN_AS_LISTENER
    "< " PRODUCES ("p", "{'name':'Door'}")
    "< " STARTED ("p", "s1")
    "! peer-joined p Door offers\n"
    "< " SDP ("s1", "offer", "v=0")
    "! offer p #1 v=0\n"
    "= renegotiate p x ?\n"
    "< " END ("s1")
    "! peer-left p\n" },
  { "a-session-that-nobody-asked-for-is-ended", CONSUMER,
    JOIN_AS_CONSUMER
    "< " STARTED ("p", "s1")
    "> " END ("s1")
    "< " WANTED ("c", "s2", "null")
    "> " END ("s2") },

  { "what-the-protocol-cannot-say-is-refused", BOTH,
    JOIN_AS_BOTH
    "= message - {} ?\n"
    "= message m {} ?\n"
    "= offer nobody 0123456789abcdef v=0 ?\n"
    "= ping -\n" },
  { "leaving-ends-everything", PRODUCER,
    JOIN_AS_PRODUCER
    "< " WANTED ("c", "s1", "null")
    "! peer-joined c - waits\n"
    "= bye - -\n"
    "> " END ("s1")
    "> " STATUS ("[]", "null")
    "< " WANTED ("c", "s2", "null") },
  { "garbage-is-not-heard", BOTH,
    JOIN_AS_BOTH
    "< HELLO\n< {}\n< []\n< {'type':'peer','sessionId':'x'}\n"
    "< {'type':'futureThing'}\n"
    "< " END ("nobody")
    "< " SDP ("nobody", "answer", "v=0") },
  { "nothing-is-heard-before-the-welcome", BOTH,
    "< " PRODUCES ("p", "null")
    "< " WANTED ("c", "s1", "null") },
};
/* clang-format on */

static void
play (gconstpointer data)
{
  const Story *story = data;

  PealMessage *join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->name = g_strdup ("Ada");
  dialect_rig_play (
      peal_gstwebrtc_client_new (&story->wish, join), story->script);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/gstwebrtc-client/%s", stories[i].sentence);

    g_test_add_data_func (path, &stories[i], play);
  }
  return g_test_run ();
}
