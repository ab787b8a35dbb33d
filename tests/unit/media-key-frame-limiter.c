/*
 * The key-frame limiter, with times made up.
 */
#include "media/key-frame-limiter.h"

#define MS G_TIME_SPAN_MILLISECOND
#define START (1000 * MS)

static void
test_first (void)
{
  PealKeyFrameLimiter limiter = { 0 };

  g_assert_true (peal_key_frame_limiter_request (&limiter, 5, FALSE));
}

static void
test_merge (void)
{
  PealKeyFrameLimiter limiter = { 0 };
  guint n_sent = 0;

  for (gint64 now = START; now < START + 1000 * MS; now += MS)
    if (peal_key_frame_limiter_request (&limiter, now, FALSE))
      n_sent++;
  g_assert_cmpuint (n_sent, ==, 4);
}

static void
test_deferred (void)
{
  PealKeyFrameLimiter limiter = { 0 };

  peal_key_frame_limiter_request (&limiter, START, FALSE);
  peal_key_frame_limiter_note_key_frame (&limiter);
  g_assert_false (
      peal_key_frame_limiter_request (&limiter, START + 100 * MS, FALSE));
  g_assert_false (peal_key_frame_limiter_poll (&limiter, START + 299 * MS));
  g_assert_true (peal_key_frame_limiter_poll (&limiter, START + 300 * MS));
  g_assert_false (peal_key_frame_limiter_poll (&limiter, START + 900 * MS));
}

static void
test_served_meanwhile (void)
{
  PealKeyFrameLimiter limiter = { 0 };

  peal_key_frame_limiter_request (&limiter, START, FALSE);
  peal_key_frame_limiter_request (&limiter, START + 10 * MS, FALSE);
  peal_key_frame_limiter_note_key_frame (&limiter);
  g_assert_false (peal_key_frame_limiter_poll (&limiter, START + 900 * MS));
}

static void
test_newcomer (void)
{
  PealKeyFrameLimiter limiter = { 0 };

  peal_key_frame_limiter_request (&limiter, START, FALSE);
  peal_key_frame_limiter_note_key_frame (&limiter);
  g_assert_true (
      peal_key_frame_limiter_request (&limiter, START + 40 * MS, TRUE));
}

static void
test_newcomers (void)
{
  PealKeyFrameLimiter limiter = { 0 };

  g_assert_true (peal_key_frame_limiter_request (&limiter, START, TRUE));
  for (guint i = 1; i < 50; i++)
    g_assert_false (
        peal_key_frame_limiter_request (&limiter, START + i * MS, TRUE));
  peal_key_frame_limiter_note_key_frame (&limiter);
  g_assert_false (peal_key_frame_limiter_poll (&limiter, START + 900 * MS));
}

static void
test_lost (void)
{
  PealKeyFrameLimiter limiter = { 0 };

  peal_key_frame_limiter_request (&limiter, START, TRUE);
  g_assert_false (
      peal_key_frame_limiter_request (&limiter, START + 200 * MS, FALSE));
  g_assert_true (peal_key_frame_limiter_poll (&limiter, START + 300 * MS));
}

/* Asked for while nobody watched, so that nothing was encoded. */
static void
test_never_made (void)
{
  PealKeyFrameLimiter limiter = { 0 };

  peal_key_frame_limiter_request (&limiter, START, FALSE);
  g_assert_false (
      peal_key_frame_limiter_request (&limiter, START + 99 * MS, TRUE));
  g_assert_true (
      peal_key_frame_limiter_request (&limiter, START + 100 * MS, TRUE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-frame-limiter/first-request-goes-at-once", test_first);
  g_test_add_func (
      "/key-frame-limiter/a-thousand-in-a-second-become-four", test_merge);
  g_test_add_func (
      "/key-frame-limiter/request-too-soon-goes-when-due", test_deferred);
  g_test_add_func ("/key-frame-limiter/key-frame-serves-all-who-wait",
      test_served_meanwhile);
  g_test_add_func ("/key-frame-limiter/newcomer-does-not-wait", test_newcomer);
  g_test_add_func (
      "/key-frame-limiter/fifty-newcomers-share-one", test_newcomers);
  g_test_add_func (
      "/key-frame-limiter/request-without-effect-is-repeated", test_lost);
  g_test_add_func ("/key-frame-limiter/newcomer-does-not-wait-for-what-is-lost",
      test_never_made);
  return g_test_run ();
}
