/*
 * What is borne of other people's faults, and that nothing else is.
 */
#include "known-faults.h"

#define THEIR_THREAD "rtpsession-rtcp"
#define TRAP_LIMIT_US (20 * G_TIME_SPAN_SECOND)

static void
add_another (gpointer key, gpointer value, gpointer table)
{
  g_hash_table_add (table, GUINT_TO_POINTER (2));
}

/* GLib's own complaint. */
static gpointer
change_while_iterating (gpointer data)
{
  g_autoptr (GHashTable) table = g_hash_table_new (NULL, NULL);

  g_hash_table_add (table, GUINT_TO_POINTER (1));
  g_hash_table_foreach (table, add_another, table);

  return NULL;
}

static gpointer
ask_for_nothing (gpointer data)
{
  g_hash_table_size (NULL);

  return NULL;
}

static void
when_a_thread_does (const gchar *name, GThreadFunc fault)
{
  bear_known_faults ();
  g_thread_join (g_thread_new (name, fault, NULL));
}

static void
test_known (void)
{
  when_a_thread_does (THEIR_THREAD, change_while_iterating);
}

static void
then_a_child_ends (const gchar *name, GThreadFunc fault)
{
  if (g_test_subprocess ()) {
    when_a_thread_does (name, fault);
    return;
  }
  g_test_trap_subprocess (NULL, TRAP_LIMIT_US, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*CRITICAL*");
}

static void
test_ours (void)
{
  then_a_child_ends ("ours", change_while_iterating);
}

static void
test_another (void)
{
  then_a_child_ends (THEIR_THREAD, ask_for_nothing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/known-faults/the-one-of-their-thread-ends-no-test", test_known);
  g_test_add_func (
      "/known-faults/the-same-on-another-thread-ends-it", test_ours);
  g_test_add_func (
      "/known-faults/another-one-on-their-thread-ends-it", test_another);
  return g_test_run ();
}
