/*
 * Checks that code runs on the main context it belongs to. See context.h.
 *
 * The thread-default context is what libsoup, timeouts and tasks attach to,
 * so it is what has to be right, also before the context first runs.
 */
#include "base/context.h"

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
