/*
 * PealFeed: see the header. Used by track-encoding.c (the head of an encoding)
 * and track-branch.c (the head of a branch).
 *
 * Threads: peal_feed_push() on the pusher's streaming thread; the pad's task,
 * or a worker of the crew, takes from the queue and pushes downstream; the rest
 * from any thread. Locks: `lock` only, never held while anything is called
 * outside of this file.
 */
#include "media/feed.h"

#include <gst/video/video.h>

#include "media/key-frame-limiter.h"

GST_DEBUG_CATEGORY_STATIC (peal_media_feed_debug);
#define GST_CAT_DEFAULT peal_media_feed_debug

struct _PealFeed {
  GstElement parent_instance;

  GstPad *src;
  PealFeedParams params;
  PealFeedUpstream upstream;
  GObject *upstream_object;
  PealFeedSend send; /* of bursts; set before there is a task */
  gpointer send_data;
  PealFeedCrew *crew; /* (nullable): instead of a task; set before it starts */
  PealFeedJob job;

  GMutex lock;
  GCond has_work;
  PealFeedQueue queue;    /* guarded by lock */
  gboolean is_running;    /* the pad is active; guarded by lock */
  gboolean is_open;       /* guarded by lock */
  gboolean is_pushing;    /* the task is in a push; guarded by lock */
  gboolean is_stalled;    /* overflown in a push that still lasts; by lock */
  gboolean is_refused;    /* the last push failed; guarded by lock */
  gint64 last_request_us; /* of a key frame, from take(); guarded by lock */

  /* Of the task or worker, and of activation while there is none. */
  gboolean has_started;
  gboolean has_failed;
  gboolean has_segment;
  GstCaps *caps;
};

enum {
  SIGNAL_STARTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

G_DEFINE_FINAL_TYPE_WITH_CODE (PealFeed, peal_feed, GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (peal_media_feed_debug, "peal-media-feed", 0,
        "The cut between a track and what follows it"))

/* Lock held. Who stalls or refuses gets no key frames: all would pay. */
static gboolean
should_request_key_frame (PealFeed *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!self->queue.awaits_key || self->is_stalled || self->is_refused)
    return FALSE;
  if (now_us - self->last_request_us < PEAL_KEY_FRAME_INTERVAL_US)
    return FALSE;
  self->last_request_us = now_us;
  return TRUE;
}

/* Lock held. */
static void
take (PealFeed *self, PealFeedItem *item)
{
  if (self->is_stalled) {
    peal_feed_queue_refuse (&self->queue, item);
    return;
  }
  if (peal_feed_queue_take (&self->queue, item, g_get_monotonic_time ())) {
    GST_INFO_OBJECT (self, "overflow: dropping up to the next key frame");
    self->is_stalled = self->is_pushing;
  }
}

static void
wake (PealFeed *self)
{
  if (self->crew != NULL)
    peal_feed_crew_add (self->crew, &self->job);
  else
    g_cond_signal (&self->has_work);
}

static void
request_key_frame (PealFeed *self, gboolean is_newcomer)
{
  self->upstream.request_key_frame (self->upstream_object, is_newcomer);
}

/* Without waiting, it returns NULL also if there is none. */
static PealFeedItem *
take_item (PealFeed *self, gboolean may_wait)
{
  PealFeedItem *item = NULL;

  g_mutex_lock (&self->lock);
  while (may_wait && self->is_running && g_queue_is_empty (&self->queue.items))
    g_cond_wait (&self->has_work, &self->lock);
  if (self->is_running)
    item = peal_feed_queue_pop (&self->queue);
  self->is_pushing = item != NULL && item->buffer != NULL;
  g_mutex_unlock (&self->lock);
  return item;
}

static void
push_stream_start (PealFeed *self)
{
  g_autofree gchar *id = gst_pad_create_stream_id (
      self->src, GST_ELEMENT (self), GST_OBJECT_NAME (self));

  self->has_started = TRUE;
  gst_pad_push_event (self->src, gst_event_new_stream_start (id));
  g_signal_emit (self, signals[SIGNAL_STARTED], 0);
}

static void
push_headers (PealFeed *self, GstCaps *caps)
{
  GstSegment segment;

  if (self->caps != caps &&
      (self->caps == NULL || !gst_caps_is_equal (self->caps, caps)))
    gst_pad_push_event (self->src, gst_event_new_caps (caps));
  gst_caps_replace (&self->caps, caps);
  if (self->has_segment)
    return;
  self->has_segment = TRUE;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
}

/* A push has returned: whoever blocked it blocks no more. */
static void
note_progress (PealFeed *self, GstFlowReturn result)
{
  gboolean was_stalled;

  g_mutex_lock (&self->lock);
  was_stalled = self->is_stalled;
  self->is_stalled = FALSE;
  self->is_pushing = FALSE;
  self->is_refused = result != GST_FLOW_OK;
  if (result != GST_FLOW_OK && self->params.bounds.has_key_frames)
    self->queue.awaits_key = TRUE;
  if (result != GST_FLOW_OK)
    self->queue.n_dropped++;
  g_mutex_unlock (&self->lock);
  if (was_stalled && result == GST_FLOW_OK)
    request_key_frame (self, FALSE);
}

static void
note_result (PealFeed *self, GstFlowReturn result)
{
  note_progress (self, result);
  if (result == GST_FLOW_OK || result == GST_FLOW_FLUSHING)
    return;
  GST_DEBUG_OBJECT (self, "downstream: %s", gst_flow_get_name (result));
  if (self->params.posts_errors && !self->has_failed) {
    self->has_failed = TRUE;
    GST_ELEMENT_FLOW_ERROR (self, result);
  }
}

static GstFlowReturn
push (PealFeed *self, PealFeedItem *item)
{
  if (item->burst != NULL)
    return self->send (item->burst, self->src, self->send_data);
  return gst_pad_push (self->src, g_steal_pointer (&item->buffer));
}

static void
handle (PealFeed *self, PealFeedItem *item)
{
  if (item->caps != NULL)
    push_headers (self, item->caps);
  if (item->buffer != NULL)
    note_result (self, push (self, item));
  peal_feed_item_free (item);
}

/* The task. */
static void
run (gpointer data)
{
  PealFeed *self = data;
  PealFeedItem *item;

  if (!self->has_started)
    push_stream_start (self);
  item = take_item (self, TRUE);
  if (item != NULL)
    handle (self, item);
  else
    gst_pad_pause_task (self->src);
}

/* The crew's job: what a task does, until nothing waits. */
static void
work (gpointer data)
{
  PealFeed *self = data;
  PealFeedItem *item;

  GST_PAD_STREAM_LOCK (self->src);
  if (!self->has_started)
    push_stream_start (self);
  while ((item = take_item (self, FALSE)) != NULL)
    handle (self, item);
  GST_PAD_STREAM_UNLOCK (self->src);
}

static gboolean
start (PealFeed *self)
{
  self->has_started = FALSE;
  self->has_failed = FALSE;
  self->has_segment = FALSE;
  gst_clear_caps (&self->caps);
  g_mutex_lock (&self->lock);
  self->is_running = TRUE;
  self->is_refused = FALSE;
  g_mutex_unlock (&self->lock);
  if (self->crew == NULL)
    return gst_pad_start_task (self->src, run, self, NULL);
  peal_feed_crew_enter (self->crew, &self->job);
  wake (self);
  return TRUE;
}

static gboolean
stop (PealFeed *self)
{
  g_mutex_lock (&self->lock);
  self->is_running = FALSE;
  self->is_stalled = FALSE;
  self->is_pushing = FALSE;
  self->queue.awaits_key = self->params.bounds.has_key_frames;
  peal_feed_queue_drop_all (&self->queue);
  g_cond_broadcast (&self->has_work);
  g_mutex_unlock (&self->lock);
  if (self->crew == NULL)
    return gst_pad_stop_task (self->src);
  peal_feed_crew_leave (self->crew, &self->job);
  return TRUE;
}

static gboolean
on_activate_mode (
    GstPad *pad, GstObject *parent, GstPadMode mode, gboolean is_active)
{
  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  return is_active ? start (PEAL_FEED (parent)) : stop (PEAL_FEED (parent));
}

/* Whatever comes from downstream ends here, but key-frame requests. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  if (gst_video_event_is_force_key_unit (event) &&
      peal_feed_is_open (PEAL_FEED (parent)))
    request_key_frame (PEAL_FEED (parent), FALSE);
  gst_event_unref (event);
  return TRUE;
}

static gboolean
on_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  PealFeed *self = PEAL_FEED (parent);

  if (GST_QUERY_TYPE (query) == GST_QUERY_LATENCY)
    return self->upstream.query_latency (self->upstream_object, query);
  return gst_pad_query_default (pad, parent, query);
}

static void
peal_feed_finalize (GObject *object)
{
  PealFeed *self = PEAL_FEED (object);

  peal_feed_queue_drop_all (&self->queue);
  gst_clear_caps (&self->caps);
  g_clear_pointer (&self->crew, peal_feed_crew_unref);
  g_clear_object (&self->upstream_object);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->has_work);
  G_OBJECT_CLASS (peal_feed_parent_class)->finalize (object);
}

static void
peal_feed_class_init (PealFeedClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = peal_feed_finalize;
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Peal feed", "Generic",
      "Passes on what is pushed into it, from its own thread", "Peal");
  /**
   * PealFeed::started:
   *
   * stream-start has been pushed, nothing else yet. Fires each time that the
   * pad starts; a handler may push events. Thread: the feed's own task, or a
   * worker of its crew; no locks held but the pad's stream lock; not
   * re-entered.
   */
  signals[SIGNAL_STARTED] = g_signal_new ("started", PEAL_TYPE_FEED,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
peal_feed_init (PealFeed *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->has_work);
  self->src = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_activatemode_function (self->src, on_activate_mode);
  gst_pad_set_event_function (self->src, on_event);
  gst_pad_set_query_function (self->src, on_query);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

/**
 * peal_feed_new:
 * @name: (nullable): the element's name
 * @params: bounds and behaviour, copied
 * @upstream: how it reaches what feeds it, copied
 * @upstream_object: (transfer none): a GObject, first argument of @upstream's
 *   functions; the feed holds a reference
 *
 * Returns: (transfer floating): a closed feed
 */
PealFeed *
peal_feed_new (const gchar *name, const PealFeedParams *params,
    const PealFeedUpstream *upstream, gpointer upstream_object)
{
  PealFeed *self = g_object_new (PEAL_TYPE_FEED, "name", name, NULL);

  self->params = *params;
  peal_feed_queue_init (&self->queue, &params->bounds);
  self->upstream = *upstream;
  self->upstream_object = g_object_ref (upstream_object);
  return self;
}

/**
 * peal_feed_set_send:
 * @self: a feed that has not been started
 * @send: pushes bursts
 * @data: its argument; outlives the feed's task
 */
void
peal_feed_set_send (PealFeed *self, PealFeedSend send, gpointer data)
{
  self->send = send;
  self->send_data = data;
}

/**
 * peal_feed_set_crew:
 * @self: a feed that has not been started
 * @crew: (transfer none): does the feed's work, in place of a thread of its own
 */
void
peal_feed_set_crew (PealFeed *self, PealFeedCrew *crew)
{
  self->crew = peal_feed_crew_ref (crew);
  self->job.work = work;
  self->job.data = self;
}

static void
push_item (PealFeed *self, PealFeedItem *item)
{
  gboolean is_taken;
  gboolean wants_key = FALSE;

  g_mutex_lock (&self->lock);
  is_taken = self->is_running && self->is_open;
  if (is_taken) {
    take (self, g_steal_pointer (&item));
    wants_key = should_request_key_frame (self);
  }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&item, peal_feed_item_free);
  if (is_taken)
    wake (self);
  if (wants_key)
    request_key_frame (self, FALSE);
}

/**
 * peal_feed_push:
 * @self: a feed
 * @buffer: (transfer full): its timestamps are running times
 * @caps: (transfer none): what it is
 *
 * Never blocks. Drops while closed or not running.
 */
void
peal_feed_push (PealFeed *self, GstBuffer *buffer, GstCaps *caps)
{
  push_item (self, peal_feed_item_new (buffer, caps));
}

/**
 * peal_feed_push_burst:
 * @self: a feed with a function that sends bursts
 * @burst: (transfer none): what is sent
 *
 * Never blocks. Drops while closed or not running.
 */
void
peal_feed_push_burst (PealFeed *self, PealRtpBurst *burst)
{
  push_item (self, peal_feed_item_new_for_burst (burst));
}

/**
 * peal_feed_announce_caps:
 * @self: a feed, open or not
 * @caps: (transfer none): what the next buffer will be
 *
 * Lets what follows set itself up before the first buffer.
 */
void
peal_feed_announce_caps (PealFeed *self, GstCaps *caps)
{
  g_mutex_lock (&self->lock);
  if (self->is_running)
    peal_feed_queue_announce (&self->queue, peal_feed_item_new (NULL, caps));
  g_mutex_unlock (&self->lock);
  wake (self);
}

/**
 * peal_feed_set_open:
 * @self: a feed
 * @is_open: whether buffers pass
 *
 * Opening asks for a key frame at once, if the feed has such. Closing drops
 * what waits.
 */
void
peal_feed_set_open (PealFeed *self, gboolean is_open)
{
  gboolean has_opened;

  g_mutex_lock (&self->lock);
  has_opened = is_open && !self->is_open;
  self->is_open = is_open;
  if (has_opened)
    self->queue.awaits_key = self->params.bounds.has_key_frames;
  if (has_opened)
    self->is_refused = FALSE;
  if (!is_open)
    peal_feed_queue_drop_all (&self->queue);
  g_mutex_unlock (&self->lock);
  if (has_opened && self->params.bounds.has_key_frames)
    request_key_frame (self, TRUE);
}

/**
 * peal_feed_open_with:
 * @self: a feed
 * @bursts: (element-type PealRtpBurst): from a key frame on; what is pushed
 *   next follows them
 *
 * Opens with what is there already, so that nothing has to be asked for.
 *
 * Returns: FALSE, and nothing has happened, if it is open or does not run
 */
gboolean
peal_feed_open_with (PealFeed *self, const GList *bursts)
{
  gboolean can_open;

  g_mutex_lock (&self->lock);
  can_open = self->is_running && !self->is_open;
  if (can_open) {
    self->is_open = TRUE;
    self->is_refused = FALSE;
  }
  for (; can_open && bursts != NULL; bursts = bursts->next)
    take (self, peal_feed_item_new_for_burst (bursts->data));
  g_mutex_unlock (&self->lock);
  if (can_open)
    wake (self);
  return can_open;
}

gboolean
peal_feed_is_open (PealFeed *self)
{
  gboolean is_open;

  g_mutex_lock (&self->lock);
  is_open = self->is_open;
  g_mutex_unlock (&self->lock);
  return is_open;
}

/**
 * peal_feed_await_key_frame:
 * @self: a feed
 *
 * What was pushed so far and what comes next do not belong together: drops up
 * to the next key frame, if the feed has such.
 */
void
peal_feed_await_key_frame (PealFeed *self)
{
  g_mutex_lock (&self->lock);
  self->queue.has_gap = TRUE;
  if (self->params.bounds.has_key_frames)
    self->queue.awaits_key = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * peal_feed_get_dropped:
 * @self: a feed
 *
 * Returns: buffers lost since the feed was made, while it was open
 */
guint64
peal_feed_get_dropped (PealFeed *self)
{
  guint64 n_dropped;

  g_mutex_lock (&self->lock);
  n_dropped = self->queue.n_dropped;
  g_mutex_unlock (&self->lock);
  return n_dropped;
}
