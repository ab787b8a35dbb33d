/*
 * PealFeed: an element with a src pad only, that others push buffers into by a
 * function call and that passes them on from a thread of its own.
 *
 * It is the cut in the graph: nothing downstream of it (a query, an event, a
 * flow return, a stall) reaches who pushes. A track begins each encoding with
 * one, and each branch begins with one.
 *
 * Timestamps of what is pushed are running times; the segment never changes.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PealFeedParams:
 * @max_buffers: most buffers that wait; 0: no limit
 * @max_time: most time that waits, in ns, by timestamps; 0: no limit
 * @max_bytes: most bytes that wait; 0: no limit
 * @has_key_frames: overflow drops up to the next key frame, and a feed that
 *   opens begins with one. Otherwise overflow drops the oldest
 * @posts_errors: whether a failing flow is an error message of the feed;
 *   otherwise it is nobody's business
 */
typedef struct {
  guint max_buffers;
  GstClockTime max_time;
  gsize max_bytes;
  gboolean has_key_frames;
  gboolean posts_errors;
} PealFeedParams;

/**
 * PealFeedUpstream:
 * @query_latency: answers a latency query; any thread, no locks held
 * @request_key_frame: somebody downstream needs a key frame; any thread, no
 *   locks held
 */
typedef struct {
  gboolean (*query_latency) (gpointer upstream, GstQuery *query);
  void (*request_key_frame) (gpointer upstream, gboolean is_newcomer);
} PealFeedUpstream;

/**
 * PealFeedFlush:
 * @data: what peal_feed_set_flush() was given
 *
 * What was made of the buffer that has just been pushed can go on now. Thread:
 * the feed's own task, no locks held but the pad's stream lock.
 *
 * Returns: in place of the push's own result, where that was GST_FLOW_OK
 */
typedef GstFlowReturn (*PealFeedFlush) (gpointer data);

#define PEAL_TYPE_FEED (peal_feed_get_type ())
G_DECLARE_FINAL_TYPE (PealFeed, peal_feed, PEAL, FEED, GstElement)

/*
 * Signals:
 * `started` (): stream-start has been pushed, nothing else yet. Fires on the
 *   feed's own thread each time the pad starts, no locks held.
 */
PealFeed *
peal_feed_new (const gchar *name, const PealFeedParams *params,
    const PealFeedUpstream *upstream, gpointer upstream_object);
void
peal_feed_set_flush (PealFeed *self, PealFeedFlush flush, gpointer data);
void
peal_feed_push (PealFeed *self, GstBuffer *buffer, GstCaps *caps);
void
peal_feed_announce_caps (PealFeed *self, GstCaps *caps);
void
peal_feed_set_open (PealFeed *self, gboolean is_open);
gboolean
peal_feed_open_with (PealFeed *self, const GList *buffers, GstCaps *caps);
gboolean
peal_feed_is_open (PealFeed *self);
void
peal_feed_await_key_frame (PealFeed *self);
guint64
peal_feed_get_dropped (PealFeed *self);

G_END_DECLS
