/*
 * What every signaller promises. One body, every backend; see contract.h.
 */
#include "contract.h"

#include "base/error.h"
#include "wait.h"

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const BackendClass *klass = data;

  fixture->backend = klass->open (NULL, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->member); i++)
    g_clear_pointer (&fixture->member[i], free_member);
  fixture->backend->klass->close (fixture->backend);
}

/* --- joining and leaving --- */

static void
test_first_in_room (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  PealMessage *joined = hear (alice, PEAL_MESSAGE_JOINED, 1);

  g_assert_cmpuint (joined->members->len, ==, 0);
  g_assert_cmpstr (joined->room, ==, ROOM);
  g_assert_cmpuint (alice->states->len, ==, 2);
  g_assert_cmpint (g_array_index (alice->states, PealSignallingState, 0), ==,
      PEAL_SIGNALLING_CONNECTING);
}

static void
test_newcomer_sees_members (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  PealMessage *joined = hear (bob, PEAL_MESSAGE_JOINED, 1);
  PealMessage *arrival = hear (alice, PEAL_MESSAGE_PEER_JOINED, 1);
  PealMember *member = g_ptr_array_index (joined->members, 0);

  g_assert_cmpuint (joined->members->len, ==, 1);
  g_assert_cmpstr (member->id, ==, alice->id);
  g_assert_cmpstr (member->name, ==, "Alice");
  g_assert_cmpint (
      json_object_get_int_member (json_node_get_object (member->meta), "seat"),
      ==, 7);
  g_assert_cmpstr (arrival->member->id, ==, bob->id);
  g_assert_cmpstr (arrival->member->name, ==, "Bob");
}

static void
assert_who_offers (Fixture *fixture, gboolean member_prefers,
    gboolean newcomer_prefers, gboolean newcomer_offers)
{
  Member *alice = join_as (fixture, 0, "Alice", member_prefers);
  Member *bob = join_as (fixture, 1, "Bob", newcomer_prefers);
  PealMessage *joined = hear (bob, PEAL_MESSAGE_JOINED, 1);
  PealMessage *arrival = hear (alice, PEAL_MESSAGE_PEER_JOINED, 1);
  PealMember *member = g_ptr_array_index (joined->members, 0);

  g_assert_cmpint (member->offers, ==, !newcomer_offers);
  g_assert_cmpint (arrival->member->offers, ==, newcomer_offers);
  free_member (g_steal_pointer (&fixture->member[0]));
  free_member (g_steal_pointer (&fixture->member[1]));
}

static void
test_who_offers (Fixture *fixture, gconstpointer data)
{
  const gboolean cases[][3] = {
    /* the member prefers it, the newcomer does, so the newcomer offers */
    { FALSE, FALSE, TRUE },
    { TRUE, TRUE, TRUE },
    { FALSE, TRUE, TRUE },
    { TRUE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    fixture->backend->klass->close (fixture->backend);
    set_up (fixture, data);
    assert_who_offers (fixture, cases[i][0], cases[i][1], cases[i][2]);
  }
}

static void
test_leave (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  g_autofree gchar *id = g_strdup (bob->id);

  peal_signaller_stop (bob->signaller);
  g_assert_cmpstr (hear (alice, PEAL_MESSAGE_PEER_LEFT, 1)->peer_id, ==, id);
}

/* --- messages --- */

static void
test_to_one (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  Member *carol = join (fixture, 2, "Carol");

  say (alice, bob->id, "for Bob");
  say (alice, carol->id, "for Carol");
  g_assert_cmpstr (text_of (hear (bob, PEAL_MESSAGE_TEXT, 1)), ==, "for Bob");
  g_assert_cmpstr (
      text_of (hear (carol, PEAL_MESSAGE_TEXT, 1)), ==, "for Carol");
  g_assert_cmpstr (hear (bob, PEAL_MESSAGE_TEXT, 1)->peer_id, ==, alice->id);
  g_assert_cmpuint (count_heard (bob, PEAL_MESSAGE_TEXT), ==, 1);
}

static void
test_to_all (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  Member *carol = join (fixture, 2, "Carol");

  say (alice, NULL, "for all");
  say (bob, alice->id, "answer");
  hear (bob, PEAL_MESSAGE_TEXT, 1);
  hear (carol, PEAL_MESSAGE_TEXT, 1);
  g_assert_cmpstr (text_of (hear (alice, PEAL_MESSAGE_TEXT, 1)), ==, "answer");
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  const guint n = 40;

  for (guint i = 0; i < n; i++)
    send_message (alice,
        peal_message_new_candidate (
            bob->id, "session1", "candidate:1", "0", (gint)i));
  hear (bob, PEAL_MESSAGE_CANDIDATE, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (
        find_heard (bob, PEAL_MESSAGE_CANDIDATE, i)->sdp_mline_index, ==, i);
}

static void
test_fields (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  PealMessage *renegotiate =
      peal_message_new (PEAL_MESSAGE_RENEGOTIATE, bob->id);
  PealMessage *heard;

  renegotiate->session = g_strdup ("session1");
  send_message (
      alice, peal_message_new_offer (bob->id, "session1", "v=0\r\n\xc3\xa4"));
  send_message (
      bob, peal_message_new_answer (alice->id, "session1", "v=0\r\n"));
  send_message (
      alice, peal_message_new_candidate (bob->id, "session1", NULL, NULL, -1));
  send_message (alice, renegotiate);
  send_message (alice, peal_message_new_bye (bob->id, "session1", "enough"));

  heard = hear (bob, PEAL_MESSAGE_OFFER, 1);
  g_assert_cmpstr (heard->sdp, ==, "v=0\r\n\xc3\xa4");
  g_assert_cmpstr (heard->session, ==, "session1");
  g_assert_cmpstr (hear (alice, PEAL_MESSAGE_ANSWER, 1)->sdp, ==, "v=0\r\n");
  g_assert_null (hear (bob, PEAL_MESSAGE_CANDIDATE, 1)->candidate);
  g_assert_cmpstr (
      hear (bob, PEAL_MESSAGE_RENEGOTIATE, 1)->session, ==, "session1");
  g_assert_cmpstr (hear (bob, PEAL_MESSAGE_BYE, 1)->text, ==, "enough");
}

static void
test_unknown_peer (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");

  say (alice, "nobody-of-this-id", "hello?");
  g_assert_cmpstr (
      hear (alice, PEAL_MESSAGE_ERROR, 1)->code, ==, "unknown-peer");
  g_assert_true (is_in_room (alice));
}

static void
test_oversize (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  g_autofree gchar *sdp = g_strnfill (70000, 'a');
  g_autoptr (PealMessage) large =
      peal_message_new_offer (bob->id, "session1", sdp);
  g_autoptr (GError) error = NULL;

  g_assert_false (peal_signaller_send (alice->signaller, large, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  say (alice, bob->id, "still here");
  hear (bob, PEAL_MESSAGE_TEXT, 1);
}

static void
test_send_too_early (Fixture *fixture, gconstpointer data)
{
  Member *alice = make_member (fixture->backend, "Alice", NULL, FALSE);
  g_autoptr (PealMessage) bye = peal_message_new_bye ("id", NULL, NULL);
  g_autoptr (GError) error = NULL;

  fixture->member[0] = alice;
  g_assert_false (peal_signaller_send (alice->signaller, bye, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

/* --- a call in outline, in every protocol --- */

/* Somebody else whom the member knows of now, or NULL. */
static const gchar *
find_peer (Member *member)
{
  const gchar *id = NULL;

  for (guint i = 0; i < member->heard->len; i++) {
    PealMessage *message = g_ptr_array_index (member->heard, i);

    if (message->kind == PEAL_MESSAGE_PEER_JOINED)
      id = message->member->id;
    else if (message->kind == PEAL_MESSAGE_JOINED)
      id = message->members->len == 0
          ? NULL
          : ((PealMember *)g_ptr_array_index (message->members, 0))->id;
    else if (message->kind == PEAL_MESSAGE_PEER_LEFT &&
        g_strcmp0 (message->peer_id, id) == 0)
      id = NULL;
  }
  return id;
}

static gboolean
knows_somebody (gpointer data)
{
  return is_in_room (data) && find_peer (data) != NULL;
}

/* Alice offers, Bob answers, each sends a candidate. */
static void
agree (Member *alice, Member *bob, const gchar *session, const gchar *origin)
{
  g_autofree gchar *sdp =
      g_strdup_printf ("v=0\r\no=- %s 2 IN IP4 127.0.0.1\r\n", origin);
  guint n_offers = count_heard (bob, PEAL_MESSAGE_OFFER);
  guint n_answers = count_heard (alice, PEAL_MESSAGE_ANSWER);
  guint n_candidates = count_heard (alice, PEAL_MESSAGE_CANDIDATE);
  PealMessage *offer, *answer, *candidate;

  wait_for (knows_somebody, alice);
  send_message (
      alice, peal_message_new_offer (find_peer (alice), session, sdp));
  offer = hear (bob, PEAL_MESSAGE_OFFER, n_offers + 1);
  g_assert_cmpstr (offer->sdp, ==, sdp);
  g_assert_cmpstr (offer->peer_id, ==, find_peer (bob));
  send_message (bob,
      peal_message_new_answer (find_peer (bob), offer->session,
          "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\n"));
  send_message (bob,
      peal_message_new_candidate (
          find_peer (bob), offer->session, "candidate:1", "0", 0));
  answer = hear (alice, PEAL_MESSAGE_ANSWER, n_answers + 1);
  g_assert_cmpstr (answer->session, ==, session);
  candidate = hear (alice, PEAL_MESSAGE_CANDIDATE, n_candidates + 1);
  g_assert_cmpstr (candidate->session, ==, session);
  g_assert_cmpstr (candidate->candidate, ==, "candidate:1");
}

static void
test_agreed (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");

  agree (alice, bob, "session1", "1");
}

static void
test_agreed_again (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");

  agree (alice, bob, "session1", "1");
  fixture->backend->klass->restart (fixture->backend);
  hear (alice, PEAL_MESSAGE_JOINED, 2);
  hear (bob, PEAL_MESSAGE_JOINED, 2);
  wait_for (is_in_room, alice);
  wait_for (is_in_room, bob);
  agree (alice, bob, "session2", "2");
}

/* --- trouble --- */

static void
test_cut_and_resumed (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  g_autofree gchar *id = g_strdup (bob->id);

  fixture->backend->klass->cut (fixture->backend, bob);
  wait_for (is_away, bob);
  g_assert_error (bob->error, PEAL_ERROR, PEAL_ERROR_RETRY);
  say (bob, alice->id, "said while away");
  say (bob, alice->id, "and more");
  hear (bob, PEAL_MESSAGE_JOINED, 2);

  g_assert_cmpstr (bob->id, ==, id);
  hear (alice, PEAL_MESSAGE_TEXT, 2);
  g_assert_cmpstr (text_of (find_heard (alice, PEAL_MESSAGE_TEXT, 0)), ==,
      "said while away");
  g_assert_cmpuint (count_heard (alice, PEAL_MESSAGE_PEER_LEFT), ==, 0);
  g_assert_cmpuint (count_heard (alice, PEAL_MESSAGE_PEER_JOINED), ==, 1);
}

static void
test_restarted (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  PealMessage *text;

  fixture->backend->klass->restart (fixture->backend);
  hear (alice, PEAL_MESSAGE_JOINED, 2);
  hear (bob, PEAL_MESSAGE_JOINED, 2);
  g_assert_cmpuint (bob->states->len, ==, 4);
  g_assert_cmpint (g_array_index (bob->states, PealSignallingState, 2), ==,
      PEAL_SIGNALLING_RECONNECTING);

  say (alice, NULL, "back again");
  text = hear (bob, PEAL_MESSAGE_TEXT, 1);
  g_assert_cmpstr (text->peer_id, ==, alice->id);
}

static void
test_token (Fixture *fixture, gconstpointer data)
{
  Member *mallory, *alice;

  fixture->backend->klass->close (fixture->backend);
  fixture->backend = ((const BackendClass *)data)->open ("open sesame", 0);
  mallory = make_member (fixture->backend, "Mallory", "open barley", FALSE);
  fixture->member[0] = mallory;
  alice = make_member (fixture->backend, "Alice", "open sesame", FALSE);
  fixture->member[1] = alice;
  peal_signaller_start (mallory->signaller);
  peal_signaller_start (alice->signaller);

  wait_for (has_failed, mallory);
  g_assert_error (mallory->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
  g_assert_null (strstr (mallory->error->message, "open barley"));
  wait_for (is_in_room, alice);
}

static void
test_room_full (Fixture *fixture, gconstpointer data)
{
  Member *carol;

  fixture->backend->klass->close (fixture->backend);
  fixture->backend = ((const BackendClass *)data)->open (NULL, 2);
  join (fixture, 0, "Alice");
  join (fixture, 1, "Bob");
  carol = make_member (fixture->backend, "Carol", NULL, FALSE);
  fixture->member[2] = carol;
  peal_signaller_start (carol->signaller);

  wait_for (has_failed, carol);
  g_assert_error (carol->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
}

/* --- stopping --- */

static void
test_silent_after_stop (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  guint n_heard, n_states;

  hear (alice, PEAL_MESSAGE_PEER_JOINED, 1);
  say (bob, alice->id, "on its way");
  peal_signaller_stop (alice->signaller);
  n_heard = alice->heard->len;
  n_states = alice->states->len;
  peal_signaller_stop (alice->signaller);
  say (bob, NULL, "anyone?");
  hear (bob, PEAL_MESSAGE_PEER_LEFT, 1);
  run_for_ms (50);

  g_assert_cmpuint (alice->heard->len, ==, n_heard);
  g_assert_cmpuint (alice->states->len, ==, n_states);
  g_assert_cmpint (
      peal_signaller_get_state (alice->signaller), ==, PEAL_SIGNALLING_IDLE);
}

static void
stop_on_state (PealSignaller *signaller, PealSignallingState state,
    GError *error, gpointer data)
{
  if (state == PEAL_SIGNALLING_JOINED)
    peal_signaller_stop (signaller);
}

static void
test_stop_in_handler (Fixture *fixture, gconstpointer data)
{
  Member *alice = make_member (fixture->backend, "Alice", NULL, FALSE);
  Member *bob;

  fixture->member[0] = alice;
  bob = join (fixture, 1, "Bob");
  g_signal_connect (
      alice->signaller, "state-changed", G_CALLBACK (stop_on_state), NULL);
  peal_signaller_start (alice->signaller);
  hear (bob, PEAL_MESSAGE_PEER_LEFT, 1);

  g_assert_cmpuint (alice->heard->len, ==, 0);
}

static void
test_stop_while_away (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  guint n_states;

  fixture->backend->klass->cut (fixture->backend, alice);
  wait_for (is_away, alice);
  peal_signaller_stop (alice->signaller);
  n_states = alice->states->len;
  run_for_ms (100);
  g_assert_cmpuint (alice->states->len, ==, n_states);
}

typedef struct {
  const gchar *sentence;
  void (*run) (Fixture *fixture, gconstpointer data);
  guint needs; /* what a backend must not lack */
} Story;

static const Story stories[] = {
  { "the-first-one-is-alone", test_first_in_room },
  { "a-newcomer-sees-members-and-is-seen", test_newcomer_sees_members,
      LACK_META },
  { "the-one-that-prefers-it-offers-else-the-newcomer", test_who_offers,
      LACK_TURNS },
  { "a-leave-is-told-to-the-others", test_leave, LACK_LEAVING },
  { "a-message-to-one-reaches-that-one", test_to_one, LACK_TEXTS },
  { "a-message-to-all-reaches-all-but-the-sender", test_to_all, LACK_TEXTS },
  { "messages-arrive-in-order", test_order, LACK_TEXTS },
  { "every-field-arrives-as-it-was", test_fields, LACK_TEXTS },
  { "a-message-to-nobody-is-answered-with-unknown-peer", test_unknown_peer,
      LACK_TEXTS },
  { "a-message-too-large-is-refused-and-nothing-else-happens", test_oversize,
      LACK_TEXTS },
  { "sending-before-joining-is-refused", test_send_too_early },
  { "a-cut-member-comes-back-unnoticed-and-says-what-it-had-to",
      test_cut_and_resumed, LACK_RESUMING | LACK_TEXTS },
  { "two-hear-of-each-other-and-agree", test_agreed },
  { "after-a-restart-of-the-server-they-agree-again", test_agreed_again },
  { "after-a-restart-of-the-server-all-are-back", test_restarted, LACK_TEXTS },
  { "a-wrong-token-is-a-failure-that-does-not-print-it", test_token, LACK_IDS },
  { "a-full-room-is-a-failure", test_room_full, LACK_IDS },
  { "nothing-is-heard-after-a-stop", test_silent_after_stop, LACK_TEXTS },
  { "a-stop-inside-a-handler-is-a-leave", test_stop_in_handler, LACK_LEAVING },
  { "a-stop-while-away-is-silent", test_stop_while_away },
};

static void
add_stories (const BackendClass *klass)
{
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/signaller/%s/%s", klass->name, stories[i].sentence);

    if (stories[i].needs & klass->lacks)
      continue;
    g_test_add (path, Fixture, klass, set_up, stories[i].run, tear_down);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_stories (&loopback_backend);
  add_stories (&rooms_backend);
  add_stories (&socketio_backend);
  add_stories (&relay_backend);

  return g_test_run ();
}
