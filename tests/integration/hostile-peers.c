/*
 * Somebody in the room says what must not be said; alice ends that connection,
 * and her call with bob goes on.
 *
 *   alice (red, 440 Hz) ──── bob (blue, 880 Hz)
 *     └── stranger: a bare WebSocket client
 */
#include <string.h>

#include "stranger.h"
#include "wait.h"

#define SESSION "0123456789abcdef"
#define MANY_CANDIDATES 10000
#define FLOOD 500
#define A_FEW 10 /* no more than are taken at once */
#define HOST_CANDIDATE "candidate:1 1 UDP 2122252543 127.0.0.1 9 typ host"

typedef struct {
  Room *room;
  Member *alice;
  Member *bob;
  Stranger *stranger;
  Flow *pictures; /* of bob, at alice's */
} Scene;

static void
given_a_call_and (Scene *scene, gboolean stranger_offers)
{
  MemberOptions alice = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440, .watches_remotes = TRUE
  };

  scene->room = room_open ();
  scene->alice = member_join_with (scene->room, &alice);
  scene->bob = member_join (scene->room, "bob", MEDIA_BLUE, 880);
  until (sees (scene->alice, MEDIA_BLUE) && hears (scene->alice, 880));
  until (sees (scene->bob, MEDIA_RED) && hears (scene->bob, 440));
  scene->pictures =
      member_watch (scene->alice, pad_of (scene->alice, "video", "bob"));
  scene->stranger = stranger_join (scene->room, "alice", stranger_offers);
  until (has_event (scene->alice, "peer-joined", "name", "stranger"));
}

static void
then_the_call_goes_on (Scene *scene)
{
  guint count = flow_get_count (scene->pictures);

  until (flow_get_count (scene->pictures) > count + 15);
  until (sees (scene->alice, MEDIA_BLUE) && hears (scene->alice, 880));
  until (sees (scene->bob, MEDIA_RED) && hears (scene->bob, 440));
  g_assert_cmpuint (
      count_events (scene->alice, "peer-state", "name", "bob", NULL), ==, 2);
  stranger_leave (scene->stranger);
  until (has_event (scene->alice, "peer-left", "name", "stranger"));
  until (count_factory (scene->alice, "webrtcbin") == 1);
  member_leave (scene->alice);
  member_leave (scene->bob);
  room_close (scene->room);
}

static gboolean
is_refused (Scene *scene)
{
  stranger_listen (scene->stranger, "bye");

  return scene->stranger->byes > 0 &&
      has_event (
          scene->alice, "peer-state", "name", "stranger", "state", "failed");
}

/* ---- offers -------------------------------------------------------------- */

typedef struct {
  const gchar *sentence;
  const gchar *from; /* in the good offer; NULL: the whole of it */
  const gchar *to;
} BadOffer;

static const BadOffer bad_offers[] = {
  { "without-mids", "a=mid:", "a=dim:" },
  { "with-one-mid-twice", "a=mid:1", "a=mid:0" },
  { "with-two-bundle-groups", "a=group:BUNDLE 0 1\r\n",
      "a=group:BUNDLE 0\r\na=group:BUNDLE 1\r\n" },
  { "with-an-unknown-mid-in-its-group", "BUNDLE 0 1", "BUNDLE 0 1 2" },
  { "without-bundle", "a=group:BUNDLE 0 1\r\n", "" },
  { "without-a-fingerprint", "a=fingerprint:", "a=thumbprint:" },
  { "with-a-weak-fingerprint", "sha-256", "md5" },
  { "without-ice-credentials", "a=ice-ufrag:", "a=x:" },
  { "without-setup", "a=setup:", "a=putes:" },
  { "with-media-of-an-unknown-kind", "m=audio", "m=smell" },
  { "that-is-garbage", NULL, "v=0\r\nrubbish\r\n\r\nm=\r\nm=a\r\na=:\r\n" },
  { "that-is-empty", NULL, "v=0\r\n" },
};

static void
test_bad_offer (gconstpointer data)
{
  const BadOffer *bad = data;
  g_autofree gchar *sdp = bad->from
      ? replace_text (stranger_offer, bad->from, bad->to)
      : g_strdup (bad->to);
  Scene scene;

  given_a_call_and (&scene, TRUE);
  stranger_say (scene.stranger, "offer", SESSION, sdp);
  until (is_refused (&scene));
  g_assert_nonnull (scene.stranger->reason);
  g_test_message ("refused: %s", scene.stranger->reason);
  then_the_call_goes_on (&scene);
}

static void
test_good_offer (void)
{
  Scene scene;

  given_a_call_and (&scene, TRUE);
  stranger_say (scene.stranger, "offer", SESSION, stranger_offer);
  until (stranger_listen (scene.stranger, "answer"));
  g_assert_cmpuint (scene.stranger->byes, ==, 0);
  then_the_call_goes_on (&scene);
}

static void
test_offer_after_offer (void)
{
  Scene scene;

  given_a_call_and (&scene, TRUE);
  for (guint i = 0; i < A_FEW; i++) {
    g_autofree gchar *session = g_strdup_printf ("session-%08u", i);

    stranger_say (scene.stranger, "offer", session, stranger_offer);
  }
  until (stranger_listen (scene.stranger, "answer"));
  then_the_call_goes_on (&scene);
}

/* ---- too much ------------------------------------------------------------ */

static void
test_many_candidates (void)
{
  Scene scene;

  given_a_call_and (&scene, TRUE);
  stranger_say (scene.stranger, "offer", SESSION, stranger_offer);
  until (stranger_listen (scene.stranger, "answer"));
  for (guint i = 0;
       i < MANY_CANDIDATES && stranger_is_connected (scene.stranger); i++) {
    stranger_say_candidate (scene.stranger, SESSION, HOST_CANDIDATE, 0);
    if (i % 10 == 0)
      run_for_ms (1); /* so that they go out while there is an attempt */
  }
  until (is_refused (&scene) || !stranger_is_connected (scene.stranger));
  then_the_call_goes_on (&scene);
}

static void
test_candidates_inside (void)
{
  GString *sdp = g_string_new (stranger_offer);
  Scene scene;

  for (guint i = 0; i < 900; i++)
    g_string_append_printf (sdp,
        "a=candidate:1 1 UDP 1 10.%u.%u.1 9 typ host\r\n", i / 250, i % 250);
  given_a_call_and (&scene, TRUE);
  stranger_say (scene.stranger, "offer", SESSION, sdp->str);
  until (stranger_listen (scene.stranger, "answer") || is_refused (&scene));
  then_the_call_goes_on (&scene);
  g_string_free (sdp, TRUE);
}

static void
test_large_sdp (void)
{
  g_autofree gchar *sdp = g_malloc (1024 * 1024 + 1);
  Scene scene;

  memset (sdp, 'a', 1024 * 1024);
  memcpy (sdp, "v=0\r\ns=", 7);
  sdp[1024 * 1024] = '\0';
  given_a_call_and (&scene, TRUE);
  stranger_say (scene.stranger, "offer", SESSION, sdp);
  until (!stranger_is_connected (scene.stranger));
  then_the_call_goes_on (&scene);
}

static void
test_deep_json (void)
{
  g_autofree gchar *open = g_strnfill (20000, '[');
  g_autofree gchar *shut = g_strnfill (20000, ']');
  Scene scene;

  given_a_call_and (&scene, TRUE);
  room_client_say (
      scene.stranger->client, "{'type':'message','body':%s%s}", open, shut);
  until (stranger_listen (scene.stranger, "error") ||
      !stranger_is_connected (scene.stranger));
  g_assert_cmpuint (count_events (scene.alice, "message", NULL), ==, 0);
  then_the_call_goes_on (&scene);
}

/* ---- answers ------------------------------------------------------------- */

static void
test_other_mlines (void)
{
  Scene scene;
  g_autofree gchar *sdp = NULL;

  given_a_call_and (&scene, FALSE);
  until (stranger_listen (scene.stranger, "offer"));
  sdp = replace_text (stranger_offer, "a=setup:actpass", "a=setup:active");
  stranger_say (scene.stranger, "answer", scene.stranger->session, sdp);
  until (is_refused (&scene));
  then_the_call_goes_on (&scene);
}

static void
test_garbage_answer (void)
{
  Scene scene;

  given_a_call_and (&scene, FALSE);
  until (stranger_listen (scene.stranger, "offer"));
  stranger_say (
      scene.stranger, "answer", scene.stranger->session, "v=0\r\nx\r\n");
  until (is_refused (&scene));
  then_the_call_goes_on (&scene);
}

static void
test_answer_to_nothing (void)
{
  Scene scene;

  given_a_call_and (&scene, TRUE);
  stranger_say (scene.stranger, "answer", SESSION, stranger_offer);
  stranger_say_candidate (scene.stranger, SESSION, HOST_CANDIDATE, 7);
  stranger_say (scene.stranger, "bye", SESSION, NULL);
  stranger_say (scene.stranger, "offer", "fedcba9876543210", stranger_offer);
  until (stranger_listen (scene.stranger, "answer"));
  then_the_call_goes_on (&scene);
}

/* An answer that fits, in its mids and m-lines, but leads nowhere. */
static gchar *
make_answer (const gchar *offer)
{
  return replace_text (offer, "a=setup:actpass", "a=setup:active");
}

static void
test_renegotiate_flood (void)
{
  Scene scene;

  given_a_call_and (&scene, FALSE);
  until (stranger_listen (scene.stranger, "offer"));
  for (guint i = 0; i < FLOOD; i++) {
    stranger_say (scene.stranger, "renegotiate", scene.stranger->session, NULL);
    if (stranger_listen (scene.stranger, "offer")) {
      g_autofree gchar *answer = make_answer (scene.stranger->sdp);

      stranger_say (scene.stranger, "answer", scene.stranger->session, answer);
    }
    if (i % 10 == 0)
      run_for_ms (1);
  }
  then_the_call_goes_on (&scene);
}

static void
test_offer_flood (void)
{
  Scene scene;

  given_a_call_and (&scene, TRUE);
  for (guint i = 0; i < FLOOD; i++) {
    g_autofree gchar *session = g_strdup_printf ("session-%08u", i);

    stranger_say (scene.stranger, "offer", session, stranger_offer);
    if (i % 10 == 0)
      run_for_ms (1);
  }
  until (is_refused (&scene));
  g_assert_nonnull (strstr (scene.stranger->reason, "too often"));
  then_the_call_goes_on (&scene);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func ("/hostile/a-good-offer-is-answered", test_good_offer);
  for (guint i = 0; i < G_N_ELEMENTS (bad_offers); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/hostile/an-offer-%s", bad_offers[i].sentence);

    g_test_add_data_func (path, &bad_offers[i], test_bad_offer);
  }
  g_test_add_func ("/hostile/an-offer-after-the-other", test_offer_after_offer);
  g_test_add_func ("/hostile/a-flood-of-offers", test_offer_flood);
  g_test_add_func ("/hostile/ten-thousand-candidates", test_many_candidates);
  g_test_add_func (
      "/hostile/candidates-inside-an-offer", test_candidates_inside);
  g_test_add_func ("/hostile/a-megabyte-of-sdp", test_large_sdp);
  g_test_add_func ("/hostile/deep-json", test_deep_json);
  g_test_add_func ("/hostile/an-answer-with-other-m-lines", test_other_mlines);
  g_test_add_func ("/hostile/an-answer-that-is-garbage", test_garbage_answer);
  g_test_add_func ("/hostile/an-answer-to-no-offer", test_answer_to_nothing);
  g_test_add_func ("/hostile/a-flood-of-renegotiate", test_renegotiate_flood);

  return g_test_run ();
}
