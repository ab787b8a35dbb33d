/*
 * A bounded queue with a token bucket at its end. See inflow.h.
 *
 * push on any thread, pop on the loop; every field is under the lock, which is
 * a leaf: nothing is called with it held.
 */
#include "session/inflow.h"

typedef struct {
  gpointer data;
  gsize bytes;
} Item;

struct _PealInflow {
  GMutex lock;
  GDestroyNotify destroy;
  GQueue items; /* of Item */
  gsize bytes;
  gboolean is_awake; /* whether the loop knows that there is something */
  gboolean has_ended;
  gdouble tokens;
  gint64 refilled_us;
};

PealInflow *
peal_inflow_new (GDestroyNotify destroy)
{
  PealInflow *self = g_new0 (PealInflow, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->items);
  self->destroy = destroy;
  self->tokens = PEAL_INFLOW_BURST;

  return self;
}

/**
 * peal_inflow_end:
 *
 * Forgets what waits and takes no more.
 */
void
peal_inflow_end (PealInflow *self)
{
  GQueue items = G_QUEUE_INIT;
  Item *item;

  g_mutex_lock (&self->lock);
  self->has_ended = TRUE;
  items = self->items;
  g_queue_init (&self->items);
  self->bytes = 0;
  g_mutex_unlock (&self->lock);

  while ((item = g_queue_pop_head (&items))) {
    self->destroy (item->data);
    g_free (item);
  }
}

void
peal_inflow_free (PealInflow *self)
{
  peal_inflow_end (self);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static PealInflowResult
push_locked (PealInflow *self, gpointer data, gsize bytes)
{
  gboolean was_awake = self->is_awake;
  Item *item;

  if (self->has_ended || self->items.length >= PEAL_INFLOW_MAX_ITEMS ||
      self->bytes + bytes > PEAL_INFLOW_MAX_BYTES)
    return PEAL_INFLOW_FULL;

  item = g_new (Item, 1);
  item->data = data;
  item->bytes = bytes;
  g_queue_push_tail (&self->items, item);
  self->bytes += bytes;
  self->is_awake = TRUE;

  return was_awake ? PEAL_INFLOW_QUEUED : PEAL_INFLOW_WAKE;
}

/**
 * peal_inflow_push:
 * @item: (transfer full): freed by the queue if it is not popped
 * @bytes: what it counts for
 *
 * Any thread.
 */
PealInflowResult
peal_inflow_push (PealInflow *self, gpointer item, gsize bytes)
{
  PealInflowResult result;

  g_mutex_lock (&self->lock);
  result = push_locked (self, item, bytes);
  if (result == PEAL_INFLOW_FULL)
    self->has_ended = TRUE;
  g_mutex_unlock (&self->lock);
  if (result == PEAL_INFLOW_FULL)
    self->destroy (item);

  return result;
}

static void
refill (PealInflow *self, gint64 now_us)
{
  gdouble passed_s =
      (gdouble)(now_us - self->refilled_us) / (gdouble)G_USEC_PER_SEC;

  if (self->refilled_us > 0)
    self->tokens = MIN (
        self->tokens + passed_s * PEAL_INFLOW_PER_SECOND, PEAL_INFLOW_BURST);
  self->refilled_us = now_us;
}

static Item *
pop_locked (PealInflow *self, gint64 now_us, guint *wait_ms)
{
  Item *item;

  refill (self, now_us);
  *wait_ms = 0;
  if (self->items.length == 0) {
    self->is_awake = FALSE;
    return NULL;
  }
  if (self->tokens < 1) {
    *wait_ms = (guint)((1 - self->tokens) * 1000 / PEAL_INFLOW_PER_SECOND) + 1;
    return NULL;
  }

  self->tokens -= 1;
  item = g_queue_pop_head (&self->items);
  self->bytes -= item->bytes;

  return item;
}

/**
 * peal_inflow_pop:
 * @now_us: monotonic time
 * @wait_ms: (out): with NULL: 0 when it is empty, and the next push says
 *   PEAL_INFLOW_WAKE; otherwise how long to wait before the next pop
 *
 * Returns: (transfer full) (nullable): the oldest item
 */
gpointer
peal_inflow_pop (PealInflow *self, gint64 now_us, guint *wait_ms)
{
  g_autofree Item *item = NULL;

  g_mutex_lock (&self->lock);
  item = pop_locked (self, now_us, wait_ms);
  g_mutex_unlock (&self->lock);

  return item ? item->data : NULL;
}
