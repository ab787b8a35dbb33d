/*
 * Posts to an object that lives on a context: this thread's own, or another's.
 */
#include "base/post.h"

#include <string.h>

#include "base/loop-thread.h"
#include "wait.h"

typedef struct {
  GObject *object;
  GMainContext *context;
  GThread *ran_on;
  GString *heard;
  guint freed; /* arguments */
  gboolean is_done;
} Scene;

static Scene scene;

static void
given_an_object (void)
{
  scene = (Scene){ 0 };
  scene.object = g_object_new (G_TYPE_OBJECT, NULL);
  scene.context = g_main_context_default ();
  scene.heard = g_string_new (NULL);
}

static void
then_it_ends (void)
{
  g_clear_object (&scene.object);
  g_string_free (scene.heard, TRUE);
}

static void
hear (gpointer object, gpointer data)
{
  g_assert_true (G_IS_OBJECT (object));
  g_string_append (scene.heard, data ? data : "?");
  scene.ran_on = g_thread_self ();
}

static void
count_free (gpointer data)
{
  scene.freed++;
  g_free (data);
}

static gboolean
is_freed (gpointer data)
{
  return scene.freed == GPOINTER_TO_UINT (data);
}

static gboolean
has_heard (gpointer data)
{
  return scene.heard->len > 0;
}

static void
post (const gchar *word)
{
  peal_post (scene.context, scene.object, hear, g_strdup (word), count_free);
}

static void
test_order (void)
{
  given_an_object ();
  post ("one ");
  post ("two ");
  post ("three");
  g_assert_cmpstr (scene.heard->str, ==, "");
  wait_for (is_freed, GUINT_TO_POINTER (3));
  g_assert_cmpstr (scene.heard->str, ==, "one two three");
  then_it_ends ();
}

static void
test_gone (void)
{
  given_an_object ();
  post ("never");
  g_clear_object (&scene.object);
  wait_for (is_freed, GUINT_TO_POINTER (1));
  g_assert_cmpstr (scene.heard->str, ==, "");
  then_it_ends ();
}

static void
test_no_reference (void)
{
  given_an_object ();
  post ("x");
  g_assert_cmpuint (scene.object->ref_count, ==, 1);
  wait_for (is_freed, GUINT_TO_POINTER (1));
  g_assert_cmpuint (scene.object->ref_count, ==, 1);
  then_it_ends ();
}

static gpointer
post_from_elsewhere (gpointer data)
{
  post ("from elsewhere");

  return NULL;
}

static void
test_other_thread (void)
{
  given_an_object ();
  g_thread_join (g_thread_new ("elsewhere", post_from_elsewhere, NULL));
  wait_for (is_freed, GUINT_TO_POINTER (1));
  g_assert_true (scene.ran_on == g_thread_self ());
  then_it_ends ();
}

static void
test_no_argument (void)
{
  given_an_object ();
  peal_post (scene.context, scene.object, hear, NULL, count_free);
  wait_for (has_heard, NULL);
  g_assert_cmpuint (scene.freed, ==, 0);
  then_it_ends ();
}

static void
test_delayed (void)
{
  g_autoptr (GSource) source = NULL;
  gint64 begin_us = g_get_monotonic_time ();

  given_an_object ();
  source = peal_post_delayed (scene.context, scene.object, 50, hear);
  wait_for (has_heard, NULL);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, 50 * 1000);
  g_assert_true (g_source_is_destroyed (source));
  then_it_ends ();
}

static void
test_cancelled (void)
{
  g_autoptr (GSource) source = NULL;

  given_an_object ();
  source = peal_post_delayed (scene.context, scene.object, 20, hear);
  g_source_destroy (source);
  run_for_ms (60);
  g_assert_cmpstr (scene.heard->str, ==, "");
  then_it_ends ();
}

static void
test_last (void)
{
  given_an_object ();
  peal_post_last (scene.context, scene.object, hear);
  post ("one");
  post (" two ");
  wait_for (is_freed, GUINT_TO_POINTER (2));
  g_assert_cmpstr (scene.heard->str, ==, "one two ");
  while (!strchr (scene.heard->str, '?'))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (scene.heard->str, ==, "one two ?");
  then_it_ends ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/post/posts-run-later-and-in-order", test_order);
  g_test_add_func ("/post/one-for-an-object-that-is-gone-is-freed", test_gone);
  g_test_add_func ("/post/a-post-does-not-keep-its-object", test_no_reference);
  g_test_add_func ("/post/it-runs-on-the-context-s-thread", test_other_thread);
  g_test_add_func ("/post/it-needs-no-argument", test_no_argument);
  g_test_add_func ("/post/what-is-posted-last-runs-last", test_last);
  g_test_add_func ("/post/a-delayed-one-waits", test_delayed);
  g_test_add_func ("/post/a-delayed-one-can-be-cancelled", test_cancelled);

  return g_test_run ();
}
