/*
 * Many sockets, one source. See poller.h. Called by the server's WebSocket
 * transports; owned by the server, and by each socket that is polled.
 *
 * Level-triggered. A round holds a reference on all that it is going to call,
 * so that what is removed meanwhile is only skipped.
 */
#include "server/poller.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/epoll.h>
#include <unistd.h>

/* chosen: what one round takes; other sources come to their turn then. */
#define ROUND_EVENTS 64
/* chosen: a whole message of the largest size in one read. */
#define SCRATCH_BYTES (64 * 1024)

typedef struct {
  GSource source;
  PealPoller *poller; /* not owned */
} PollerSource;

struct _PealPoller {
  grefcount ref_count;
  gint epoll;
  GSource *source;
  GPtrArray *unsettled; /* of PealPolled, each with a reference */
  guint8 *scratch;
};

struct _PealPolled {
  grefcount ref_count;
  PealPoller *poller;
  gint fd; /* -1: removed */
  gboolean wants_writable;
  gboolean is_unsettled;
  const PealPolledOwner *owner;
  gpointer data;
};

static void
unref_polled (PealPolled *polled)
{
  if (!g_ref_count_dec (&polled->ref_count))
    return;
  peal_poller_unref (polled->poller);
  g_free (polled);
}

static void
call (PealPolled *polled, guint32 events)
{
  if (polled->fd >= 0 && (events & ~EPOLLOUT))
    polled->owner->readable (polled->data);
  if (polled->fd >= 0 && (events & EPOLLOUT) && polled->wants_writable)
    polled->owner->writable (polled->data);
}

static void
take_events (PealPoller *self)
{
  struct epoll_event events[ROUND_EVENTS];
  gint n = epoll_wait (self->epoll, events, ROUND_EVENTS, 0);

  for (gint i = 0; i < n; i++)
    g_ref_count_inc (&((PealPolled *)events[i].data.ptr)->ref_count);
  for (gint i = 0; i < n; i++) {
    call (events[i].data.ptr, events[i].events);
    unref_polled (events[i].data.ptr);
  }
}

/* Who asks again meanwhile waits for the next round. */
static void
settle_all (PealPoller *self)
{
  GPtrArray *due = self->unsettled;

  self->unsettled = g_ptr_array_new ();
  for (guint i = 0; i < due->len; i++) {
    PealPolled *polled = g_ptr_array_index (due, i);

    polled->is_unsettled = FALSE;
    if (polled->fd >= 0)
      polled->owner->settle (polled->data);
    unref_polled (polled);
  }
  g_ptr_array_unref (due);
}

static gboolean
dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  PealPoller *self = peal_poller_ref (((PollerSource *)source)->poller);

  g_source_set_ready_time (source, -1);
  take_events (self);
  if (self->unsettled->len > 0)
    settle_all (self);
  if (self->unsettled->len == 0)
    g_source_set_ready_time (source, -1);
  peal_poller_unref (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { NULL, NULL, dispatch, NULL };

/**
 * peal_poller_new:
 *
 * Belongs to the thread-default main context.
 */
PealPoller *
peal_poller_new (void)
{
  PealPoller *self = g_new0 (PealPoller, 1);

  g_ref_count_init (&self->ref_count);
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll < 0)
    g_error ("no epoll: %s", g_strerror (errno));
  self->unsettled = g_ptr_array_new ();
  self->source = g_source_new (&source_funcs, sizeof (PollerSource));
  ((PollerSource *)self->source)->poller = self;
  g_source_set_name (self->source, "peal-poller");
  g_source_add_unix_fd (self->source, self->epoll, G_IO_IN);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

PealPoller *
peal_poller_ref (PealPoller *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/* A main context that ends destroys its sources itself, and forgets its
 * reference to one that somebody else has destroyed meanwhile. */
static void
end_source (GSource *source)
{
  if (!g_source_is_destroyed (source) && g_source_get_context (source))
    g_source_destroy (source);
}

void
peal_poller_unref (PealPoller *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  end_source (self->source);
  g_source_unref (self->source);
  close (self->epoll);
  g_ptr_array_unref (self->unsettled);
  g_free (self->scratch);
  g_free (self);
}

/**
 * peal_poller_get_scratch:
 *
 * Returns: (transfer none): room to read into, until the next call back
 */
guint8 *
peal_poller_get_scratch (PealPoller *self, gsize *n_bytes)
{
  if (!self->scratch)
    self->scratch = g_malloc (SCRATCH_BYTES);
  *n_bytes = SCRATCH_BYTES;
  return self->scratch;
}

static void
change (PealPolled *polled, gint operation)
{
  struct epoll_event event = { .data = { polled } };

  event.events = EPOLLIN | (polled->wants_writable ? EPOLLOUT : 0);
  if (epoll_ctl (polled->poller->epoll, operation, polled->fd, &event) != 0)
    g_critical ("epoll: %s", g_strerror (errno));
}

/**
 * peal_poller_add:
 * @fd: (transfer none): open until it is removed
 * @owner: static
 * @data: handed to @owner's functions
 *
 * Returns: (transfer full): to be given back with peal_polled_remove()
 */
PealPolled *
peal_poller_add (
    PealPoller *self, gint fd, const PealPolledOwner *owner, gpointer data)
{
  PealPolled *polled = g_new0 (PealPolled, 1);

  g_ref_count_init (&polled->ref_count);
  polled->poller = peal_poller_ref (self);
  polled->fd = fd;
  polled->owner = owner;
  polled->data = data;
  change (polled, EPOLL_CTL_ADD);
  return polled;
}

/**
 * peal_polled_want_writable:
 *
 * Whether to be called as long as there is room to write.
 */
void
peal_polled_want_writable (PealPolled *polled, gboolean is_wanted)
{
  if (polled->wants_writable == is_wanted)
    return;
  polled->wants_writable = is_wanted;
  change (polled, EPOLL_CTL_MOD);
}

/**
 * peal_polled_settle_soon:
 *
 * Asks to be called at the end of this round, or else in the next.
 */
void
peal_polled_settle_soon (PealPolled *polled)
{
  PealPoller *poller = polled->poller;

  if (polled->is_unsettled || polled->fd < 0)
    return;
  polled->is_unsettled = TRUE;
  g_ref_count_inc (&polled->ref_count);
  if (poller->unsettled->len == 0)
    g_source_set_ready_time (poller->source, 0);
  g_ptr_array_add (poller->unsettled, polled);
}

/**
 * peal_polled_remove:
 * @polled: (transfer full)
 *
 * Nothing is called any more.
 */
void
peal_polled_remove (PealPolled *polled)
{
  epoll_ctl (polled->poller->epoll, EPOLL_CTL_DEL, polled->fd, NULL);
  polled->fd = -1;
  if (polled->is_unsettled &&
      g_ptr_array_remove_fast (polled->poller->unsettled, polled))
    unref_polled (polled);
  unref_polled (polled);
}
