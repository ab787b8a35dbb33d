/*
 * The client of Socket.IO servers of every profile. See dialect-rig.h for the
 * scripts.
 */
#include "wire/socketio-client.h"

#include "dialect-rig.h"

#define OWN "0123456789abcdef"
#define CONNECTED \
  "> 0\n"         \
  "< 0{'sid':'me'}\n"
#define JOINED_ALONE                                             \
  CONNECTED                                                      \
  "> 20['join-room','lobby']\n"                                  \
  "< 30[{'success':true,'roomId':'lobby','existingUsers':[]}]\n" \
  "! joined me\n"

typedef struct {
  const gchar *sentence;
  const gchar *profile;
  const gchar *script;
} Story;

/* clang-format off */
static const Story stories[] = {
  { "a-newcomer-waits-for-the-members-and-then-offers", "mesh",
    CONNECTED
    "> 20['join-room','lobby']\n"
    "< 30[{'success':true,'roomId':'lobby','existingUsers':['ada','bob']}]\n"
    "! joined me ada bob\n"
    "+ 100\n"
    "< 2['offer',{'from':'ada','offer':{'type':'offer','sdp':'v=1'}}]\n"
    "! offer ada #1 v=1\n"
    "+ 200\n"
    "! renegotiate bob -\n"
    "= offer bob " OWN " v=0\n"
    "> 2['offer',{'target':'bob','offer':{'type':'offer','sdp':'v=0'}}]\n"
    "= answer ada #1 v=2\n"
    "> 2['answer',{'target':'ada','answer':{'type':'answer','sdp':'v=2'}}]\n"
    "= candidate bob " OWN " 0 candidate:1\n"
    "> 2['ice-candidate',{'target':'bob','candidate':"
    "{'candidate':'candidate:1','sdpMLineIndex':0}}]\n"
    "= candidate bob " OWN " 0 -\n"
    "< 2['answer',{'from':'bob','answer':{'type':'answer','sdp':'v=3'}}]\n"
    "! answer bob #2 v=3\n"
    "+ 20000\n" },
  { "a-member-waits-for-the-newcomer-and-then-offers", "mesh",
    JOINED_ALONE
    "< 2['user-joined',{'userId':'ada'}]\n"
    "! peer-joined ada - offers\n"
    "+ 900\n"
    "+ 100\n"
    "! renegotiate ada -\n"
    "< 2['user-left',{'userId':'ada'}]\n"
    "! peer-left ada\n"
    "+ 20000\n" },
  { "a-room-that-is-not-there-is-made", "mesh",
    CONNECTED
    "> 20['join-room','lobby']\n"
    "< 30[{'success':false,'error':'Room not found'}]\n"
    "> 20['create-room','lobby']\n"
    "< 30[{'success':true,'roomId':'lobby','existingUsers':[]}]\n"
    "! joined me\n" },
  { "a-room-that-can-neither-be-joined-nor-made-is-an-error", "mesh",
    CONNECTED
    "> 20['join-room','lobby']\n"
    "< 30[{'success':false,'error':'no'}]\n"
    "> 20['create-room','lobby']\n"
    "< 30[{'success':false,'error':'no'}]\n"
    "> 20['join-room','lobby']\n"
    "< 30[{'success':false,'error':'no'}]\n"
    "! error bad-room\n" },
  { "a-room-that-another-made-meanwhile-is-joined", "mesh",
    CONNECTED
    "> 20['join-room','lobby']\n"
    "< 30[{'success':false,'error':'Room not found'}]\n"
    "> 20['create-room','lobby']\n"
    "< 30[{'success':false,'error':'Room already exists'}]\n"
    "> 20['join-room','lobby']\n"
    "< 30[{'success':true,'roomId':'lobby','existingUsers':['ada']}]\n"
    "! joined me ada\n" },
  { "a-full-room-is-not-made-again", "mesh",
    CONNECTED
    "> 20['join-room','lobby']\n"
    "< 30[{'success':false,'error':'Room is full'}]\n"
    "! error room-full\n" },
  { "who-has-no-right-is-told", "mesh",
    "> 0\n"
    "< 4{'message':'Not authorized'}\n"
    "! error unauthorized\n" },
  { "a-server-that-says-nothing-to-who-is-alone-has-let-it-in", "mesh",
    CONNECTED
    "> 20['join-room','lobby']\n"
    "+ 800\n"
    "! joined me\n" },
  { "python-s-members-follow-the-acknowledgement", "py",
    CONNECTED
    "> 21['join_room',{'room':'lobby','username':'Door'}]\n"
    "< 31[]\n"
    "< 2['existing-users',[{'sid':'ada'}]]\n"
    "! joined me ada\n"
    "< 2['offer',{'from':'ada','offer':{'type':'offer','sdp':'v=1'}}]\n"
    "! offer ada #1 v=1\n"
    "= candidate ada #1 0 candidate:1\n"
    "> 2['ice_candidate',{'target':'ada','candidate':"
    "{'candidate':'candidate:1','sdpMLineIndex':0}}]\n" },
  { "a-server-is-asked-in-every-profile-until-it-answers", NULL,
    CONNECTED
    "> 20['join-room','lobby']\n"
    "+ 800\n"
    "> 21['join_room',{'room':'lobby','username':'Door'}]\n"
    "+ 800\n"
    "> 22['create or join','lobby']\n"
    "+ 800\n"
    "> 23['join','lobby']\n"
    "< 2['room_created','lobby']\n"
    "! joined me\n"
    "> 2['start_call','lobby']\n" },
  { "a-late-answer-tells-the-profile-as-well", NULL,
    CONNECTED
    "> 20['join-room','lobby']\n"
    "+ 800\n"
    "> 21['join_room',{'room':'lobby','username':'Door'}]\n"
    "< 30[{'success':true,'existingUsers':['ada']}]\n"
    "! joined me ada\n"
    "= candidate ada " OWN " 0 candidate:1\n"
    "> 2['ice-candidate',{'target':'ada','candidate':"
    "{'candidate':'candidate:1','sdpMLineIndex':0}}]\n" },
  { "the-first-of-two-offers-when-the-other-s-camera-is-ready", "codelab",
    CONNECTED
    "> 22['create or join','lobby']\n"
    "< 2['created','lobby','me']\n"
    "! joined me\n"
    "> 2['message','got user media']\n"
    "< 2['join','lobby']\n"
    "! peer-joined peer - offers\n"
    "< 2['ready']\n"
    "+ 2000\n"
    "< 2['message','got user media']\n"
    "! renegotiate peer -\n"
    "= offer peer " OWN " v=0\n"
    "> 2['message',{'type':'offer','sdp':'v=0'}]\n"
    "< 2['message',{'type':'answer','sdp':'v=1'}]\n"
    "! answer peer #1 v=1\n"
    "< 2['message',{'type':'candidate','label':0,'id':'0',"
    "'candidate':'candidate:1'}]\n"
    "! candidate peer #1 0 candidate:1\n"
    "< 2['message','bye']\n"
    "! peer-left peer\n"
    "< 2['message','got user media']\n"
    "< 2['join','lobby']\n"
    "! peer-joined peer - offers\n"
    "! renegotiate peer -\n" },
  { "the-second-of-two-answers", "broadcast",
    CONNECTED
    "> 23['join','lobby']\n"
    "< 2['room_joined','lobby']\n"
    "! joined me peer\n"
    "> 2['start_call','lobby']\n"
    "< 2['webrtc_offer',{'type':'offer','sdp':'v=1'}]\n"
    "! offer peer #1 v=1\n"
    "= answer peer #1 v=2\n"
    "> 2['webrtc_answer',{'type':'webrtc_answer',"
    "'sdp':{'type':'answer','sdp':'v=2'},'roomId':'lobby'}]\n"
    "+ 20000\n" },
  { "a-third-is-told-that-the-room-is-full", "codelab",
    CONNECTED
    "> 22['create or join','lobby']\n"
    "< 2['full','lobby']\n"
    "! error room-full\n" },
  { "an-event-that-wants-an-acknowledgement-gets-one", "mesh",
    JOINED_ALONE
    "< 27['user-joined',{'userId':'ada'}]\n"
    "> 37[]\n"
    "! peer-joined ada - offers\n" },
  { "who-leaves-says-so", "mesh",
    JOINED_ALONE
    "= bye - -\n"
    "> 2['leave-room','lobby']\n"
    "> 1\n" },
  { "who-is-sent-away-ends", "mesh",
    JOINED_ALONE
    "< 1\n"
    "x 1000\n" },
  { "a-server-that-gives-no-id-is-none", "mesh",
    "> 0\n"
    "< 0\n"
    "x 1002\n" },
  { "texts-cannot-be-said", "mesh",
    JOINED_ALONE
    "= message ada {} ?\n" },
  { "what-makes-no-sense-is-ignored", "mesh",
    "> 0\n"
    "< 2['user-joined',{'userId':'ada'}]\n"
    "< 0{'sid':'me'}\n"
    "> 20['join-room','lobby']\n"
    "< 30[{'success':true,'existingUsers':[]}]\n"
    "! joined me\n"
    "< hello\n"
    "< 2[7]\n"
    "< 2['user-joined',{}]\n"
    "< 2['user-joined',{'userId':'me'}]\n"
    "< 2['answer',{'from':'stranger','answer':{'sdp':'v=1'}}]\n"
    "< 0/other,{'sid':'x'}\n"
    "< 30[{'success':true,'existingUsers':['late']}]\n"
    "< 51-['x',{'_placeholder':true,'num':0}]\n"
    "+ 20000\n" },
};
/* clang-format on */

static void
test_story (gconstpointer data)
{
  const Story *story = data;
  PealDialect *dialect = peal_socketio_client_new (
      "lobby", "Door", NULL, peal_profile_from_string (story->profile), NULL);

  dialect_rig_play (dialect, story->script);
}

static void
test_token (void)
{
  PealDialect *dialect = peal_socketio_client_new (
      "lobby", NULL, "secret", PEAL_PROFILE_MESH, NULL);

  dialect_rig_play (dialect, "> 0{'token':'secret'}\n");
}

static void
test_reconnected (void)
{
  g_autoptr (PealDialect) first = peal_socketio_client_new (
      "lobby", NULL, NULL, PEAL_PROFILE_UNKNOWN, NULL);
  PealDialect *second;

  dialect_rig_play (g_object_ref (first),
      CONNECTED "> 20['join-room','lobby']\n"
                "< 2['existing-users',[{'sid':'ada'}]]\n"
                "! joined me ada\n");
  second = peal_socketio_client_new (
      "lobby", NULL, NULL, PEAL_PROFILE_UNKNOWN, first);
  dialect_rig_play (second, CONNECTED "> 21['join_room',{'room':'lobby'}]\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/socketio-client/%s", stories[i].sentence);

    g_test_add_data_func (path, &stories[i], test_story);
  }
  g_test_add_func ("/socketio-client/a-token-is-shown-at-once", test_token);
  g_test_add_func ("/socketio-client/the-next-connection-knows-the-profile",
      test_reconnected);
  return g_test_run ();
}
