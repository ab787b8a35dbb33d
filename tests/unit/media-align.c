/*
 * Inputs that are late, early, or late for a while: what the mix makes of
 * them, as a table of histories.
 */
#include "media/align.h"

#define MS (G_GINT64_CONSTANT (1000000))
#define SECOND (1000 * MS)
#define PACKET (20 * MS)

#define LATENCY (100 * MS)
#define SLACK (10 * MS)
/* What time-stretching gets out of a voice. */
#define STRETCH_INTERVAL (100 * MS)
#define STRETCH (8 * MS)

/* Some packets that all come by as much later than they should. Their sound is
 * moved by @least_ms to @most_ms at last, and has jumped @jumps times. */
typedef struct {
  guint packets;
  gint late_ms;
  guint jumps;
  gint least_ms;
  gint most_ms;
} Stretch;

typedef struct {
  const gchar *path;
  Stretch stretches[6];
} History;

static const History histories[] = {
  { "/align/sound-that-is-there-in-time-is-not-touched",
      { { 500, -5, 0, 0, 0 }, { 500, 9, 0, 0, 0 } } },
  { "/align/sound-that-comes-late-jumps-once",
      { { 500, -5, 0, 0, 0 }, { 500, 40, 1, 30, 40 } } },
  { "/align/a-hiccup-is-forgotten-within-four-seconds",
      { { 500, -5, 0, 0, 0 }, { 3, 60, 1, 50, 60 }, { 200, -5, 0, 0, 9 } } },
  { "/align/a-long-one-costs-no-more",
      { { 500, -5, 0, 0, 0 }, { 100, 150, 1, 140, 150 },
          { 400, -5, 0, 0, 9 } } },
  { "/align/two-in-a-hundred-late-ones-are-not-waited-for",
      { { 500, -5, 0, 0, 0 }, { 1, 60, 1, 50, 60 }, { 100, -5, 0, 0, 9 },
          { 1, 60, 1, 50, 60 }, { 100, -5, 0, 0, 9 } } },
  { "/align/more-of-them-are",
      { { 500, -5, 0, 0, 0 }, { 10, 60, 1, 50, 60 }, { 40, -5, 0, 50, 60 } } },
  { "/align/a-longer-path-that-nobody-told-of-is-followed",
      { { 500, 700, 1, 690, 700 }, { 3000, -5, 0, 0, 9 } } },
  { "/align/a-clock-that-is-behind-is-followed-at-once",
      { { 500, 3600000, 1, 3599990, 3600010 } } },
  { "/align/a-clock-that-is-ahead-is-followed-at-once",
      { { 500, -3600000, 1, -3600010, -3599990 } } },
  { "/align/a-clock-that-comes-right-is-believed",
      { { 500, 5000, 1, 4990, 5010 }, { 500, -5, 1, -15, 0 } } },
};

/* The mixer takes back what it may. */
static void
shrink (PealAlign *align, guint64 now, guint64 *shrunk)
{
  if (now < *shrunk + STRETCH_INTERVAL)
    return;

  *shrunk = now;
  peal_playout_shrink (&align->playout, STRETCH);
}

/* Returns how often the sound jumped. */
static guint
feed (PealAlign *align, const Stretch *stretch, guint64 *now)
{
  guint64 shrunk = 0;
  guint jumps = 0;

  for (guint i = 0; i < stretch->packets; i++, *now += PACKET) {
    gboolean is_discontinuous;
    guint64 time = *now - stretch->late_ms * MS;
    guint64 aligned =
        peal_align_audio (align, time, *now, SLACK, &is_discontinuous);

    g_assert_cmpuint (aligned + SLACK, >=, *now); /* not late for the mix */
    g_assert_cmpint (
        align->base_ns + align->playout.delay_ns, ==, (gint64)(aligned - time));
    jumps += is_discontinuous;
    if (!is_discontinuous)
      shrink (align, *now, &shrunk);
  }
  return jumps;
}

static void
test_history (gconstpointer data)
{
  const History *history = data;
  guint64 now = 7200 * SECOND;
  PealAlign align = { 0 };

  for (const Stretch *stretch = history->stretches; stretch->packets;
       stretch++) {
    gint64 moved;

    g_assert_cmpuint (feed (&align, stretch, &now), ==, stretch->jumps);
    moved = align.base_ns + align.playout.delay_ns;
    g_assert_cmpint (moved, >=, stretch->least_ms * MS);
    g_assert_cmpint (moved, <=, stretch->most_ms * MS);
  }
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

  for (guint i = 0; i < G_N_ELEMENTS (histories); i++)
    g_test_add_data_func (histories[i].path, &histories[i], test_history);
  g_test_add_func (
      "/align/late-and-far-pictures-are-shown-at-once", test_pictures);

  return g_test_run ();
}
