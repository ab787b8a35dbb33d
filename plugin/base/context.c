/*
 * Checks that code runs on the main context it belongs to. See context.h.
 *
 * The thread-default context is what libsoup, timeouts and tasks attach to,
 * so it is what has to be right, also before the context first runs.
 */
#include "base/context.h"

/* How many things on this thread are not done yet. Of the thread alone. */
static GPrivate n_holds;

/**
 * peal_context_is_current:
 * @context: a main context
 *
 * Returns: whether @context is the caller's thread-default one. Any thread.
 */
gboolean
peal_context_is_current (GMainContext *context)
{
  g_autoptr (GMainContext) current = g_main_context_ref_thread_default ();

  return current == context;
}

static void
add_holds (gint difference)
{
  gint n = GPOINTER_TO_INT (g_private_get (&n_holds)) + difference;

  g_assert (n >= 0);
  g_private_set (&n_holds, GINT_TO_POINTER (n));
}

/**
 * peal_context_hold:
 *
 * Asks the loop thread on which the caller runs to go on, after it was told to
 * stop, until the release. Whoever holds has a time limit of its own. Without
 * this, what is still closing when the loop ends would never be freed: it and
 * the context would keep each other alive. On other threads, no effect.
 */
void
peal_context_hold (void)
{
  add_holds (1);
}

/**
 * peal_context_release:
 *
 * Ends one hold, on the same thread.
 */
void
peal_context_release (void)
{
  add_holds (-1);
}

/**
 * peal_context_is_held:
 *
 * Returns: whether something on this thread is not done yet
 */
gboolean
peal_context_is_held (void)
{
  return GPOINTER_TO_INT (g_private_get (&n_holds)) > 0;
}
