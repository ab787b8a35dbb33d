/*
 * Which way messages to a peer go, with times of the test's own.
 */
#include "session/outbox.h"

#include "base/error.h"

#define START (1000 * G_USEC_PER_SEC)

static void
keep (PealOutbox *outbox, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (peal_outbox_keep (outbox, text, &error));
  g_assert_no_error (error);
}

static void
assert_pops (PealOutbox *outbox, const gchar *text)
{
  g_autofree gchar *popped = peal_outbox_pop (outbox);

  g_assert_cmpstr (popped, ==, text);
}

static void
test_room_first (void)
{
  PealOutbox outbox;

  peal_outbox_init (&outbox);
  g_assert_cmpint (peal_outbox_get_route (&outbox), ==, PEAL_ROUTE_ROOM);
  g_assert_false (peal_outbox_is_overdue (&outbox, START));
  peal_outbox_clear (&outbox);
}

static void
test_waiting (void)
{
  PealOutbox outbox;

  peal_outbox_init (&outbox);
  peal_outbox_set_route (&outbox, PEAL_ROUTE_WAIT, START);
  keep (&outbox, "one");
  keep (&outbox, "two");
  assert_pops (&outbox, NULL);
  peal_outbox_set_route (&outbox, PEAL_ROUTE_CHANNEL, START + 1);
  assert_pops (&outbox, "one");
  assert_pops (&outbox, "two");
  assert_pops (&outbox, NULL);
  peal_outbox_clear (&outbox);
}

static void
test_overdue (void)
{
  PealOutbox outbox;

  peal_outbox_init (&outbox);
  peal_outbox_set_route (&outbox, PEAL_ROUTE_WAIT, START);
  peal_outbox_set_route (&outbox, PEAL_ROUTE_WAIT, START + 100);
  g_assert_false (
      peal_outbox_is_overdue (&outbox, START + PEAL_OUTBOX_WAIT_US - 1));
  g_assert_true (peal_outbox_is_overdue (&outbox, START + PEAL_OUTBOX_WAIT_US));
  peal_outbox_set_route (&outbox, PEAL_ROUTE_CHANNEL, START);
  g_assert_false (
      peal_outbox_is_overdue (&outbox, START + 2 * PEAL_OUTBOX_WAIT_US));
  peal_outbox_clear (&outbox);
}

static void
test_settling (void)
{
  PealOutbox outbox;

  peal_outbox_init (&outbox);
  g_assert_true (peal_outbox_is_settled (&outbox, START));
  peal_outbox_note_room (&outbox, START);
  g_assert_false (
      peal_outbox_is_settled (&outbox, START + PEAL_OUTBOX_SETTLE_US - 1));
  g_assert_true (
      peal_outbox_is_settled (&outbox, START + PEAL_OUTBOX_SETTLE_US));
  peal_outbox_begin (&outbox);
  g_assert_true (peal_outbox_is_settled (&outbox, START));
  peal_outbox_clear (&outbox);
}

static void
test_bounds (void)
{
  g_autofree gchar *large = g_strnfill (PEAL_OUTBOX_MAX_BYTES, 'x');
  g_autoptr (GError) bytes = NULL;
  g_autoptr (GError) items = NULL;
  PealOutbox outbox;

  peal_outbox_init (&outbox);
  peal_outbox_set_route (&outbox, PEAL_ROUTE_WAIT, START);
  keep (&outbox, large);
  g_assert_false (peal_outbox_keep (&outbox, "x", &bytes));
  g_assert_error (bytes, PEAL_ERROR, PEAL_ERROR_RETRY);
  peal_outbox_clear (&outbox);
  for (guint i = 0; i < PEAL_OUTBOX_MAX_ITEMS; i++)
    keep (&outbox, "x");
  g_assert_false (peal_outbox_keep (&outbox, "x", &items));
  g_assert_error (items, PEAL_ERROR, PEAL_ERROR_RETRY);
  peal_outbox_set_route (&outbox, PEAL_ROUTE_ROOM, START);
  assert_pops (&outbox, "x");
  peal_outbox_clear (&outbox);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/outbox/the-room-is-there-from-the-start", test_room_first);
  g_test_add_func (
      "/outbox/messages-wait-for-the-channel-in-order", test_waiting);
  g_test_add_func ("/outbox/they-do-not-wait-for-ever", test_overdue);
  g_test_add_func (
      "/outbox/a-late-channel-does-not-overtake-the-room", test_settling);
  g_test_add_func ("/outbox/what-waits-is-bounded", test_bounds);

  return g_test_run ();
}
