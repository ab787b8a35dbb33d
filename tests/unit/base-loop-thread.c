/*
 * A thread that owns a main context: order, calls, and what is left behind.
 */
#include "base/context.h"
#include "base/loop-thread.h"

typedef struct {
  PealLoopThread *loop;
  GString *trace; /* written on the loop thread only */
  gint n_freed;   /* atomic */
  gboolean is_on_loop;
} Fixture;

typedef struct {
  Fixture *fixture;
  gchar letter;
} Step;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->loop = peal_loop_thread_new ("test-loop");
  fixture->trace = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  peal_loop_thread_stop (fixture->loop);
  peal_loop_thread_free (fixture->loop);
  g_string_free (fixture->trace, TRUE);
}

static void
write_letter (gpointer data)
{
  Step *step = data;

  g_string_append_c (step->fixture->trace, step->letter);
}

static void
free_step (gpointer data)
{
  Step *step = data;

  g_atomic_int_inc (&step->fixture->n_freed);
  g_free (step);
}

static void
post_letter (Fixture *fixture, gchar letter)
{
  Step *step = g_new0 (Step, 1);

  step->fixture = fixture;
  step->letter = letter;
  peal_loop_thread_post (fixture->loop, write_letter, step, free_step);
}

static void
look_where (gpointer data)
{
  Fixture *fixture = data;

  fixture->is_on_loop = peal_loop_thread_is_current (fixture->loop) &&
      g_main_context_get_thread_default () != NULL;
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  for (gchar letter = 'a'; letter <= 'z'; letter++)
    post_letter (fixture, letter);
  peal_loop_thread_call (fixture->loop, look_where, fixture);

  g_assert_cmpstr (fixture->trace->str, ==, "abcdefghijklmnopqrstuvwxyz");
}

static void
test_call_waits (Fixture *fixture, gconstpointer data)
{
  g_assert_false (peal_loop_thread_is_current (fixture->loop));
  peal_loop_thread_call (fixture->loop, look_where, fixture);
  g_assert_true (fixture->is_on_loop);
}

static void
call_again (gpointer data)
{
  Fixture *fixture = data;
  Step step = { fixture, 'b' };

  g_string_append_c (fixture->trace, 'a');
  peal_loop_thread_call (fixture->loop, write_letter, &step);
  g_string_append_c (fixture->trace, 'c');
}

static void
test_call_from_itself (Fixture *fixture, gconstpointer data)
{
  peal_loop_thread_call (fixture->loop, call_again, fixture);
  g_assert_cmpstr (fixture->trace->str, ==, "abc");
}

static void
test_stop_runs_posts (Fixture *fixture, gconstpointer data)
{
  post_letter (fixture, 'a');
  post_letter (fixture, 'b');
  peal_loop_thread_stop (fixture->loop);

  g_assert_cmpstr (fixture->trace->str, ==, "ab");
  g_assert_cmpint (g_atomic_int_get (&fixture->n_freed), ==, 2);
}

static void
test_post_after_stop (Fixture *fixture, gconstpointer data)
{
  peal_loop_thread_stop (fixture->loop);
  post_letter (fixture, 'a');

  g_assert_cmpstr (fixture->trace->str, ==, "");
  g_assert_cmpint (g_atomic_int_get (&fixture->n_freed), ==, 1);
}

static void
test_call_after_stop (Fixture *fixture, gconstpointer data)
{
  peal_loop_thread_stop (fixture->loop);
  peal_loop_thread_call (fixture->loop, look_where, fixture);
  g_assert_false (fixture->is_on_loop);
}

static void
test_stop_twice (Fixture *fixture, gconstpointer data)
{
  peal_loop_thread_stop (fixture->loop);
  peal_loop_thread_stop (fixture->loop);
}

static gboolean
on_done (gpointer data)
{
  Fixture *fixture = data;

  g_string_append_c (fixture->trace, 'z');
  peal_context_release ();
  return G_SOURCE_REMOVE;
}

static void
begin (gpointer data)
{
  g_autoptr (GSource) source = g_timeout_source_new (20);

  g_source_set_callback (source, on_done, data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  peal_context_hold ();
}

static void
test_hold (Fixture *fixture, gconstpointer data)
{
  peal_loop_thread_call (fixture->loop, begin, fixture);
  peal_loop_thread_stop (fixture->loop);
  g_assert_cmpstr (fixture->trace->str, ==, "z");
}

static gpointer
post_many (gpointer data)
{
  for (guint i = 0; i < 2000; i++)
    post_letter (data, '.');
  return NULL;
}

/* A post that races with the stop is run or dropped, and always freed. */
static void
test_race_with_stop (Fixture *fixture, gconstpointer data)
{
  GThread *thread = g_thread_new ("poster", post_many, fixture);

  peal_loop_thread_stop (fixture->loop);
  g_thread_join (thread);
  g_assert_cmpint (g_atomic_int_get (&fixture->n_freed), ==, 2000);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/loop-thread/posts-run-in-order", test_order);
  ADD ("/loop-thread/a-call-waits-and-runs-over-there", test_call_waits);
  ADD ("/loop-thread/a-call-from-the-thread-itself-runs-at-once",
      test_call_from_itself);
  ADD ("/loop-thread/stop-runs-what-was-posted-before", test_stop_runs_posts);
  ADD ("/loop-thread/a-post-after-stop-is-freed-and-not-run",
      test_post_after_stop);
  ADD ("/loop-thread/a-call-after-stop-returns", test_call_after_stop);
  ADD ("/loop-thread/stop-may-come-twice", test_stop_twice);
  ADD ("/loop-thread/stop-waits-for-what-holds-the-thread", test_hold);
  ADD (
      "/loop-thread/a-post-that-races-with-stop-is-freed", test_race_with_stop);

  return g_test_run ();
}
