/*
 * PealFeedQueue: what waits in a feed, within bounds, and what is left out when
 * more comes than leaves.
 *
 * A value with no lock and no thread of its own: feed.c has one under its lock.
 */
#pragma once

#include "media/rtp-burst.h"

G_BEGIN_DECLS

/* Chosen: who has not caught up with a burst by then is too slow for what comes
 * in. At 720p30, x264 catches up with six pictures in 30 ms. */
#define PEAL_FEED_BURST_US (250 * G_TIME_SPAN_MILLISECOND)

/**
 * PealFeedBounds:
 * @max_buffers: most buffers that wait; 0: no limit
 * @burst_buffers: most that wait in the first #PEAL_FEED_BURST_US after nothing
 *   waited, if that is more than @max_buffers
 * @max_time: most time that waits, in ns, by timestamps; 0: no limit
 * @max_bytes: most bytes that wait; 0: no limit
 * @has_key_frames: overflow drops up to the next key frame, and a feed that
 *   opens begins with one. Otherwise overflow drops the oldest
 */
typedef struct {
  guint max_buffers;
  guint burst_buffers;
  GstClockTime max_time;
  gsize max_bytes;
  gboolean has_key_frames;
} PealFeedBounds;

/**
 * PealFeedItem:
 * @buffer: (nullable): what waits; without one, only @caps are announced
 * @burst: (nullable): what is sent in place of @buffer, of which it was made
 * @caps: (nullable): what @buffer is; none with a burst
 */
typedef struct {
  GstBuffer *buffer;
  PealRtpBurst *burst;
  GstCaps *caps;
} PealFeedItem;

/**
 * PealFeedQueue:
 * @n_dropped: buffers lost so far
 * @waits_since_us: when a buffer came that none waited before
 * @awaits_key: whether delta frames are dropped
 * @has_gap: whether the next buffer does not follow the last one
 */
typedef struct {
  PealFeedBounds bounds;
  GQueue items; /* of PealFeedItem */
  guint n_buffers;
  gsize n_bytes;
  guint64 n_dropped;
  gint64 waits_since_us;
  gboolean awaits_key;
  gboolean has_gap;
} PealFeedQueue;

PealFeedItem *
peal_feed_item_new (GstBuffer *buffer, GstCaps *caps);
PealFeedItem *
peal_feed_item_new_for_burst (PealRtpBurst *burst);
void
peal_feed_item_free (PealFeedItem *self);

void
peal_feed_queue_init (PealFeedQueue *self, const PealFeedBounds *bounds);
gboolean
peal_feed_queue_take (PealFeedQueue *self, PealFeedItem *item, gint64 now_us);
void
peal_feed_queue_refuse (PealFeedQueue *self, PealFeedItem *item);
void
peal_feed_queue_announce (PealFeedQueue *self, PealFeedItem *item);
PealFeedItem *
peal_feed_queue_pop (PealFeedQueue *self);
void
peal_feed_queue_drop_all (PealFeedQueue *self);

G_END_DECLS
