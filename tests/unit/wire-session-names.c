/*
 * Names for sessions: stories of what is said, and in which session it is.
 */
#include "wire/session-names.h"

#include <string.h>

typedef struct {
  PealSessionNames *names;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->names = peal_session_names_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  peal_session_names_free (fixture->names);
}

#define SDP(origin, ufrag)                                                     \
  "v=0\r\no=- " origin " 2 IN IP4 127.0.0.1\r\ns=-\r\na=ice-ufrag:" ufrag "\r" \
  "\n"

static GPtrArray *
hear (Fixture *fixture, PealMessage *message)
{
  GPtrArray *said = peal_session_names_heard (fixture->names, message);

  peal_message_unref (message);
  return said;
}

/* The session of a lone message, or NULL when nothing was said. */
static gchar *
session_of (GPtrArray *said)
{
  g_autoptr (GPtrArray) owned = said;

  g_assert_cmpuint (said->len, <=, 1);
  return said->len == 0
      ? NULL
      : g_strdup (((PealMessage *)g_ptr_array_index (said, 0))->session);
}

static gchar *
hear_offer (Fixture *fixture, const gchar *peer, const gchar *sdp)
{
  return session_of (hear (fixture, peal_message_new_offer (peer, NULL, sdp)));
}

static gchar *
hear_answer (Fixture *fixture, const gchar *peer)
{
  return session_of (hear (
      fixture, peal_message_new_answer (peer, NULL, SDP ("9", "answer"))));
}

static gchar *
hear_candidate (Fixture *fixture, const gchar *peer, const gchar *text)
{
  return session_of (
      hear (fixture, peal_message_new_candidate (peer, NULL, text, "0", 0)));
}

static void
send_offer (Fixture *fixture, const gchar *peer, const gchar *session)
{
  g_autoptr (PealMessage) message =
      peal_message_new_offer (peer, session, SDP ("5", "ours"));

  peal_session_names_sent (fixture->names, message);
}

static void
send_answer (Fixture *fixture, const gchar *peer, const gchar *session)
{
  g_autoptr (PealMessage) message =
      peal_message_new_answer (peer, session, SDP ("5", "ours"));

  peal_session_names_sent (fixture->names, message);
}

static void
test_offers (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *first = hear_offer (fixture, "a", SDP ("1", "x"));
  g_autofree gchar *again = hear_offer (fixture, "a", SDP ("1", "y"));
  g_autofree gchar *other = hear_offer (fixture, "a", SDP ("2", "z"));

  g_assert_cmpuint (strlen (first), ==, 16);
  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
}

static void
test_two_peers (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *a = hear_offer (fixture, "a", SDP ("1", "x"));
  g_autofree gchar *b = hear_offer (fixture, "b", SDP ("1", "x"));
  g_autofree gchar *nobody = hear_offer (fixture, NULL, SDP ("1", "x"));

  g_assert_cmpstr (a, !=, b);
  g_assert_cmpstr (a, !=, nobody);
}

static void
test_answer (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *stray = hear_answer (fixture, "a");
  g_autofree gchar *taken = NULL;
  g_autofree gchar *candidate = NULL;

  send_offer (fixture, "a", "session1");
  send_offer (fixture, "a", "session2");
  taken = hear_answer (fixture, "a");
  candidate = hear_candidate (fixture, "a", "candidate:1");
  g_assert_null (stray);
  g_assert_cmpstr (taken, ==, "session2");
  g_assert_cmpstr (candidate, ==, "session2");
}

static void
test_candidate_before_answer (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *candidate = NULL;

  send_offer (fixture, "a", "session1");
  candidate = hear_candidate (fixture, "a", "candidate:1 ufrag other");
  g_assert_cmpstr (candidate, ==, "session1");
}

static void
test_yielded (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *theirs = NULL;
  g_autofree gchar *late = NULL;
  g_autofree gchar *candidate = NULL;

  send_offer (fixture, "a", "session1");
  theirs = hear_offer (fixture, "a", SDP ("1", "x"));
  send_answer (fixture, "a", theirs);
  late = hear_answer (fixture, "a");
  candidate = hear_candidate (fixture, "a", "candidate:1");
  g_assert_null (late);
  g_assert_cmpstr (candidate, ==, theirs);
}

static void
test_won (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *theirs = NULL;
  g_autofree gchar *answered = NULL;
  g_autofree gchar *candidate = NULL;

  send_offer (fixture, "a", "session1");
  theirs = hear_offer (fixture, "a", SDP ("1", "x"));
  answered = hear_answer (fixture, "a");
  candidate = hear_candidate (fixture, "a", "candidate:1");
  g_assert_cmpstr (theirs, !=, "session1");
  g_assert_cmpstr (answered, ==, "session1");
  g_assert_cmpstr (candidate, ==, "session1");
}

static PealMessageKind
kind_of (GPtrArray *said, guint i)
{
  return ((PealMessage *)g_ptr_array_index (said, i))->kind;
}

static void
test_early_candidates (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *early = hear_candidate (fixture, "a", "candidate:1");
  g_autofree gchar *foreign =
      hear_candidate (fixture, "a", "candidate:2 ufrag other");
  g_autoptr (GPtrArray) said =
      hear (fixture, peal_message_new_offer ("a", NULL, SDP ("1", "mine")));
  PealMessage *offer = g_ptr_array_index (said, 0);
  PealMessage *candidate;

  g_assert_null (early);
  g_assert_null (foreign);
  g_assert_cmpuint (said->len, ==, 2);
  g_assert_cmpint (kind_of (said, 0), ==, PEAL_MESSAGE_OFFER);
  candidate = g_ptr_array_index (said, 1);
  g_assert_cmpstr (candidate->candidate, ==, "candidate:1");
  g_assert_cmpstr (candidate->session, ==, offer->session);
}

static void
test_candidates_of_the_next (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *first = hear_offer (fixture, "a", SDP ("1", "old"));
  g_autofree gchar *known =
      hear_candidate (fixture, "a", "candidate:1 ufrag old");
  g_autofree gchar *ahead =
      hear_candidate (fixture, "a", "candidate:2 ufrag new network-id 1");
  g_autoptr (GPtrArray) said =
      hear (fixture, peal_message_new_offer ("a", NULL, SDP ("2", "new")));

  g_assert_cmpstr (known, ==, first);
  g_assert_null (ahead);
  g_assert_cmpuint (said->len, ==, 2);
  g_assert_cmpint (kind_of (said, 1), ==, PEAL_MESSAGE_CANDIDATE);
}

static void
test_bounded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) said = NULL;

  for (guint i = 0; i < 2 * PEAL_SESSION_NAMES_MAX_EARLY; i++)
    g_free (hear_candidate (fixture, "a", "candidate:1"));
  said = hear (fixture, peal_message_new_offer ("a", NULL, SDP ("1", "x")));
  g_assert_cmpuint (said->len, ==, 1 + PEAL_SESSION_NAMES_MAX_EARLY);
}

static void
test_too_many_peers (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *one_more = NULL;

  for (guint i = 0; i < PEAL_SESSION_NAMES_MAX_PEERS; i++) {
    g_autofree gchar *peer = g_strdup_printf ("%u", i);

    g_free (hear_offer (fixture, peer, SDP ("1", "x")));
  }
  one_more = hear_offer (fixture, "one more", SDP ("1", "x"));
  g_assert_null (one_more);
}

static void
test_forgotten (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;

  send_offer (fixture, "a", "session1");
  peal_session_names_forget (fixture->names, "a");
  answer = hear_answer (fixture, "a");
  g_assert_null (answer);
}

static const struct {
  const gchar *sdp;
  const gchar *origin;
} origins[] = {
  { "v=0\r\no=- 123 2 IN IP4 0.0.0.0\r\n", "123" },
  { "v=0\no=alice 5 2 IN IP4 0.0.0.0\n", "5" },
  { "v=0\r\ns=o=- 7 2\r\no=- 8 2 IN IP4 0.0.0.0", "8" },
  { "v=0\r\no=-\r\n", "" },
  { "v=0\r\no=", "" },
  { "v=0\r\n", "" },
  { "", "" },
};

static void
test_origins (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++) {
    g_autofree gchar *origin = peal_sdp_origin (origins[i].sdp);

    g_assert_cmpstr (origin, ==, origins[i].origin);
  }
}

static void
test_comparison (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (peal_sdp_origin_compare ("9", "10"), <, 0);
  g_assert_cmpint (peal_sdp_origin_compare ("10", "9"), >, 0);
  g_assert_cmpint (peal_sdp_origin_compare ("010", "10"), ==, 0);
  g_assert_cmpint (
      peal_sdp_origin_compare ("18446744073709551616", "18446744073709551617"),
      <, 0);
  g_assert_cmpint (peal_sdp_origin_compare ("", "0"), ==, 0);
}

static const struct {
  const gchar *sentence;
  void (*run) (Fixture *fixture, gconstpointer data);
} stories[] = {
  { "the-same-origin-is-the-same-session-another-is-a-new-one", test_offers },
  { "two-peers-never-share-a-session", test_two_peers },
  { "an-answer-belongs-to-our-last-offer", test_answer },
  { "a-candidate-before-the-answer-belongs-to-our-offer",
      test_candidate_before_answer },
  { "who-answers-hears-no-answer-any-more", test_yielded },
  { "who-waits-for-its-answer-gets-it", test_won },
  { "candidates-before-the-first-offer-are-kept-for-it",
      test_early_candidates },
  { "candidates-of-the-next-offer-are-known-by-their-user",
      test_candidates_of_the_next },
  { "no-more-candidates-are-kept-than-the-bound", test_bounded },
  { "no-more-peers-are-named-than-the-bound", test_too_many_peers },
  { "who-left-is-forgotten", test_forgotten },
  { "origins-are-found-in-any-description", test_origins },
  { "origins-are-compared-as-numbers-of-any-length", test_comparison },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/session-names/%s", stories[i].sentence);

    g_test_add (path, Fixture, NULL, set_up, stories[i].run, tear_down);
  }
  return g_test_run ();
}
