/*
 * The delay on networks of all kinds.
 */
#include "media/playout.h"

#define MS (G_GINT64_CONSTANT (1000000))
#define CEILING (200 * MS)

static void
begin (PealPlayout *playout, gint64 floor_ns)
{
  *playout = (PealPlayout){ 0 };
  peal_playout_set_limits (playout, floor_ns, CEILING);
}

/* Each step of a piece of network; the delay shrinks as far as it may. */
static void
feed (PealPlayout *playout, guint count, gint64 least_ns, gint64 most_ns)
{
  for (guint i = 0; i < count; i++) {
    gint64 lateness_ns =
        least_ns + (most_ns - least_ns) * (gint64)(i * 7 % 16) / 15;

    peal_playout_add (playout, lateness_ns);
    peal_playout_shrink (playout, CEILING);
  }
}

/* After a late one; without shrinking. */
static void
settle (PealPlayout *playout)
{
  for (guint i = 0; i < 8; i++)
    peal_playout_add (playout, 0);
}

static void
test_table (void)
{
  static const struct {
    gint64 floor_ns, least_ns, most_ns, expected_least_ns, expected_most_ns;
  } rows[] = {
    { 0, 0, 0, 0, 8 * MS },
    { 0, -50 * MS, -50 * MS, 0, 8 * MS },
    { 0, 0, 20 * MS, 20 * MS, 30 * MS },
    { 0, 10 * MS, 90 * MS, 90 * MS, 100 * MS },
    { 30 * MS, 0, 5 * MS, 30 * MS, 30 * MS },
    { 30 * MS, 0, 60 * MS, 60 * MS, 70 * MS },
    { 0, 0, 500 * MS, CEILING, CEILING },
    { 0, 0, 5000 * MS, CEILING, CEILING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PealPlayout playout;

    begin (&playout, rows[i].floor_ns);
    feed (&playout, 1000, rows[i].least_ns, rows[i].most_ns);
    g_assert_cmpint (playout.delay_ns, >=, rows[i].expected_least_ns);
    g_assert_cmpint (playout.delay_ns, <=, rows[i].expected_most_ns);
  }
}

static void
test_late_is_in_time (void)
{
  PealPlayout playout;

  begin (&playout, 0);
  feed (&playout, 500, 0, 2 * MS);
  for (gint64 lateness_ns = 0; lateness_ns < CEILING; lateness_ns += 7 * MS) {
    gint64 before_ns = playout.delay_ns;

    g_assert_cmpint (peal_playout_add (&playout, lateness_ns), ==,
        playout.delay_ns - before_ns);
    g_assert_cmpint (playout.delay_ns, >=, lateness_ns);
  }
}

static void
test_one_outlier (void)
{
  PealPlayout playout;

  begin (&playout, 0);
  feed (&playout, 500, 0, 2 * MS);
  peal_playout_add (&playout, 150 * MS);
  g_assert_cmpint (playout.delay_ns, >=, 150 * MS);
  g_assert_cmpint (peal_playout_get_excess (&playout), ==, 0);
  settle (&playout);
  g_assert_cmpint (peal_playout_get_excess (&playout), >, 140 * MS);
}

static void
test_frequent_outliers (void)
{
  PealPlayout playout;

  begin (&playout, 0);
  for (guint i = 0; i < 1000; i++) {
    peal_playout_add (&playout, i % 25 == 0 ? 80 * MS : 0);
    peal_playout_shrink (&playout, CEILING);
  }
  g_assert_cmpint (playout.delay_ns, >=, 80 * MS);
}

static void
test_returns (void)
{
  PealPlayout playout;

  begin (&playout, 0);
  feed (&playout, 500, 0, 120 * MS);
  g_assert_cmpint (playout.delay_ns, >=, 120 * MS);
  feed (&playout, PEAL_PLAYOUT_WINDOW, 0, 2 * MS);
  g_assert_cmpint (playout.delay_ns, <, 10 * MS);
}

static void
test_small_steps (void)
{
  PealPlayout playout;
  gint64 delay_ns;

  begin (&playout, 0);
  feed (&playout, 500, 0, 2 * MS);
  peal_playout_add (&playout, 150 * MS);
  delay_ns = playout.delay_ns;
  settle (&playout);
  g_assert_cmpint (peal_playout_shrink (&playout, 2 * MS), ==, 2 * MS);
  g_assert_cmpint (playout.delay_ns, ==, delay_ns - 2 * MS);
  g_assert_cmpint (peal_playout_shrink (&playout, -5 * MS), ==, 0);
  g_assert_cmpint (playout.delay_ns, ==, delay_ns - 2 * MS);
}

static void
test_first_ones (void)
{
  PealPlayout playout;

  begin (&playout, 0);
  peal_playout_add (&playout, 100 * MS);
  for (guint i = 0; i < 30; i++)
    peal_playout_add (&playout, 0);
  g_assert_cmpint (peal_playout_get_excess (&playout), ==, 0);
  for (guint i = 0; i < 30; i++)
    peal_playout_add (&playout, 0);
  g_assert_cmpint (peal_playout_get_excess (&playout), >, 90 * MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/playout/the-delay-follows-the-jitter-between-floor-and-"
                   "ceiling",
      test_table);
  g_test_add_func ("/playout/what-comes-late-raises-the-delay-so-that-it-is-"
                   "in-time",
      test_late_is_in_time);
  g_test_add_func ("/playout/one-outlier-is-taken-back-soon", test_one_outlier);
  g_test_add_func ("/playout/outliers-that-come-often-are-waited-for",
      test_frequent_outliers);
  g_test_add_func (
      "/playout/after-bad-times-the-delay-comes-back", test_returns);
  g_test_add_func ("/playout/the-delay-shrinks-by-no-more-than-is-asked-for",
      test_small_steps);
  g_test_add_func (
      "/playout/the-first-few-say-nothing-about-the-network", test_first_ones);

  return g_test_run ();
}
