/*
 * One way to make a signal. See signals.h. No state.
 */
#include "base/signals.h"

/**
 * peal_signal_new:
 * @count: how many arguments it has
 * @...: their GTypes
 *
 * Returns: the signal's id
 */
guint
peal_signal_new (GType type, const gchar *name, guint count, ...)
{
  va_list types;
  guint id;

  va_start (types, count);
  /* Thread: each caller says it beside its signal. */
  id = g_signal_new_valist (name, type, G_SIGNAL_RUN_LAST, NULL, NULL, NULL,
      NULL, G_TYPE_NONE, count, types);
  va_end (types);

  return id;
}

static void
let_go (gpointer data, GClosure *closure)
{
  g_object_unref (data);
}

/**
 * peal_signal_connect_holding:
 * @instance: an object of another thread, which ends when it likes
 * @data: given to @callback, and kept alive until @instance is gone or the
 *   handler is disconnected
 *
 * g_signal_connect_object() does not stand the end of both objects at once, on
 * two threads: GLib 2.74 then aborts in invalid_closure_notify().
 *
 * Returns: the handler's id
 */
gulong
peal_signal_connect_holding (
    gpointer instance, const gchar *name, GCallback callback, GObject *data)
{
  return g_signal_connect_data (
      instance, name, callback, g_object_ref (data), let_go, 0);
}
