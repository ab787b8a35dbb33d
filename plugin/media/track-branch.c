/*
 * PealTrackBranch: see the header. Made by track.c for the session's peers.
 *
 *   feed ! payloader ! src (ghost)
 *
 * A probe on the payloader's src pad keeps the RTP caps fixed: they are pushed
 * before the first buffer, the payloader's own are swallowed (it would add
 * what it finds in the stream, and webrtcbin would want to renegotiate), and
 * nothing downstream is asked for its opinion. The same probe stops events
 * from downstream.
 *
 * Threads: methods on any thread; probes on the feed's thread or on the thread
 * of who sends an event or a query.
 */
#include "media/track-branch.h"

#include <gst/rtp/rtp.h>
#include <gst/video/video.h>

#include "base/error.h"
#include "media/factory.h"

GST_DEBUG_CATEGORY_STATIC (peal_media_track_branch_debug);
#define GST_CAT_DEFAULT peal_media_track_branch_debug

/* Leaves room for TURN, VPN and RTX headers in an Ethernet frame. */
#define DEFAULT_MTU 1200
#define TWCC_URI \
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

struct _PealTrackBranch {
  GstBin parent_instance;

  const PealCodec *codec;
  GstCaps *rtp_caps;
  PealFeed *feed; /* a child */
  GstPad *pay_src;
  PealFanOut *fan_out; /* (nullable): while attached; guarded by OBJECT_LOCK */

  /* Of the feed's task. */
  GstBufferList *packets; /* (nullable): of one picture, not sent yet */
  gboolean is_sending;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (PealTrackBranch, peal_track_branch, GST_TYPE_BIN,
    GST_DEBUG_CATEGORY_INIT (peal_media_track_branch_debug,
        "peal-media-track-branch", 0, "One consumer of a track"))

/* Chosen: half a second of pictures is more than anyone waits for in a call;
 * the bytes bound a burst of key frames at 8 Mbit/s. */
static const PealFeedParams video_params = {
  .max_time = 500 * GST_MSECOND,
  .max_bytes = 4 * 1024 * 1024,
  .has_key_frames = TRUE,
};
static const PealFeedParams audio_params = {
  .max_time = GST_SECOND,
  .max_bytes = 1024 * 1024,
};

static PealFanOut *
ref_fan_out (PealTrackBranch *self)
{
  PealFanOut *fan_out = NULL;

  GST_OBJECT_LOCK (self);
  g_set_object (&fan_out, self->fan_out);
  GST_OBJECT_UNLOCK (self);
  return fan_out;
}

static void
on_started (PealFeed *feed, PealTrackBranch *self)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->pay_src, gst_event_new_caps (self->rtp_caps));
  gst_pad_push_event (self->pay_src, gst_event_new_segment (&segment));
}

static GstPadProbeReturn
handle_event (GstPadProbeInfo *info)
{
  gst_event_unref (GST_PAD_PROBE_INFO_EVENT (info));
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  return GST_PAD_PROBE_HANDLED;
}

static GstPadProbeReturn
on_event_downstream (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealTrackBranch *self = data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  return caps == self->rtp_caps ? GST_PAD_PROBE_OK : handle_event (info);
}

static GstPadProbeReturn
on_event_upstream (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealTrackBranch *self = data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  PealFanOut *fan_out = NULL;

  if (gst_video_event_is_force_key_unit (event))
    fan_out = ref_fan_out (self);
  if (fan_out != NULL && self->codec->kind == PEAL_MEDIA_VIDEO)
    peal_fan_out_request_key_frame (fan_out, FALSE);
  g_clear_object (&fan_out);
  return handle_event (info);
}

/* What the payloader is to make, but for H.264's profile: rtph264pay would
 * refuse a camera's main or high profile where baseline was agreed. Decoders
 * read the profile from the stream, and most cameras have no other. */
static GstCaps *
dup_wanted_caps (PealTrackBranch *self)
{
  GstCaps *caps = gst_caps_copy (self->rtp_caps);

  gst_structure_remove_field (
      gst_caps_get_structure (caps, 0), "profile-level-id");
  return caps;
}

/* The payloader asks what downstream takes: ours, and nothing else. */
static GstPadProbeReturn
on_query_downstream (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealTrackBranch *self = data;
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  g_autoptr (GstCaps) caps = NULL;

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
      caps = dup_wanted_caps (self);
      gst_query_set_caps_result (query, caps);
      return GST_PAD_PROBE_HANDLED;
    case GST_QUERY_ACCEPT_CAPS:
      gst_query_set_accept_caps_result (query, TRUE);
      return GST_PAD_PROBE_HANDLED;
    default:
      return GST_PAD_PROBE_OK;
  }
}

static gboolean
set_field (GQuark name, const GValue *value, gpointer structure)
{
  gst_structure_id_set_value (structure, name, value);
  return TRUE;
}

/* Fields from outside that do not parse are left out. */
static GstCaps *
make_rtp_caps (const PealCodec *codec, const PealBranchParams *params)
{
  GstCaps *caps =
      peal_codec_dup_rtp_caps (codec, params->payload_type, params->ssrc);
  g_autofree gchar *text =
      g_strconcat ("application/x-rtp,", params->rtp_fields, NULL);
  g_autoptr (GstStructure) fields = NULL;

  if (params->rtp_fields != NULL)
    fields = gst_structure_from_string (text, NULL);
  if (fields != NULL)
    gst_structure_foreach (fields, set_field, gst_caps_get_structure (caps, 0));
  return caps;
}

static void
add_twcc (PealTrackBranch *self, GstElement *payloader, guint id)
{
  g_autoptr (GstRTPHeaderExtension) extension =
      gst_rtp_header_extension_create_from_uri (TWCC_URI);
  g_autofree gchar *field = g_strdup_printf ("extmap-%u", id);

  if (extension == NULL)
    return;
  gst_rtp_header_extension_set_id (extension, id);
  g_signal_emit_by_name (payloader, "add-extension", extension);
  gst_caps_set_simple (self->rtp_caps, field, G_TYPE_STRING, TWCC_URI, NULL);
}

static gboolean
gather_one (GstBuffer **buffer, guint index, gpointer packets)
{
  gst_buffer_list_add (packets, gst_buffer_ref (*buffer));
  return TRUE;
}

static GstPadProbeReturn
on_packets (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealTrackBranch *self = data;

  if (self->is_sending)
    return GST_PAD_PROBE_OK;
  if (self->packets == NULL)
    self->packets = gst_buffer_list_new ();
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    gst_buffer_list_foreach (
        GST_PAD_PROBE_INFO_BUFFER_LIST (info), gather_one, self->packets);
    gst_buffer_list_unref (GST_PAD_PROBE_INFO_BUFFER_LIST (info));
  } else {
    gst_buffer_list_add (self->packets, GST_PAD_PROBE_INFO_BUFFER (info));
  }
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  return GST_PAD_PROBE_HANDLED;
}

/* A PealFeedFlush. */
static GstFlowReturn
send_packets (gpointer data)
{
  PealTrackBranch *self = data;
  GstBufferList *packets = g_steal_pointer (&self->packets);
  GstFlowReturn result;

  if (packets == NULL)
    return GST_FLOW_OK;
  self->is_sending = TRUE;
  if (gst_buffer_list_length (packets) > 1) {
    result = gst_pad_push_list (self->pay_src, packets);
  } else {
    result = gst_pad_push (
        self->pay_src, gst_buffer_ref (gst_buffer_list_get (packets, 0)));
    gst_buffer_list_unref (packets);
  }
  self->is_sending = FALSE;
  return result;
}

static GstElement *
make_payloader (
    PealTrackBranch *self, const PealBranchParams *params, GError **error)
{
  GstElement *payloader =
      peal_factory_make (self->codec->payloader, "payloader", error);

  if (payloader == NULL)
    return NULL;
  g_object_set (payloader, "pt", params->payload_type, "ssrc", params->ssrc,
      "mtu", params->mtu != 0 ? params->mtu : DEFAULT_MTU, NULL);
  if (params->twcc_id != 0)
    add_twcc (self, payloader, params->twcc_id);
  return payloader;
}

static void
add_probes (PealTrackBranch *self)
{
  gst_pad_add_probe (self->pay_src,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packets,
      self, NULL);
  gst_pad_add_probe (self->pay_src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      on_event_downstream, self, NULL);
  gst_pad_add_probe (self->pay_src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
      on_event_upstream, self, NULL);
  gst_pad_add_probe (self->pay_src, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      on_query_downstream, self, NULL);
}

static gboolean
build (PealTrackBranch *self, GstElement *payloader)
{
  GstElement *elements[] = { GST_ELEMENT (self->feed), payloader };

  self->pay_src = gst_element_get_static_pad (payloader, "src");
  add_probes (self);
  g_signal_connect (self->feed, "started", G_CALLBACK (on_started), self);
  peal_feed_set_flush (self->feed, send_packets, self);
  return peal_factory_chain (
             GST_BIN (self), elements, G_N_ELEMENTS (elements)) &&
      gst_element_add_pad (
          GST_ELEMENT (self), gst_ghost_pad_new ("src", self->pay_src));
}

static void
peal_track_branch_dispose (GObject *object)
{
  PealTrackBranch *self = PEAL_TRACK_BRANCH (object);

  peal_track_branch_detach (self);
  if (self->feed != NULL)
    g_signal_handlers_disconnect_by_data (self->feed, self);
  g_clear_object (&self->feed);
  g_clear_object (&self->pay_src);
  g_clear_pointer (&self->packets, gst_buffer_list_unref);
  gst_clear_caps (&self->rtp_caps);
  G_OBJECT_CLASS (peal_track_branch_parent_class)->dispose (object);
}

static void
peal_track_branch_class_init (PealTrackBranchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = peal_track_branch_dispose;
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Peal branch", "Generic/Bin", "One consumer of a track", "Peal");
}

static void
peal_track_branch_init (PealTrackBranch *self)
{
}

/**
 * peal_track_branch_new:
 * @codec: what the fan-out carries
 * @params: what was agreed with the peer
 * @fan_out: (transfer none): where the media comes from
 * @error: %PEAL_ERROR_UNSUPPORTED if the payloader is missing
 *
 * For track.c only; others call peal_track_add_branch().
 *
 * Returns: (transfer floating) (nullable): a closed branch
 */
PealTrackBranch *
peal_track_branch_new (const PealCodec *codec, const PealBranchParams *params,
    PealFanOut *fan_out, GError **error)
{
  g_autoptr (PealTrackBranch) self = NULL;
  GstElement *payloader;

  self = gst_object_ref_sink (g_object_new (PEAL_TYPE_TRACK_BRANCH, NULL));
  self->codec = codec;
  self->rtp_caps = make_rtp_caps (codec, params);
  payloader = make_payloader (self, params, error);
  if (payloader == NULL)
    return NULL;
  self->fan_out = g_object_ref (fan_out);
  self->feed = g_object_ref (peal_fan_out_make_feed (fan_out, "feed",
      codec->kind == PEAL_MEDIA_VIDEO ? &video_params : &audio_params));
  if (!build (self, payloader)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_BUG,
        "The payloader of %s does not fit", codec->name);
    return NULL;
  }
  g_object_force_floating (G_OBJECT (self));
  return g_steal_pointer (&self);
}

const PealCodec *
peal_track_branch_get_codec (PealTrackBranch *self)
{
  g_return_val_if_fail (PEAL_IS_TRACK_BRANCH (self), NULL);

  return self->codec;
}

/**
 * peal_track_branch_detach:
 * @self: a branch
 *
 * Gets nothing more from the track. For track.c; others call
 * peal_track_remove_branch().
 */
void
peal_track_branch_detach (PealTrackBranch *self)
{
  PealFanOut *fan_out;

  g_return_if_fail (PEAL_IS_TRACK_BRANCH (self));

  GST_OBJECT_LOCK (self);
  fan_out = g_steal_pointer (&self->fan_out);
  GST_OBJECT_UNLOCK (self);
  if (fan_out == NULL)
    return;
  peal_feed_set_open (self->feed, FALSE);
  peal_fan_out_remove_feed (fan_out, self->feed);
  g_object_unref (fan_out);
}

/**
 * peal_track_branch_expect_open:
 * @self: a branch
 *
 * Any thread. It will be opened in a moment, if all goes well: has the track
 * make a key frame for it already. Nothing passes.
 */
void
peal_track_branch_expect_open (PealTrackBranch *self)
{
  g_autoptr (PealFanOut) fan_out = NULL;

  g_return_if_fail (PEAL_IS_TRACK_BRANCH (self));

  fan_out = ref_fan_out (self);
  if (fan_out != NULL && self->codec->kind == PEAL_MEDIA_VIDEO)
    peal_fan_out_expect_feed (fan_out);
}

/**
 * peal_track_branch_set_open:
 * @self: a branch
 * @is_open: whether media passes; %FALSE at first
 *
 * Any thread. Opening asks the track for a key frame at once, unless one has
 * been made for it, see peal_track_branch_expect_open().
 */
void
peal_track_branch_set_open (PealTrackBranch *self, gboolean is_open)
{
  g_autoptr (PealFanOut) fan_out = NULL;

  g_return_if_fail (PEAL_IS_TRACK_BRANCH (self));

  fan_out = is_open ? ref_fan_out (self) : NULL;
  if (fan_out != NULL)
    peal_fan_out_open_feed (fan_out, self->feed);
  else
    peal_feed_set_open (self->feed, is_open);
}

gboolean
peal_track_branch_is_open (PealTrackBranch *self)
{
  g_return_val_if_fail (PEAL_IS_TRACK_BRANCH (self), FALSE);

  return peal_feed_is_open (self->feed);
}

/**
 * peal_track_branch_get_dropped:
 * @self: a branch
 *
 * Returns: encoded frames or audio packets that this consumer lost, because it
 *   was too slow or had to wait for a key frame. Any thread.
 */
guint64
peal_track_branch_get_dropped (PealTrackBranch *self)
{
  g_return_val_if_fail (PEAL_IS_TRACK_BRANCH (self), 0);

  return peal_feed_get_dropped (self->feed);
}
