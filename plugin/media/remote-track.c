/*
 * One audio or video stream that a peer sends us. See remote-track.h.
 *
 *   sink ─ head ─ raw ─ raw fork ─┬─ drop queue ─ mix
 *   (rtp)    │         (retimed)  └─ convert ─┐
 *            └─ encoded ──────────────────────┴─ drop queue ─ src
 *
 * The session makes and attaches; packets arrive on the thread of a webrtcbin.
 * Before each packet, on that thread, prepare() looks which outputs are in
 * use, tells the head, and joins the queue of `src` to the raw or to the
 * encoded side. The head goes with its webrtcbin; all else stays.
 *
 * Detaching deactivates the sink pad, which waits for a packet under way; the
 * outputs never hold one up, so that wait is short.
 */
#include "media/remote-track.h"

#include <gst/video/video.h>

#include "base/error.h"
#include "media/drop-queue.h"
#include "media/factory.h"
#include "media/fork.h"
#include "media/mix-output.h"
#include "media/pad-tools.h"
#include "media/receive-head.h"
#include "media/receive-meter.h"
#include "media/retimer.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

struct _PealRemoteTrack {
  GstBin parent;

  PealMediaKind kind;
  PealDelays delays;
  GstPad *src;
  GstElement *raw_fork;
  GstElement *convert; /* first of the raw side of `src` */
  GstPad *convert_src; /* its last pad */
  GstElement *src_queue;

  /* on the loop, while nothing flows, or on the streaming thread */
  PealReceiveHead *head;
  const PealCodec *codec;
  GstPad *sink;
  gboolean is_encoded;
  gboolean wants_raw_src;
  gboolean wants_raw;
  gboolean wants_encoded;
  gboolean needs_key_frame;
  gboolean has_failed;

  gint is_dirty; /* atomic: downstream of `src` may accept other caps now */

  PealReceiveMeter meter; /* has its own lock */
  PealMixOutput mix;      /* so has this */
};

G_DEFINE_FINAL_TYPE (PealRemoteTrack, peal_remote_track, GST_TYPE_BIN)

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate mix_template = GST_STATIC_PAD_TEMPLATE (
    "mix", GST_PAD_SRC, GST_PAD_REQUEST, GST_STATIC_CAPS_ANY);

static const gchar *
raw_media_type (PealRemoteTrack *self)
{
  return self->kind == PEAL_MEDIA_VIDEO ? "video/x-raw" : "audio/x-raw";
}

static void
route_src (PealRemoteTrack *self, gboolean is_encoded)
{
  g_autoptr (GstPad) sink =
      gst_element_get_static_pad (self->src_queue, "sink");
  g_autoptr (GstPad) from = gst_pad_get_peer (sink);
  g_autoptr (GstPad) to = is_encoded
      ? gst_element_get_static_pad (GST_ELEMENT (self->head), "encoded")
      : gst_object_ref (self->convert_src);

  self->is_encoded = is_encoded;
  if (from == to)
    return;

  GST_INFO_OBJECT (self, "src is %s", is_encoded ? "encoded" : "raw");
  if (from)
    gst_pad_unlink (from, sink);
  if (gst_pad_link (to, sink) != GST_PAD_LINK_OK)
    GST_WARNING_OBJECT (self, "cannot link the source pad");
}

/* What the head is to give. A new side begins with a key frame, asked for. */
static void
update_wishes (PealRemoteTrack *self)
{
  gboolean has_src = peal_pad_leads_somewhere (self->src);
  gboolean wants_raw, wants_encoded;

  if (has_src && g_atomic_int_compare_and_exchange (&self->is_dirty, 1, 0))
    route_src (self,
        peal_pad_wants_encoded (
            self->src, raw_media_type (self), self->codec->media_caps));

  self->wants_raw_src = has_src && !self->is_encoded;
  wants_raw = self->wants_raw_src || peal_mix_output_is_linked (&self->mix);
  wants_encoded = has_src && self->is_encoded;
  if ((wants_raw && !self->wants_raw) ||
      (wants_encoded && !self->wants_encoded))
    self->needs_key_frame = TRUE;
  self->wants_raw = wants_raw;
  self->wants_encoded = wants_encoded;
}

static gboolean
prepare (PealRemoteTrack *self, GError **error)
{
  update_wishes (self);
  return peal_receive_head_prepare (
      self->head, self->wants_raw, self->wants_encoded, error);
}

static GstEvent *
new_key_frame_request (void)
{
  return gst_video_event_new_upstream_force_key_unit (
      GST_CLOCK_TIME_NONE, TRUE, 0);
}

/* A consumer that has just come, or one that has waited in vain for some
 * time. */
static gboolean
is_key_frame_due (PealRemoteTrack *self)
{
  if (peal_receive_meter_must_request (&self->meter))
    return TRUE;
  if (!self->needs_key_frame || !peal_receive_meter_may_request (&self->meter))
    return FALSE;

  self->needs_key_frame = FALSE;
  return TRUE;
}

static gboolean
wants_pictures (PealRemoteTrack *self)
{
  return self->kind == PEAL_MEDIA_VIDEO &&
      (self->wants_raw || self->wants_encoded);
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealRemoteTrack *self = data;
  g_autoptr (GError) error = NULL;

  if (!prepare (self, &error) && !self->has_failed) {
    self->has_failed = TRUE;
    GST_WARNING_OBJECT (self, "%s", error ? error->message : "no decoder");
  }
  if (wants_pictures (self) && is_key_frame_due (self))
    gst_pad_push_event (pad, new_key_frame_request ());

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_raw_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealRemoteTrack *self = data;

  peal_receive_meter_count (
      &self->meter, self->kind, pad, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

/* What is passed counts only while nothing is decoded. */
static GstPadProbeReturn
on_src_queue_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealRemoteTrack *self = data;

  if (self->is_encoded && !peal_mix_output_is_linked (&self->mix))
    peal_receive_meter_count (
        &self->meter, self->kind, pad, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

/* Nothing is converted for an output that nobody watches. */
static GstPadProbeReturn
on_convert_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealRemoteTrack *self = data;

  return self->wants_raw_src ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static GstPadProbeReturn
on_src_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealRemoteTrack *self = data;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_RECONFIGURE)
    g_atomic_int_set (&self->is_dirty, 1);
  return GST_PAD_PROBE_OK;
}

static gboolean
link_head (PealRemoteTrack *self)
{
  g_autoptr (GstPad) sink =
      gst_element_get_static_pad (GST_ELEMENT (self->head), "sink");
  g_autoptr (GstPad) encoded =
      gst_element_get_static_pad (GST_ELEMENT (self->head), "encoded");

  peal_retimer_add (encoded, GST_ELEMENT (self), self->kind, &self->delays);
  self->sink = gst_ghost_pad_new ("sink", sink);
  gst_pad_add_probe (self->sink,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet,
      self, NULL);
  gst_pad_set_active (self->sink, TRUE);
  return gst_element_add_pad (GST_ELEMENT (self), self->sink) &&
      gst_element_link_pads (
          GST_ELEMENT (self->head), "raw", self->raw_fork, "sink");
}

static void
unroute_encoded_src (PealRemoteTrack *self)
{
  if (self->is_encoded)
    route_src (self, FALSE);
  g_atomic_int_set (&self->is_dirty, 1);
}

static gboolean
start (PealRemoteTrack *self, GstPad *rtp_pad, GError **error)
{
  gst_bin_add (GST_BIN (self), GST_ELEMENT (self->head));
  if (!link_head (self)) {
    g_set_error (
        error, PEAL_ERROR, PEAL_ERROR_BUG, "Cannot build the receiving side");
    return FALSE;
  }
  gst_element_sync_state_with_parent (GST_ELEMENT (self->head));
  if (!prepare (self, error))
    return FALSE;
  if (gst_pad_link (rtp_pad, self->sink) != GST_PAD_LINK_OK) {
    g_set_error (
        error, PEAL_ERROR, PEAL_ERROR_BUG, "Cannot link the received stream");
    return FALSE;
  }
  peal_pad_set_dropping (rtp_pad, FALSE);
  return TRUE;
}

static GstPad *
peal_remote_track_request_new_pad (GstElement *element,
    GstPadTemplate *template, const gchar *name, const GstCaps *caps)
{
  PealRemoteTrack *self = PEAL_REMOTE_TRACK (element);

  return peal_mix_output_open (&self->mix, template, self->delays.floor);
}

static void
peal_remote_track_release_pad (GstElement *element, GstPad *pad)
{
  PealRemoteTrack *self = PEAL_REMOTE_TRACK (element);

  if (pad == self->mix.pad)
    peal_mix_output_close (&self->mix);
}

/* The bin deactivates its ghost pads first and would wait for a consumer that
 * does not take its data; so the queues are stopped before. */
static GstStateChangeReturn
peal_remote_track_change_state (GstElement *element, GstStateChange transition)
{
  PealRemoteTrack *self = PEAL_REMOTE_TRACK (element);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    peal_drop_queue_stop (PEAL_DROP_QUEUE (self->src_queue));
    peal_mix_output_stop (&self->mix);
  }

  return GST_ELEMENT_CLASS (peal_remote_track_parent_class)
      ->change_state (element, transition);
}

/* A converter that fails costs its output pictures; never an error. */
static void
peal_remote_track_handle_message (GstBin *bin, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR) {
    GST_BIN_CLASS (peal_remote_track_parent_class)
        ->handle_message (bin, message);
    return;
  }

  gst_message_parse_error (message, &error, NULL);
  GST_WARNING_OBJECT (bin, "%s: %s", GST_MESSAGE_SRC_NAME (message),
      error ? error->message : "error");
  gst_message_unref (message);
}

static void
peal_remote_track_dispose (GObject *object)
{
  PealRemoteTrack *self = PEAL_REMOTE_TRACK (object);

  peal_mix_output_close (&self->mix);
  gst_clear_object (&self->convert_src);
  G_OBJECT_CLASS (peal_remote_track_parent_class)->dispose (object);
}

static void
peal_remote_track_finalize (GObject *object)
{
  PealRemoteTrack *self = PEAL_REMOTE_TRACK (object);

  peal_mix_output_clear (&self->mix);
  peal_receive_meter_clear (&self->meter);
  G_OBJECT_CLASS (peal_remote_track_parent_class)->finalize (object);
}

static void
peal_remote_track_class_init (PealRemoteTrackClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-media-remote-track", 0,
      "a stream that a peer sends");
  G_OBJECT_CLASS (klass)->dispose = peal_remote_track_dispose;
  G_OBJECT_CLASS (klass)->finalize = peal_remote_track_finalize;
  element_class->request_new_pad = peal_remote_track_request_new_pad;
  element_class->release_pad = peal_remote_track_release_pad;
  element_class->change_state = peal_remote_track_change_state;
  GST_BIN_CLASS (klass)->handle_message = peal_remote_track_handle_message;
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_add_static_pad_template (element_class, &mix_template);
  gst_element_class_set_static_metadata (element_class, "Peal remote track",
      "Source/Bin", "One stream that a peer sends", "Peal");
}

static void
peal_remote_track_init (PealRemoteTrack *self)
{
  peal_receive_meter_init (&self->meter);
  self->is_dirty = 1;
}

/* Raw media for `src` in whatever raw format downstream wants. */
static void
add_converters (PealRemoteTrack *self)
{
  GstElement *last;

  if (self->kind == PEAL_MEDIA_VIDEO) {
    last = self->convert = gst_element_factory_make ("videoconvert", NULL);
    gst_bin_add (GST_BIN (self), last);
  } else {
    self->convert = gst_element_factory_make ("audioconvert", NULL);
    last = gst_element_factory_make ("audioresample", NULL);
    gst_bin_add_many (GST_BIN (self), self->convert, last, NULL);
    gst_element_link (self->convert, last);
  }
  self->convert_src = gst_element_get_static_pad (last, "src");
}

static void
add_outputs (PealRemoteTrack *self)
{
  g_autoptr (GstPad) convert_sink =
      gst_element_get_static_pad (self->convert, "sink");
  g_autoptr (GstPad) queue_sink =
      gst_element_get_static_pad (self->src_queue, "sink");
  g_autoptr (GstPad) queue_src =
      gst_element_get_static_pad (self->src_queue, "src");
  g_autoptr (GstPad) raw_sink =
      gst_element_get_static_pad (self->raw_fork, "sink");
  GstPad *output = peal_fork_add_output (PEAL_FORK (self->raw_fork), "src");

  gst_pad_link (output, convert_sink);
  gst_pad_link (self->convert_src, queue_sink);
  peal_retimer_add (raw_sink, GST_ELEMENT (self), self->kind, &self->delays);
  gst_pad_add_probe (
      raw_sink, GST_PAD_PROBE_TYPE_BUFFER, on_raw_buffer, self, NULL);
  gst_pad_add_probe (
      output, GST_PAD_PROBE_TYPE_BUFFER, on_convert_buffer, self, NULL);
  gst_pad_add_probe (
      queue_sink, GST_PAD_PROBE_TYPE_BUFFER, on_src_queue_buffer, self, NULL);
  self->src = gst_ghost_pad_new ("src", queue_src);
  gst_pad_add_probe (
      self->src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_src_event, self, NULL);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

/**
 * peal_remote_track_new:
 * @kind: audio or video
 * @delays: least and most time to wait for what comes late, in nanoseconds
 * @name: (nullable): the element's name
 *
 * Returns: (transfer floating): a track with nothing attached
 */
GstElement *
peal_remote_track_new (
    PealMediaKind kind, const PealDelays *delays, const gchar *name)
{
  PealRemoteTrack *self =
      g_object_new (PEAL_TYPE_REMOTE_TRACK, "name", name, NULL);

  self->kind = kind;
  self->delays = *delays;
  self->raw_fork = peal_fork_new (
      "raw-fork", gst_caps_new_empty_simple (raw_media_type (self)));
  peal_mix_output_init (
      &self->mix, GST_ELEMENT (self), PEAL_FORK (self->raw_fork));
  self->src_queue = peal_drop_queue_new ("src-queue");
  peal_drop_queue_set_latency (
      PEAL_DROP_QUEUE (self->src_queue), delays->floor);
  gst_bin_add_many (GST_BIN (self), self->raw_fork, self->src_queue, NULL);
  add_converters (self);
  add_outputs (self);

  return GST_ELEMENT (self);
}

PealMediaKind
peal_remote_track_get_kind (PealRemoteTrack *self)
{
  return self->kind;
}

/**
 * peal_remote_track_attach:
 * @rtp_pad: a source pad whose element has the same parent as this one
 * @codec: what the pad gives
 * @error: %PEAL_ERROR_UNSUPPORTED when an element or every decoder is missing;
 *   %PEAL_ERROR_BUG when it cannot be linked
 *
 * Makes the head for @codec and links @rtp_pad to it; what was attached before
 * is detached. Asks the sender for a key frame. On the loop; @rtp_pad may be
 * blocked, or flow already.
 *
 * Returns: whether media can flow; when not, nothing is attached
 */
gboolean
peal_remote_track_attach (PealRemoteTrack *self, GstPad *rtp_pad,
    const PealCodec *codec, GError **error)
{
  g_return_val_if_fail (codec->kind == self->kind, FALSE);

  peal_remote_track_detach (self);
  self->head = peal_receive_head_new (codec, error);
  if (!self->head)
    return FALSE;

  self->codec = codec;
  self->has_failed = FALSE;
  self->wants_raw = self->wants_encoded = FALSE;
  peal_receive_meter_restart (&self->meter);
  if (!start (self, rtp_pad, error)) {
    peal_remote_track_detach (self);
    return FALSE;
  }

  GST_INFO_OBJECT (self, "attached %s", codec->name);
  peal_remote_track_request_key_frame (self);
  gst_element_post_message (
      GST_ELEMENT (self), gst_message_new_latency (GST_OBJECT (self)));
  return TRUE;
}

/**
 * peal_remote_track_detach:
 *
 * Unlinks what is attached and removes the head; the outputs stay and can be
 * attached to again. Without effect when nothing is attached. The webrtcbin
 * may be gone already, or go at the same time on another thread; if it stays,
 * its pad drops what comes until it is attached again. On the loop.
 */
void
peal_remote_track_detach (PealRemoteTrack *self)
{
  g_autoptr (GstPad) rtp_pad = NULL;

  if (!self->head)
    return;

  if (self->sink) {
    rtp_pad = gst_pad_get_peer (self->sink);
    if (rtp_pad) {
      peal_pad_set_dropping (rtp_pad, TRUE);
      gst_pad_unlink (rtp_pad, self->sink);
    }
    gst_pad_set_active (self->sink, FALSE);
    gst_element_remove_pad (GST_ELEMENT (self), self->sink);
    self->sink = NULL;
  }
  unroute_encoded_src (self);
  gst_element_set_locked_state (GST_ELEMENT (self->head), TRUE);
  gst_element_set_state (GST_ELEMENT (self->head), GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), GST_ELEMENT (self->head));
  self->head = NULL;
  GST_INFO_OBJECT (self, "detached");
}

/**
 * peal_remote_track_request_key_frame:
 *
 * Asks the sender for a key frame, if a video stream is attached and none was
 * asked for within the last 100 ms. On the loop.
 */
void
peal_remote_track_request_key_frame (PealRemoteTrack *self)
{
  if (self->kind != PEAL_MEDIA_VIDEO || !self->sink)
    return;

  if (peal_receive_meter_may_request (&self->meter))
    gst_pad_push_event (self->sink, new_key_frame_request ());
}

/**
 * peal_remote_track_get_counters:
 * @counters: (out): a copy
 *
 * Any thread.
 */
void
peal_remote_track_get_counters (
    PealRemoteTrack *self, PealRemoteTrackCounters *counters)
{
  peal_receive_meter_get (&self->meter, counters);
}
