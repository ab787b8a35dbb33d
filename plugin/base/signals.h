/*
 * Signals as Peal has them: run last, no accumulator, no return value.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

guint
peal_signal_new (GType type, const gchar *name, guint count, ...);

G_END_DECLS
