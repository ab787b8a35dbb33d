/*
 * PealFeed: an element with a src pad only, that others push buffers into by a
 * function call and that passes them on from a thread of its own, or from one
 * that many feeds share.
 *
 * It is the cut in the graph: nothing downstream of it (a query, an event, a
 * flow return, a stall) reaches who pushes. A track begins each encoding with
 * one, and each branch begins with one.
 *
 * Timestamps of what is pushed are running times; the segment never changes.
 */
#pragma once

#include "media/feed-crew.h"
#include "media/feed-queue.h"

G_BEGIN_DECLS

/**
 * PealFeedParams:
 * @bounds: of what waits
 * @posts_errors: whether a failing flow is an error message of the feed;
 *   otherwise it is nobody's business
 */
typedef struct {
  PealFeedBounds bounds;
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
 * PealFeedSend:
 * @burst: (transfer none): what peal_feed_push_burst() was given
 * @src: (transfer none): the feed's pad
 * @data: what peal_feed_set_send() was given
 *
 * Pushes what becomes of @burst. Thread: the feed's own task or a worker of its
 * crew, no locks held but the pad's stream lock.
 *
 * Returns: the push's result
 */
typedef GstFlowReturn (*PealFeedSend) (
    PealRtpBurst *burst, GstPad *src, gpointer data);

#define PEAL_TYPE_FEED (peal_feed_get_type ())
G_DECLARE_FINAL_TYPE (PealFeed, peal_feed, PEAL, FEED, GstElement)

/*
 * Signals:
 * `started` (): stream-start has been pushed, nothing else yet. Fires on the
 *   thread that pushes each time the pad starts, no locks held.
 */
PealFeed *
peal_feed_new (const gchar *name, const PealFeedParams *params,
    const PealFeedUpstream *upstream, gpointer upstream_object);
void
peal_feed_set_send (PealFeed *self, PealFeedSend send, gpointer data);
void
peal_feed_set_crew (PealFeed *self, PealFeedCrew *crew);
void
peal_feed_push (PealFeed *self, GstBuffer *buffer, GstCaps *caps);
void
peal_feed_push_burst (PealFeed *self, PealRtpBurst *burst);
void
peal_feed_announce_caps (PealFeed *self, GstCaps *caps);
void
peal_feed_set_open (PealFeed *self, gboolean is_open);
gboolean
peal_feed_open_with (PealFeed *self, const GList *bursts);
gboolean
peal_feed_is_open (PealFeed *self);
void
peal_feed_await_key_frame (PealFeed *self);
guint64
peal_feed_get_dropped (PealFeed *self);

G_END_DECLS
