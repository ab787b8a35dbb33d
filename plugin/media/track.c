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
 * the source. Each row above is a lane (track-lane.c).
 *
 * Threads and locks: `control` serializes all that makes and drops encodings:
 * methods (loop), a CAPS event (source), the retry after an encoder failed (a
 * pool thread). It is never taken by the chain function, by a message handler
 * or by a thread inside of an encoding, because dropping one joins its thread.
 */
#include "media/track.h"

#include "base/error.h"
#include "media/running-time.h"
#include "media/track-lane.h"

GST_DEBUG_CATEGORY_STATIC (peal_media_track_debug);
#define GST_CAT_DEFAULT peal_media_track_debug

/* Before anybody says otherwise. Chosen: good pictures at 720p on a LAN, and
 * music that sounds right. */
#define DEFAULT_VIDEO_BPS 1500000
#define DEFAULT_AUDIO_BPS 64000
/* More than there are codecs of one kind. */
#define MAX_LANES 8

struct _PealTrack {
  GstBin parent_instance;

  PealMediaKind kind;
  GstPad *sink;
  gint is_muted; /* atomic */

  /* Only ever appended to: who reads n_lanes may read so many of lanes. */
  PealTrackLane *lanes[MAX_LANES];
  gint n_lanes; /* atomic; written with control */

  GMutex control;
  PealTrackLaneInput input; /* guarded by control; caps are written on the
                               source's thread, which may read them without */
  gchar **codec_names;      /* guarded by control */
  PealTrackLane *standby;   /* (nullable): once prepared; guarded by control */
  gboolean is_active;       /* PAUSED or PLAYING; guarded by control */

  GstSegment segment; /* of the source's thread */
};

enum {
  SIGNAL_INPUT_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (PealTrack, peal_track, GST_TYPE_BIN,
    GST_DEBUG_CATEGORY_INIT (peal_media_track_debug, "peal-media-track", 0,
        "One stream that we send"))

static guint
count_lanes (PealTrack *self)
{
  return g_atomic_int_get (&self->n_lanes);
}

static PealTrackLane *
find_lane (PealTrack *self, const PealCodec *codec)
{
  for (guint i = 0; i < count_lanes (self); i++)
    if (peal_track_lane_get_codec (self->lanes[i]) == codec)
      return self->lanes[i];
  return NULL;
}

/* Control held. */
static PealTrackLane *
ensure_lane (PealTrack *self, const PealCodec *codec)
{
  PealTrackLane *lane = find_lane (self, codec);
  guint n_lanes = count_lanes (self);

  if (lane != NULL)
    return lane;
  g_assert (n_lanes < MAX_LANES);
  lane = peal_track_lane_new (GST_BIN (self), self->sink, codec);
  self->lanes[n_lanes] = lane;
  g_atomic_int_set (&self->n_lanes, n_lanes + 1);
  return lane;
}

/* Control held. The one whose encoder is likeliest to be wanted. */
static PealTrackLane *
choose_standby (PealTrack *self, const PealCodec *best)
{
  for (guint i = 0; i < count_lanes (self); i++)
    if (peal_track_lane_get_encoding (self->lanes[i]) != NULL)
      return self->lanes[i];
  return ensure_lane (self, best);
}

/* Control held. */
static gboolean
update_lane (PealTrack *self, PealTrackLane *lane, GError **error)
{
  return !self->is_active || peal_track_lane_update (lane, &self->input, error);
}

/* Control held. The encoder that was wanted last is likely to be wanted next.
 */
static void
move_standby (PealTrack *self, PealTrackLane *lane)
{
  if (self->standby != NULL)
    peal_track_lane_set_standby (self->standby, FALSE, &self->input);
  peal_track_lane_set_standby (lane, TRUE, &self->input);
  self->standby = lane;
}

/* Input */

/* Control held. */
static void
rebuild (PealTrack *self)
{
  for (guint i = 0; i < count_lanes (self); i++)
    peal_track_lane_reset (self->lanes[i]);
  if (self->input.input == PEAL_TRACK_INPUT_ENCODED)
    ensure_lane (self, self->input.codec);
  for (guint i = 0; i < count_lanes (self); i++) {
    g_autoptr (GError) error = NULL;

    if (!update_lane (self, self->lanes[i], &error))
      GST_WARNING_OBJECT (self, "%s", error->message);
  }
}

static gboolean
take_caps (PealTrack *self, GstCaps *caps)
{
  PealTrackInput input;
  const PealCodec *codec;
  gboolean has_changed;

  input = peal_track_caps_classify (self->kind, caps, &codec);
  if (input == PEAL_TRACK_INPUT_UNKNOWN)
    return FALSE;
  g_mutex_lock (&self->control);
  has_changed = input != self->input.input || codec != self->input.codec;
  self->input.input = input;
  self->input.codec = codec;
  gst_caps_replace (&self->input.caps, caps);
  if (has_changed)
    rebuild (self);
  g_mutex_unlock (&self->control);
  if (peal_track_caps_get_advice (caps))
    GST_ELEMENT_WARNING (self, STREAM, FORMAT,
        ("%s", peal_track_caps_get_advice (caps)), (NULL));
  if (has_changed)
    g_signal_emit (self, signals[SIGNAL_INPUT_CHANGED], 0);
  return TRUE;
}

static GstFlowReturn
on_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  PealTrack *self = PEAL_TRACK (parent);

  if (self->input.caps == NULL || g_atomic_int_get (&self->is_muted)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  buffer = peal_running_time_apply (
      buffer, &self->segment, peal_running_time_get_now (GST_ELEMENT (self)));
  for (guint i = 0; i < count_lanes (self); i++)
    peal_track_lane_push (self->lanes[i], buffer, self->input.caps);
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

static gboolean
on_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  return peal_track_caps_answer (PEAL_TRACK (parent)->kind, query) ||
      gst_pad_query_default (pad, parent, query);
}

/* Failing encoders */

static PealTrackLane *
find_lane_of (PealTrack *self, PealTrackEncoding *encoding)
{
  for (guint i = 0; i < count_lanes (self); i++)
    if (peal_track_lane_get_encoding (self->lanes[i]) == encoding)
      return self->lanes[i];
  return NULL;
}

/* Control held. */
static gboolean
replace_encoding (PealTrack *self, PealTrackLane *lane, GError **error)
{
  peal_track_lane_stop_failed (lane);
  if (self->input.input == PEAL_TRACK_INPUT_ENCODED) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "The %s input cannot be parsed", self->input.codec->name);
    return FALSE;
  }
  if (!update_lane (self, lane, error))
    return FALSE;
  peal_fan_out_request_key_frame (peal_track_lane_get_fan_out (lane), TRUE);
  return TRUE;
}

static void
on_replace (GstElement *element, gpointer data)
{
  PealTrack *self = PEAL_TRACK (element);
  g_autoptr (GError) error = NULL;
  PealTrackLane *lane;

  g_mutex_lock (&self->control);
  lane = find_lane_of (self, data);
  if (lane != NULL)
    replace_encoding (self, lane, &error);
  g_mutex_unlock (&self->control);
  if (error != NULL)
    GST_ELEMENT_WARNING (self, STREAM, ENCODE, ("%s", error->message), (NULL));
}

/* Any thread, with or without control: only hands on. */
static void
peal_track_handle_message (GstBin *bin, GstMessage *message)
{
  PealTrackEncoding *encoding =
      peal_track_encoding_find (GST_MESSAGE_SRC (message));

  if (encoding == NULL || GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR) {
    GST_BIN_CLASS (peal_track_parent_class)->handle_message (bin, message);
    return;
  }
  GST_WARNING_OBJECT (
      bin, "%s failed: %" GST_PTR_FORMAT, GST_OBJECT_NAME (encoding), message);
  gst_element_call_async (GST_ELEMENT (bin), on_replace,
      gst_object_ref (encoding), gst_object_unref);
  gst_message_unref (message);
}

static void
set_active (PealTrack *self, gboolean is_active)
{
  g_mutex_lock (&self->control);
  self->is_active = is_active;
  for (guint i = 0; !is_active && i < count_lanes (self); i++)
    peal_track_lane_reset (self->lanes[i]);
  if (!is_active) {
    self->input.input = PEAL_TRACK_INPUT_UNKNOWN;
    self->input.codec = NULL;
    gst_clear_caps (&self->input.caps);
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

  for (guint i = 0; i < count_lanes (self); i++)
    peal_track_lane_free (self->lanes[i]);
  g_strfreev (self->codec_names);
  gst_clear_caps (&self->input.caps);
  g_mutex_clear (&self->control);
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
  /**
   * PealTrack::input-changed:
   *
   * The input became known, or changed between raw and encoded or to another
   * codec. Thread: the source's streaming thread, with the pad's stream lock
   * held; a handler only posts.
   */
  signals[SIGNAL_INPUT_CHANGED] = g_signal_new ("input-changed",
      PEAL_TYPE_TRACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
peal_track_init (PealTrack *self)
{
  g_mutex_init (&self->control);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
}

static void
add_sink_pad (PealTrack *self)
{
  self->sink = peal_track_caps_make_sink (self->kind);
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
  self->input.target_bps =
      kind == PEAL_MEDIA_VIDEO ? DEFAULT_VIDEO_BPS : DEFAULT_AUDIO_BPS;
  add_sink_pad (self);
  return GST_ELEMENT (self);
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
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->control);

  return self->input.input;
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
  if (self->input.input == PEAL_TRACK_INPUT_ENCODED) {
    codecs = g_ptr_array_new ();
    g_ptr_array_add (codecs, (gpointer)self->input.codec);
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
    self->input.target_bps = start_bps;
  self->input.target_bps = MAX (self->input.target_bps, min_bps);
  if (max_bps != 0)
    self->input.target_bps = MIN (self->input.target_bps, max_bps);
  for (guint i = 0; i < count_lanes (self); i++) {
    PealTrackEncoding *encoding = peal_track_lane_get_encoding (self->lanes[i]);

    if (encoding != NULL)
      peal_track_encoding_set_bitrate (encoding, self->input.target_bps);
  }
  g_mutex_unlock (&self->control);
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
  PealTrackLane *lane;

  g_return_val_if_fail (PEAL_IS_TRACK (self), NULL);
  g_return_val_if_fail (codec != NULL && params != NULL, NULL);

  g_mutex_lock (&self->control);
  if (peal_track_caps_allow (self->kind, self->input.codec, codec, error)) {
    lane = ensure_lane (self, codec);
    branch = peal_track_branch_new (
        codec, params, peal_track_lane_get_fan_out (lane), error);
    if (branch != NULL && !update_lane (self, lane, error)) {
      peal_track_branch_detach (branch);
      gst_object_unref (gst_object_ref_sink (branch));
      branch = NULL;
    }
    if (branch != NULL && self->standby != NULL && self->standby != lane)
      move_standby (self, lane);
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
 * codec its encoder goes, unless it stands by.
 */
void
peal_track_remove_branch (PealTrack *self, PealTrackBranch *branch)
{
  PealTrackLane *lane;

  g_return_if_fail (PEAL_IS_TRACK (self));
  g_return_if_fail (PEAL_IS_TRACK_BRANCH (branch));

  g_mutex_lock (&self->control);
  peal_track_branch_detach (branch);
  lane = find_lane (self, peal_track_branch_get_codec (branch));
  if (lane != NULL)
    update_lane (self, lane, NULL);
  g_mutex_unlock (&self->control);
}

/**
 * peal_track_prepare:
 * @self: a track
 *
 * From now on raw pictures have an encoder set up, also while nobody wants it:
 * the last that was wanted, at first that of the best codec. Costs its memory.
 */
void
peal_track_prepare (PealTrack *self)
{
  g_autoptr (GPtrArray) codecs = peal_track_list_codecs (self, NULL);

  g_mutex_lock (&self->control);
  if (codecs != NULL && self->kind == PEAL_MEDIA_VIDEO &&
      self->input.input == PEAL_TRACK_INPUT_RAW && self->standby == NULL) {
    move_standby (self, choose_standby (self, g_ptr_array_index (codecs, 0)));
    update_lane (self, self->standby, NULL);
  }
  g_mutex_unlock (&self->control);
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

  for (guint i = 0; self->kind == PEAL_MEDIA_VIDEO && i < count_lanes (self);
       i++)
    peal_fan_out_request_key_frame (
        peal_track_lane_get_fan_out (self->lanes[i]), FALSE);
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

  if (is_muted == g_atomic_int_get (&self->is_muted))
    return;
  for (guint i = 0; i < count_lanes (self); i++)
    peal_track_lane_set_muted (self->lanes[i], is_muted);
  g_atomic_int_set (&self->is_muted, is_muted);
}
