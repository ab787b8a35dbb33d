/*
 * PealTrackBranch: see the header. Made by track.c for the session's peers.
 *
 *   feed ! src (ghost)
 *
 * The feed brings packets that were made once for all viewers; here they get
 * this peer's payload type, SSRC, sequence numbers and header extension. The
 * RTP caps are pushed at once, and again when the gate opens; they never
 * change, so that webrtcbin has nothing to renegotiate. Events from downstream
 * end in the feed, but key-frame requests.
 *
 * Threads: methods on any thread; the rest on the feed's.
 */
#include "media/track-branch.h"

#include <gst/rtp/rtp.h>

GST_DEBUG_CATEGORY_STATIC (peal_media_track_branch_debug);
#define GST_CAT_DEFAULT peal_media_track_branch_debug

#define TWCC_URI \
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

struct _PealTrackBranch {
  GstBin parent_instance;

  const PealCodec *codec;
  GstCaps *rtp_caps;
  PealFeed *feed;      /* a child */
  PealFanOut *fan_out; /* (nullable): while attached; guarded by OBJECT_LOCK */

  gint has_opened; /* since the last burst; atomic */

  PealRtpStamp stamp; /* of the feed's task */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (PealTrackBranch, peal_track_branch, GST_TYPE_BIN,
    GST_DEBUG_CATEGORY_INIT (peal_media_track_branch_debug,
        "peal-media-track-branch", 0, "One consumer of a track"))

/* Chosen: half a second of pictures is more than anyone waits for in a call;
 * the bytes bound a burst of key frames at 8 Mbit/s. */
static const PealFeedParams video_params = {
  .bounds = {
    .max_time = 500 * GST_MSECOND,
    .max_bytes = 4 * 1024 * 1024,
    .has_key_frames = TRUE,
  },
};
static const PealFeedParams audio_params = {
  .bounds = {
    .max_time = GST_SECOND,
    .max_bytes = 1024 * 1024,
  },
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
push_headers (PealTrackBranch *self, GstPad *src)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (src, gst_event_new_caps (self->rtp_caps));
  gst_pad_push_event (src, gst_event_new_segment (&segment));
}

static void
on_started (PealFeed *feed, PealTrackBranch *self)
{
  g_autoptr (GstPad) src =
      gst_element_get_static_pad (GST_ELEMENT (feed), "src");

  push_headers (self, src);
}

/* A PealFeedSend: a picture's packets stay together down to the socket. */
static GstFlowReturn
send_burst (PealRtpBurst *burst, GstPad *src, gpointer data)
{
  PealTrackBranch *self = data;
  GstBufferList *packets = peal_rtp_burst_stamp (burst, &self->stamp);
  GstBuffer *only;

  if (g_atomic_int_compare_and_exchange (&self->has_opened, TRUE, FALSE))
    push_headers (self, src);
  if (gst_buffer_list_length (packets) > 1)
    return gst_pad_push_list (src, packets);
  only = gst_buffer_ref (gst_buffer_list_get (packets, 0));
  gst_buffer_list_unref (packets);
  return gst_pad_push (src, only);
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
announce_twcc (GstCaps *caps, guint id)
{
  g_autofree gchar *field = g_strdup_printf ("extmap-%u", id);

  if (id != 0)
    gst_caps_set_simple (caps, field, G_TYPE_STRING, TWCC_URI, NULL);
}

static void
build (PealTrackBranch *self)
{
  g_autoptr (GstPad) src =
      gst_element_get_static_pad (GST_ELEMENT (self->feed), "src");

  gst_pad_use_fixed_caps (src);
  g_signal_connect (self->feed, "started", G_CALLBACK (on_started), self);
  peal_feed_set_send (self->feed, send_burst, self);
  gst_bin_add (GST_BIN (self), GST_ELEMENT (self->feed));
  gst_element_add_pad (GST_ELEMENT (self), gst_ghost_pad_new ("src", src));
}

static void
peal_track_branch_dispose (GObject *object)
{
  PealTrackBranch *self = PEAL_TRACK_BRANCH (object);

  peal_track_branch_detach (self);
  if (self->feed != NULL)
    g_signal_handlers_disconnect_by_data (self->feed, self);
  g_clear_object (&self->feed);
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
  PealTrackBranch *self;

  if (!peal_fan_out_prepare (fan_out, error))
    return NULL;
  self = g_object_new (PEAL_TYPE_TRACK_BRANCH, NULL);
  self->codec = codec;
  self->rtp_caps = make_rtp_caps (codec, params);
  announce_twcc (self->rtp_caps, params->twcc_id);
  peal_rtp_stamp_init (
      &self->stamp, params->payload_type, params->ssrc, params->twcc_id);
  self->fan_out = g_object_ref (fan_out);
  self->feed = g_object_ref (peal_fan_out_make_feed (fan_out, "feed",
      codec->kind == PEAL_MEDIA_VIDEO ? &video_params : &audio_params));
  build (self);
  return self;
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
 * been made for it, see peal_track_branch_expect_open(). What is behind the
 * branch may have been linked anew while it was closed: a pad that is linked
 * while events go through it may never hear of them, so the first media comes
 * with its caps again.
 */
void
peal_track_branch_set_open (PealTrackBranch *self, gboolean is_open)
{
  g_autoptr (PealFanOut) fan_out = NULL;

  g_return_if_fail (PEAL_IS_TRACK_BRANCH (self));

  g_atomic_int_set (&self->has_opened, is_open);
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
