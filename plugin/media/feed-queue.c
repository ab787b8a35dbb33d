/*
 * PealFeedQueue: see the header. Used by feed.c, under its lock.
 */
#include "media/feed-queue.h"

/**
 * peal_feed_item_new:
 * @buffer: (transfer full) (nullable): what waits
 * @caps: (transfer none): what it is
 *
 * Returns: (transfer full): an item
 */
PealFeedItem *
peal_feed_item_new (GstBuffer *buffer, GstCaps *caps)
{
  PealFeedItem *self = g_new0 (PealFeedItem, 1);

  self->buffer = buffer;
  self->caps = gst_caps_ref (caps);
  return self;
}

/**
 * peal_feed_item_new_for_burst:
 * @burst: (transfer none): counts as what it was made of
 *
 * Returns: (transfer full): an item
 */
PealFeedItem *
peal_feed_item_new_for_burst (PealRtpBurst *burst)
{
  PealFeedItem *self = g_new0 (PealFeedItem, 1);

  self->buffer = gst_buffer_ref (peal_rtp_burst_get_media (burst));
  self->burst = peal_rtp_burst_ref (burst);
  return self;
}

void
peal_feed_item_free (PealFeedItem *self)
{
  gst_clear_buffer (&self->buffer);
  g_clear_pointer (&self->burst, peal_rtp_burst_unref);
  gst_clear_caps (&self->caps);
  g_free (self);
}

/**
 * peal_feed_queue_init:
 * @self: a zeroed queue
 * @bounds: copied
 */
void
peal_feed_queue_init (PealFeedQueue *self, const PealFeedBounds *bounds)
{
  g_queue_init (&self->items);
  self->bounds = *bounds;
  self->awaits_key = bounds->has_key_frames;
}

static void
add (PealFeedQueue *self, PealFeedItem *item)
{
  g_queue_push_tail (&self->items, item);
  if (item->buffer == NULL)
    return;
  self->n_buffers++;
  self->n_bytes += gst_buffer_get_size (item->buffer);
}

/* Caps outlive the buffers that carried them only in the items that follow. */
static void
drop_oldest (PealFeedQueue *self)
{
  PealFeedItem *item = peal_feed_queue_pop (self);

  if (item->buffer != NULL)
    self->n_dropped++;
  peal_feed_item_free (item);
  self->has_gap = TRUE;
}

static GstClockTime
get_queued_time (PealFeedQueue *self)
{
  PealFeedItem *head = g_queue_peek_head (&self->items);
  PealFeedItem *tail = g_queue_peek_tail (&self->items);
  GstClockTime first, last;

  if (head == NULL || head->buffer == NULL || tail->buffer == NULL)
    return 0;
  first = GST_BUFFER_PTS (head->buffer);
  last = GST_BUFFER_PTS (tail->buffer);
  if (!GST_CLOCK_TIME_IS_VALID (first) || !GST_CLOCK_TIME_IS_VALID (last))
    return 0;
  return last > first ? last - first : 0;
}

/* Who was held up gets what has come meanwhile; who is too slow does not. */
static guint
get_max_buffers (PealFeedQueue *self, gint64 now_us)
{
  const PealFeedBounds *bounds = &self->bounds;

  if (now_us - self->waits_since_us <= PEAL_FEED_BURST_US)
    return MAX (bounds->max_buffers, bounds->burst_buffers);
  return bounds->max_buffers;
}

static gboolean
is_overfull (PealFeedQueue *self, gint64 now_us)
{
  const PealFeedBounds *bounds = &self->bounds;
  guint max_buffers = get_max_buffers (self, now_us);

  return (bounds->max_buffers > 0 && self->n_buffers > max_buffers) ||
      (bounds->max_bytes > 0 && self->n_bytes > bounds->max_bytes) ||
      (bounds->max_time > 0 && get_queued_time (self) > bounds->max_time);
}

/* Returns whether nothing is left up to the next key frame. */
static gboolean
make_room (PealFeedQueue *self, gint64 now_us)
{
  if (!self->bounds.has_key_frames) {
    while (self->n_buffers > 1 && is_overfull (self, now_us))
      drop_oldest (self);
    return FALSE;
  }
  if (!is_overfull (self, now_us))
    return FALSE;
  peal_feed_queue_drop_all (self);
  self->awaits_key = TRUE;
  return TRUE;
}

static void
mark_gap (PealFeedItem *item)
{
  item->buffer = gst_buffer_make_writable (item->buffer);
  GST_BUFFER_FLAG_SET (item->buffer, GST_BUFFER_FLAG_DISCONT);
}

static gboolean
is_delta (PealFeedItem *item)
{
  return GST_BUFFER_FLAG_IS_SET (item->buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

/**
 * peal_feed_queue_take:
 * @self: a queue
 * @item: (transfer full): with a buffer
 * @now_us: monotonic time
 *
 * A delta frame is dropped while a key frame is awaited. Packets need no mark
 * of a gap: their sequence numbers go on, and the key frame tells.
 *
 * Returns: whether it was too much, so that all is gone up to the next key
 *   frame
 */
gboolean
peal_feed_queue_take (PealFeedQueue *self, PealFeedItem *item, gint64 now_us)
{
  if (self->awaits_key && is_delta (item)) {
    peal_feed_queue_refuse (self, item);
    return FALSE;
  }
  self->awaits_key = FALSE;
  if (self->has_gap && item->burst == NULL)
    mark_gap (item);
  self->has_gap = FALSE;
  if (self->n_buffers == 0)
    self->waits_since_us = now_us;
  add (self, item);
  return make_room (self, now_us);
}

/**
 * peal_feed_queue_refuse:
 * @self: a queue
 * @item: (transfer full): is dropped
 */
void
peal_feed_queue_refuse (PealFeedQueue *self, PealFeedItem *item)
{
  self->n_dropped++;
  self->has_gap = TRUE;
  peal_feed_item_free (item);
}

/**
 * peal_feed_queue_announce:
 * @self: a queue
 * @item: (transfer full): caps only; they are never too much
 */
void
peal_feed_queue_announce (PealFeedQueue *self, PealFeedItem *item)
{
  add (self, item);
}

/**
 * peal_feed_queue_pop:
 * @self: a queue
 *
 * Returns: (transfer full) (nullable): the oldest
 */
PealFeedItem *
peal_feed_queue_pop (PealFeedQueue *self)
{
  PealFeedItem *item = g_queue_pop_head (&self->items);

  if (item != NULL && item->buffer != NULL) {
    self->n_buffers--;
    self->n_bytes -= gst_buffer_get_size (item->buffer);
  }
  return item;
}

void
peal_feed_queue_drop_all (PealFeedQueue *self)
{
  while (!g_queue_is_empty (&self->items))
    drop_oldest (self);
}
