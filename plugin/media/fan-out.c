/*
 * PealFanOut: see the header. Made by track.c, one for each codec; it outlives
 * the encodings that come and go before it.
 *
 * Threads: the chain function on the encoding's streaming thread; the rest from
 * any thread. Locks, in this order: `handing`, `lock`, a feed's. The payloader
 * works with `handing` held, but what it makes goes no further; nothing is sent
 * downstream with any held, nor upstream with `lock`.
 */
#include "media/fan-out.h"

#include <gst/video/video.h>

#include "media/head-start.h"
#include "media/key-frame-limiter.h"
#include "media/packetizer.h"
#include "media/running-time.h"

GST_DEBUG_CATEGORY_STATIC (peal_media_fan_out_debug);
#define GST_CAT_DEFAULT peal_media_fan_out_debug

struct _PealFanOut {
  GstElement parent_instance;

  GstPad *sink;
  const PealCodec *codec;
  PealFanOutHurry hurry; /* or NULL; set before anything flows */
  gpointer hurry_data;

  /* A feed that opens gets each buffer once: from the head start or later. */
  GMutex handing;
  PealHeadStart head_start; /* guarded by handing */
  GstCaps *caps;            /* guarded by handing */

  GMutex lock;
  PealPacketizer *packetizer;  /* (nullable): set once; guarded by lock */
  PealFeedCrew *crew;          /* does the feeds' work */
  GPtrArray *feeds;            /* replaced, never changed; guarded by lock */
  PealKeyFrameLimiter limiter; /* guarded by lock */
  GstClockTime min_latency;    /* guarded by lock */
  GstClockTime max_latency;    /* guarded by lock */

  /* Of the streaming thread */
  GstSegment segment;
  gboolean has_new_caps;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

G_DEFINE_FINAL_TYPE_WITH_CODE (PealFanOut, peal_fan_out, GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (peal_media_fan_out_debug, "peal-media-fan-out", 0,
        "One encoding to many branches"))

static GPtrArray *
ref_feeds (PealFanOut *self, PealPacketizer **packetizer)
{
  GPtrArray *feeds;

  g_mutex_lock (&self->lock);
  feeds = g_ptr_array_ref (self->feeds);
  if (packetizer != NULL)
    *packetizer = self->packetizer;
  g_mutex_unlock (&self->lock);
  return feeds;
}

static GPtrArray *
copy_feeds (PealFanOut *self)
{
  GPtrArray *feeds = g_ptr_array_new_with_free_func (gst_object_unref);

  for (guint i = 0; i < self->feeds->len; i++)
    g_ptr_array_add (
        feeds, gst_object_ref (g_ptr_array_index (self->feeds, i)));
  return feeds;
}

static void
send_key_frame_request (PealFanOut *self)
{
  GST_DEBUG_OBJECT (self, "asking for a key frame");
  gst_pad_push_event (self->sink,
      gst_video_event_new_upstream_force_key_unit (
          GST_CLOCK_TIME_NONE, TRUE, 0));
}

static gboolean
check_key_frame (PealFanOut *self, GstBuffer *buffer)
{
  gboolean is_due;

  g_mutex_lock (&self->lock);
  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    peal_key_frame_limiter_note_key_frame (&self->limiter);
  is_due =
      peal_key_frame_limiter_poll (&self->limiter, g_get_monotonic_time ());
  g_mutex_unlock (&self->lock);
  return is_due;
}

static gboolean
has_open (GPtrArray *feeds)
{
  for (guint i = 0; i < feeds->len; i++)
    if (peal_feed_is_open (g_ptr_array_index (feeds, i)))
      return TRUE;
  return FALSE;
}

/* `handing` held. */
static void
rest (PealFanOut *self, PealPacketizer *packetizer)
{
  peal_head_start_clear (&self->head_start);
  peal_packetizer_skip (packetizer);
}

/* `handing` held. Packets are made only for somebody. */
static void
hand_on (PealFanOut *self, GstBuffer *buffer)
{
  PealPacketizer *packetizer;
  g_autoptr (GPtrArray) feeds = ref_feeds (self, &packetizer);
  g_autoptr (PealRtpBurst) burst = NULL;
  gint64 now_us = g_get_monotonic_time ();

  if (self->caps == NULL || packetizer == NULL)
    return;
  if (has_open (feeds) ||
      peal_head_start_is_running (&self->head_start, now_us))
    burst = peal_packetizer_pack (packetizer, buffer, self->caps);
  else
    rest (self, packetizer);
  if (burst == NULL)
    return;
  peal_head_start_add (&self->head_start, burst, now_us);
  for (guint i = 0; i < feeds->len; i++)
    peal_feed_push_burst (g_ptr_array_index (feeds, i), burst);
}

static GstFlowReturn
on_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  PealFanOut *self = PEAL_FAN_OUT (parent);
  gboolean is_due = check_key_frame (self, buffer);

  buffer =
      peal_running_time_apply (buffer, &self->segment, GST_CLOCK_TIME_NONE);
  g_mutex_lock (&self->handing);
  hand_on (self, buffer);
  g_mutex_unlock (&self->handing);
  gst_buffer_unref (buffer);
  if (is_due)
    send_key_frame_request (self);
  if (self->has_new_caps)
    peal_fan_out_update_latency (self);
  self->has_new_caps = FALSE;
  return GST_FLOW_OK;
}

static void
take_caps (PealFanOut *self, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  g_mutex_lock (&self->handing);
  gst_caps_replace (&self->caps, caps);
  peal_head_start_clear (&self->head_start);
  g_mutex_unlock (&self->handing);
  self->has_new_caps = TRUE;
}

/* All events end here: what a feed needs it makes itself. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PealFanOut *self = PEAL_FAN_OUT (parent);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      take_caps (self, event);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &self->segment);
      break;
    default:
      break;
  }
  gst_event_unref (event);
  return TRUE;
}

static gboolean
query_latency (gpointer upstream, GstQuery *query)
{
  PealFanOut *self = upstream;

  g_mutex_lock (&self->lock);
  gst_query_set_latency (query, TRUE, self->min_latency, self->max_latency);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
request_key_frame (gpointer upstream, gboolean is_newcomer)
{
  PealFanOut *self = upstream;

  if (self->codec->kind == PEAL_MEDIA_VIDEO)
    peal_fan_out_request_key_frame (self, is_newcomer);
}

static void
peal_fan_out_finalize (GObject *object)
{
  PealFanOut *self = PEAL_FAN_OUT (object);

  gst_clear_caps (&self->caps);
  peal_head_start_clear (&self->head_start);
  g_clear_object (&self->packetizer);
  g_ptr_array_unref (self->feeds);
  peal_feed_crew_unref (self->crew);
  g_mutex_clear (&self->handing);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (peal_fan_out_parent_class)->finalize (object);
}

static void
peal_fan_out_class_init (PealFanOutClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = peal_fan_out_finalize;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "Peal fan-out",
      "Generic", "Hands one encoded stream to many branches", "Peal");
}

static void
peal_fan_out_init (PealFanOut *self)
{
  g_mutex_init (&self->handing);
  g_mutex_init (&self->lock);
  self->crew = peal_feed_crew_new ();
  self->feeds = g_ptr_array_new_with_free_func (gst_object_unref);
  self->max_latency = GST_CLOCK_TIME_NONE;
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, on_chain);
  gst_pad_set_event_function (self->sink, on_event);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
}

/**
 * peal_fan_out_new:
 * @name: (nullable): the element's name
 * @codec: what comes in
 *
 * Returns: (transfer floating): a fan-out with no feeds
 */
PealFanOut *
peal_fan_out_new (const gchar *name, const PealCodec *codec)
{
  PealFanOut *self = g_object_new (PEAL_TYPE_FAN_OUT, "name", name, NULL);

  self->codec = codec;
  return self;
}

/**
 * peal_fan_out_prepare:
 * @self: a fan-out
 * @error: %PEAL_ERROR_UNSUPPORTED if the codec's payloader is missing
 *
 * Before the first feed is made; a second call does nothing. One thread at a
 * time.
 *
 * Returns: whether packets can be made
 */
gboolean
peal_fan_out_prepare (PealFanOut *self, GError **error)
{
  PealPacketizer *packetizer;

  if (self->packetizer != NULL)
    return TRUE;
  packetizer = peal_packetizer_new (self->codec, error);
  g_mutex_lock (&self->lock);
  self->packetizer = packetizer;
  g_mutex_unlock (&self->lock);
  return packetizer != NULL;
}

/**
 * peal_fan_out_set_hurry:
 * @self: a fan-out that nothing has flowed through
 * @hurry: called when a newcomer should not wait for the source
 * @data: its argument; outlives @self's feeds
 */
void
peal_fan_out_set_hurry (PealFanOut *self, PealFanOutHurry hurry, gpointer data)
{
  self->hurry = hurry;
  self->hurry_data = data;
}

/**
 * peal_fan_out_make_feed:
 * @self: a fan-out that is prepared
 * @name: (nullable): the feed's name
 * @params: its bounds
 *
 * The feed and the fan-out hold references to each other until
 * peal_fan_out_remove_feed().
 *
 * Returns: (transfer none): a closed feed
 */
PealFeed *
peal_fan_out_make_feed (
    PealFanOut *self, const gchar *name, const PealFeedParams *params)
{
  static const PealFeedUpstream upstream = { query_latency, request_key_frame };
  PealFeed *feed = peal_feed_new (name, params, &upstream, self);
  GPtrArray *old;

  peal_feed_set_crew (feed, self->crew);
  g_mutex_lock (&self->lock);
  old = self->feeds;
  self->feeds = copy_feeds (self);
  g_ptr_array_add (self->feeds, gst_object_ref_sink (feed));
  g_mutex_unlock (&self->lock);
  g_ptr_array_unref (old);
  return feed;
}

/**
 * peal_fan_out_remove_feed:
 * @self: a fan-out
 * @feed: a feed
 *
 * Returns: whether @feed was one of @self's
 */
gboolean
peal_fan_out_remove_feed (PealFanOut *self, PealFeed *feed)
{
  GPtrArray *old;
  gboolean is_removed;

  g_mutex_lock (&self->lock);
  old = self->feeds;
  self->feeds = copy_feeds (self);
  is_removed = g_ptr_array_remove (self->feeds, feed);
  g_mutex_unlock (&self->lock);
  g_ptr_array_unref (old);
  return is_removed;
}

guint
peal_fan_out_count_feeds (PealFanOut *self)
{
  g_autoptr (GPtrArray) feeds = ref_feeds (self, NULL);

  return feeds->len;
}

static gboolean
has_open_feed (PealFanOut *self)
{
  g_autoptr (GPtrArray) feeds = ref_feeds (self, NULL);

  return has_open (feeds);
}

/**
 * peal_fan_out_is_wanted:
 * @self: a fan-out
 *
 * Returns: whether anybody would get what arrives now, or is about to
 */
gboolean
peal_fan_out_is_wanted (PealFanOut *self)
{
  gboolean is_expecting;

  if (has_open_feed (self))
    return TRUE;
  g_mutex_lock (&self->handing);
  is_expecting =
      peal_head_start_is_running (&self->head_start, g_get_monotonic_time ());
  g_mutex_unlock (&self->handing);
  return is_expecting;
}

/**
 * peal_fan_out_expect_feed:
 * @self: a fan-out of video
 *
 * A feed will open in a moment: has a key frame made for it already. If it does
 * not open, that was in vain.
 */
void
peal_fan_out_expect_feed (PealFanOut *self)
{
  g_mutex_lock (&self->handing);
  peal_head_start_begin (&self->head_start, g_get_monotonic_time ());
  g_mutex_unlock (&self->handing);
  peal_fan_out_request_key_frame (self, TRUE);
}

/**
 * peal_fan_out_open_feed:
 * @self: a fan-out
 * @feed: one of its feeds
 *
 * Opens @feed with what has been encoded for it, or else asks for a key frame.
 */
void
peal_fan_out_open_feed (PealFanOut *self, PealFeed *feed)
{
  const GList *bursts;
  gboolean has_opened;

  g_mutex_lock (&self->handing);
  bursts = peal_head_start_get (&self->head_start, g_get_monotonic_time ());
  has_opened = bursts != NULL && peal_feed_open_with (feed, bursts);
  g_mutex_unlock (&self->handing);
  GST_DEBUG_OBJECT (self, "opening %s", has_opened ? "with a key frame" : "");
  if (!has_opened)
    peal_feed_set_open (feed, TRUE);
}

/**
 * peal_fan_out_request_key_frame:
 * @self: a fan-out
 * @is_newcomer: whether somebody waits who has had no picture yet
 *
 * Sends a GstForceKeyUnit event upstream, now or, merged with others, when the
 * limiter allows it.
 */
void
peal_fan_out_request_key_frame (PealFanOut *self, gboolean is_newcomer)
{
  gboolean is_due;

  g_mutex_lock (&self->lock);
  is_due = peal_key_frame_limiter_request (
      &self->limiter, g_get_monotonic_time (), is_newcomer);
  g_mutex_unlock (&self->lock);
  if (is_due)
    send_key_frame_request (self);
  if (is_due && is_newcomer && self->hurry != NULL)
    self->hurry (self->hurry_data);
}

/**
 * peal_fan_out_update_latency:
 * @self: a fan-out
 *
 * Asks upstream for its latency and remembers the answer for the feeds, so
 * that no peer's query ever reaches an encoder.
 */
void
peal_fan_out_update_latency (PealFanOut *self)
{
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  GstClockTime min_latency, max_latency;
  gboolean is_live;

  if (!gst_pad_peer_query (self->sink, query))
    return;
  gst_query_parse_latency (query, &is_live, &min_latency, &max_latency);
  GST_DEBUG_OBJECT (
      self, "latency %" GST_TIME_FORMAT, GST_TIME_ARGS (min_latency));
  g_mutex_lock (&self->lock);
  self->min_latency = min_latency;
  self->max_latency = max_latency;
  g_mutex_unlock (&self->lock);
}
