/*
 * What a track takes: for its pad template, its caps queries and its caps
 * events. Used by track.c; the element uses the template for its own pads.
 */
#include "media/track-caps.h"

#include <gst/video/video.h>
#include <string.h>

#include "base/error.h"

/* Cheapest to encode first, so that sources choose that. */
#define RAW_VIDEO \
  "video/x-raw,format=(string){I420,NV12,YV12,YUY2,UYVY};video/x-raw"
#define RAW_AUDIO                                                         \
  "audio/x-raw,format=(string)S16LE,rate=(int)48000,channels=(int)[1,2];" \
  "audio/x-raw,format=(string)S16LE;audio/x-raw"

/* By name: the default order would try encoders out, and the template is made
 * while the registry is being read, when no other plugin can be loaded. */
static const gchar *const template_codecs[] = { "VP8", "H264", "VP9", "H265",
  "AV1", "OPUS", "PCMU", "PCMA", "G722", NULL };

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
  g_autoptr (GPtrArray) codecs = peal_codec_list (kind, template_codecs);
  GstCaps *caps =
      gst_caps_from_string (kind == PEAL_MEDIA_VIDEO ? RAW_VIDEO : RAW_AUDIO);

  for (guint i = 0; i < codecs->len; i++) {
    const PealCodec *codec = g_ptr_array_index (codecs, i);

    gst_caps_append (caps, gst_caps_from_string (codec->media_caps));
  }
  return caps;
}

/**
 * peal_track_caps_make_sink:
 * @kind: audio or video
 *
 * Returns: (transfer floating): a track's sink pad
 */
GstPad *
peal_track_caps_make_sink (PealMediaKind kind)
{
  g_autoptr (GstCaps) caps = peal_track_dup_template_caps (kind);
  g_autoptr (GstPadTemplate) template =
      gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps);

  return gst_pad_new_from_template (template, "sink");
}

/**
 * peal_track_caps_classify:
 * @kind: audio or video
 * @caps: fixed caps of an input
 * @codec: (out) (transfer none) (nullable): what it is encoded with
 *
 * Returns: raw or encoded; unknown if a track of @kind cannot take it
 */
PealTrackInput
peal_track_caps_classify (
    PealMediaKind kind, const GstCaps *caps, const PealCodec **codec)
{
  const gchar *raw_name =
      kind == PEAL_MEDIA_VIDEO ? "video/x-raw" : "audio/x-raw";

  *codec = NULL;
  if (gst_structure_has_name (gst_caps_get_structure (caps, 0), raw_name))
    return PEAL_TRACK_INPUT_RAW;
  *codec = peal_codec_find_for_media_caps (caps);
  if (*codec != NULL && (*codec)->kind == kind)
    return PEAL_TRACK_INPUT_ENCODED;
  *codec = NULL;
  return PEAL_TRACK_INPUT_UNKNOWN;
}

static void
answer_caps (PealMediaKind kind, GstQuery *query)
{
  g_autoptr (GstCaps) caps = peal_track_dup_template_caps (kind);
  g_autoptr (GstCaps) result = NULL;
  GstCaps *filter;

  gst_query_parse_caps (query, &filter);
  result = filter == NULL
      ? gst_caps_ref (caps)
      : gst_caps_intersect_full (caps, filter, GST_CAPS_INTERSECT_FIRST);
  gst_query_set_caps_result (query, result);
}

/**
 * peal_track_caps_answer:
 * @kind: audio or video
 * @query: from the source; one for caps gets our order of preference
 *
 * Returns: whether it is answered
 */
gboolean
peal_track_caps_answer (PealMediaKind kind, GstQuery *query)
{
  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
      answer_caps (kind, query);
      return TRUE;
    case GST_QUERY_ALLOCATION:
      /* The converter reads any stride, so a camera need not copy. */
      if (kind == PEAL_MEDIA_VIDEO)
        gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
      return TRUE;
    default:
      return FALSE;
  }
}

/**
 * peal_track_caps_allow:
 * @kind: audio or video
 * @input: (nullable): of encoded input
 * @codec: what is to go out
 * @error: %PEAL_ERROR_UNSUPPORTED
 *
 * Returns: whether a track of @kind can give @codec
 */
gboolean
peal_track_caps_allow (PealMediaKind kind, const PealCodec *input,
    const PealCodec *codec, GError **error)
{
  if (codec->kind == kind && (input == NULL || codec == input))
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
      "The track's input is %s and cannot go out as %s",
      input != NULL ? input->name : peal_media_kind_to_string (kind),
      codec->name);
  return FALSE;
}

/**
 * peal_track_caps_get_advice:
 * @caps: fixed caps of an encoded input
 *
 * Returns: (nullable) (transfer none): what the user should know of who cannot
 *   play this; NULL when there is nothing
 */
const gchar *
peal_track_caps_get_advice (const GstCaps *caps)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  const gchar *profile = gst_structure_get_string (structure, "profile");

  if (!gst_structure_has_name (structure, "video/x-h264") || !profile)
    return NULL;
  if (!strstr (profile, "4:4:4") && !strstr (profile, "4:2:2") &&
      !strstr (profile, "high-10"))
    return NULL;

  return "No browser plays this H.264: it is not 8-bit 4:2:0. Put "
         "video/x-raw,format=I420 before the encoder";
}
