/*
 * PealTrackLane: see the header. Owned by track.c.
 *
 * An encoding has a locked state: the lane starts and stops it, since one that
 * fails must not fail the pipeline. Stopping one joins its thread.
 *
 * Threads: all calls are serialized by the track's control lock, except
 * peal_track_lane_push() (the source's thread), peal_track_lane_set_muted() and
 * on_hurry() (any thread). `lock` guards what these read; nothing outside of
 * this file is called with it held.
 */
#include "media/track-lane.h"

#include "base/error.h"
#include "media/encoder.h"
#include "media/last-picture.h"

GST_DEBUG_CATEGORY_STATIC (peal_media_track_lane_debug);
#define GST_CAT_DEFAULT peal_media_track_lane_debug

struct _PealTrackLane {
  GstBin *track; /* not owned; owns the children */
  GstPad *sink;  /* of the track; not owned */
  const PealCodec *codec;
  PealFanOut *fan_out;         /* a child of the track */
  PealTrackEncoding *encoding; /* (nullable): a child of the track */
  const PealEncoder *failed;   /* (nullable): the last that did not work */
  gboolean is_standby;         /* its encoder stays while nobody wants it */

  GMutex lock;
  PealFeed *feed;       /* (nullable): of the encoding; guarded by lock */
  gboolean is_gated;    /* an encoder: runs only for somebody; by lock */
  gboolean is_muted;    /* guarded by lock */
  PealLastPicture last; /* before an encoder; guarded by lock */
};

static void
init_debug (void)
{
  static gsize is_done = 0;

  if (g_once_init_enter (&is_done)) {
    GST_DEBUG_CATEGORY_INIT (peal_media_track_lane_debug,
        "peal-media-track-lane", 0, "One codec of a track");
    g_once_init_leave (&is_done, 1);
  }
}

static void
publish (PealTrackLane *self)
{
  PealFeed *old, *feed = NULL;

  if (self->encoding != NULL)
    feed = gst_object_ref (peal_track_encoding_get_feed (self->encoding));
  g_mutex_lock (&self->lock);
  old = self->feed;
  self->feed = feed;
  self->is_gated = self->encoding != NULL &&
      peal_track_encoding_get_encoder (self->encoding) != NULL;
  g_mutex_unlock (&self->lock);
  g_clear_object (&old);
}

static PealFeed *
ref_feed (PealTrackLane *self, gboolean *is_gated)
{
  PealFeed *feed = NULL;

  g_mutex_lock (&self->lock);
  g_set_object (&feed, self->feed);
  *is_gated = self->is_gated;
  g_mutex_unlock (&self->lock);
  return feed;
}

/* Returns whether @buffer may be encoded. */
static gboolean
keep_last (PealTrackLane *self, GstBuffer *buffer, GstCaps *caps)
{
  gboolean may_pass = TRUE;

  g_mutex_lock (&self->lock);
  if (!self->is_muted && self->is_gated &&
      self->codec->kind == PEAL_MEDIA_VIDEO)
    may_pass = peal_last_picture_take (
        &self->last, buffer, caps, g_get_monotonic_time ());
  g_mutex_unlock (&self->lock);
  return may_pass;
}

static void
forget_last (PealTrackLane *self)
{
  g_mutex_lock (&self->lock);
  peal_last_picture_forget (&self->last);
  g_mutex_unlock (&self->lock);
}

/* A PealFanOutHurry: what the encoder is to make a key frame of comes now, not
 * with the source's next picture. */
static void
on_hurry (gpointer data)
{
  PealTrackLane *self = data;
  g_autoptr (PealFeed) feed = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstBuffer *buffer = NULL;

  g_mutex_lock (&self->lock);
  g_set_object (&feed, self->feed);
  if (feed != NULL && self->is_gated)
    buffer =
        peal_last_picture_repeat (&self->last, g_get_monotonic_time (), &caps);
  g_mutex_unlock (&self->lock);
  if (buffer != NULL)
    peal_feed_push (feed, buffer, caps);
}

static void
remove_encoding (PealTrackLane *self, PealTrackEncoding *encoding)
{
  gst_element_set_state (GST_ELEMENT (encoding), GST_STATE_NULL);
  gst_bin_remove (self->track, GST_ELEMENT (encoding));
}

/* Returns the encoding, running and linked, or NULL: it does not work. */
static PealTrackEncoding *
start_encoding (PealTrackLane *self, const PealEncoder *encoder,
    guint target_bps, GError **error)
{
  PealTrackEncoding *encoding = peal_track_encoding_new (
      self->codec, encoder, target_bps, self->sink, error);
  GstElement *element = (GstElement *)encoding;

  if (encoding == NULL)
    return NULL;
  gst_element_set_locked_state (element, TRUE);
  gst_bin_add (self->track, element);
  if (gst_element_link (element, GST_ELEMENT (self->fan_out)) &&
      gst_element_set_state (element, GST_STATE_PLAYING) !=
          GST_STATE_CHANGE_FAILURE)
    return encoding;
  remove_encoding (self, encoding);
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED, "%s does not start",
      encoder != NULL ? encoder->description : "The parser");
  return NULL;
}

static PealTrackEncoding *
start_first_that_works (PealTrackLane *self, guint target_bps, GError **error)
{
  const PealEncoder *encoder = self->failed;
  PealTrackEncoding *encoding = NULL;

  while (encoding == NULL) {
    g_autoptr (GError) row_error = NULL;

    encoder = peal_encoder_next (self->codec, encoder);
    if (encoder == NULL)
      break;
    encoding = start_encoding (self, encoder, target_bps, &row_error);
    if (encoding == NULL)
      GST_WARNING_OBJECT (
          self->track, "skipping an encoder: %s", row_error->message);
  }
  if (encoding == NULL)
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "No %s encoder works here", self->codec->name);
  return encoding;
}

static gboolean
has_demand (PealTrackLane *self, const PealTrackLaneInput *input)
{
  switch (input->input) {
    case PEAL_TRACK_INPUT_RAW:
      return self->is_standby || peal_fan_out_count_feeds (self->fan_out) > 0;
    case PEAL_TRACK_INPUT_ENCODED:
      /* The parser has to see parameter sets even before anybody watches. */
      return self->codec == input->codec;
    default:
      return FALSE;
  }
}

static gboolean
start (PealTrackLane *self, const PealTrackLaneInput *input, GError **error)
{
  if (input->input == PEAL_TRACK_INPUT_RAW)
    self->encoding = start_first_that_works (self, input->target_bps, error);
  else
    self->encoding = start_encoding (self, NULL, input->target_bps, error);
  if (self->encoding == NULL)
    return FALSE;
  GST_INFO_OBJECT (self->track, "%s: %s", self->codec->name,
      input->input == PEAL_TRACK_INPUT_RAW ? "encoding" : "passing through");
  peal_feed_announce_caps (
      peal_track_encoding_get_feed (self->encoding), input->caps);
  peal_fan_out_update_latency (self->fan_out);
  publish (self);
  return TRUE;
}

/**
 * peal_track_lane_new:
 * @track: (transfer none): the bin for the lane's elements; outlives the lane
 * @sink: (transfer none): its sink pad
 * @codec: what goes out
 *
 * Returns: (transfer full): a lane with a fan-out only
 */
PealTrackLane *
peal_track_lane_new (GstBin *track, GstPad *sink, const PealCodec *codec)
{
  g_autofree gchar *name = g_strdup_printf ("fan-out-%s", codec->name);
  PealTrackLane *self = g_new0 (PealTrackLane, 1);

  init_debug ();
  self->track = track;
  self->sink = sink;
  self->codec = codec;
  g_mutex_init (&self->lock);
  self->fan_out = peal_fan_out_new (name, codec);
  peal_fan_out_set_hurry (self->fan_out, on_hurry, self);
  gst_bin_add (track, GST_ELEMENT (self->fan_out));
  gst_element_sync_state_with_parent (GST_ELEMENT (self->fan_out));
  return self;
}

/**
 * peal_track_lane_free:
 * @self: (transfer full): a lane; its elements stay in the track
 */
void
peal_track_lane_free (PealTrackLane *self)
{
  peal_last_picture_forget (&self->last);
  g_clear_object (&self->feed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const PealCodec *
peal_track_lane_get_codec (PealTrackLane *self)
{
  return self->codec;
}

PealFanOut *
peal_track_lane_get_fan_out (PealTrackLane *self)
{
  return self->fan_out;
}

/**
 * peal_track_lane_get_encoding:
 * @self: a lane
 *
 * Returns: (transfer none) (nullable): what runs now
 */
PealTrackEncoding *
peal_track_lane_get_encoding (PealTrackLane *self)
{
  return self->encoding;
}

/**
 * peal_track_lane_update:
 * @self: a lane
 * @input: what the track has now
 * @error: %PEAL_ERROR_UNSUPPORTED if there is demand and nothing works
 *
 * Starts an encoding if there is demand and none, stops it if there is one and
 * no demand.
 *
 * Returns: whether the demand, if any, is met
 */
gboolean
peal_track_lane_update (
    PealTrackLane *self, const PealTrackLaneInput *input, GError **error)
{
  if (!has_demand (self, input)) {
    peal_track_lane_stop (self);
    return TRUE;
  }
  return self->encoding != NULL || start (self, input, error);
}

/**
 * peal_track_lane_set_standby:
 * @self: a lane
 * @is_standby: whether its encoder is there even while nobody wants it
 * @input: what the track has now
 *
 * Stops an encoding that nobody wants any more; to start one is left to
 * peal_track_lane_update().
 */
void
peal_track_lane_set_standby (
    PealTrackLane *self, gboolean is_standby, const PealTrackLaneInput *input)
{
  self->is_standby = is_standby;
  if (!has_demand (self, input))
    peal_track_lane_stop (self);
}

/**
 * peal_track_lane_stop:
 * @self: a lane
 *
 * Stops and removes its encoding, if any; waits for the thread in it.
 */
void
peal_track_lane_stop (PealTrackLane *self)
{
  PealTrackEncoding *encoding = g_steal_pointer (&self->encoding);

  if (encoding == NULL)
    return;
  publish (self);
  remove_encoding (self, encoding);
}

/**
 * peal_track_lane_stop_failed:
 * @self: a lane whose encoding has failed
 *
 * Stops it; the next start takes the encoder after this one.
 */
void
peal_track_lane_stop_failed (PealTrackLane *self)
{
  self->failed = peal_track_encoding_get_encoder (self->encoding);
  peal_track_lane_stop (self);
}

/**
 * peal_track_lane_reset:
 * @self: a lane
 *
 * The input is another one: stops, and forgets what did not work.
 */
void
peal_track_lane_reset (PealTrackLane *self)
{
  peal_track_lane_stop (self);
  forget_last (self);
  self->failed = NULL;
}

/**
 * peal_track_lane_push:
 * @self: a lane
 * @buffer: (transfer none): input, in running time
 * @caps: (transfer none): its caps
 *
 * Never blocks. Nothing reaches an encoder while no branch is open.
 */
void
peal_track_lane_push (PealTrackLane *self, GstBuffer *buffer, GstCaps *caps)
{
  gboolean is_gated;
  g_autoptr (PealFeed) feed = ref_feed (self, &is_gated);

  if (keep_last (self, buffer, caps) && feed != NULL &&
      (!is_gated || peal_fan_out_is_wanted (self->fan_out)))
    peal_feed_push (feed, gst_buffer_ref (buffer), caps);
}

/* The input was interrupted: encoded pictures that follow refer to some that
 * nobody has seen. Begins again with a key frame. */
static void
resume (PealTrackLane *self)
{
  gboolean is_gated;
  g_autoptr (PealFeed) feed = ref_feed (self, &is_gated);

  if (feed == NULL)
    return;
  peal_feed_await_key_frame (feed);
  if (self->codec->kind == PEAL_MEDIA_VIDEO)
    peal_fan_out_request_key_frame (self->fan_out, TRUE);
}

/**
 * peal_track_lane_set_muted:
 * @self: a lane
 * @is_muted: whether nobody gets anything
 *
 * Muted, it also forgets the last picture, which a newcomer would see.
 */
void
peal_track_lane_set_muted (PealTrackLane *self, gboolean is_muted)
{
  g_mutex_lock (&self->lock);
  self->is_muted = is_muted;
  if (is_muted)
    peal_last_picture_forget (&self->last);
  g_mutex_unlock (&self->lock);
  if (!is_muted)
    resume (self);
}
