/*
 * Waits for many sockets as one source. GMainContext asks every source and
 * every descriptor in each of its rounds: with thousands of sockets that took
 * more than all that was done for them. epoll only names those that are ready.
 *
 * What is written in a round goes out at its end: who writes asks to be
 * settled, once, after all sockets of the round have been read.
 *
 * Thread: the one that made it; functions are called there, from the main
 * context only, with no lock held, and may add and remove what they like.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealPolledOwner:
 * @readable: something can be read, or the other side is gone
 * @writable: there is room again; called while that is wanted
 * @settle: the end of a round in which that was asked for
 *
 * What the owner of a socket hears. @data is the owner's.
 */
typedef struct {
  void (*readable) (gpointer data);
  void (*writable) (gpointer data);
  void (*settle) (gpointer data);
} PealPolledOwner;

typedef struct _PealPoller PealPoller;
typedef struct _PealPolled PealPolled;

PealPoller *
peal_poller_new (void);
PealPoller *
peal_poller_ref (PealPoller *self);
void
peal_poller_unref (PealPoller *self);
guint8 *
peal_poller_get_scratch (PealPoller *self, gsize *n_bytes);

PealPolled *
peal_poller_add (
    PealPoller *self, gint fd, const PealPolledOwner *owner, gpointer data);
void
peal_polled_want_writable (PealPolled *polled, gboolean is_wanted);
void
peal_polled_settle_soon (PealPolled *polled);
void
peal_polled_remove (PealPolled *polled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealPoller, peal_poller_unref)

G_END_DECLS
