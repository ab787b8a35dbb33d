/*
 * Inputs that are late, early, or late for a while.
 */
#include "media/align.h"

#define MS (G_GUINT64_CONSTANT (1000000))
#define SECOND (1000 * MS)
#define PACKET (20 * MS)

#define LATENCY (100 * MS)

/* Feeds packets from @start for @length whose timestamps are @ahead of the
 * present; returns how often the sound jumped. */
static guint
feed (PealAlign *align, guint64 start, guint64 length, gint64 ahead)
{
  guint jumps = 0;

  for (guint64 now = start; now < start + length; now += PACKET) {
    gboolean is_discontinuous;
    guint64 aligned =
        peal_align_audio (align, now + ahead, now, LATENCY, &is_discontinuous);

    g_assert_cmpuint (aligned, >=, now - LATENCY);
    g_assert_cmpuint (aligned, <=, now + 100 * MS);
    jumps += is_discontinuous;
  }
  return jumps;
}

static void
test_timely (void)
{
  PealAlign align = { 0 };

  g_assert_cmpuint (
      feed (&align, 10 * SECOND, 60 * SECOND, -(gint64)(50 * MS)), ==, 0);
  g_assert_cmpint (align.offset_ns, ==, 0);
}

static void
test_late (void)
{
  PealAlign align = { 0 };

  g_assert_cmpuint (
      feed (&align, 10 * SECOND, 60 * SECOND, -(gint64)(700 * MS)), ==, 1);
}

static void
test_late_for_a_while (void)
{
  PealAlign align = { 0 };

  feed (&align, 10 * SECOND, SECOND, -(gint64)(150 * MS));
  g_assert_cmpint (align.offset_ns, >, 50 * MS);
  g_assert_cmpuint (feed (&align, 11 * SECOND, 20 * SECOND, 0), <=, 2);
  g_assert_cmpint (align.offset_ns, <, 60 * MS);
}

static void
test_future (void)
{
  PealAlign align = { 0 };

  g_assert_cmpuint (
      feed (&align, 7200 * SECOND, 10 * SECOND, 3600 * SECOND), ==, 1);
}

static void
test_pictures (void)
{
  g_assert_cmpuint (peal_align_video (SECOND, SECOND, LATENCY), ==, SECOND);
  g_assert_cmpuint (peal_align_video (950 * MS, SECOND, LATENCY), ==, 950 * MS);
  g_assert_cmpuint (peal_align_video (100 * MS, SECOND, LATENCY), ==, 900 * MS);
  g_assert_cmpuint (
      peal_align_video (60 * SECOND, SECOND, LATENCY), ==, 900 * MS);
  g_assert_cmpuint (peal_align_video (0, 50 * MS, LATENCY), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/align/timely-sound-is-never-touched", test_timely);
  g_test_add_func ("/align/late-sound-is-moved-once", test_late);
  g_test_add_func (
      "/align/a-delay-is-taken-back-when-it-is-over", test_late_for_a_while);
  g_test_add_func ("/align/sound-from-the-future-is-moved-once", test_future);
  g_test_add_func (
      "/align/late-and-far-pictures-are-shown-at-once", test_pictures);

  return g_test_run ();
}
