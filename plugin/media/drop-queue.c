/*
 * A consumer behind a wall of time. See drop-queue.h.
 *
 * Used by remote tracks, one per output. The upstream thread appends, the
 * source pad's task takes and pushes. Each buffer carries the stream-start,
 * caps and segment it belongs to, so that dropping buffers keeps the stream
 * whole and the queue's size is bounded by its buffers alone.
 *
 * Lock: `lock` guards what is marked below; it is never held in a push, and
 * nothing else is locked while it is held.
 */
#include "media/drop-queue.h"

#include <gst/video/video.h>

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* Chosen: beyond the pipeline's latency, which is how early a jitter buffer
 * may give a picture, a consumer has this long to come back. */
#define MAX_AGE_US G_USEC_PER_SEC
/* Chosen: three seconds of 720p30 in I420, or 0.7 s of 1080p60. */
#define MAX_BYTES (128 * 1024 * 1024)
/* Chosen: far above what one second of any stream has. */
#define MAX_ITEMS 2000
/* Chosen: how long a push may need before stopping flushes downstream. */
#define STOP_PATIENCE_US (100 * G_TIME_SPAN_MILLISECOND)

enum { STICKY_STREAM_START, STICKY_CAPS, STICKY_SEGMENT, N_STICKY };

typedef struct {
  GstMiniObject *object; /* a buffer or a gap event */
  gsize size;
  gint64 since_us;
  GstEvent *sticky[N_STICKY];
} Item;

struct _PealDropQueue {
  GstElement parent;

  GstPad *sink;
  GstPad *src;

  GMutex lock;
  GCond cond;
  GQueue items;          /* guarded by lock */
  gsize bytes;           /* guarded by lock */
  guint64 dropped;       /* guarded by lock */
  gint64 latency_us;     /* downstream's; guarded by lock */
  GstClockTime reported; /* instead of upstream's; guarded by lock */
  gboolean is_flushing;  /* guarded by lock */
  gboolean is_pushing;   /* guarded by lock */

  /* the upstream thread's own */
  GstEvent *sticky[N_STICKY];
  gboolean is_encoded_video;
  gboolean needs_key_frame;
  gboolean has_gap;

  /* the task's own */
  GstEvent *sent[N_STICKY];
};

G_DEFINE_FINAL_TYPE (PealDropQueue, peal_drop_queue, GST_TYPE_ELEMENT)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static Item *
new_item (PealDropQueue *self, GstMiniObject *object)
{
  Item *item = g_new0 (Item, 1);

  item->object = object;
  item->size = GST_IS_BUFFER (object)
      ? gst_buffer_get_size (GST_BUFFER_CAST (object))
      : 0;
  item->since_us = g_get_monotonic_time ();
  for (guint i = 0; i < N_STICKY; i++)
    gst_event_replace (&item->sticky[i], self->sticky[i]);

  return item;
}

static void
free_item (gpointer data)
{
  Item *item = data;

  gst_clear_mini_object (&item->object);
  for (guint i = 0; i < N_STICKY; i++)
    gst_event_replace (&item->sticky[i], NULL);
  g_free (item);
}

/* With the lock. */
static Item *
take_oldest (PealDropQueue *self)
{
  Item *item = g_queue_pop_head (&self->items);

  if (item)
    self->bytes -= item->size;
  return item;
}

/* With the lock. */
static void
drop_oldest (PealDropQueue *self)
{
  free_item (take_oldest (self));
  self->dropped++;
  self->has_gap = TRUE;
}

static gboolean
is_key_frame (Item *item)
{
  return GST_IS_BUFFER (item->object) &&
      !GST_BUFFER_FLAG_IS_SET (item->object, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* With the lock. */
static gboolean
is_over_limits (PealDropQueue *self)
{
  Item *oldest = g_queue_peek_head (&self->items);
  gint64 now_us = g_get_monotonic_time ();

  return oldest &&
      (now_us - oldest->since_us > MAX_AGE_US + self->latency_us ||
          self->bytes > MAX_BYTES ||
          g_queue_get_length (&self->items) >= MAX_ITEMS);
}

/* With the lock. Encoded video goes on from a key frame only. */
static void
make_room (PealDropQueue *self)
{
  if (!is_over_limits (self))
    return;

  while (is_over_limits (self))
    drop_oldest (self);
  if (!self->is_encoded_video)
    return;

  while (!g_queue_is_empty (&self->items) &&
      !is_key_frame (g_queue_peek_head (&self->items)))
    drop_oldest (self);
  self->needs_key_frame = g_queue_is_empty (&self->items);
}

static void
append (PealDropQueue *self, GstMiniObject *object)
{
  Item *item = new_item (self, object);

  g_queue_push_tail (&self->items, item);
  self->bytes += item->size;
  g_cond_broadcast (&self->cond);
}

/* Whether the buffer is of use: encoded video after a leak is not until a key
 * frame comes. */
static gboolean
is_usable (PealDropQueue *self, GstBuffer *buffer)
{
  if (!self->needs_key_frame ||
      !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT)) {
    self->needs_key_frame = FALSE;
    return TRUE;
  }
  return FALSE;
}

static GstFlowReturn
chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  PealDropQueue *self = PEAL_DROP_QUEUE (parent);
  gboolean had_key_frame = !self->needs_key_frame;
  gboolean wants_key_frame;

  if (self->has_gap) {
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    self->has_gap = FALSE;
  }

  g_mutex_lock (&self->lock);
  make_room (self);
  wants_key_frame = had_key_frame && self->needs_key_frame;
  if (!self->is_flushing && is_usable (self, buffer)) {
    append (self, GST_MINI_OBJECT_CAST (buffer));
  } else {
    gst_buffer_unref (buffer);
    self->dropped++;
    self->has_gap = TRUE;
  }
  g_mutex_unlock (&self->lock);

  if (wants_key_frame)
    gst_pad_push_event (self->sink,
        gst_video_event_new_upstream_force_key_unit (
            GST_CLOCK_TIME_NONE, TRUE, 0));

  return GST_FLOW_OK;
}

static void
note_caps (PealDropQueue *self, GstEvent *event)
{
  const gchar *name;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  name = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  self->is_encoded_video =
      g_str_has_prefix (name, "video/") && !g_str_equal (name, "video/x-raw");
  if (!self->is_encoded_video)
    self->needs_key_frame = FALSE;
}

static void
keep_gap (PealDropQueue *self, GstEvent *event)
{
  g_mutex_lock (&self->lock);
  make_room (self);
  if (!self->is_flushing)
    append (self, GST_MINI_OBJECT_CAST (gst_event_ref (event)));
  g_mutex_unlock (&self->lock);
}

static gboolean
handle_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PealDropQueue *self = PEAL_DROP_QUEUE (parent);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      gst_event_replace (&self->sticky[STICKY_STREAM_START], event);
      break;
    case GST_EVENT_CAPS:
      gst_event_replace (&self->sticky[STICKY_CAPS], event);
      note_caps (self, event);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_replace (&self->sticky[STICKY_SEGMENT], event);
      break;
    case GST_EVENT_GAP:
      keep_gap (self, event);
      break;
    default:
      break;
  }
  gst_event_unref (event);

  return TRUE;
}

static gboolean
handle_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  /* Serialized: an answer from downstream would have to wait for it. */
  if (GST_QUERY_IS_SERIALIZED (query))
    return FALSE;

  return gst_pad_query_default (pad, parent, query);
}

static gboolean
handle_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PealDropQueue *self = PEAL_DROP_QUEUE (parent);
  GstClockTime latency;

  if (GST_EVENT_TYPE (event) == GST_EVENT_LATENCY) {
    gst_event_parse_latency (event, &latency);
    g_mutex_lock (&self->lock);
    self->latency_us = MIN (latency, GST_SECOND * 60) / GST_USECOND;
    g_mutex_unlock (&self->lock);
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_RECONFIGURE ||
      gst_video_event_is_force_key_unit (event))
    return gst_pad_push_event (self->sink, event);

  gst_event_unref (event);
  return TRUE;
}

/* Whatever is upstream, or nothing, or something that waits for longer: what
 * comes has times that fit the latency that was set. */
static gboolean
answer_latency (PealDropQueue *self, GstPad *pad, GstQuery *query)
{
  GstClockTime min;

  g_mutex_lock (&self->lock);
  min = self->reported;
  g_mutex_unlock (&self->lock);
  if (min == GST_CLOCK_TIME_NONE)
    return gst_pad_query_default (pad, GST_OBJECT (self), query);

  gst_query_set_latency (query, TRUE, min, GST_CLOCK_TIME_NONE);
  return TRUE;
}

static gboolean
handle_src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_LATENCY)
    return answer_latency (PEAL_DROP_QUEUE (parent), pad, query);

  return gst_pad_query_default (pad, parent, query);
}

static void
send_sticky_events (PealDropQueue *self, Item *item)
{
  for (guint i = 0; i < N_STICKY; i++)
    if (item->sticky[i] && gst_event_replace (&self->sent[i], item->sticky[i]))
      gst_pad_push_event (self->src, gst_event_ref (item->sticky[i]));
}

static void
push (PealDropQueue *self, Item *item)
{
  GstFlowReturn flow;

  send_sticky_events (self, item);
  if (GST_IS_EVENT (item->object)) {
    gst_pad_push_event (
        self->src, GST_EVENT_CAST (g_steal_pointer (&item->object)));
  } else {
    flow = gst_pad_push (
        self->src, GST_BUFFER_CAST (g_steal_pointer (&item->object)));
    if (flow != GST_FLOW_OK)
      GST_LOG_OBJECT (self, "downstream: %s", gst_flow_get_name (flow));
  }
  free_item (item);
}

/* The task: one item, or the end of the task. */
static void
run (gpointer data)
{
  PealDropQueue *self = data;
  Item *item;

  g_mutex_lock (&self->lock);
  while (!self->is_flushing && g_queue_is_empty (&self->items))
    g_cond_wait (&self->cond, &self->lock);
  item = self->is_flushing ? NULL : take_oldest (self);
  self->is_pushing = item != NULL;
  g_mutex_unlock (&self->lock);

  if (!item) {
    gst_pad_pause_task (self->src);
    return;
  }

  push (self, item);
  g_mutex_lock (&self->lock);
  self->is_pushing = FALSE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

/* Returns whether a push is still under way after some patience. */
static gboolean
is_stuck (PealDropQueue *self)
{
  gint64 deadline_us = g_get_monotonic_time () + STOP_PATIENCE_US;
  gboolean is_stuck;

  g_mutex_lock (&self->lock);
  while (self->is_pushing &&
      g_cond_wait_until (&self->cond, &self->lock, deadline_us))
    ;
  is_stuck = self->is_pushing;
  g_mutex_unlock (&self->lock);

  return is_stuck;
}

static void
set_flushing (PealDropQueue *self, gboolean is_flushing)
{
  g_mutex_lock (&self->lock);
  self->is_flushing = is_flushing;
  while (!g_queue_is_empty (&self->items))
    free_item (take_oldest (self));
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

static gboolean
activate_src (
    GstPad *pad, GstObject *parent, GstPadMode mode, gboolean is_active)
{
  PealDropQueue *self = PEAL_DROP_QUEUE (parent);

  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  if (!is_active)
    return TRUE;

  set_flushing (self, FALSE);
  return gst_pad_start_task (pad, run, self, NULL);
}

/* The task must end before the pads are deactivated: a source pad that is
 * flushing already cannot send the flush that frees a stuck push. */
static GstStateChangeReturn
peal_drop_queue_change_state (GstElement *element, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    peal_drop_queue_stop (PEAL_DROP_QUEUE (element));

  return GST_ELEMENT_CLASS (peal_drop_queue_parent_class)
      ->change_state (element, transition);
}

static void
peal_drop_queue_finalize (GObject *object)
{
  PealDropQueue *self = PEAL_DROP_QUEUE (object);

  g_queue_clear_full (&self->items, free_item);
  for (guint i = 0; i < N_STICKY; i++) {
    gst_event_replace (&self->sticky[i], NULL);
    gst_event_replace (&self->sent[i], NULL);
  }
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (peal_drop_queue_parent_class)->finalize (object);
}

static void
peal_drop_queue_class_init (PealDropQueueClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-media-drop-queue", 0,
      "a queue that never makes upstream wait");
  G_OBJECT_CLASS (klass)->finalize = peal_drop_queue_finalize;
  element_class->change_state = peal_drop_queue_change_state;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Peal drop queue",
      "Generic", "Drops rather than wait", "Peal");
}

static void
peal_drop_queue_init (PealDropQueue *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->items);
  self->is_flushing = TRUE;
  self->reported = GST_CLOCK_TIME_NONE;

  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, chain);
  gst_pad_set_event_function (self->sink, handle_sink_event);
  gst_pad_set_query_function (self->sink, handle_sink_query);
  GST_PAD_SET_PROXY_CAPS (self->sink);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);

  self->src = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_event_function (self->src, handle_src_event);
  gst_pad_set_query_function (self->src, handle_src_query);
  gst_pad_set_activatemode_function (self->src, activate_src);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

/**
 * peal_drop_queue_new:
 * @name: (nullable): the element's name
 *
 * Returns: (transfer floating): an empty queue
 */
GstElement *
peal_drop_queue_new (const gchar *name)
{
  return g_object_new (PEAL_TYPE_DROP_QUEUE, "name", name, NULL);
}

/**
 * peal_drop_queue_set_latency:
 * @latency: in nanoseconds
 *
 * What sinks are told of the latency of all that is upstream; at first upstream
 * is asked. Any thread; they learn of it with their next question.
 */
void
peal_drop_queue_set_latency (PealDropQueue *self, GstClockTime latency)
{
  g_mutex_lock (&self->lock);
  self->reported = latency;
  g_mutex_unlock (&self->lock);
}

/**
 * peal_drop_queue_get_dropped:
 *
 * Returns: how many buffers and gaps a slow consumer has lost. Any thread.
 */
guint64
peal_drop_queue_get_dropped (PealDropQueue *self)
{
  guint64 dropped;

  g_mutex_lock (&self->lock);
  dropped = self->dropped;
  g_mutex_unlock (&self->lock);

  return dropped;
}

/**
 * peal_drop_queue_stop:
 *
 * Ends the queue's thread until the next change from READY to PAUSED. A
 * consumer that does not take its data must not keep us from stopping: after
 * 100 ms, and only then, it is flushed. A bin whose ghost pad gives this
 * queue's data must call it before it deactivates that pad, which would wait
 * for the consumer for ever. May be called again without effect. Any thread
 * but the queue's own.
 */
void
peal_drop_queue_stop (PealDropQueue *self)
{
  gboolean must_flush;

  set_flushing (self, TRUE);
  must_flush = is_stuck (self);
  if (must_flush) {
    GST_INFO_OBJECT (self, "downstream is stuck, flushing it");
    gst_pad_push_event (self->src, gst_event_new_flush_start ());
  }
  gst_pad_stop_task (self->src);
  if (must_flush)
    gst_pad_push_event (self->src, gst_event_new_flush_stop (FALSE));
  for (guint i = 0; i < N_STICKY; i++)
    gst_event_replace (&self->sent[i], NULL);
}
