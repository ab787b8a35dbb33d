/*
 * Hand something from any thread to an object that lives on another: the
 * object is only weakly held, so that a callback that comes late finds nobody
 * and does no harm.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef void (*PealPostFunc) (gpointer object, gpointer data);

void
peal_post (GMainContext *context, gpointer object, PealPostFunc func,
    gpointer data, GDestroyNotify destroy);
void
peal_post_last (GMainContext *context, gpointer object, PealPostFunc func);
GSource *
peal_post_delayed (
    GMainContext *context, gpointer object, guint delay_ms, PealPostFunc func);

G_END_DECLS
