/*
 * The watchdog's judgement, with times of the test's own.
 */
#include "session/liveness.h"

#define SECONDS(n) ((gint64)((gdouble)(n)*G_USEC_PER_SEC))
#define START SECONDS (1000)

static void
test_never_heard (void)
{
  PealLiveness peer = { 0 };

  peal_liveness_observe (&peer, 0, START);
  g_assert_false (peal_liveness_is_dead (&peer, START + SECONDS (3600)));
}

static void
test_steady (void)
{
  PealLiveness peer = { 0 };

  for (guint i = 1; i <= 100; i++) {
    peal_liveness_observe (&peer, i, START + SECONDS (0.5 * i));
    g_assert_false (peal_liveness_is_dead (&peer, START + SECONDS (0.5 * i)));
  }
}

static void
test_silent (void)
{
  PealLiveness peer = { 0 };

  peal_liveness_observe (&peer, 100, START);
  peal_liveness_observe (&peer, 200, START + SECONDS (0.5));
  peal_liveness_observe (&peer, 200, START + SECONDS (4));
  g_assert_false (peal_liveness_is_dead (&peer, START + SECONDS (4)));
  g_assert_true (peal_liveness_is_dead (&peer, START + SECONDS (5)));
}

static void
test_returns (void)
{
  PealLiveness peer = { 0 };

  peal_liveness_observe (&peer, 1, START);
  g_assert_true (peal_liveness_is_dead (&peer, START + SECONDS (5)));
  peal_liveness_observe (&peer, 2, START + SECONDS (5));
  g_assert_false (peal_liveness_is_dead (&peer, START + SECONDS (5)));
}

static void
test_rare (void)
{
  PealLiveness peer = { 0 };

  peal_liveness_observe (&peer, 1, START);
  peal_liveness_observe (&peer, 2, START + SECONDS (3));
  g_assert_false (peal_liveness_is_dead (&peer, START + SECONDS (11)));
  g_assert_true (peal_liveness_is_dead (&peer, START + SECONDS (12)));
}

static void
test_limit (void)
{
  PealLiveness peer = { 0 };

  peal_liveness_observe (&peer, 1, START);
  peal_liveness_observe (&peer, 2, START + SECONDS (60));
  g_assert_false (peal_liveness_is_dead (&peer, START + SECONDS (89)));
  g_assert_true (peal_liveness_is_dead (&peer, START + SECONDS (90)));
}

static void
test_wrapped (void)
{
  PealLiveness peer = { 0 };

  peal_liveness_observe (&peer, G_MAXUINT32, START);
  peal_liveness_observe (&peer, 3, START + SECONDS (1));
  g_assert_false (peal_liveness_is_dead (&peer, START + SECONDS (4)));
}

static void
test_media (void)
{
  g_assert_false (peal_liveness_is_media (0));  /* STUN */
  g_assert_false (peal_liveness_is_media (22)); /* DTLS */
  g_assert_false (peal_liveness_is_media (127));
  g_assert_true (peal_liveness_is_media (128));
  g_assert_true (peal_liveness_is_media (191));
  g_assert_false (peal_liveness_is_media (192));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/liveness/one-that-never-sent-is-left-to-ice", test_never_heard);
  g_test_add_func ("/liveness/one-that-sends-lives", test_steady);
  g_test_add_func (
      "/liveness/silence-is-noticed-within-five-seconds", test_silent);
  g_test_add_func ("/liveness/one-that-sends-again-lives-again", test_returns);
  g_test_add_func (
      "/liveness/one-that-sends-rarely-has-three-of-its-gaps", test_rare);
  g_test_add_func ("/liveness/nobody-has-more-than-thirty-seconds", test_limit);
  g_test_add_func (
      "/liveness/what-is-neither-rtp-nor-rtcp-begins-no-watch", test_media);
  g_test_add_func ("/liveness/a-counter-that-wraps-still-moves", test_wrapped);

  return g_test_run ();
}
