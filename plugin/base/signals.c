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
