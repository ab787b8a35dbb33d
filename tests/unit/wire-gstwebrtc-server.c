/*
 * The server's end of gst-plugins-rs' signalling: what it makes of a
 * producer, a consumer and a listener, for a room. See dialect-rig.h for the
 * scripts.
 */
#include "wire/gstwebrtc-server.h"

#include "dialect-rig.h"

#define STATUS(roles, meta) \
  "{'type':'setPeerStatus','roles':" roles ",'meta':" meta "}\n"
#define CHANGED(peer, roles, meta)                             \
  "{'type':'peerStatusChanged','roles':" roles ",'meta':" meta \
  ",'peerId':'" peer "'}\n"
#define START(peer) "{'type':'startSession','peerId':'" peer "'}\n"
#define STARTED(peer, session) \
  "{'type':'sessionStarted','peerId':'" peer "','sessionId':'" session "'}\n"
#define WANTED(peer, session, offer)                                 \
  "{'type':'startSession','peerId':'" peer "','sessionId':'" session \
  "','offer':" offer "}\n"
#define END(session) "{'type':'endSession','sessionId':'" session "'}\n"
#define SDP(session, type, sdp)                                   \
  "{'type':'peer','sessionId':'" session "','sdp':{'type':'" type \
  "','sdp':'" sdp "'}}\n"
#define ICE(session, candidate, line)                                       \
  "{'type':'peer','sessionId':'" session "','ice':{'candidate':'" candidate \
  "','sdpMLineIndex':" line "}}\n"

#define WELCOME "> {'type':'welcome','peerId':'w'}\n"

#define PRODUCER_WITH_ADA                                            \
  WELCOME                                                            \
  "< " STATUS ("['producer']", "{'name':'Door'}") "! join - Door\n"  \
                                                  "= joined w ada\n" \
                                                  "> " WANTED (      \
                                                      "ada", "$1", "null")
#define PRODUCER_OFFERS_TO_ADA \
  PRODUCER_WITH_ADA            \
  "< " SDP ("$1", "offer", "v=0") "! offer ada #1 v=0\n"
#define CONSUMER_WITH_ADA                                 \
  WELCOME                                                 \
  "< " STATUS ("['listener']", "null") "! join - -\n"     \
                                       "= joined w ada\n" \
                                       "> " CHANGED (     \
                                           "w", "['listener']", "null")
#define CONSUMER_ASKS_ADA \
  CONSUMER_WITH_ADA       \
  "< " START ("ada") "> " STARTED ("ada", "$1") "! renegotiate ada #1\n"
#define CONSUMER_GETS_AN_OFFER         \
  CONSUMER_ASKS_ADA                    \
  "= offer ada 0123456789abcdef v=0\n" \
  "> " SDP ("$1", "offer", "v=0")

typedef struct {
  const gchar *sentence;
  const gchar *script;
} Story;

/* clang-format off */
static const Story stories[] = {
  { "a-producer-is-asked-for-a-session-for-each-member",
    PRODUCER_OFFERS_TO_ADA
    "= candidate ada #1 0 candidate:1\n"
    "> " ICE ("$1", "candidate:1", "0")
    "< " ICE ("$1", "candidate:2", "1")
    "! candidate ada #1 1 candidate:2\n"
    "= answer ada #1 v=1\n"
    "> " SDP ("$1", "answer", "v=1")
    "= peer-joined bob Bob waits\n"
    "> " WANTED ("bob", "$2", "null")
    "= peer-left ada -\n"
    "> " END ("$1") },
  { "a-peal-that-takes-everybody-starts-its-sessions-itself",
    WELCOME
    "< " STATUS ("['producer']", "{'name':'Ada','peal-takes':'all'}")
    "! join - Ada\n"
    "= joined w bob\n"
    "= renegotiate bob x\n"
    "> " WANTED ("bob", "$1", "null") },
  { "a-member-that-asks-again-gets-another-session",
    PRODUCER_OFFERS_TO_ADA
    "= renegotiate ada x\n"
    "> " END ("$1")
    "> " WANTED ("ada", "$2", "null")
    "< " SDP ("$1", "offer", "v=1")
    "< " SDP ("$2", "offer", "v=2")
    "! offer ada #2 v=2\n" },
  { "a-member-that-hangs-up-ends-the-session",
    PRODUCER_OFFERS_TO_ADA
    "= bye ada another-session-of-its-own\n"
    "= bye ada #1\n"
    "> " END ("$1")
    "< " ICE ("$1", "candidate:1", "0") },
  { "a-producer-that-hangs-up-says-bye",
    PRODUCER_OFFERS_TO_ADA
    "< " END ("$1")
    "! bye ada #1\n"
    "= answer ada #1 v=1\n" },
  { "a-second-offer-in-a-session-is-another-session",
    PRODUCER_OFFERS_TO_ADA
    "< " SDP ("$1", "offer", "v=1")
    "> " END ("$1")
    "> " WANTED ("ada", "$2", "null") },
  { "a-member-s-offer-to-a-producer-goes-with-the-question",
    PRODUCER_OFFERS_TO_ADA
    "= offer ada 0123456789abcdef v=2\n"
    "> " END ("$1")
    "> " WANTED ("ada", "$2", "'v=2'")
    "< " SDP ("$2", "answer", "v=3")
    "! answer ada #2 v=3\n" },
  { "a-producer-that-takes-no-offer-is-not-offered-to-again",
    PRODUCER_OFFERS_TO_ADA
    "= offer ada 0123456789abcdef v=2\n"
    "> " END ("$1")
    "> " WANTED ("ada", "$2", "'v=2'")
    "< " SDP ("$2", "offer", "v=3")
    "! bye ada #2\n"
    "! offer ada #3 v=3\n"
    "= offer ada 1123456789abcdef v=4 ?\n" },

  { "a-consumer-s-member-is-asked-to-offer",
    CONSUMER_GETS_AN_OFFER
    "< " SDP ("$1", "answer", "v=1")
    "! answer ada #2 v=1\n"
    "= candidate ada #2 0 candidate:1\n"
    "> " ICE ("$1", "candidate:1", "0")
    "= candidate ada #2 0 -\n"
    "< " ICE ("$1", "", "0")
    "! candidate ada #2 0 -\n"
    "< " END ("$1")
    "! bye ada #2\n" },
  { "a-member-that-offers-anew-is-another-session",
    CONSUMER_GETS_AN_OFFER
    "= offer ada 1123456789abcdef v=2\n"
    "> " END ("$1")
    "> " STARTED ("ada", "$2")
    "> " SDP ("$2", "offer", "v=2") },
  { "an-offer-that-a-consumer-did-not-ask-for-is-refused",
    CONSUMER_WITH_ADA
    "= offer ada 0123456789abcdef v=0\n"
    "! bye ada #1\n" },
  { "a-consumer-may-offer-with-its-question",
    CONSUMER_WITH_ADA
    "< {'type':'startSession','peerId':'ada','offer':'v=0'}\n"
    "> " STARTED ("ada", "$1")
    "! offer ada #1 v=0\n"
    "= answer ada #1 v=1\n"
    "> " SDP ("$1", "answer", "v=1") },
  { "an-offer-of-a-consumer-inside-a-session-is-not-heard",
    CONSUMER_ASKS_ADA
    "< " SDP ("$1", "offer", "v=0") },
  { "a-session-with-nobody-is-over-at-once-and-no-error",
    CONSUMER_WITH_ADA
    "< " START ("nobody")
    "> " STARTED ("nobody", "$1")
    "> " END ("$1") },
  { "a-consumer-that-waits-gets-every-member",
    WELCOME
    "< " STATUS ("['consumer']", "null")
    "! join - -\n"
    "= joined w ada\n"
    "> " STARTED ("ada", "$1")
    "! renegotiate ada #1\n"
    "= offer ada 0123456789abcdef v=0\n"
    "> " SDP ("$1", "offer", "v=0")
    "= peer-joined bob Bob offers\n"
    "> " STARTED ("bob", "$2")
    "! renegotiate bob #2\n" },

  { "a-listener-hears-who-comes-and-goes",
    CONSUMER_WITH_ADA
    "= peer-joined bob Bob waits\n"
    "> " CHANGED ("bob", "['producer']", "{'name':'Bob'}")
    "= peer-left bob -\n"
    "> " CHANGED ("bob", "[]", "null")
    "= peer-left bob -\n" },
  { "a-list-waits-for-the-room",
    WELCOME
    "< {'type':'list'}\n"
    "! join - -\n"
    "< {'type':'listConsumers'}\n"
    "= joined w ada\n"
    "> {'type':'list','producers':[{'id':'ada','meta':{'name':'ada'}}]}\n"
    "> {'type':'listConsumers','consumers':[]}\n" },
  { "who-begins-to-produce-is-a-member-anew",
    CONSUMER_GETS_AN_OFFER
    "< " STATUS ("['listener','producer']", "null")
    "> " END ("$1")
    "! bye - -\n"
    "! join - -\n"
    "= joined w ada\n"
    "> " CHANGED ("w", "['producer','listener']", "null")
    "> " WANTED ("ada", "$2", "null") },
  { "who-stops-producing-leaves-the-room",
    PRODUCER_OFFERS_TO_ADA
    "< " STATUS ("[]", "{'name':'Door'}")
    "> " END ("$1")
    "! bye - -\n"
    "= peer-joined bob Bob waits\n"
    "< " STATUS ("[]", "null")
    "< " SDP ("$1", "offer", "v=1")
    "< " ICE ("$1", "candidate:1", "0") },
  { "who-stops-waiting-for-producers-leaves-the-room",
    WELCOME
    "< " STATUS ("['consumer']", "null")
    "! join - -\n"
    "= joined w ada\n"
    "> " STARTED ("ada", "$1")
    "! renegotiate ada #1\n"
    "< " STATUS ("[]", "null")
    "> " END ("$1")
    "! bye - -\n" },
  { "who-produces-again-is-in-the-room-again",
    PRODUCER_WITH_ADA
    "< " STATUS ("[]", "null")
    "> " END ("$1")
    "! bye - -\n"
    "< " STATUS ("['producer']", "{'name':'Door'}")
    "! join - Door\n"
    "= joined w ada\n"
    "> " WANTED ("ada", "$2", "null") },
  { "who-stopped-producing-may-ask-who-is-there",
    PRODUCER_WITH_ADA
    "< " STATUS ("[]", "null")
    "> " END ("$1")
    "! bye - -\n"
    "< {'type':'list'}\n"
    "! join - -\n"
    "= joined w ada\n"
    "> {'type':'list','producers':[{'id':'ada','meta':{'name':'ada'}}]}\n" },
  { "who-never-had-a-role-takes-without-one",
    WELCOME
    "< " STATUS ("[]", "{'name':'Eye'}")
    "! join - Eye\n"
    "= joined w ada\n"
    "< " STATUS ("[]", "null")
    "< " START ("ada")
    "> " STARTED ("ada", "$1")
    "! renegotiate ada #1\n" },
  { "who-stops-listening-keeps-what-it-takes",
    CONSUMER_GETS_AN_OFFER
    "< " STATUS ("[]", "null")
    "= peer-joined bob Bob waits\n"
    "< " SDP ("$1", "answer", "v=1")
    "! answer ada #2 v=1\n" },
  { "the-newer-version-hears-why",
    WELCOME
    "< {'type':'setProtocolVersion','version':'v1_1'}\n"
    "< " STATUS ("['producer']", "null")
    "! join - -\n"
    "= joined w ada\n"
    "> " WANTED ("ada", "$1", "null")
    "= peer-left ada -\n"
    "> {'type':'endSessionV1_1','sessionId':'$1','error':'the other side "
      "left'}\n" },
  { "either-form-of-an-end-is-understood",
    PRODUCER_OFFERS_TO_ADA
    "< {'type':'endSessionV1_1','sessionId':'$1','error':'no codec'}\n"
    "! bye ada #1\n" },

  { "who-is-kept-out-is-told-so",
    WELCOME
    "< " STATUS ("['producer']", "null")
    "! join - -\n"
    "= error unauthorized\n"
    "> {'type':'error','details':'unauthorized'}\n" },
  { "what-can-be-recovered-from-is-no-error",
    PRODUCER_OFFERS_TO_ADA
    "= error rate-limited\n"
    "< nonsense\n"
    "! error bad-message\n"
    "= error bad-message\n" },
  { "messages-between-members-cannot-be-said",
    PRODUCER_WITH_ADA
    "= message ada {} ?\n" },
  { "words-about-sessions-that-are-none-are-not-heard",
    PRODUCER_WITH_ADA
    "< " END ("nothing")
    "< " SDP ("nothing", "answer", "v=0")
    "< " SDP ("$1", "answer", "v=0")
    "< " ICE ("$1", "candidate:1", "0") },
};
/* clang-format on */

static const PealServerContext context = { .id = "w" };

static void
play (gconstpointer data)
{
  const Story *story = data;

  dialect_rig_play (peal_gstwebrtc_server_new (&context), story->script);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/gstwebrtc-server/%s", stories[i].sentence);

    g_test_add_data_func (path, &stories[i], play);
  }
  return g_test_run ();
}
