/*
 * Token buckets, with a clock that is a number.
 */
#include "server/throttle.h"

static void
test_burst (void)
{
  g_autoptr (PealThrottle) throttle = peal_throttle_new (3, 1);

  for (guint i = 0; i < 3; i++)
    g_assert_true (peal_throttle_take (throttle, "a", 0));
  g_assert_false (peal_throttle_take (throttle, "a", 0));
  g_assert_true (peal_throttle_take (throttle, "b", 0));
}

static void
test_refill (void)
{
  g_autoptr (PealThrottle) throttle = peal_throttle_new (2, 2);

  g_assert_true (peal_throttle_take (throttle, "a", 0));
  g_assert_true (peal_throttle_take (throttle, "a", 0));
  g_assert_false (peal_throttle_take (throttle, "a", 499 * 1000));
  g_assert_true (peal_throttle_take (throttle, "a", 500 * 1000));
  g_assert_false (peal_throttle_take (throttle, "a", 501 * 1000));
  /* Ten quiet seconds are worth a burst, not twenty. */
  g_assert_true (peal_throttle_take (throttle, "a", 10 * G_USEC_PER_SEC));
  g_assert_true (peal_throttle_take (throttle, "a", 10 * G_USEC_PER_SEC));
  g_assert_false (peal_throttle_take (throttle, "a", 10 * G_USEC_PER_SEC));
}

static void
test_clock_that_goes_back (void)
{
  g_autoptr (PealThrottle) throttle = peal_throttle_new (1, 1);

  g_assert_true (peal_throttle_take (throttle, "a", 5 * G_USEC_PER_SEC));
  g_assert_false (peal_throttle_take (throttle, "a", 0));
}

static void
test_memory (void)
{
  g_autoptr (PealThrottle) throttle = peal_throttle_new (1, 1);

  for (gint64 i = 0; i < 100000; i++) {
    g_autofree gchar *key = g_strdup_printf ("%d", (gint)i);

    peal_throttle_take (throttle, key, i * G_USEC_PER_SEC / 10);
  }
  g_assert_cmpuint (peal_throttle_get_size (throttle), <, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/throttle/a-burst-passes-and-no-more", test_burst);
  g_test_add_func ("/throttle/tokens-come-back-with-time", test_refill);
  g_test_add_func ("/throttle/a-clock-that-goes-back-gives-nothing",
      test_clock_that_goes_back);
  g_test_add_func ("/throttle/keys-that-are-quiet-are-forgotten", test_memory);
  return g_test_run ();
}
