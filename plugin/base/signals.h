/*
 * Signals as Peal has them: run last, no accumulator, no return value.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

guint
peal_signal_new (GType type, const gchar *name, guint count, ...);
gulong
peal_signal_connect_holding (
    gpointer instance, const gchar *name, GCallback callback, GObject *data);

G_END_DECLS
