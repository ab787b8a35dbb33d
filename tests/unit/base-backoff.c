/*
 * The delays between attempts, with chance taken out of them.
 */
#include "base/backoff.h"

static guint
highest (guint limit, gpointer data)
{
  return limit - 1;
}

static guint
lowest (guint limit, gpointer data)
{
  return 0;
}

static void
test_ceiling_doubles (void)
{
  const guint expected_ms[] = { 500, 1000, 2000, 4000, 8000, 15000, 15000 };
  PealBackoff backoff;

  peal_backoff_init (&backoff, highest, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (expected_ms); i++)
    g_assert_cmpuint (peal_backoff_next_ms (&backoff), ==, expected_ms[i]);
}

static void
test_jitter_is_full (void)
{
  PealBackoff backoff;

  peal_backoff_init (&backoff, lowest, NULL);
  for (guint i = 0; i < 8; i++)
    g_assert_cmpuint (peal_backoff_next_ms (&backoff), ==, 0);
}

static void
test_reset (void)
{
  PealBackoff backoff;

  peal_backoff_init (&backoff, highest, NULL);
  for (guint i = 0; i < 5; i++)
    peal_backoff_next_ms (&backoff);
  peal_backoff_reset (&backoff);
  g_assert_cmpuint (peal_backoff_next_ms (&backoff), ==, 500);
}

static void
test_own_chance (void)
{
  PealBackoff backoff;

  peal_backoff_init (&backoff, NULL, NULL);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpuint (peal_backoff_next_ms (&backoff), <=, 15000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/backoff/ceiling-doubles-from-half-a-second-to-fifteen-seconds",
      test_ceiling_doubles);
  g_test_add_func ("/backoff/delay-may-be-nothing-at-all", test_jitter_is_full);
  g_test_add_func ("/backoff/starts-again-small-after-a-reset", test_reset);
  g_test_add_func ("/backoff/never-passes-the-limit", test_own_chance);

  return g_test_run ();
}
