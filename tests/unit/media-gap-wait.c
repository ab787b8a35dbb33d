/*
 * How long to wait for a missing packet, on networks of all kinds.
 */
#include "media/gap-wait.h"

#define MS G_GINT64_CONSTANT (1000000)
#define CEILING (200 * MS)
#define PACKET_MS 20
#define RATE 48000

static void
begin (PealGapWait *wait)
{
  *wait = (PealGapWait){ 0 };
  peal_gap_wait_set_ceiling (wait, CEILING);
}

/* The packet with this number, which takes so long; returns whether it shows a
 * gap. Numbers may exceed 16 bits and times 32. */
static gboolean
take (PealGapWait *wait, guint number, gint64 transit_ns)
{
  PealPacketTime packet = {
    .sequence = (guint16)number,
    .rtp_time = number * PACKET_MS * (RATE / 1000),
    .clock_rate = RATE,
    .arrival_ns = number * PACKET_MS * MS + transit_ns,
  };

  return peal_gap_wait_add (wait, &packet);
}

/* @count packets from @first on, none missing. */
static void
take_many (PealGapWait *wait, guint first, guint count, gint64 least_ns,
    gint64 most_ns)
{
  for (guint i = 0; i < count; i++)
    g_assert_false (take (wait, first + i,
        least_ns + (most_ns - least_ns) * (gint64)(i * 7 % 16) / 15));
}

static void
test_table (void)
{
  static const struct {
    gint64 least_ns, most_ns, expected_least_ns, expected_most_ns;
  } rows[] = {
    { 0, 0, 10 * MS, 10 * MS },
    { 3000 * MS, 3000 * MS, 10 * MS, 10 * MS },
    { 20 * MS, 40 * MS, 20 * MS, 30 * MS },
    { 100 * MS, 190 * MS, 90 * MS, 100 * MS },
    { 0, 500 * MS, CEILING, CEILING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PealGapWait wait;

    begin (&wait);
    take_many (&wait, 65000, 1000, rows[i].least_ns, rows[i].most_ns);
    g_assert_cmpint (peal_gap_wait_get (&wait), >=, rows[i].expected_least_ns);
    g_assert_cmpint (peal_gap_wait_get (&wait), <=, rows[i].expected_most_ns);
  }
}

static void
test_gaps (void)
{
  PealGapWait wait;

  begin (&wait);
  take_many (&wait, 65530, 6, 0, 0);
  g_assert_true (take (&wait, 65537, 0));  /* 65536 is missing */
  g_assert_false (take (&wait, 65536, 0)); /* and comes */
  g_assert_false (take (&wait, 65538, 0));
  g_assert_true (take (&wait, 65600, 0));
  g_assert_false (take (&wait, 65601, 0));
}

static void
test_reordering_is_learned (void)
{
  PealGapWait wait;

  begin (&wait);
  take_many (&wait, 0, 200, 0, 0);
  for (guint i = 200; i < 300; i += 2) {
    take (&wait, i + 1, 0);
    take (&wait, i, 50 * MS);
  }
  g_assert_cmpint (peal_gap_wait_get (&wait), >=, 50 * MS);
  g_assert_cmpint (peal_gap_wait_get (&wait), <=, 60 * MS);
}

static void
test_stall_is_forgotten (void)
{
  PealGapWait wait;

  begin (&wait);
  take_many (&wait, 0, 200, 0, 0);
  for (guint i = 0; i < 8; i++)
    take (&wait, 200 + i, (8 - i) * PACKET_MS * MS);
  g_assert_cmpint (peal_gap_wait_get (&wait), >=, 100 * MS);
  take_many (&wait, 208, 300, 0, 0);
  g_assert_cmpint (peal_gap_wait_get (&wait), ==, 10 * MS);
}

/* A sender's clock that is off by a thousandth, for ten minutes. */
static void
test_drift (void)
{
  PealGapWait wait;

  begin (&wait);
  for (guint i = 0; i < 30000; i++) {
    take (&wait, i, (gint64)i * PACKET_MS * MS / 1000);
    g_assert_cmpint (peal_gap_wait_get (&wait), <=, 20 * MS);
  }
}

static void
test_new_times (void)
{
  PealGapWait wait;

  begin (&wait);
  take_many (&wait, 1000, 200, 0, 20 * MS);
  take_many (&wait, 1200, 200, 7000 * MS, 7000 * MS);
  take_many (&wait, 1400, 200, -7000 * MS, -7000 * MS);
  g_assert_cmpint (peal_gap_wait_get (&wait), <=, 15 * MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gap-wait/it-is-as-long-as-packets-are-late", test_table);
  g_test_add_func (
      "/gap-wait/a-gap-is-seen-once-and-across-the-wrap-around", test_gaps);
  g_test_add_func ("/gap-wait/packets-that-overtake-each-other-are-waited-for",
      test_reordering_is_learned);
  g_test_add_func (
      "/gap-wait/a-stall-is-forgotten-soon", test_stall_is_forgotten);
  g_test_add_func ("/gap-wait/a-clock-that-drifts-costs-nothing", test_drift);
  g_test_add_func (
      "/gap-wait/times-that-begin-anew-begin-it-anew", test_new_times);

  return g_test_run ();
}
