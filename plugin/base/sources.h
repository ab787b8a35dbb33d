/*
 * Timers and idles that their owner keeps, so that it can end them.
 *
 * Thread: the one whose main context they are attached to.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

GSource *
peal_source_attach (
    GSource *source, const gchar *name, GSourceFunc func, gpointer data);
void
peal_source_clear (GSource **source);
GSource *
peal_source_keep_alive (guint time_ms, const gchar *name, GObject *object);

G_END_DECLS
