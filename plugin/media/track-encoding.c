/*
 * PealTrackEncoding: see the header. Made, started and dropped by track.c; it
 * ends at a fan-out.
 *
 *   raw:     feed ! convert ! raw caps ! encoder ! caps ! parser ! caps ! src
 *   encoded: feed ! parser ! caps ! src
 *
 * Threads: methods on any thread, serialized by the track. The feed's task
 * runs everything in here.
 */
#include "media/track-encoding.h"

#include <gst/video/video.h>

#include "base/error.h"
#include "media/factory.h"

struct _PealTrackEncoding {
  GstBin parent_instance;

  const PealCodec *codec;
  const PealEncoder *encoder;  /* (nullable): encoded by the source */
  PealFeed *feed;              /* a child */
  GstElement *encoder_element; /* (nullable): a child */
};

G_DEFINE_FINAL_TYPE (PealTrackEncoding, peal_track_encoding, GST_TYPE_BIN)

/* Raw pictures: one in the encoder and two that wait; who is slower than its
 * camera must not add delay. But a machine that stood still for 200 ms, at 30 a
 * second, has six to catch up with. */
static const PealFeedParams raw_video_params = {
  .bounds = {
    .max_buffers = 2,
    .burst_buffers = 6,
  },
  .posts_errors = TRUE,
};
static const PealFeedParams raw_audio_params = {
  .bounds = {
    .max_time = 200 * GST_MSECOND,
    .max_buffers = 200,
  },
  .posts_errors = TRUE,
};
/* Parsing keeps up with anything; this is a safety net. */
static const PealFeedParams encoded_video_params = {
  .bounds = {
    .max_time = 500 * GST_MSECOND,
    .max_bytes = 8 * 1024 * 1024,
    .has_key_frames = TRUE,
  },
  .posts_errors = TRUE,
};
static const PealFeedParams encoded_audio_params = {
  .bounds = {
    .max_time = GST_SECOND,
    .max_buffers = 200,
  },
  .posts_errors = TRUE,
};

static const PealFeedParams *
choose_params (const PealCodec *codec, gboolean is_raw)
{
  if (codec->kind == PEAL_MEDIA_VIDEO)
    return is_raw ? &raw_video_params : &encoded_video_params;
  return is_raw ? &raw_audio_params : &encoded_audio_params;
}

static gboolean
query_latency (gpointer upstream, GstQuery *query)
{
  return gst_pad_peer_query (upstream, query);
}

/* Comes here only with encoded input: an encoder answers requests itself. */
static void
request_key_frame (gpointer upstream, gboolean is_newcomer)
{
  gst_pad_push_event (upstream,
      gst_video_event_new_upstream_force_key_unit (
          GST_CLOCK_TIME_NONE, TRUE, 0));
}

static GstElement *
make_caps_filter (const gchar *text)
{
  g_autoptr (GstCaps) caps = NULL;
  GstElement *filter;

  if (text == NULL)
    return NULL;
  caps = gst_caps_from_string (text);
  filter = gst_element_factory_make ("capsfilter", NULL);
  g_object_set (filter, "caps", caps, NULL);
  return filter;
}

/* Fills @elements up to where encoded media comes out. */
static gboolean
make_encoder_chain (
    PealTrackEncoding *self, guint bps, GPtrArray *elements, GError **error)
{
  static const gchar *const converters[][2] = {
    [PEAL_MEDIA_VIDEO] = { "videoconvertscale", NULL },
    [PEAL_MEDIA_AUDIO] = { "audioconvert", "audioresample" },
  };
  const gchar *const *names = converters[self->codec->kind];

  for (guint i = 0; i < 2 && names[i] != NULL; i++) {
    GstElement *converter = peal_factory_make (names[i], NULL, error);

    if (converter == NULL)
      return FALSE;
    g_ptr_array_add (elements, converter);
  }
  self->encoder_element = peal_encoder_make (self->encoder, NULL, bps);
  if (self->encoder_element == NULL) {
    peal_factory_set_missing_error (self->encoder->description, error);
    return FALSE;
  }
  g_ptr_array_add (elements, make_caps_filter (self->encoder->raw_caps));
  g_ptr_array_add (elements, self->encoder_element);
  g_ptr_array_add (elements, make_caps_filter (self->encoder->encoded_caps));
  return TRUE;
}

static gboolean
make_parser (PealTrackEncoding *self, GPtrArray *elements, GError **error)
{
  if (self->codec->parser != NULL) {
    GstElement *parser = peal_factory_make (self->codec->parser, NULL, error);

    if (parser == NULL)
      return FALSE;
    g_ptr_array_add (elements, parser);
  }
  g_ptr_array_add (elements, make_caps_filter (self->codec->payload_caps));
  return TRUE;
}

static gboolean
add_src_pad (PealTrackEncoding *self, GstElement *last)
{
  g_autoptr (GstPad) target = gst_element_get_static_pad (last, "src");

  return gst_element_add_pad (
      GST_ELEMENT (self), gst_ghost_pad_new ("src", target));
}

static gboolean
build (PealTrackEncoding *self, guint bps, GError **error)
{
  g_autoptr (GPtrArray) elements = g_ptr_array_new ();
  gboolean has_all;

  g_ptr_array_add (elements, self->feed);
  has_all = (self->encoder == NULL ||
                make_encoder_chain (self, bps, elements, error)) &&
      make_parser (self, elements, error);
  if (!peal_factory_chain (
          GST_BIN (self), (GstElement **)elements->pdata, elements->len) &&
      has_all) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "The elements that make %s do not fit together", self->codec->name);
    return FALSE;
  }
  return has_all &&
      add_src_pad (self, g_ptr_array_index (elements, elements->len - 1));
}

static void
peal_track_encoding_class_init (PealTrackEncodingClass *klass)
{
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Peal encoding", "Generic/Bin", "One encoded form of a track", "Peal");
}

static void
peal_track_encoding_init (PealTrackEncoding *self)
{
}

/**
 * peal_track_encoding_new:
 * @codec: what comes out
 * @encoder: (nullable): what encodes; %NULL if the input is encoded already
 * @bps: target bitrate in bit/s
 * @input: (transfer none): the track's sink pad, for latency queries and, with
 *   encoded input, for key-frame requests
 * @error: %PEAL_ERROR_UNSUPPORTED if an element is missing or does not fit
 *
 * Returns: (transfer floating) (nullable): an encoding with an open feed
 */
PealTrackEncoding *
peal_track_encoding_new (const PealCodec *codec, const PealEncoder *encoder,
    guint bps, GstPad *input, GError **error)
{
  static const PealFeedUpstream upstream = { query_latency, request_key_frame };
  g_autofree gchar *name = g_strdup_printf ("encoding-%s", codec->name);
  PealTrackEncoding *self =
      g_object_new (PEAL_TYPE_TRACK_ENCODING, "name", name, NULL);

  self->codec = codec;
  self->encoder = encoder;
  self->feed = peal_feed_new (
      "feed", choose_params (codec, encoder != NULL), &upstream, input);
  if (!build (self, bps, error)) {
    gst_object_unref (gst_object_ref_sink (self));
    return NULL;
  }
  peal_feed_set_open (self->feed, TRUE);
  return self;
}

/**
 * peal_track_encoding_find:
 * @object: an element, or a part of one
 *
 * Returns: (transfer none) (nullable): the encoding that it belongs to
 */
PealTrackEncoding *
peal_track_encoding_find (GstObject *object)
{
  for (; object != NULL; object = GST_OBJECT_PARENT (object))
    if (PEAL_IS_TRACK_ENCODING (object))
      return PEAL_TRACK_ENCODING (object);
  return NULL;
}

/**
 * peal_track_encoding_get_encoder:
 * @self: an encoding
 *
 * Returns: (transfer none) (nullable): its encoder; %NULL: passes through
 */
const PealEncoder *
peal_track_encoding_get_encoder (PealTrackEncoding *self)
{
  return self->encoder;
}

PealFeed *
peal_track_encoding_get_feed (PealTrackEncoding *self)
{
  return self->feed;
}

/**
 * peal_track_encoding_set_bitrate:
 * @self: an encoding
 * @bps: target bitrate in bit/s; of no effect on encoded input
 */
void
peal_track_encoding_set_bitrate (PealTrackEncoding *self, guint bps)
{
  if (self->encoder != NULL)
    peal_encoder_set_bitrate (self->encoder, self->encoder_element, bps);
}
