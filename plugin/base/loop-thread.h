/*
 * A named thread that owns and runs a GMainContext: the one thread on which
 * an element's control state (signalling, session, server, statistics) lives.
 *
 * Other threads reach it by posting a function, or by posting one and waiting
 * for it. The context is the thread's default one, so that libsoup, timeouts
 * and tasks started there come back there.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PealLoopThread PealLoopThread;

typedef void (*PealLoopFunc) (gpointer data);

PealLoopThread *
peal_loop_thread_new (const gchar *name);
void
peal_loop_thread_free (PealLoopThread *self);
void
peal_loop_thread_stop (PealLoopThread *self);
gboolean
peal_loop_thread_is_current (PealLoopThread *self);
void
peal_loop_thread_post (PealLoopThread *self, PealLoopFunc func, gpointer data,
    GDestroyNotify destroy);
void
peal_loop_thread_call (PealLoopThread *self, PealLoopFunc func, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealLoopThread, peal_loop_thread_free)

G_END_DECLS
