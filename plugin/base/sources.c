/*
 * Attaching and ending sources. See sources.h. Called by whoever waits for a
 * time in a main context.
 */
#include "base/sources.h"

/**
 * peal_source_attach:
 * @source: (transfer full): not attached yet
 * @name: (transfer none): for debuggers
 * @func: called with @data when it is time
 * @data: (transfer none): must outlive the source
 *
 * Attaches @source to the caller's thread-default main context.
 *
 * Returns: (transfer full): @source, to be ended by peal_source_clear()
 */
GSource *
peal_source_attach (
    GSource *source, const gchar *name, GSourceFunc func, gpointer data)
{
  g_source_set_name (source, name);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

/**
 * peal_source_start_timer:
 * @timer: (inout) (nullable): what it was is ended
 * @delay_ms: when @func is called first, milliseconds from now
 * @name: (transfer none): for debuggers
 * @func: called with @data when it is time
 * @data: (transfer none): must outlive the timer
 *
 * In the caller's thread-default main context; to be ended by
 * peal_source_clear().
 */
void
peal_source_start_timer (GSource **timer, guint delay_ms, const gchar *name,
    GSourceFunc func, gpointer data)
{
  peal_source_clear (timer);
  *timer =
      peal_source_attach (g_timeout_source_new (delay_ms), name, func, data);
}

/**
 * peal_source_start_timer_at:
 * @timer: (inout) (nullable): what it was is ended
 * @due_us: when @func is called, monotonic; G_MAXINT64: never
 * @name: (transfer none): for debuggers
 * @func: called with @data when it is time; once, whatever it returns
 * @data: (transfer none): must outlive the timer
 *
 * Like peal_source_start_timer().
 */
void
peal_source_start_timer_at (GSource **timer, gint64 due_us, const gchar *name,
    GSourceFunc func, gpointer data)
{
  GSource *source;

  peal_source_clear (timer);
  if (due_us == G_MAXINT64)
    return;
  source = g_timeout_source_new (0);
  g_source_set_ready_time (source, due_us);
  *timer = peal_source_attach (source, name, func, data);
}

/**
 * peal_source_clear:
 * @source: (inout) (nullable): ended, and NULL afterwards
 */
void
peal_source_clear (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
on_kept_long_enough (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/**
 * peal_source_keep_alive:
 * @time_ms: how long, milliseconds
 * @name: of the source, static
 * @object: keeps a reference meanwhile
 *
 * Whoever else lets go of @object need not wait. Destroying the thread-default
 * main context ends it, too.
 *
 * Returns: (transfer full): the source, attached
 */
GSource *
peal_source_keep_alive (guint time_ms, const gchar *name, GObject *object)
{
  GSource *source = g_timeout_source_new (time_ms);

  g_source_set_static_name (source, name);
  g_source_set_callback (
      source, on_kept_long_enough, g_object_ref (object), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}
