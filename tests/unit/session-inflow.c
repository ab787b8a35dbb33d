/*
 * What data channels bring: order, bounds and pace, with times of the test's
 * own.
 */
#include "session/inflow.h"

#define START G_GINT64_CONSTANT (1000000)
#define SECOND G_USEC_PER_SEC

static guint destroyed;

static void
destroy (gpointer item)
{
  destroyed++;
  g_free (item);
}

static gpointer
item_new (guint number)
{
  guint *item = g_new (guint, 1);

  *item = number;

  return item;
}

/* Pops all that may pass. */
static guint
drain (PealInflow *inflow, gint64 now_us, guint *wait_ms)
{
  gpointer item;
  guint count = 0;

  while ((item = peal_inflow_pop (inflow, now_us, wait_ms))) {
    g_free (item);
    count++;
  }

  return count;
}

static void
test_order (void)
{
  g_autoptr (PealInflow) inflow = peal_inflow_new (destroy);
  guint wait_ms = 1;

  for (guint i = 0; i < 100; i++)
    peal_inflow_push (inflow, item_new (i), 1);
  for (guint i = 0; i < 100; i++) {
    g_autofree guint *item = peal_inflow_pop (inflow, START, &wait_ms);

    g_assert_cmpuint (*item, ==, i);
  }
  g_assert_null (peal_inflow_pop (inflow, START, &wait_ms));
  g_assert_cmpuint (wait_ms, ==, 0);
}

static void
test_wake (void)
{
  g_autoptr (PealInflow) inflow = peal_inflow_new (destroy);
  guint wait_ms;

  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (0), 1), ==, PEAL_INFLOW_WAKE);
  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (1), 1), ==, PEAL_INFLOW_QUEUED);
  g_assert_cmpuint (drain (inflow, START, &wait_ms), ==, 2);
  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (2), 1), ==, PEAL_INFLOW_WAKE);
}

static void
test_pace (void)
{
  g_autoptr (PealInflow) inflow = peal_inflow_new (destroy);
  guint wait_ms = 0;

  for (guint i = 0; i < PEAL_INFLOW_BURST + 5000; i++)
    peal_inflow_push (inflow, item_new (i), 1);
  g_assert_cmpuint (drain (inflow, START, &wait_ms), ==, PEAL_INFLOW_BURST);
  g_assert_cmpuint (wait_ms, >, 0);
  g_assert_cmpuint (
      drain (inflow, START + SECOND, &wait_ms), ==, PEAL_INFLOW_PER_SECOND);
  g_assert_cmpuint (
      drain (inflow, START + SECOND + wait_ms * 1000, &wait_ms), >=, 1);
  /* No more than a burst is saved up. */
  g_assert_cmpuint (drain (inflow, START + 3600 * (gint64)SECOND, &wait_ms), <=,
      PEAL_INFLOW_BURST);
}

static void
test_too_many (void)
{
  g_autoptr (PealInflow) inflow = peal_inflow_new (destroy);
  guint wait_ms;

  destroyed = 0;
  for (guint i = 0; i < PEAL_INFLOW_MAX_ITEMS; i++)
    g_assert_cmpint (
        peal_inflow_push (inflow, item_new (i), 1), !=, PEAL_INFLOW_FULL);
  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (0), 1), ==, PEAL_INFLOW_FULL);
  g_assert_cmpuint (destroyed, ==, 1);

  /* What is missing now must not be followed by anything. */
  drain (inflow, START, &wait_ms);
  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (0), 1), ==, PEAL_INFLOW_FULL);
  g_assert_cmpuint (destroyed, ==, 2);
}

static void
test_too_much (void)
{
  g_autoptr (PealInflow) inflow = peal_inflow_new (destroy);

  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (0), PEAL_INFLOW_MAX_BYTES), ==,
      PEAL_INFLOW_WAKE);
  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (1), 1), ==, PEAL_INFLOW_FULL);
}

static void
test_end (void)
{
  g_autoptr (PealInflow) inflow = peal_inflow_new (destroy);
  guint wait_ms;

  destroyed = 0;
  peal_inflow_push (inflow, item_new (0), 1);
  peal_inflow_push (inflow, item_new (1), 1);
  peal_inflow_end (inflow);
  g_assert_cmpuint (destroyed, ==, 2);
  g_assert_null (peal_inflow_pop (inflow, START, &wait_ms));
  g_assert_cmpint (
      peal_inflow_push (inflow, item_new (0), 1), ==, PEAL_INFLOW_FULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/inflow/what-comes-first-is-told-first", test_order);
  g_test_add_func ("/inflow/the-loop-is-woken-once", test_wake);
  g_test_add_func ("/inflow/after-a-burst-the-pace-is-limited", test_pace);
  g_test_add_func ("/inflow/too-many-messages-end-it", test_too_many);
  g_test_add_func ("/inflow/too-many-bytes-end-it", test_too_much);
  g_test_add_func ("/inflow/the-end-forgets-what-waits", test_end);

  return g_test_run ();
}
