/*
 * PealTrack: see the header. Made by the element for each of its sink pads;
 * the session adds and removes branches.
 *
 *   sink ─┬─ encoding-VP8  ── fan-out-VP8  ─┬─ branch (peer A)
 *         │                                 └─ branch (peer B)
 *         └─ encoding-H264 ── fan-out-H264 ─── branch (peer C)
 *
 * The sink pad is the track's own: its chain function hands references to the
 * feeds of the encodings, so that nothing downstream of it can block or fail
 * the source. A lane (one codec) has a fan-out for ever and an encoding while
 * there is input and demand. Encodings have a locked state: the track starts
 * and stops them, since one that fails must not fail the pipeline.
 *
 * Threads and locks, in order: `control` serializes all that makes and drops
 * encodings: methods (loop), a CAPS event (source), the retry after an encoder
 * failed (a pool thread). It is never taken by the chain function, by a
 * message handler or by a thread inside of an encoding, because dropping one
 * joins its thread. `lock` guards the list that the chain function walks.
 */
#include "media/track.h"

#include <gst/video/video.h>

#include "base/error.h"
#include "media/encoder.h"
#include "media/fan-out.h"
#include "media/track-encoding.h"

GST_DEBUG_CATEGORY_STATIC (peal_media_track_debug);
#define GST_CAT_DEFAULT peal_media_track_debug

/* Before anybody says otherwise. Chosen: good pictures at 720p on a LAN, and
 * music that sounds right. */
#define DEFAULT_VIDEO_BPS 1500000
#define DEFAULT_AUDIO_BPS 64000

typedef struct {
  const PealCodec *codec;
  PealFanOut *fan_out;         /* a child of the track */
  PealTrackEncoding *encoding; /* (nullable): a child of the track */
  const PealEncoder *failed;   /* (nullable): the last that did not work */
} Lane;

struct _PealTrack {
  GstBin parent_instance;

  PealMediaKind kind;
  GstPad *sink;
  gint is_muted; /* atomic */

  GMutex control;
  GPtrArray *lanes;             /* of Lane; guarded by control */
  gchar **codec_names;          /* guarded by control */
  guint target_bps;             /* guarded by control */
  gboolean is_active;           /* PAUSED or PLAYING; guarded by control */
  PealTrackInput input;         /* guarded by control */
  const PealCodec *input_codec; /* if encoded; guarded by control */
  GstCaps *caps; /* of the input; written with control and on the source's
                    thread, which may read it without */

  GMutex lock;
  GPtrArray *outlets; /* of Outlet; replaced, never changed; guarded by lock */

  GstSegment segment; /* of the source's thread */
};

/* What the chain function needs of a lane. */
typedef struct {
  PealFeed *feed;
  PealFanOut *fan_out;
  gboolean is_gated; /* an encoder: runs only for somebody */
} Outlet;

enum {
  SIGNAL_INPUT_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (PealTrack, peal_track, GST_TYPE_BIN,
    GST_DEBUG_CATEGORY_INIT (peal_media_track_debug, "peal-media-track", 0,
        "One stream that we send"))

static void
outlet_free (Outlet *outlet)
{
  gst_object_unref (outlet->feed);
  gst_object_unref (outlet->fan_out);
  g_free (outlet);
}

/* Control held. */
static void
publish_outlets (PealTrack *self)
{
  GPtrArray *outlets =
      g_ptr_array_new_with_free_func ((GDestroyNotify)outlet_free);
  GPtrArray *old;

  for (guint i = 0; i < self->lanes->len; i++) {
    Lane *lane = g_ptr_array_index (self->lanes, i);
    Outlet *outlet;

    if (lane->encoding == NULL)
      continue;
    outlet = g_new0 (Outlet, 1);
    outlet->feed =
        gst_object_ref (peal_track_encoding_get_feed (lane->encoding));
    outlet->fan_out = gst_object_ref (lane->fan_out);
    outlet->is_gated = peal_track_encoding_get_encoder (lane->encoding) != NULL;
    g_ptr_array_add (outlets, outlet);
  }
  g_mutex_lock (&self->lock);
  old = self->outlets;
  self->outlets = outlets;
  g_mutex_unlock (&self->lock);
  g_ptr_array_unref (old);
}

static GPtrArray *
ref_outlets (PealTrack *self)
{
  GPtrArray *outlets;

  g_mutex_lock (&self->lock);
  outlets = g_ptr_array_ref (self->outlets);
  g_mutex_unlock (&self->lock);
  return outlets;
}

/* Lanes and their encodings; control held in all of these. */

static Lane *
find_lane (PealTrack *self, const PealCodec *codec)
{
  for (guint i = 0; i < self->lanes->len; i++) {
    Lane *lane = g_ptr_array_index (self->lanes, i);

    if (lane->codec == codec)
      return lane;
  }
  return NULL;
}

static Lane *
ensure_lane (PealTrack *self, const PealCodec *codec)
{
  g_autofree gchar *name = g_strdup_printf ("fan-out-%s", codec->name);
  Lane *lane = find_lane (self, codec);

  if (lane != NULL)
    return lane;
  lane = g_new0 (Lane, 1);
  lane->codec = codec;
  lane->fan_out = peal_fan_out_new (name);
  g_ptr_array_add (self->lanes, lane);
  gst_bin_add (GST_BIN (self), GST_ELEMENT (lane->fan_out));
  gst_element_sync_state_with_parent (GST_ELEMENT (lane->fan_out));
  return lane;
}

static void
remove_encoding (PealTrack *self, PealTrackEncoding *encoding)
{
  gst_element_set_state (GST_ELEMENT (encoding), GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), GST_ELEMENT (encoding));
}

static void
drop_encoding (PealTrack *self, Lane *lane)
{
  PealTrackEncoding *encoding = g_steal_pointer (&lane->encoding);

  if (encoding == NULL)
    return;
  publish_outlets (self);
  remove_encoding (self, encoding);
}

/* Returns the encoding, running and linked, or NULL: it does not work. */
static PealTrackEncoding *
start_encoding (
    PealTrack *self, Lane *lane, const PealEncoder *encoder, GError **error)
{
  PealTrackEncoding *encoding = peal_track_encoding_new (
      lane->codec, encoder, self->target_bps, self->sink, error);
  GstElement *element = (GstElement *)encoding;

  if (encoding == NULL)
    return NULL;
  gst_element_set_locked_state (element, TRUE);
  gst_bin_add (GST_BIN (self), element);
  if (gst_element_link (element, GST_ELEMENT (lane->fan_out)) &&
      gst_element_set_state (element, GST_STATE_PLAYING) !=
          GST_STATE_CHANGE_FAILURE)
    return encoding;
  remove_encoding (self, encoding);
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED, "%s does not start",
      encoder != NULL ? encoder->description : "parser");
  return NULL;
}

static PealTrackEncoding *
start_first_that_works (PealTrack *self, Lane *lane, GError **error)
{
  const PealEncoder *encoder = lane->failed;
  PealTrackEncoding *encoding = NULL;

  while (encoding == NULL) {
    g_autoptr (GError) row_error = NULL;

    encoder = peal_encoder_next (lane->codec, encoder);
    if (encoder == NULL)
      break;
    encoding = start_encoding (self, lane, encoder, &row_error);
    if (encoding == NULL)
      GST_WARNING_OBJECT (self, "skipping encoder: %s", row_error->message);
  }
  if (encoding == NULL)
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "No %s encoder works here", lane->codec->name);
  return encoding;
}

static gboolean
has_demand (PealTrack *self, Lane *lane)
{
  if (!self->is_active || self->input == PEAL_TRACK_INPUT_UNKNOWN)
    return FALSE;
  if (self->input == PEAL_TRACK_INPUT_RAW)
    return peal_fan_out_count_feeds (lane->fan_out) > 0;
  /* The parser has to see the parameter sets even before anybody watches. */
  return lane->codec == self->input_codec;
}

static gboolean
make_encoding (PealTrack *self, Lane *lane, GError **error)
{
  if (lane->encoding != NULL || !has_demand (self, lane))
    return TRUE;
  if (self->input == PEAL_TRACK_INPUT_RAW)
    lane->encoding = start_first_that_works (self, lane, error);
  else
    lane->encoding = start_encoding (self, lane, NULL, error);
  if (lane->encoding == NULL)
    return FALSE;
  GST_INFO_OBJECT (self, "%s: %s", lane->codec->name,
      self->input == PEAL_TRACK_INPUT_RAW ? "encoding" : "passing through");
  peal_feed_announce_caps (
      peal_track_encoding_get_feed (lane->encoding), self->caps);
  peal_fan_out_update_latency (lane->fan_out);
  publish_outlets (self);
  return TRUE;
}

static void
drop_all_encodings (PealTrack *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    drop_encoding (self, g_ptr_array_index (self->lanes, i));
}

/* Input */

static gboolean
classify (PealTrack *self, GstCaps *caps, PealTrackInput *input,
    const PealCodec **codec)
{
  g_autofree gchar *raw_name =
      g_strdup_printf ("%s/x-raw", peal_media_kind_to_string (self->kind));

  *codec = NULL;
  if (gst_structure_has_name (gst_caps_get_structure (caps, 0), raw_name)) {
    *input = PEAL_TRACK_INPUT_RAW;
    return TRUE;
  }
  *input = PEAL_TRACK_INPUT_ENCODED;
  *codec = peal_codec_find_for_media_caps (caps);
  return *codec != NULL && (*codec)->kind == self->kind;
}

/* Control held. */
static void
rebuild (PealTrack *self)
{
  drop_all_encodings (self);
  if (self->input == PEAL_TRACK_INPUT_ENCODED)
    ensure_lane (self, self->input_codec);
  for (guint i = 0; i < self->lanes->len; i++) {
    Lane *lane = g_ptr_array_index (self->lanes, i);
    g_autoptr (GError) error = NULL;

    lane->failed = NULL;
    if (!make_encoding (self, lane, &error))
      GST_WARNING_OBJECT (self, "%s", error->message);
  }
}

static gboolean
take_caps (PealTrack *self, GstCaps *caps)
{
  PealTrackInput input;
  const PealCodec *codec;
  gboolean has_changed;

  if (!classify (self, caps, &input, &codec))
    return FALSE;
  g_mutex_lock (&self->control);
  has_changed = input != self->input || codec != self->input_codec;
  self->input = input;
  self->input_codec = codec;
  gst_caps_replace (&self->caps, caps);
  if (has_changed)
    rebuild (self);
  g_mutex_unlock (&self->control);
  if (has_changed)
    g_signal_emit (self, signals[SIGNAL_INPUT_CHANGED], 0);
  return TRUE;
}

/* Live sources that do not stamp (some cameras' byte-streams) mean now. */
static GstClockTime
get_running_time_now (PealTrack *self)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (GST_ELEMENT (self));
  GstClockTime now, base;

  if (clock == NULL)
    return GST_CLOCK_TIME_NONE;
  now = gst_clock_get_time (clock);
  base = gst_element_get_base_time (GST_ELEMENT (self));
  return now > base ? now - base : 0;
}

static GstBuffer *
convert_to_running_time (PealTrack *self, GstBuffer *buffer)
{
  GstClockTime pts = GST_CLOCK_TIME_NONE, dts = GST_CLOCK_TIME_NONE;

  if (self->segment.format == GST_FORMAT_TIME) {
    pts = gst_segment_to_running_time (
        &self->segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
    dts = gst_segment_to_running_time (
        &self->segment, GST_FORMAT_TIME, GST_BUFFER_DTS (buffer));
  }
  if (!GST_CLOCK_TIME_IS_VALID (pts))
    pts = GST_CLOCK_TIME_IS_VALID (dts) ? dts : get_running_time_now (self);
  if (pts == GST_BUFFER_PTS (buffer) && dts == GST_BUFFER_DTS (buffer))
    return buffer;
  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DTS (buffer) = dts;
  return buffer;
}

static GstFlowReturn
on_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  PealTrack *self = PEAL_TRACK (parent);
  g_autoptr (GPtrArray) outlets = ref_outlets (self);

  if (self->caps == NULL || g_atomic_int_get (&self->is_muted)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  buffer = convert_to_running_time (self, buffer);
  for (guint i = 0; i < outlets->len; i++) {
    Outlet *outlet = g_ptr_array_index (outlets, i);

    if (!outlet->is_gated || peal_fan_out_has_open_feed (outlet->fan_out))
      peal_feed_push (outlet->feed, gst_buffer_ref (buffer), self->caps);
  }
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

/* Nothing goes further: encodings make their own events. An EOS only means
 * that nothing more comes for now. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PealTrack *self = PEAL_TRACK (parent);
  gboolean is_accepted = TRUE;
  GstCaps *caps;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      gst_event_parse_caps (event, &caps);
      is_accepted = take_caps (self, caps);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &self->segment);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
      break;
    default:
      break;
  }
  gst_event_unref (event);
  return is_accepted;
}

/* Ours first, so that sources choose what costs least to encode. */
static void
answer_caps (PealTrack *self, GstQuery *query)
{
  g_autoptr (GstCaps) caps = peal_track_dup_template_caps (self->kind);
  g_autoptr (GstCaps) result = NULL;
  GstCaps *filter;

  gst_query_parse_caps (query, &filter);
  result = filter == NULL
      ? gst_caps_ref (caps)
      : gst_caps_intersect_full (caps, filter, GST_CAPS_INTERSECT_FIRST);
  gst_query_set_caps_result (query, result);
}

static gboolean
on_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  PealTrack *self = PEAL_TRACK (parent);

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
      answer_caps (self, query);
      return TRUE;
    case GST_QUERY_ALLOCATION:
      /* The converter reads any stride, so a camera need not copy. */
      if (self->kind == PEAL_MEDIA_VIDEO)
        gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
      return TRUE;
    default:
      return gst_pad_query_default (pad, parent, query);
  }
}

/* Failing encoders */

static PealTrackEncoding *
find_encoding_of (GstObject *object)
{
  for (; object != NULL; object = GST_OBJECT_PARENT (object))
    if (PEAL_IS_TRACK_ENCODING (object))
      return PEAL_TRACK_ENCODING (object);
  return NULL;
}

static Lane *
find_lane_of (PealTrack *self, PealTrackEncoding *encoding)
{
  for (guint i = 0; i < self->lanes->len; i++) {
    Lane *lane = g_ptr_array_index (self->lanes, i);

    if (lane->encoding == encoding)
      return lane;
  }
  return NULL;
}

static void
replace_failed (GstElement *element, gpointer data)
{
  PealTrack *self = PEAL_TRACK (element);
  PealTrackEncoding *encoding = data;
  g_autoptr (GError) error = NULL;
  Lane *lane;

  g_mutex_lock (&self->control);
  lane = find_lane_of (self, encoding);
  if (lane != NULL) {
    lane->failed = peal_track_encoding_get_encoder (encoding);
    drop_encoding (self, lane);
    if (lane->failed != NULL)
      make_encoding (self, lane, &error);
    else
      g_set_error (&error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
          "The %s input cannot be parsed", lane->codec->name);
    peal_fan_out_request_key_frame (lane->fan_out, TRUE);
  }
  g_mutex_unlock (&self->control);
  if (error != NULL)
    GST_ELEMENT_WARNING (self, STREAM, ENCODE, ("%s", error->message), (NULL));
}

/* Any thread, with or without control: only hands on. */
static void
peal_track_handle_message (GstBin *bin, GstMessage *message)
{
  PealTrackEncoding *encoding = find_encoding_of (GST_MESSAGE_SRC (message));

  if (encoding == NULL || GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR) {
    GST_BIN_CLASS (peal_track_parent_class)->handle_message (bin, message);
    return;
  }
  GST_WARNING_OBJECT (
      bin, "%s failed: %" GST_PTR_FORMAT, GST_OBJECT_NAME (encoding), message);
  gst_element_call_async (GST_ELEMENT (bin), replace_failed,
      gst_object_ref (encoding), gst_object_unref);
  gst_message_unref (message);
}

static void
set_active (PealTrack *self, gboolean is_active)
{
  g_mutex_lock (&self->control);
  self->is_active = is_active;
  if (!is_active) {
    drop_all_encodings (self);
    self->input = PEAL_TRACK_INPUT_UNKNOWN;
    self->input_codec = NULL;
    gst_clear_caps (&self->caps);
    gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  }
  g_mutex_unlock (&self->control);
}

static GstStateChangeReturn
peal_track_change_state (GstElement *element, GstStateChange transition)
{
  PealTrack *self = PEAL_TRACK (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    set_active (self, TRUE);
  result = GST_ELEMENT_CLASS (peal_track_parent_class)
               ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    set_active (self, FALSE);
  return result;
}

static void
peal_track_finalize (GObject *object)
{
  PealTrack *self = PEAL_TRACK (object);

  g_ptr_array_unref (self->lanes);
  g_ptr_array_unref (self->outlets);
  g_strfreev (self->codec_names);
  gst_clear_caps (&self->caps);
  g_mutex_clear (&self->control);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (peal_track_parent_class)->finalize (object);
}

static void
peal_track_class_init (PealTrackClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = peal_track_finalize;
  element_class->change_state = peal_track_change_state;
  GST_BIN_CLASS (klass)->handle_message = peal_track_handle_message;
  gst_element_class_set_static_metadata (element_class, "Peal track",
      "Generic/Bin", "One stream that we send, encoded once for all", "Peal");
  signals[SIGNAL_INPUT_CHANGED] = g_signal_new ("input-changed",
      PEAL_TYPE_TRACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
peal_track_init (PealTrack *self)
{
  g_mutex_init (&self->control);
  g_mutex_init (&self->lock);
  self->lanes = g_ptr_array_new_with_free_func (g_free);
  self->outlets = g_ptr_array_new_with_free_func ((GDestroyNotify)outlet_free);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
}

static void
add_sink_pad (PealTrack *self)
{
  g_autoptr (GstCaps) caps = peal_track_dup_template_caps (self->kind);
  g_autoptr (GstPadTemplate) template =
      gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps);

  self->sink = gst_pad_new_from_template (template, "sink");
  gst_pad_set_chain_function (self->sink, on_chain);
  gst_pad_set_event_function (self->sink, on_event);
  gst_pad_set_query_function (self->sink, on_query);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
}

/**
 * peal_track_new:
 * @kind: audio or video
 * @name: (nullable): the element's name
 *
 * Returns: (transfer floating): a track with no branches
 */
GstElement *
peal_track_new (PealMediaKind kind, const gchar *name)
{
  PealTrack *self = g_object_new (PEAL_TYPE_TRACK, "name", name, NULL);

  self->kind = kind;
  self->target_bps =
      kind == PEAL_MEDIA_VIDEO ? DEFAULT_VIDEO_BPS : DEFAULT_AUDIO_BPS;
  add_sink_pad (self);
  return GST_ELEMENT (self);
}

/**
 * peal_track_dup_template_caps:
 * @kind: audio or video
 *
 * Returns: (transfer full): what a track of this kind takes: raw, cheapest to
 *   encode first, or encoded
 */
GstCaps *
peal_track_dup_template_caps (PealMediaKind kind)
{
  g_autoptr (GPtrArray) codecs = peal_codec_list (kind, NULL);
  GstCaps *caps = gst_caps_from_string (kind == PEAL_MEDIA_VIDEO
          ? "video/x-raw,format=(string){I420,NV12,YV12,YUY2,UYVY};video/x-raw"
          : "audio/x-raw,format=(string)S16LE,rate=(int)48000,"
            "channels=(int)[1,2];audio/x-raw,format=(string)S16LE;"
            "audio/x-raw");

  for (guint i = 0; i < codecs->len; i++) {
    const PealCodec *codec = g_ptr_array_index (codecs, i);

    gst_caps_append (caps, gst_caps_from_string (codec->media_caps));
  }
  return caps;
}

PealMediaKind
peal_track_get_kind (PealTrack *self)
{
  g_return_val_if_fail (PEAL_IS_TRACK (self), PEAL_MEDIA_VIDEO);

  return self->kind;
}

PealTrackInput
peal_track_get_input (PealTrack *self)
{
  PealTrackInput input;

  g_return_val_if_fail (PEAL_IS_TRACK (self), PEAL_TRACK_INPUT_UNKNOWN);

  g_mutex_lock (&self->control);
  input = self->input;
  g_mutex_unlock (&self->control);
  return input;
}

/**
 * peal_track_set_codec_names:
 * @self: a track
 * @names: (nullable) (array zero-terminated=1): order of preference for raw
 *   input; %NULL is the default order
 */
void
peal_track_set_codec_names (PealTrack *self, const gchar *const *names)
{
  g_return_if_fail (PEAL_IS_TRACK (self));

  g_mutex_lock (&self->control);
  g_strfreev (self->codec_names);
  self->codec_names = g_strdupv ((gchar **)names);
  g_mutex_unlock (&self->control);
}

/**
 * peal_track_list_codecs:
 * @self: a track
 * @error: %PEAL_ERROR_UNSUPPORTED if there is none
 *
 * Returns: (transfer container) (nullable) (element-type PealCodec): what can
 *   be offered to a peer, best first: the one of encoded input, otherwise all
 *   that this machine can encode
 */
GPtrArray *
peal_track_list_codecs (PealTrack *self, GError **error)
{
  GPtrArray *codecs;

  g_return_val_if_fail (PEAL_IS_TRACK (self), NULL);

  g_mutex_lock (&self->control);
  if (self->input == PEAL_TRACK_INPUT_ENCODED) {
    codecs = g_ptr_array_new ();
    g_ptr_array_add (codecs, (gpointer)self->input_codec);
  } else {
    codecs = peal_codec_list_sendable (
        self->kind, (const gchar *const *)self->codec_names, error);
  }
  g_mutex_unlock (&self->control);
  return codecs;
}

/**
 * peal_track_set_bitrate:
 * @self: a track
 * @min_bps: least that is of any use, bit/s
 * @start_bps: what to encode with from now on, bit/s; 0 leaves it as it is
 * @max_bps: most to use, bit/s; 0: no limit
 *
 * Running encoders follow at once; so a controller calls this with its target
 * as @start_bps. Of no effect on encoded input.
 */
void
peal_track_set_bitrate (
    PealTrack *self, guint min_bps, guint start_bps, guint max_bps)
{
  g_return_if_fail (PEAL_IS_TRACK (self));

  g_mutex_lock (&self->control);
  if (start_bps != 0)
    self->target_bps = start_bps;
  self->target_bps = MAX (self->target_bps, min_bps);
  if (max_bps != 0)
    self->target_bps = MIN (self->target_bps, max_bps);
  for (guint i = 0; i < self->lanes->len; i++) {
    Lane *lane = g_ptr_array_index (self->lanes, i);

    if (lane->encoding != NULL)
      peal_track_encoding_set_bitrate (lane->encoding, self->target_bps);
  }
  g_mutex_unlock (&self->control);
}

/* Control held. */
static gboolean
check_codec (PealTrack *self, const PealCodec *codec, GError **error)
{
  if (codec->kind == self->kind &&
      (self->input != PEAL_TRACK_INPUT_ENCODED || codec == self->input_codec))
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
      "The track's input is %s and cannot go out as %s",
      self->input_codec != NULL ? self->input_codec->name
                                : peal_media_kind_to_string (self->kind),
      codec->name);
  return FALSE;
}

/**
 * peal_track_add_branch:
 * @self: a track, in any state
 * @codec: one of peal_track_list_codecs()
 * @params: what was agreed with the peer
 * @error: %PEAL_ERROR_UNSUPPORTED if the track cannot give this codec
 *
 * Makes the encoding if it is the first branch that wants it and the input is
 * known; nothing is encoded before a branch is opened. With raw input the
 * encoder is set up right away, so that opening costs nothing.
 *
 * Returns: (transfer floating) (nullable): a closed branch, for the caller's
 *   bin, which then owns it. Give it back with peal_track_remove_branch()
 */
PealTrackBranch *
peal_track_add_branch (PealTrack *self, const PealCodec *codec,
    const PealBranchParams *params, GError **error)
{
  PealTrackBranch *branch = NULL;
  Lane *lane;

  g_return_val_if_fail (PEAL_IS_TRACK (self), NULL);
  g_return_val_if_fail (codec != NULL && params != NULL, NULL);

  g_mutex_lock (&self->control);
  if (check_codec (self, codec, error)) {
    lane = ensure_lane (self, codec);
    branch = peal_track_branch_new (codec, params, lane->fan_out, error);
    if (branch != NULL && !make_encoding (self, lane, error)) {
      peal_track_branch_detach (branch);
      gst_object_unref (gst_object_ref_sink (branch));
      branch = NULL;
    }
  }
  g_mutex_unlock (&self->control);
  return branch;
}

/**
 * peal_track_remove_branch:
 * @self: a track, in any state
 * @branch: (transfer none): one of its branches
 *
 * Cuts @branch off; it gets nothing more. It stays in the bin where it is: the
 * caller sets it to NULL and removes it from there. With the last branch of a
 * codec its encoder goes.
 */
void
peal_track_remove_branch (PealTrack *self, PealTrackBranch *branch)
{
  Lane *lane;

  g_return_if_fail (PEAL_IS_TRACK (self));
  g_return_if_fail (PEAL_IS_TRACK_BRANCH (branch));

  g_mutex_lock (&self->control);
  peal_track_branch_detach (branch);
  lane = find_lane (self, peal_track_branch_get_codec (branch));
  if (lane != NULL && !has_demand (self, lane))
    drop_encoding (self, lane);
  g_mutex_unlock (&self->control);
}

static void
request_key_frames (PealTrack *self, gboolean is_newcomer)
{
  g_autoptr (GPtrArray) outlets = ref_outlets (self);

  for (guint i = 0; i < outlets->len; i++) {
    Outlet *outlet = g_ptr_array_index (outlets, i);

    peal_fan_out_request_key_frame (outlet->fan_out, is_newcomer);
  }
}

/**
 * peal_track_request_key_frame:
 * @self: a track
 *
 * Asks for a key frame on behalf of everybody, through the limiter. Of no
 * effect on audio.
 */
void
peal_track_request_key_frame (PealTrack *self)
{
  g_return_if_fail (PEAL_IS_TRACK (self));

  if (self->kind == PEAL_MEDIA_VIDEO)
    request_key_frames (self, FALSE);
}

/* Encoded pictures refer to those that were dropped. */
static void
resume (PealTrack *self)
{
  g_autoptr (GPtrArray) outlets = ref_outlets (self);

  for (guint i = 0; i < outlets->len; i++) {
    Outlet *outlet = g_ptr_array_index (outlets, i);

    peal_feed_await_key_frame (outlet->feed);
  }
  if (self->kind == PEAL_MEDIA_VIDEO)
    request_key_frames (self, TRUE);
}

/**
 * peal_track_set_muted:
 * @self: a track
 * @is_muted: whether nobody gets anything
 *
 * Drops at the input, for everybody. No renegotiation.
 */
void
peal_track_set_muted (PealTrack *self, gboolean is_muted)
{
  g_return_if_fail (PEAL_IS_TRACK (self));

  if (!is_muted && g_atomic_int_get (&self->is_muted))
    resume (self);
  g_atomic_int_set (&self->is_muted, is_muted);
}
