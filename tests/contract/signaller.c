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

  fixture->backend = klass->open (klass, NULL, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->member); i++)
    g_clear_pointer (&fixture->member[i], free_member);
  fixture->backend->klass->close (fixture->backend);
}

static void
reopen (Fixture *fixture, const gchar *token, guint max_members)
{
  const BackendClass *klass = fixture->backend->klass;

  klass->close (fixture->backend);
  fixture->backend = klass->open (klass, token, max_members);
}

/* --- joining and leaving --- */

static void
test_first_in_room (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  PealMessage *joined = hear (alice, PEAL_MESSAGE_JOINED, 1);

  g_assert_cmpuint (joined->members->len, ==, 0);
  g_assert_cmpstr (
      joined->room, ==, fixture->backend->klass->calls ? NULL : ROOM);
  g_assert_cmpuint (alice->states->len, ==, 2);
  g_assert_cmpint (g_array_index (alice->states, PealSignallingState, 0), ==,
      PEAL_SIGNALLING_CONNECTING);
}

static void
assert_seen_as (
    Fixture *fixture, Member *member, const Member *other, const gchar *name)
{
  const PealMember *seen = meet (member);
  JsonObject *meta;

  if (!lacks (fixture, LACK_IDS | LACK_NAMES))
    g_assert_cmpstr (seen->id, ==, other->id);
  if (!lacks (fixture, LACK_NAMES))
    g_assert_cmpstr (seen->name, ==, name);
  if (lacks (fixture, LACK_META))
    return;
  meta = json_node_get_object (seen->meta);
  g_assert_cmpint (json_object_get_int_member (meta, "seat"), ==, 7);
}

static void
test_newcomer_sees_members (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");

  assert_seen_as (fixture, bob, alice, "Alice");
  assert_seen_as (fixture, alice, bob, "Bob");
}

static void
test_one_offers (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");

  g_assert_cmpint (meet (alice)->offers, !=, meet (bob)->offers);
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
    reopen (fixture, NULL, 0);
    assert_who_offers (fixture, cases[i][0], cases[i][1], cases[i][2]);
  }
}

static void
test_leave (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");
  g_autofree gchar *id = g_strdup (meet (alice)->id);

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

static void
test_agreed (Fixture *fixture, gconstpointer data)
{
  join (fixture, 0, "Alice");
  join (fixture, 1, "Bob");

  agree (fixture, "session1", "1");
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  const gint n = 40;
  PealMessage *offer;
  Member *a, *b;

  join (fixture, 0, "Alice");
  join (fixture, 1, "Bob");
  offer = agree (fixture, "session1", "1");
  choose_roles (fixture, &a, &b);
  for (gint i = 0; i < n; i++)
    send_candidate (a, "session1", "candidate:2", i);
  hear (b, PEAL_MESSAGE_CANDIDATE, (guint)n);
  for (gint i = 0; i < n; i++) {
    PealMessage *heard = find_heard (b, PEAL_MESSAGE_CANDIDATE, (guint)i);

    g_assert_cmpint (heard->sdp_mline_index, ==, i);
    g_assert_cmpstr (heard->session, ==, offer->session);
  }
}

static void
test_agreed_again (Fixture *fixture, gconstpointer data)
{
  Member *alice = join (fixture, 0, "Alice");
  Member *bob = join (fixture, 1, "Bob");

  agree (fixture, "session1", "1");
  fixture->backend->klass->restart (fixture->backend);
  hear (alice, PEAL_MESSAGE_JOINED, 2);
  hear (bob, PEAL_MESSAGE_JOINED, 2);
  wait_for (is_in_room, alice);
  wait_for (is_in_room, bob);
  agree (fixture, "session2", "2");
}

static void
test_cut_and_agreed_again (Fixture *fixture, gconstpointer data)
{
  Member *bob;

  join (fixture, 0, "Alice");
  bob = join (fixture, 1, "Bob");
  agree (fixture, "session1", "1");
  fixture->backend->klass->cut (fixture->backend, bob);
  wait_for (is_away, bob);
  g_assert_error (bob->error, PEAL_ERROR, PEAL_ERROR_RETRY);
  hear (bob, PEAL_MESSAGE_JOINED, 2);
  wait_for (is_in_room, bob);
  agree (fixture, "session2", "2");
}

static void
test_no_texts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) body = json_from_string ("\"hello\"", NULL);
  g_autoptr (PealMessage) text = NULL;
  g_autoptr (GError) error = NULL;
  Member *bob;

  join (fixture, 0, "Alice");
  bob = join (fixture, 1, "Bob");
  text = peal_message_new_text (meet (bob)->id, body);
  g_assert_false (peal_signaller_send (bob->signaller, text, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  agree (fixture, "session1", "1");
}

/* --- trouble --- */

static void
test_oversize (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *sdp = g_strnfill (70000, 'a');
  g_autoptr (PealMessage) large = NULL;
  g_autoptr (GError) error = NULL;
  Member *bob;

  join (fixture, 0, "Alice");
  bob = join (fixture, 1, "Bob");
  large = peal_message_new_offer (meet (bob)->id, "session1", sdp);
  g_assert_false (peal_signaller_send (bob->signaller, large, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  agree (fixture, "session1", "1");
}

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

  reopen (fixture, "open sesame", 0);
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

  reopen (fixture, NULL, 2);
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
  guint n_heard, n_states;
  Member *a, *b;

  join (fixture, 0, "Alice");
  join (fixture, 1, "Bob");
  agree (fixture, "session1", "1");
  choose_roles (fixture, &a, &b);
  send_candidate (a, "session1", "candidate:3", 0);
  peal_signaller_stop (b->signaller);
  n_heard = b->heard->len;
  n_states = b->states->len;
  peal_signaller_stop (b->signaller);
  send_candidate (a, "session1", "candidate:4", 0);
  run_for_ms (50);

  g_assert_cmpuint (b->heard->len, ==, n_heard);
  g_assert_cmpuint (b->states->len, ==, n_states);
  g_assert_cmpint (
      peal_signaller_get_state (b->signaller), ==, PEAL_SIGNALLING_IDLE);
}

static void
stop_on_state (PealSignaller *signaller, PealSignallingState state,
    GError *error, gpointer data)
{
  if (state == PEAL_SIGNALLING_JOINED)
    peal_signaller_stop (signaller);
}

/* Whoever may have been there before. */
static gboolean
knows_one_only (gpointer data)
{
  return count_heard (data, PEAL_MESSAGE_PEER_JOINED) ==
      count_heard (data, PEAL_MESSAGE_PEER_LEFT) + 1;
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
  join (fixture, 2, "Carol");
  wait_for (knows_one_only, bob);

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
  guint needs;   /* what a backend must not lack */
  guint instead; /* what it must lack */
} Story;

static const Story stories[] = {
  { "the-first-one-is-alone", test_first_in_room },
  { "a-newcomer-sees-members-and-is-seen", test_newcomer_sees_members,
      LACK_COMING },
  { "one-of-two-is-told-to-offer", test_one_offers, LACK_TURNS | LACK_COMING },
  { "the-one-that-prefers-it-offers-else-the-newcomer", test_who_offers,
      LACK_WISHES },
  { "a-leave-is-told-to-the-others", test_leave, LACK_LEAVING | LACK_COMING },
  { "a-message-to-one-reaches-that-one", test_to_one, LACK_TEXTS },
  { "a-message-to-all-reaches-all-but-the-sender", test_to_all, LACK_TEXTS },
  { "a-message-without-a-word-for-it-is-refused", test_no_texts, 0,
      LACK_TEXTS },
  { "every-field-arrives-as-it-was", test_fields, LACK_TEXTS },
  { "a-message-to-nobody-is-answered-with-unknown-peer", test_unknown_peer,
      LACK_TEXTS },
  { "sending-before-joining-is-refused", test_send_too_early },
  { "two-hear-of-each-other-and-agree", test_agreed },
  { "candidates-arrive-in-order", test_order },
  { "a-message-too-large-is-refused-and-nothing-else-happens", test_oversize },
  { "a-cut-member-comes-back-unnoticed-and-says-what-it-had-to",
      test_cut_and_resumed, LACK_RESUMING | LACK_TEXTS },
  { "a-cut-member-comes-back-and-they-agree-again", test_cut_and_agreed_again,
      0, LACK_RESUMING },
  { "after-a-restart-of-the-server-they-agree-again", test_agreed_again },
  { "after-a-restart-of-the-server-all-are-back", test_restarted, LACK_TEXTS },
  { "a-wrong-token-is-a-failure-that-does-not-print-it", test_token },
  { "a-full-room-is-a-failure", test_room_full, LACK_SIZES | LACK_IDS },
  { "nothing-is-heard-after-a-stop", test_silent_after_stop },
  { "a-stop-inside-a-handler-is-a-leave", test_stop_in_handler,
      LACK_LEAVING | LACK_COMING },
  { "a-stop-while-away-is-silent", test_stop_while_away },
};

static gboolean
is_told_of (const Story *story, const BackendClass *klass)
{
  return !(story->needs & klass->lacks) &&
      (story->instead & klass->lacks) == story->instead;
}

static void
add_stories (const BackendClass *klass)
{
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/signaller/%s/%s", klass->name, stories[i].sentence);

    if (is_told_of (&stories[i], klass))
      g_test_add (path, Fixture, klass, set_up, stories[i].run, tear_down);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_stories (&loopback_backend);
  for (const BackendClass *klass = server_backends; klass->name; klass++)
    add_stories (klass);

  return g_test_run ();
}
