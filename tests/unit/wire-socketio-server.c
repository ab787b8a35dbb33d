/*
 * The server's end of Socket.IO: pages of each profile, and what they do wrong.
 * See dialect-rig.h for the scripts.
 */
#include "wire/socketio-server.h"

#include "dialect-rig.h"

#define OWN "0123456789abcdef"
#define CONNECTED "< 0\n> 0{'sid':'w'}\n"

/* 64 and 50 bytes. */
#define LONG_BEGINNING "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG LONG_BEGINNING "xxxxxxxxxxxxxx"

/* Of pages for many. */
#define SDP(type, who, whom, sdp)                                \
  "2['" type "',{'" who "':'" whom "','" type "':{'type':'" type \
  "','sdp':'" sdp "'}}]\n"
#define CANDIDATE(event, who, whom, candidate)                               \
  "2['" event "',{'" who "':'" whom "','candidate':{'candidate':'" candidate \
  "','sdpMLineIndex':0}}]\n"
#define NO_ROOM "> 30[{'success':false,'error':'no room is named'}]\n"
#define MESH_ALONE              \
  CONNECTED                     \
  "< 20['join-room','lobby']\n" \
  "! join lobby -\n"            \
  "= joined w\n"                \
  "> 30[{'success':true,'roomId':'lobby','existingUsers':[]}]\n"
#define MESH_WITH_ADA           \
  CONNECTED                     \
  "< 20['join-room','lobby']\n" \
  "! join lobby -\n"            \
  "= joined w ada\n"            \
  "> 30[{'success':true,'roomId':'lobby','existingUsers':['ada']}]\n"
#define PY_WITH_ADA                                      \
  CONNECTED                                              \
  "< 2['join_room',{'room':'lobby','username':'Zoe'}]\n" \
  "! join lobby Zoe\n"                                   \
  "= joined w ada\n"                                     \
  "> 2['existing-users',[{'sid':'ada','username':'ada'}]]\n"

/* Of pages for two. */
#define TWO(type, sdp) "2['message',{'type':'" type "','sdp':'" sdp "'}]\n"
#define CALL(event, type, sdp)                                             \
  "2['" event "',{'type':'" event "','sdp':{'type':'" type "','sdp':'" sdp \
  "'},'roomId':'lobby'}]\n"
#define CALLED(event, type, sdp) \
  "2['" event "',{'type':'" type "','sdp':'" sdp "'}]\n"
#define CODELAB_FIRST               \
  CONNECTED                         \
  "< 2['create or join','lobby']\n" \
  "! join lobby -\n"                \
  "= joined w\n"                    \
  "> 2['created','lobby','w']\n"
#define CODELAB_SECOND              \
  CONNECTED                         \
  "< 2['create or join','lobby']\n" \
  "! join lobby -\n"                \
  "= joined w ada\n"                \
  "> 2['joined','lobby','w']\n"     \
  "> 2['ready']\n"                  \
  "> 2['message','got user media']\n"
#define BROADCAST_FIRST   \
  CONNECTED               \
  "< 2['join','lobby']\n" \
  "! join lobby -\n"      \
  "= joined w\n"          \
  "> 2['room_created','lobby']\n"
#define BROADCAST_SECOND  \
  CONNECTED               \
  "< 2['join','lobby']\n" \
  "! join lobby -\n"      \
  "= joined w ada\n"      \
  "> 2['room_joined','lobby']\n"

typedef struct {
  const gchar *sentence;
  const gchar *script;
} Story;

/* clang-format off */
static const Story connecting[] = {
  { "who-connects-is-told-its-id", CONNECTED },
  { "a-token-is-looked-at",
    "< 0{'token':'wrong'}\n"
    "> 4{'message':'Not authorized'}\n"
    "< 0{'token':'right'}\n"
    "> 0{'sid':'w'}\n" },
  { "who-is-not-let-in-has-nothing-to-say",
    "< 0{'token':'wrong'}\n"
    "> 4{'message':'Not authorized'}\n"
    "< 2['join-room','lobby']\n"
    "x 1002\n" },
  { "there-is-one-namespace",
    "< 0/admin,\n"
    "> 4/admin,{'message':'Invalid namespace'}\n"
    "< 0\n"
    "> 0{'sid':'w'}\n"
    "< 2/admin,['join-room','lobby']\n" },
  { "who-does-not-connect-in-time-is-sent-away", "+ 9999\n+ 1\nx 1008\n" },
  { "who-connected-has-time", CONNECTED "+ 100000\n" },
  { "nothing-comes-before-connect", "< 2['join-room','lobby']\nx 1002\n" },
  { "nobody-connects-twice", CONNECTED "< 0\nx 1002\n" },
  { "what-is-no-packet-ends", CONNECTED "< 2{}\nx 1002\n" },
  { "only-a-server-says-that-connecting-failed",
    CONNECTED "< 4{'message':'no'}\nx 1002\n" },
  { "events-that-nobody-knows-are-ignored",
    CONNECTED
    "< 2['chat message','hello']\n"
    "< 20['chat message','hello']\n"
    "< 2[7]\n"
    "< 30[]\n"
    "< 51-['file',{'_placeholder':true,'num':0}]\n" },
  { "who-disconnects-leaves-and-may-come-back",
    MESH_WITH_ADA
    "< 1\n"
    "! bye - -\n"
    "= peer-left ada -\n"
    "+ 9999\n"
    "< 0\n"
    "> 0{'sid':'w'}\n"
    "< 2['join-room','lobby']\n"
    "! join lobby -\n"
    "= joined w\n"
    "> 2['existing-users',[]]\n" },
  { "who-disconnects-and-does-not-come-back-is-sent-away",
    MESH_ALONE
    "< 1\n"
    "! bye - -\n"
    "+ 10000\n"
    "x 1008\n" },
};

static const Story mesh[] = {
  { "a-newcomer-offers-to-the-members",
    MESH_WITH_ADA
    "< " SDP ("offer", "target", "ada", "v=0")
    "! offer ada #1 v=0\n"
    "< " CANDIDATE ("ice-candidate", "target", "ada", "candidate:1")
    "! candidate ada #1 0 candidate:1\n"
    "= answer ada #1 v=1\n"
    "> " SDP ("answer", "from", "ada", "v=1")
    "= candidate ada #1 0 candidate:2\n"
    "> " CANDIDATE ("ice-candidate", "from", "ada", "candidate:2")
    "= candidate ada #1 0 -\n" },
  { "a-member-answers-the-newcomer",
    MESH_ALONE
    "= peer-joined bob Bob offers\n"
    "> 2['user-joined',{'userId':'bob','userName':'Bob'}]\n"
    "= offer bob " OWN " v=0\n"
    "> " SDP ("offer", "from", "bob", "v=0")
    "< " SDP ("answer", "target", "bob", "v=1")
    "! answer bob #1 v=1\n"
    "= peer-left bob -\n"
    "> 2['user-left',{'userId':'bob'}]\n"
    "> 2['user-disconnected',{'userId':'bob'}]\n"
    "< " CANDIDATE ("ice-candidate", "target", "bob", "candidate:1") },
  { "a-join-without-acknowledgement-is-told-who-is-there",
    CONNECTED
    "< 2['join-room',{'roomId':'lobby','userName':'Zoe'}]\n"
    "! join lobby Zoe\n"
    "= joined w ada bob\n"
    "> 2['existing-users',['ada','bob']]\n" },
  { "who-made-the-room-and-joins-it-stays",
    CONNECTED
    "< 20['create-room','lobby']\n"
    "! join lobby -\n"
    "= joined w\n"
    "> 30[{'success':true,'roomId':'lobby','existingUsers':[]}]\n"
    "= peer-joined ada - waits\n"
    "> 2['user-joined',{'userId':'ada'}]\n"
    "< 21['join-room','lobby']\n"
    "> 31[{'success':true,'roomId':'lobby','existingUsers':['ada']}]\n" },
  { "who-joins-another-room-leaves-the-first",
    MESH_WITH_ADA
    "< 21['join-room','attic']\n"
    "! bye - -\n"
    "! join attic -\n"
    "= joined w\n"
    "> 31[{'success':true,'roomId':'attic','existingUsers':[]}]\n"
    "= peer-left ada -\n"
    "> 2['user-left',{'userId':'ada'}]\n"
    "> 2['user-disconnected',{'userId':'ada'}]\n" },
  { "a-full-room-is-told-in-the-acknowledgement-and-may-be-tried-again",
    CONNECTED
    "< 20['join-room','lobby']\n"
    "! join lobby -\n"
    "= error room-full\n"
    "> 30[{'success':false,'error':'room-full'}]\n"
    "< " SDP ("offer", "target", "ada", "v=0")
    "< 21['join-room','lobby']\n"
    "! join lobby -\n"
    "= joined w\n"
    "> 31[{'success':true,'roomId':'lobby','existingUsers':[]}]\n" },
  { "a-full-room-without-acknowledgement-is-an-event",
    CONNECTED
    "< 2['join-room','lobby']\n"
    "! join lobby -\n"
    "= error room-full\n"
    "> 2['room-full','lobby']\n" },
  { "what-else-forbids-a-room-is-an-error",
    CONNECTED
    "< 2['join-room','lobby']\n"
    "! join lobby -\n"
    "= error unauthorized\n"
    "> 2['error',{'message':'unauthorized'}]\n" },
  { "a-room-may-be-called-anything",
    CONNECTED
    "< 20['join-room','my room!']\n"
    "! join my-room--8d5e83380373 -\n"
    "= joined w\n"
    "> 30[{'success':true,'roomId':'my room!','existingUsers':[]}]\n" },
  { "rooms-that-would-be-spelt-alike-are-two",
    CONNECTED
    "< 20['join-room','客厅']\n"
    "! join -------c151cdea7984 -\n"
    "= joined w\n"
    "> 30[{'success':true,'roomId':'客厅','existingUsers':[]}]\n"
    "< 21['join-room','厨房']\n"
    "! bye - -\n"
    "! join -------4ae988a29c1f -\n" },
  { "a-room-of-the-longest-name-stays-as-it-is",
    CONNECTED
    "< 20['join-room','" LONG "']\n"
    "! join " LONG " -\n" },
  { "what-comes-after-64-bytes-tells-rooms-apart",
    CONNECTED
    "< 20['join-room','" LONG "A']\n"
    "! join " LONG_BEGINNING "-04e17512bd17 -\n"
    "= joined w\n"
    "> 30[{'success':true,'roomId':'" LONG "A','existingUsers':[]}]\n"
    "< 21['join-room','" LONG "B']\n"
    "! bye - -\n"
    "! join " LONG_BEGINNING "-55dd79120b11 -\n" },
  { "a-room-may-be-a-number",
    CONNECTED
    "< 20['join-room',7]\n"
    "! join 7 -\n" },
  { "a-join-of-no-room-is-refused",
    CONNECTED
    "< 20['join-room']\n" NO_ROOM
    "< 20['join-room','']\n" NO_ROOM
    "< 20['join-room',null]\n" NO_ROOM
    "< 20['join-room',{}]\n" NO_ROOM
    "< 20['create-room',[]]\n" NO_ROOM
    "< 20['leave-room']\n"
    "< 20['nonsense']\n"
    "< 2['join-room',{}]\n" },
  { "who-names-no-room-stays-where-it-is",
    MESH_WITH_ADA
    "< 20['join-room','']\n" NO_ROOM
    "= peer-left ada -\n"
    "> 2['user-left',{'userId':'ada'}]\n"
    "> 2['user-disconnected',{'userId':'ada'}]\n" },
  { "who-is-in-no-room-says-nothing",
    CONNECTED
    "< " SDP ("offer", "target", "ada", "v=0")
    "< " CANDIDATE ("ice-candidate", "target", "ada", "candidate:1")
    "< 2['leave-room','lobby']\n" },
  { "who-left-says-and-hears-nothing",
    MESH_WITH_ADA
    "< 2['leave-room','lobby']\n"
    "! bye - -\n"
    "< " SDP ("offer", "target", "ada", "v=0")
    "= offer ada " OWN " v=1\n"
    "= peer-joined bob Bob offers\n" },
  { "who-leaves-before-it-is-let-in-has-left",
    CONNECTED
    "< 20['join-room','lobby']\n"
    "! join lobby -\n"
    "< 2['leave-room','lobby']\n"
    "! bye - -\n"
    "= joined w ada\n" },
  { "who-is-not-there-is-the-room-s-to-say-and-no-word-to-the-page",
    MESH_WITH_ADA
    "< " SDP ("offer", "target", "nobody", "v=0")
    "! offer nobody #1 v=0\n"
    "= error unknown-peer\n" },
  { "the-only-other-is-meant-where-nobody-is-named",
    MESH_WITH_ADA
    "< 2['offer',{'type':'offer','sdp':'v=0'}]\n"
    "! offer ada #1 v=0\n" },
  { "nobody-is-meant-where-nobody-is-named-and-several-are-there",
    MESH_WITH_ADA
    "= peer-joined bob Bob waits\n"
    "> 2['user-joined',{'userId':'bob','userName':'Bob'}]\n"
    "< 2['offer',{'type':'offer','sdp':'v=0'}]\n" },
  { "a-member-that-waits-is-nudged-once-by-the-event-it-has-not-had",
    MESH_WITH_ADA
    "= peer-joined bob Bob waits\n"
    "> 2['user-joined',{'userId':'bob','userName':'Bob'}]\n"
    "= renegotiate bob x\n"
    "> 2['existing-users',['bob']]\n"
    "= renegotiate bob x ?\n"
    "= renegotiate ada x\n"
    "> 2['user-joined',{'userId':'ada'}]\n"
    "= renegotiate ada x ?\n"
    "= renegotiate nobody x ?\n" },
  { "who-hangs-up-is-gone-for-the-page",
    MESH_WITH_ADA
    "= bye ada x\n"
    "> 2['user-left',{'userId':'ada'}]\n"
    "> 2['user-disconnected',{'userId':'ada'}]\n" },
  { "an-answer-to-no-offer-is-not-heard",
    MESH_WITH_ADA
    "< " SDP ("answer", "target", "ada", "v=0")
    "< " SDP ("answer", "target", "nobody", "v=0") },
  { "candidates-wait-for-the-offer",
    MESH_WITH_ADA
    "< " CANDIDATE ("ice-candidate", "target", "ada", "candidate:1")
    "< " SDP ("offer", "target", "ada", "v=0")
    "! offer ada #1 v=0\n"
    "! candidate ada #1 0 candidate:1\n" },
  { "one-event-for-everything-is-understood",
    MESH_WITH_ADA
    "< 2['signal',{'to':'ada','signal':{'type':'offer','sdp':'v=0'}}]\n"
    "! offer ada #1 v=0\n"
    "< 2['signal',{'to':'ada','signal':{'candidate':'candidate:1',"
    "'sdpMLineIndex':0}}]\n"
    "! candidate ada #1 0 candidate:1\n" },
  { "a-word-without-its-contents-is-ignored",
    MESH_WITH_ADA
    "< 2['offer']\n"
    "< 2['offer',{'target':'ada'}]\n"
    "< 2['answer',{'target':'ada','answer':7}]\n"
    "< 2['ice-candidate',{'target':'ada','candidate':7}]\n" },
  { "messages-between-members-cannot-be-said",
    MESH_WITH_ADA
    "= message ada {} ?\n" },
};

static const Story py[] = {
  { "a-newcomer-is-told-who-is-there-and-offers",
    PY_WITH_ADA
    "< " SDP ("offer", "target", "ada", "v=0")
    "! offer ada #1 v=0\n"
    "< " CANDIDATE ("ice_candidate", "target", "ada", "candidate:1")
    "! candidate ada #1 0 candidate:1\n"
    "= answer ada #1 v=1\n"
    "> " SDP ("answer", "from", "ada", "v=1")
    "= candidate ada #1 0 candidate:2\n"
    "> " CANDIDATE ("ice-candidate", "from", "ada", "candidate:2") },
  { "who-comes-and-goes-has-a-sid",
    PY_WITH_ADA
    "= peer-joined bob Bob offers\n"
    "> 2['user-joined',{'sid':'bob','username':'Bob'}]\n"
    "= peer-left bob -\n"
    "> 2['user-left',{'sid':'bob'}]\n" },
  { "the-list-follows-the-acknowledgement",
    CONNECTED
    "< 25['join_room',{'room':'lobby'}]\n"
    "! join lobby -\n"
    "= joined w ada\n"
    "> 35[{'success':true,'roomId':'lobby','existingUsers':['ada']}]\n"
    "> 2['existing-users',[{'sid':'ada','username':'ada'}]]\n" },
  { "every-word-gets-the-acknowledgement-it-asks-for",
    PY_WITH_ADA
    "< 26['ice_candidate',{'target':'ada','candidate':null}]\n"
    "> 36[]\n"
    "< 27['leave_room',{'room':'lobby'}]\n"
    "! bye - -\n"
    "> 37[]\n"
    "< 28['nonsense']\n" },
  { "who-joins-again-is-told-again",
    PY_WITH_ADA
    "< 2['join_room',{'room':'lobby'}]\n"
    "> 2['existing-users',[{'sid':'ada'}]]\n" },
  { "a-full-room-is-an-event",
    CONNECTED
    "< 2['join_room',{'room':'lobby'}]\n"
    "! join lobby -\n"
    "= error room-full\n"
    "> 2['room_full','lobby']\n"
    "< 2['join_room',{'room':'attic'}]\n"
    "! join attic -\n" },
  { "what-else-forbids-a-room-is-an-error",
    CONNECTED
    "< 2['join_room',{'room':'lobby'}]\n"
    "! join lobby -\n"
    "= error bad-room\n"
    "> 2['error',{'message':'bad-room'}]\n" },
  { "a-join-without-a-room-is-ignored",
    CONNECTED
    "< 2['join_room',{'username':'Zoe'}]\n"
    "< 2['join_room']\n" },
  { "nothing-passes-before-the-join",
    CONNECTED
    "< " CANDIDATE ("ice_candidate", "target", "ada", "candidate:1")
    "< 2['leave_room',{'room':'lobby'}]\n" },
  { "who-is-not-there-is-the-room-s-to-say",
    PY_WITH_ADA
    "< " SDP ("offer", "target", "nobody", "v=0")
    "! offer nobody #1 v=0\n"
    "= error unknown-peer\n" },
  { "who-waits-is-nudged-by-the-event-it-has-not-had",
    PY_WITH_ADA
    "= renegotiate ada x\n"
    "> 2['user-joined',{'sid':'ada'}]\n"
    "= renegotiate ada x ?\n"
    "= peer-joined bob Bob waits\n"
    "> 2['user-joined',{'sid':'bob','username':'Bob'}]\n"
    "= renegotiate bob x\n"
    "> 2['existing-users',[{'sid':'bob'}]]\n" },
};

static const Story codelab[] = {
  { "the-first-offers-when-both-cameras-are-ready",
    CODELAB_FIRST
    "< 2['message','got user media']\n"
    "= peer-joined ada - waits\n"
    "> 2['join','lobby']\n"
    "> 2['ready']\n"
    "> 2['message','got user media']\n"
    "< " TWO ("offer", "v=0")
    "! offer ada #1 v=0\n"
    "< 2['message',{'type':'candidate','label':1,'id':'1',"
    "'candidate':'candidate:1'}]\n"
    "! candidate ada #1 1 candidate:1\n"
    "= answer ada #1 v=1\n"
    "> " TWO ("answer", "v=1")
    "= candidate ada #1 0 candidate:2\n"
    "> 2['message',{'type':'candidate','label':0,"
    "'candidate':'candidate:2'}]\n"
    "= candidate ada #1 0 -\n" },
  { "the-second-asks-for-the-offer-when-its-camera-is-ready",
    CODELAB_SECOND
    "< 2['message','got user media']\n"
    "! renegotiate ada #1\n"
    "= offer ada " OWN " v=0\n"
    "> " TWO ("offer", "v=0")
    "< " TWO ("answer", "v=1")
    "! answer ada #2 v=1\n" },
  { "a-call-waits-for-the-page-s-camera",
    CODELAB_SECOND
    "= offer ada " OWN " v=0\n"
    "= candidate ada " OWN " 0 candidate:1\n"
    "< 2['message','got user media']\n"
    "> " TWO ("offer", "v=0")
    "> 2['message',{'type':'candidate','label':0,"
    "'candidate':'candidate:1'}]\n"
    "! renegotiate ada #1\n" },
  { "what-waited-for-the-camera-goes-with-who-left",
    CODELAB_FIRST
    "= peer-joined ada - offers\n"
    "> 2['join','lobby']\n"
    "> 2['ready']\n"
    "> 2['message','got user media']\n"
    "= offer ada " OWN " v=0\n"
    "= peer-left ada -\n"
    "> 2['message','bye']\n"
    "< 2['message','got user media']\n" },
  { "who-hangs-up-says-bye",
    CODELAB_SECOND
    "< " TWO ("offer", "v=0")
    "! offer ada #1 v=0\n"
    "< 2['message','bye']\n"
    "! bye ada #1\n" },
  { "bye-to-nobody-is-ignored",
    CODELAB_FIRST
    "< 2['message','bye']\n"
    "< 2['bye']\n" },
  { "a-third-is-told-that-the-room-is-full",
    CONNECTED
    "< 2['create or join','lobby']\n"
    "! join lobby -\n"
    "= error room-full\n"
    "> 2['full','lobby']\n"
    "< 2['message','got user media']\n"
    "< " TWO ("offer", "v=0") },
  { "who-joins-again-comes-anew",
    CODELAB_FIRST
    "< 2['create or join','lobby']\n"
    "! bye - -\n"
    "! join lobby -\n"
    "= joined w\n"
    "> 2['created','lobby','w']\n" },
  { "an-answer-to-no-offer-is-not-heard",
    CODELAB_SECOND
    "< " TWO ("answer", "v=0") },
  { "what-is-said-to-nobody-waits-for-nobody",
    CODELAB_FIRST
    "< 2['message',{'type':'candidate','label':0,'id':'0',"
    "'candidate':'candidate:1'}]\n"
    "< 2['message',{'type':'what'}]\n"
    "< 2['message']\n"
    "< 2['message',7]\n" },
  { "who-is-not-in-yet-says-nothing",
    CONNECTED
    "< 2['message','got user media']\n"
    "< " TWO ("offer", "v=0")
    "< 2['message','bye']\n" },
  { "the-first-need-not-be-asked-to-offer",
    CODELAB_FIRST
    "= peer-joined ada - waits\n"
    "> 2['join','lobby']\n"
    "> 2['ready']\n"
    "> 2['message','got user media']\n"
    "= renegotiate ada x\n"
    "= renegotiate ada x ?\n" },
  { "the-second-cannot-be-asked-to-offer",
    CODELAB_SECOND
    "= renegotiate ada x ?\n" },
};

static const Story broadcast[] = {
  { "the-first-offers-when-the-other-starts-the-call",
    BROADCAST_FIRST
    "= peer-joined ada - waits\n"
    "> 2['start_call','lobby']\n"
    "< " CALL ("webrtc_offer", "offer", "v=0")
    "! offer ada #1 v=0\n"
    "< 2['webrtc_ice_candidate',{'roomId':'lobby','label':0,"
    "'candidate':'candidate:1'}]\n"
    "! candidate ada #1 0 candidate:1\n"
    "= answer ada #1 v=1\n"
    "> " CALLED ("webrtc_answer", "answer", "v=1")
    "= candidate ada #1 0 candidate:2\n"
    "> 2['webrtc_ice_candidate',{'label':0,'candidate':'candidate:2'}]\n" },
  { "the-second-starts-the-call-and-answers",
    BROADCAST_SECOND
    "< 2['start_call','lobby']\n"
    "! renegotiate ada #1\n"
    "= offer ada " OWN " v=0\n"
    "> " CALLED ("webrtc_offer", "offer", "v=0")
    "< " CALL ("webrtc_answer", "answer", "v=1")
    "! answer ada #2 v=1\n" },
  { "a-call-waits-for-the-second-s-camera",
    BROADCAST_SECOND
    "= offer ada " OWN " v=0\n"
    "< 2['start_call','lobby']\n"
    "> " CALLED ("webrtc_offer", "offer", "v=0")
    "! renegotiate ada #1\n" },
  { "a-third-is-told-that-the-room-is-full",
    CONNECTED
    "< 2['join','lobby']\n"
    "! join lobby -\n"
    "= error room-full\n"
    "> 2['full_room','lobby']\n"
    "< 2['start_call','lobby']\n"
    "< " CALL ("webrtc_offer", "offer", "v=0") },
  { "an-answer-to-no-offer-is-not-heard",
    BROADCAST_SECOND
    "< " CALL ("webrtc_answer", "answer", "v=0") },
  { "a-call-of-nobody-starts-none",
    BROADCAST_FIRST
    "< 2['start_call','lobby']\n" },
  { "who-is-not-in-yet-says-nothing",
    CONNECTED
    "< 2['start_call','lobby']\n"
    "< " CALL ("webrtc_offer", "offer", "v=0") },
  { "who-left-is-no-word",
    BROADCAST_SECOND
    "= peer-left ada -\n" },
  { "the-second-cannot-be-asked-to-offer",
    BROADCAST_SECOND
    "= renegotiate ada x ?\n" },
};
/* clang-format on */

static gboolean
is_authorized (gpointer owner, const gchar *token)
{
  return g_strcmp0 (token, "wrong") != 0;
}

static const PealServerContext context = { .id = "w",
  .is_authorized = is_authorized };

static void
play (gconstpointer data)
{
  const Story *story = data;

  dialect_rig_play (peal_socketio_server_new (&context), story->script);
}

static void
add (const gchar *profile, const Story *stories, guint n_stories)
{
  for (guint i = 0; i < n_stories; i++) {
    g_autofree gchar *path = g_strdup_printf (
        "/socketio-server/%s/%s", profile, stories[i].sentence);

    g_test_add_data_func (path, &stories[i], play);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("connecting", connecting, G_N_ELEMENTS (connecting));
  add ("mesh", mesh, G_N_ELEMENTS (mesh));
  add ("py", py, G_N_ELEMENTS (py));
  add ("codelab", codelab, G_N_ELEMENTS (codelab));
  add ("broadcast", broadcast, G_N_ELEMENTS (broadcast));
  return g_test_run ();
}
