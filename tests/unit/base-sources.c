/*
 * Timers that their owner keeps.
 */
#include "base/sources.h"

#include "wait.h"

typedef struct {
  GSource *timer;
  GString *said;
} Owner;

static void
set_up (Owner *owner, gconstpointer data)
{
  owner->said = g_string_new (NULL);
}

static void
tear_down (Owner *owner, gconstpointer data)
{
  peal_source_clear (&owner->timer);
  g_string_free (owner->said, TRUE);
}

static gboolean
say_early (gpointer data)
{
  g_string_append_c (((Owner *)data)->said, 'e');
  return G_SOURCE_REMOVE;
}

static gboolean
say_late (gpointer data)
{
  g_string_append_c (((Owner *)data)->said, 'l');
  return G_SOURCE_REMOVE;
}

static gboolean
has_said_something (gpointer data)
{
  return ((Owner *)data)->said->len > 0;
}

static void
test_one_at_a_time (Owner *owner, gconstpointer data)
{
  peal_source_start_timer (&owner->timer, 1, "test-early", say_early, owner);
  peal_source_start_timer (&owner->timer, 10, "test-late", say_late, owner);
  wait_for (has_said_something, owner);
  g_assert_cmpstr (owner->said->str, ==, "l");
}

static void
test_in_time (Owner *owner, gconstpointer data)
{
  gint64 due_us = g_get_monotonic_time () + 20 * G_TIME_SPAN_MILLISECOND;

  peal_source_start_timer_at (
      &owner->timer, due_us, "test-due", say_late, owner);
  wait_for (has_said_something, owner);
  g_assert_cmpint (g_get_monotonic_time (), >=, due_us);
}

static void
test_past (Owner *owner, gconstpointer data)
{
  peal_source_start_timer_at (&owner->timer, 1, "test-past", say_early, owner);
  g_assert_false (has_said_something (owner));
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (owner->said->str, ==, "e");
}

static void
test_never (Owner *owner, gconstpointer data)
{
  peal_source_start_timer_at (&owner->timer, 1, "test-past", say_early, owner);
  peal_source_start_timer_at (
      &owner->timer, G_MAXINT64, "test-never", say_late, owner);
  g_assert_null (owner->timer);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  g_assert_false (has_said_something (owner));
}

static void
test_cleared (Owner *owner, gconstpointer data)
{
  peal_source_start_timer (&owner->timer, 0, "test-early", say_early, owner);
  peal_source_clear (&owner->timer);
  peal_source_clear (&owner->timer);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  g_assert_false (has_said_something (owner));
}

#define ADD(sentence, func) \
  g_test_add ("/sources/" sentence, Owner, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-timer-takes-the-place-of-the-one-before", test_one_at_a_time);
  ADD ("a-time-is-waited-for-to-the-microsecond", test_in_time);
  ADD ("what-is-past-is-due-in-the-next-round", test_past);
  ADD ("never-is-no-timer", test_never);
  ADD ("what-is-cleared-does-not-come", test_cleared);
  return g_test_run ();
}
