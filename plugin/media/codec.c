/*
 * The codec table and the questions asked of it.
 *
 * Used by tracks and branches (sending), remote tracks (receiving) and the
 * session (offers and answers). The rows are constants; what this machine can
 * encode is asked of encoder.c, which probes once per process; what it can
 * decode is asked of the registry, and remembered here. Any thread.
 */
#include "media/codec.h"

#include "base/error.h"
#include "media/encoder.h"
#include "media/factory.h"

/* Chromium's own Opus line, less what depends on the stream; 10 ms is the
 * shortest packet it asks for. Without useinbandfec: whoever sends the error
 * correction that it asks for takes the bits from the sound, and our decoder
 * would have to hold each packet until the next one is there to use it
 * (decoder.c). It is 0 unless it is said (RFC 7587 6.1). */
#define OPUS_FIELDS "encoding-params=(string)2,minptime=(string)10"
/* Constrained baseline, level 3.1 (RFC 6184 8.1): what every browser must
 * have (RFC 7742 6.2). Larger pictures are sent under asymmetry. */
#define H264_FIELDS                                               \
  "packetization-mode=(string)1,profile-level-id=(string)42e01f," \
  "level-asymmetry-allowed=(string)1"
/* RFC 3551 asks for 20 ms per packet by default. */
#define PACKETS_OF_20_MS "min-ptime=20000000 max-ptime=20000000"

/* The payload types begin at 100: webrtcbin 1.22 gives retransmission the first
 * free one from 96 up, and of several codecs it knows only the first as taken.
 *
 * The parsers put parameter sets before each key frame; the payloaders must
 * not, since theirs would come before each slice and tear pictures apart.
 *
 * In the default order of preference, unless H.264 has a hardware encoder. */
static const PealCodec codecs[] = {
  {
      .name = "VP8",
      .kind = PEAL_MEDIA_VIDEO,
      .encoding_name = "VP8",
      .clock_rate = 90000,
      .payload_type = 100,
      .media_caps = "video/x-vp8",
      .payload_caps = "video/x-vp8",
      .payloader = "rtpvp8pay picture-id-mode=15-bit",
      .depayloader = "rtpvp8depay",
  },
  {
      .name = "H264",
      .kind = PEAL_MEDIA_VIDEO,
      .encoding_name = "H264",
      .clock_rate = 90000,
      .payload_type = 102,
      .media_caps = "video/x-h264",
      .payload_caps = "video/x-h264,stream-format=(string)byte-stream,"
                      "alignment=(string)au",
      .rtp_fields = H264_FIELDS,
      .payloader = "rtph264pay aggregate-mode=zero-latency config-interval=0",
      .depayloader = "rtph264depay",
      .parser = "h264parse config-interval=-1",
  },
  {
      .name = "VP9",
      .kind = PEAL_MEDIA_VIDEO,
      .encoding_name = "VP9",
      .clock_rate = 90000,
      .payload_type = 101,
      .media_caps = "video/x-vp9",
      .payload_caps = "video/x-vp9",
      .rtp_fields = "profile-id=(string)0",
      .payloader = "rtpvp9pay picture-id-mode=15-bit",
      .depayloader = "rtpvp9depay",
  },
  {
      .name = "H265",
      .kind = PEAL_MEDIA_VIDEO,
      .encoding_name = "H265",
      .clock_rate = 90000,
      .payload_type = 104,
      .media_caps = "video/x-h265",
      .payload_caps = "video/x-h265,stream-format=(string)byte-stream,"
                      "alignment=(string)au",
      .payloader = "rtph265pay aggregate-mode=zero-latency config-interval=0",
      .depayloader = "rtph265depay",
      .parser = "h265parse config-interval=-1",
  },
  {
      .name = "AV1",
      .kind = PEAL_MEDIA_VIDEO,
      .encoding_name = "AV1",
      .clock_rate = 90000,
      .payload_type = 106,
      .media_caps = "video/x-av1",
      .payload_caps = "video/x-av1,stream-format=(string)obu-stream,"
                      "alignment=(string)tu",
      .payloader = "rtpav1pay",
      .depayloader = "rtpav1depay",
      .parser = "av1parse",
  },
  {
      .name = "OPUS",
      .kind = PEAL_MEDIA_AUDIO,
      .encoding_name = "OPUS",
      .clock_rate = 48000,
      .payload_type = 111,
      .media_caps = "audio/x-opus,channel-mapping-family=(int)0",
      .payload_caps = "audio/x-opus,channel-mapping-family=(int)0",
      .rtp_fields = OPUS_FIELDS,
      .payloader = "rtpopuspay",
      .depayloader = "rtpopusdepay",
  },
  {
      .name = "PCMU",
      .kind = PEAL_MEDIA_AUDIO,
      .encoding_name = "PCMU",
      .clock_rate = 8000,
      .payload_type = 0,
      .media_caps = "audio/x-mulaw,rate=(int)8000,channels=(int)1",
      .payload_caps = "audio/x-mulaw,rate=(int)8000,channels=(int)1",
      .payloader = "rtppcmupay " PACKETS_OF_20_MS,
      .depayloader = "rtppcmudepay",
  },
  {
      .name = "PCMA",
      .kind = PEAL_MEDIA_AUDIO,
      .encoding_name = "PCMA",
      .clock_rate = 8000,
      .payload_type = 8,
      .media_caps = "audio/x-alaw,rate=(int)8000,channels=(int)1",
      .payload_caps = "audio/x-alaw,rate=(int)8000,channels=(int)1",
      .payloader = "rtppcmapay " PACKETS_OF_20_MS,
      .depayloader = "rtppcmadepay",
  },
  {
      /* 16 kHz sound whose RTP clock is 8000 by an old mistake
       * (RFC 3551 4.5.2). */
      .name = "G722",
      .kind = PEAL_MEDIA_AUDIO,
      .encoding_name = "G722",
      .clock_rate = 8000,
      .payload_type = 9,
      .media_caps = "audio/G722,rate=(int)16000,channels=(int)1",
      .payload_caps = "audio/G722,rate=(int)16000,channels=(int)1",
      .payloader = "rtpg722pay " PACKETS_OF_20_MS,
      .depayloader = "rtpg722depay",
  },
};

typedef struct {
  gboolean is_known;
  guint32 version; /* of the registry that was asked */
  gboolean can_decode;
} Decodable;

G_LOCK_DEFINE_STATIC (decodable);
static Decodable decodable[G_N_ELEMENTS (codecs)]; /* guarded by its lock */

/* AV1 needs a payloader that Debian 12 does not have; all others are in the
 * packages that we depend on. */
static gboolean
is_present (const PealCodec *codec)
{
  return !g_str_equal (codec->name, "AV1") ||
      peal_factory_exists (codec->payloader);
}

/**
 * peal_media_kind_to_string:
 * @kind: audio or video
 *
 * Returns: (transfer none): `audio` or `video`, as in SDP and RTP caps
 */
const gchar *
peal_media_kind_to_string (PealMediaKind kind)
{
  return kind == PEAL_MEDIA_AUDIO ? "audio" : "video";
}

/**
 * peal_codec_find:
 * @name: a codec's name, in upper or lower case
 *
 * Returns: (transfer none) (nullable): its row
 */
const PealCodec *
peal_codec_find (const gchar *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (g_ascii_strcasecmp (codecs[i].name, name) == 0)
      return &codecs[i];
  return NULL;
}

/**
 * peal_codec_find_for_media_caps:
 * @caps: caps of a stream, raw or encoded
 *
 * Returns: (transfer none) (nullable): the codec of an encoded stream that can
 *   be passed through; %NULL for raw and unknown ones
 */
const PealCodec *
peal_codec_find_for_media_caps (const GstCaps *caps)
{
  g_return_val_if_fail (GST_IS_CAPS (caps), NULL);

  if (gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    g_autoptr (GstCaps) media_caps =
        gst_caps_from_string (codecs[i].media_caps);

    if (is_present (&codecs[i]) && gst_caps_can_intersect (media_caps, caps))
      return &codecs[i];
  }
  return NULL;
}

/**
 * peal_codec_find_for_rtp_caps:
 * @caps: caps of an RTP stream, as on a webrtcbin pad
 *
 * Returns: (transfer none) (nullable): the codec that `encoding-name` names,
 *   in upper or lower case
 */
const PealCodec *
peal_codec_find_for_rtp_caps (const GstCaps *caps)
{
  const gchar *encoding_name;

  g_return_val_if_fail (GST_IS_CAPS (caps), NULL);

  if (gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return NULL;
  encoding_name = gst_structure_get_string (
      gst_caps_get_structure (caps, 0), "encoding-name");
  for (guint i = 0; encoding_name != NULL && i < G_N_ELEMENTS (codecs); i++)
    if (g_ascii_strcasecmp (codecs[i].encoding_name, encoding_name) == 0)
      return &codecs[i];
  return NULL;
}

static void
add_once (GPtrArray *list, const PealCodec *codec)
{
  if (is_present (codec) && !g_ptr_array_find (list, codec, NULL))
    g_ptr_array_add (list, (gpointer)codec);
}

static void
add_default_order (GPtrArray *list, PealMediaKind kind)
{
  const PealCodec *h264 = peal_codec_find ("H264");

  if (kind == PEAL_MEDIA_VIDEO && peal_encoder_has_hardware (h264))
    add_once (list, h264);
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (codecs[i].kind == kind)
      add_once (list, &codecs[i]);
}

/**
 * peal_codec_list:
 * @kind: audio or video
 * @names: (nullable) (array zero-terminated=1): order of preference; %NULL is
 *   the default order
 *
 * Unknown names, and those of the other kind, are skipped.
 *
 * Returns: (transfer container) (element-type PealCodec): the codecs, each once
 */
GPtrArray *
peal_codec_list (PealMediaKind kind, const gchar *const *names)
{
  GPtrArray *list = g_ptr_array_new ();

  if (names == NULL)
    add_default_order (list, kind);
  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    const PealCodec *codec = peal_codec_find (names[i]);

    if (codec != NULL && codec->kind == kind)
      add_once (list, codec);
  }
  return list;
}

static gboolean
is_sendable (const PealCodec *codec, GError **error)
{
  if (!peal_factory_exists (codec->payloader)) {
    peal_factory_set_missing_error (codec->payloader, error);
    return FALSE;
  }
  if (codec->parser != NULL && !peal_factory_exists (codec->parser)) {
    peal_factory_set_missing_error (codec->parser, error);
    return FALSE;
  }
  if (peal_encoder_first (codec) == NULL) {
    peal_encoder_set_missing_error (codec, error);
    return FALSE;
  }
  return TRUE;
}

/**
 * peal_codec_list_sendable:
 * @kind: audio or video
 * @names: (nullable) (array zero-terminated=1): as in peal_codec_list()
 * @error: %PEAL_ERROR_UNSUPPORTED if none is left; the text names what the
 *   most preferred codec lacks and the Debian package that has it
 *
 * The first call in a process tries encoders out, which can take a while.
 *
 * Returns: (transfer container) (nullable) (element-type PealCodec): those of
 *   peal_codec_list() that this machine can encode and put into RTP
 */
GPtrArray *
peal_codec_list_sendable (
    PealMediaKind kind, const gchar *const *names, GError **error)
{
  g_autoptr (GPtrArray) list = peal_codec_list (kind, names);
  g_autoptr (GPtrArray) sendable = g_ptr_array_new ();
  g_autoptr (GError) first_error = NULL;

  for (guint i = 0; i < list->len; i++) {
    const PealCodec *codec = g_ptr_array_index (list, i);

    if (is_sendable (codec, first_error == NULL ? &first_error : NULL))
      g_ptr_array_add (sendable, (gpointer)codec);
  }
  if (sendable->len > 0)
    return g_steal_pointer (&sendable);
  if (first_error != NULL)
    g_propagate_error (error, g_steal_pointer (&first_error));
  else
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "None of the %s codecs asked for is known",
        peal_media_kind_to_string (kind));
  return NULL;
}

/**
 * peal_codec_can_encode:
 * @self: a codec
 *
 * Returns: whether raw media can be sent with it from this machine
 */
gboolean
peal_codec_can_encode (const PealCodec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return is_sendable (self, NULL);
}

static gboolean
look_for_decoder (const PealCodec *self)
{
  g_autoptr (GstCaps) caps = NULL;
  GList *decoders, *able;
  gboolean can_decode;

  if (!peal_factory_exists (self->depayloader))
    return FALSE;
  caps = gst_caps_from_string (self->media_caps);
  decoders = gst_element_factory_list_get_elements (
      GST_ELEMENT_FACTORY_TYPE_DECODER, GST_RANK_MARGINAL);
  able = gst_element_factory_list_filter (decoders, caps, GST_PAD_SINK, FALSE);
  can_decode = able != NULL;
  gst_plugin_feature_list_free (decoders);
  gst_plugin_feature_list_free (able);
  return can_decode;
}

/**
 * peal_codec_can_decode:
 * @self: a codec
 *
 * What the registry says is remembered until it changes: to go through all of
 * it for each codec takes a millisecond of every offer. A rank that a program
 * gives to a decoder afterwards is no change to the registry.
 *
 * Returns: whether this machine has a depayloader and a decoder for it
 */
gboolean
peal_codec_can_decode (const PealCodec *self)
{
  guint32 version = gst_registry_get_feature_list_cookie (gst_registry_get ());
  gboolean can_decode;
  Decodable *known;

  g_return_val_if_fail (
      self >= codecs && self < codecs + G_N_ELEMENTS (codecs), FALSE);

  known = &decodable[self - codecs];
  G_LOCK (decodable);
  if (!known->is_known || known->version != version)
    *known = (Decodable){ TRUE, version, look_for_decoder (self) };
  can_decode = known->can_decode;
  G_UNLOCK (decodable);
  return can_decode;
}

/**
 * peal_codec_dup_rtp_caps:
 * @self: a codec
 * @payload_type: RTP payload type, 0 to 127
 * @ssrc: RTP SSRC; 0 leaves the field out
 *
 * Returns: (transfer full): caps for an offer and for a branch's output
 */
GstCaps *
peal_codec_dup_rtp_caps (const PealCodec *self, guint payload_type, guint ssrc)
{
  g_autofree gchar *text = NULL;
  GstCaps *caps;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (payload_type <= 127, NULL);

  text = g_strdup_printf ("application/x-rtp,media=(string)%s,"
                          "encoding-name=(string)%s,clock-rate=(int)%u,"
                          "payload=(int)%u%s%s",
      peal_media_kind_to_string (self->kind), self->encoding_name,
      self->clock_rate, payload_type, self->rtp_fields != NULL ? "," : "",
      self->rtp_fields != NULL ? self->rtp_fields : "");
  caps = gst_caps_from_string (text);
  if (ssrc != 0)
    gst_caps_set_simple (caps, "ssrc", G_TYPE_UINT, ssrc, NULL);
  return caps;
}
