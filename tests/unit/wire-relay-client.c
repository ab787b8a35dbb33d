/*
 * The client of a raw relay, alone, called and calling. See dialect-rig.h for
 * the scripts.
 */
#include "wire/relay-client.h"

#include "dialect-rig.h"

#define OFFER(sdp) "{'type':'offer','sdp':'" sdp "'}\n"
#define ANSWER(sdp) "{'type':'answer','sdp':'" sdp "'}\n"
#define CANDIDATE(text)                                           \
  "{'type':'candidate','candidate':{'candidate':'candidate:" text \
  "','sdpMLineIndex':0}}\n"
/* An answer of the connection with this ICE user. */
#define ANSWER_OF(user) ANSWER ("v=1\\r\\na=ice-ufrag:" user)
#define OWN "0123456789abcdef"
/* A second without a word: we offer. */
#define OFFERED                  \
  "! joined me\n"                \
  "+ 1000\n"                     \
  "! peer-joined peer - waits\n" \
  "= offer peer " OWN " v=0\n"   \
  "> " OFFER ("v=0")

typedef struct {
  const gchar *sentence;
  const gchar *script;
} Story;

/* clang-format off */
static const Story stories[] = {
  { "who-hears-nothing-offers-again-and-again-until-it-is-answered",
    "! joined me\n"
    "+ 900\n"
    "+ 100\n"
    "! peer-joined peer - waits\n"
    "= offer peer " OWN " v=0\n"
    "> " OFFER ("v=0")
    "= candidate peer " OWN " 0 candidate:1\n"
    "> " CANDIDATE ("1")
    "= candidate peer " OWN " 0 -\n"
    "+ 2900\n"
    "+ 100\n"
    "> " OFFER ("v=0")
    "> " CANDIDATE ("1")
    "+ 3000\n"
    "> " OFFER ("v=0")
    "> " CANDIDATE ("1")
    "< " ANSWER ("v=1")
    "! answer peer #1 v=1\n"
    "< " CANDIDATE ("2")
    "! candidate peer #1 0 candidate:2\n"
    "+ 20000\n" },
  { "who-is-offered-to-answers-and-does-not-offer",
    "! joined me\n"
    "+ 500\n"
    "< " CANDIDATE ("1")
    "< " OFFER ("v=1")
    "! peer-joined peer - offers\n"
    "! offer peer #1 v=1\n"
    "= answer peer #1 v=2\n"
    "> " ANSWER ("v=2")
    "+ 20000\n" },
  { "one-that-has-not-heard-our-answer-hears-it-again",
    "! joined me\n"
    "< " OFFER ("v=1")
    "! peer-joined peer - offers\n"
    "! offer peer #1 v=1\n"
    "= answer peer #1 v=2\n"
    "> " ANSWER ("v=2")
    "= candidate peer #1 0 candidate:1\n"
    "> " CANDIDATE ("1")
    "< " OFFER ("v=1")
    "> " ANSWER ("v=2")
    "> " CANDIDATE ("1") },
  { "what-comes-back-from-the-relay-is-our-own",
    OFFERED
    "= candidate peer " OWN " 0 candidate:1\n"
    "> " CANDIDATE ("1")
    "< " OFFER ("v=0")
    "< " CANDIDATE ("1") },
  { "of-two-offers-that-cross-ours-counts-and-is-not-said-twice",
    OFFERED
    "+ 500\n"
    "< " OFFER ("v=1")
    "< " CANDIDATE ("1")
    "+ 240\n"
    "< " ANSWER ("v=2")
    "! answer peer #1 v=2\n"
    "+ 20000\n" },
  { "of-two-offers-that-cross-ours-is-said-again-when-no-answer-comes",
    OFFERED
    "+ 500\n"
    "< " OFFER ("v=1")
    "+ 240\n"
    "+ 10\n"
    "> " OFFER ("v=0")
    "< " CANDIDATE ("1")
    "< " ANSWER ("v=2")
    "! answer peer #1 v=2\n"
    "+ 20000\n" },
  { "who-made-a-connection-each-time-it-heard-our-offer-is-offered-to-anew",
    OFFERED
    "+ 3000\n"
    "> " OFFER ("v=0")
    "+ 3000\n"
    "> " OFFER ("v=0")
    "< " ANSWER_OF ("a")
    "! answer peer #1 v=1\n"
    "< " ANSWER_OF ("b")
    "+ 490\n"
    "< " ANSWER_OF ("c")
    "+ 490\n"
    "+ 10\n"
    "! renegotiate peer -\n"
    "< " ANSWER_OF ("d")
    "+ 20000\n" },
  { "who-may-have-more-to-answer-is-offered-to-anew-a-little-later",
    OFFERED
    "+ 3000\n"
    "> " OFFER ("v=0")
    "+ 3000\n"
    "> " OFFER ("v=0")
    "< " ANSWER_OF ("a")
    "! answer peer #1 v=1\n"
    "< " ANSWER_OF ("b")
    "+ 990\n"
    "+ 10\n"
    "! renegotiate peer -\n" },
  { "who-answers-each-time-it-heard-our-offer-in-one-connection-stays",
    OFFERED
    "+ 3000\n"
    "> " OFFER ("v=0")
    "< " ANSWER_OF ("a")
    "! answer peer #1 v=1\n"
    "< " ANSWER_OF ("a")
    "+ 20000\n" },
  { "another-one-that-answers-an-offer-that-was-said-once-changes-nothing",
    OFFERED
    "< " ANSWER_OF ("a")
    "! answer peer #1 v=1\n"
    "< " ANSWER_OF ("b")
    "+ 20000\n" },
  { "of-two-offers-that-cross-theirs-is-taken-when-ours-is-not",
    OFFERED
    "+ 500\n"
    "< " OFFER ("v=1")
    "+ 250\n"
    "> " OFFER ("v=0")
    "< " CANDIDATE ("1")
    "+ 1750\n"
    "! offer peer #1 v=1\n"
    "! candidate peer #1 0 candidate:1\n"
    "= answer peer #1 v=2\n"
    "> " ANSWER ("v=2")
    "< " ANSWER ("v=3")
    "+ 1000\n"
    "! renegotiate peer -\n" },
  { "an-offer-that-nobody-heard-yields-at-once",
    OFFERED
    "+ 2000\n"
    "< " OFFER ("v=1")
    "! offer peer #1 v=1\n" },
  { "who-is-gone-makes-place-for-the-next",
    OFFERED
    "< " ANSWER ("v=1")
    "! answer peer #1 v=1\n"
    "= bye peer gone\n"
    "+ 4900\n"
    "+ 100\n"
    "! peer-joined peer - waits\n" },
  { "who-hung-up-waits-for-the-other",
    OFFERED
    "< " ANSWER ("v=1")
    "! answer peer #1 v=1\n"
    "= bye peer -\n"
    "+ 20000\n"
    "< " OFFER ("v=2")
    "! offer peer #2 v=2\n" },
  { "who-is-asked-to-be-offered-to-has-to-offer",
    OFFERED
    "< " ANSWER ("v=1")
    "! answer peer #1 v=1\n"
    "= renegotiate peer x\n"
    "! renegotiate peer -\n" },
  { "a-page-that-says-goodbye-has-left",
    OFFERED
    "< {'type':'bye'}\n"
    "! peer-left peer\n"
    "< {'type':'bye'}\n" },
  { "a-relay-may-refuse-us-before-anyone-speaks",
    "! joined me\n"
    "< {'type':'error','message':'no code'}\n"
    "< {'type':'error','code':'bad-room','message':'a room is 1 to 64'}\n"
    "! error bad-room\n" },
  { "once-someone-spoke-an-error-is-not-the-relay-s",
    "! joined me\n"
    "< " OFFER ("v=1")
    "! peer-joined peer - offers\n"
    "! offer peer #1 v=1\n"
    "< {'type':'error','code':'bad-room'}\n" },
  { "texts-cannot-be-said",
    OFFERED
    "= message peer {} ?\n" },
  { "what-makes-no-sense-is-ignored",
    "! joined me\n"
    "< hello\n"
    "< {'type':'chat'}\n"
    "< " ANSWER ("v=1")
    "< {'type':'offer','sdp':7}\n" },
};
/* clang-format on */

static void
test_story (gconstpointer data)
{
  const Story *story = data;
  PealDialect *dialect = peal_relay_client_new ("lobby", NULL);

  dialect_rig_play (dialect, story->script);
}

/* Another connection, the same memory: the call that stands is known. */
static void
test_reconnected (void)
{
  g_autoptr (PealDialect) first = peal_relay_client_new ("lobby", NULL);
  PealDialect *second;

  dialect_rig_play (g_object_ref (first),
      OFFERED "< " ANSWER ("v=1") "! answer peer #1 v=1\n");
  second = peal_relay_client_new ("lobby", first);
  dialect_rig_play (second,
      "! joined me peer\n"
      "+ 20000\n"
      "< " OFFER ("v=2") "! offer peer #1 v=2\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/relay-client/%s", stories[i].sentence);

    g_test_add_data_func (path, &stories[i], test_story);
  }
  g_test_add_func ("/relay-client/after-a-reconnect-the-peer-is-still-there",
      test_reconnected);
  return g_test_run ();
}
