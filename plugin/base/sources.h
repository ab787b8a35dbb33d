/*
 * Timers and idles that their owner keeps, so that it can end them.
 *
 * Thread: the one whose main context they are attached to.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GSource *
peal_source_attach (
    GSource *source, const gchar *name, GSourceFunc func, gpointer data);
void
peal_source_clear (GSource **source);

G_END_DECLS
