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
peal_source_start_timer (GSource **timer, guint delay_ms, const gchar *name,
    GSourceFunc func, gpointer data);
void
peal_source_start_timer_at (GSource **timer, gint64 due_us, const gchar *name,
    GSourceFunc func, gpointer data);
void
peal_source_clear (GSource **source);
GSource *
peal_source_keep_alive (guint time_ms, const gchar *name, GObject *object);

G_END_DECLS
