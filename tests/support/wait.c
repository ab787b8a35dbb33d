/*
 * Waiting in tests without sleeping. See wait.h.
 *
 * The condition is looked at after every iteration, and every 10 ms besides,
 * because other threads may make it true without waking this context.
 */
#include "wait.h"

#include <stdlib.h>

#define LOOK_INTERVAL_MS 10

/**
 * wait_slowness:
 *
 * Returns: by how much a watchdog waits longer than it says: what
 *   PEAL_TEST_SLOWNESS holds (1 to 100), as under a sanitizer; else 1
 */
guint
wait_slowness (void)
{
  const gchar *text = g_getenv ("PEAL_TEST_SLOWNESS");

  return text ? CLAMP (atoi (text), 1, 100) : 1;
}

static gboolean
on_look (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
iterate_until (WaitCondition condition, gpointer data, guint timeout_ms)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) look = g_timeout_source_new (LOOK_INTERVAL_MS);
  gint64 end_us =
      g_get_monotonic_time () + timeout_ms * G_GINT64_CONSTANT (1000);
  gboolean is_true = condition (data);

  g_source_set_callback (look, on_look, NULL, NULL);
  g_source_attach (look, context);
  while (!is_true && g_get_monotonic_time () < end_us) {
    g_main_context_iteration (context, TRUE);
    is_true = condition (data);
  }
  g_source_destroy (look);

  return is_true;
}

/**
 * wait_until:
 * @condition: what to wait for; called on this thread
 * @data: its argument
 * @timeout_ms: how long at most, times wait_slowness()
 *
 * Iterates the caller's thread-default main context.
 *
 * Returns: whether the condition came true in time
 */
gboolean
wait_until (WaitCondition condition, gpointer data, guint timeout_ms)
{
  return iterate_until (condition, data, timeout_ms * wait_slowness ());
}

static gboolean
never (gpointer data)
{
  return FALSE;
}

/**
 * run_for_ms:
 * @time_ms: how long
 *
 * Lets the context run on, to show that something does not happen.
 */
void
run_for_ms (guint time_ms)
{
  iterate_until (never, NULL, time_ms);
}
