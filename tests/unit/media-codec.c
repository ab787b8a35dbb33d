/*
 * The codec table: names, orders, caps, and what is said when something that
 * a codec needs is missing.
 */
#include <gst/gst.h>

#include "base/error.h"
#include "media/codec.h"
#include "media/encoder.h"
#include "media/factory.h"

static gchar *
join_names (GPtrArray *codecs)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < codecs->len; i++) {
    const PealCodec *codec = g_ptr_array_index (codecs, i);

    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", codec->name);
  }
  return g_string_free (names, FALSE);
}

static void
test_default_order (void)
{
  g_autoptr (GPtrArray) video = peal_codec_list (PEAL_MEDIA_VIDEO, NULL);
  g_autoptr (GPtrArray) audio = peal_codec_list (PEAL_MEDIA_AUDIO, NULL);
  g_autofree gchar *video_names = join_names (video);
  g_autofree gchar *audio_names = join_names (audio);
  gboolean has_hardware = peal_encoder_has_hardware (peal_codec_find ("H264"));

  g_assert_true (g_str_has_prefix (
      video_names, has_hardware ? "H264 VP8 VP9" : "VP8 H264 VP9"));
  g_assert_cmpstr (audio_names, ==, "OPUS PCMU PCMA G722");
}

static void
test_users_order (void)
{
  const gchar *names[] = { "h264", "OPUS", "nonsense", "VP8", "H264", NULL };
  g_autoptr (GPtrArray) list = peal_codec_list (PEAL_MEDIA_VIDEO, names);
  g_autofree gchar *joined = join_names (list);

  g_assert_cmpstr (joined, ==, "H264 VP8");
}

static void
test_media_caps (void)
{
  static const struct {
    const gchar *caps;
    const gchar *codec;
  } cases[] = {
    { "video/x-h264,stream-format=avc,alignment=au,width=640", "H264" },
    { "video/x-vp8,width=320,height=240", "VP8" },
    { "audio/x-opus,channel-mapping-family=0,channels=2", "OPUS" },
    { "audio/x-opus,channel-mapping-family=1,channels=6", NULL },
    { "audio/x-mulaw,rate=8000,channels=1", "PCMU" },
    { "audio/x-mulaw,rate=44100,channels=2", NULL },
    { "video/x-raw,format=I420", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GstCaps) caps = gst_caps_from_string (cases[i].caps);
    const PealCodec *codec = peal_codec_find_for_media_caps (caps);

    g_assert_cmpstr (codec != NULL ? codec->name : NULL, ==, cases[i].codec);
  }
}

static void
test_rtp_caps (void)
{
  g_autoptr (GstCaps) lower = gst_caps_from_string (
      "application/x-rtp,media=audio,encoding-name=opus,payload=111");
  g_autoptr (GstCaps) nameless =
      gst_caps_from_string ("application/x-rtp,media=audio,payload=0");

  g_assert_true (
      peal_codec_find_for_rtp_caps (lower) == peal_codec_find ("OPUS"));
  g_assert_null (peal_codec_find_for_rtp_caps (nameless));
}

static void
test_offer_caps (void)
{
  g_autoptr (GstCaps) caps =
      peal_codec_dup_rtp_caps (peal_codec_find ("H264"), 102, 4000000000u);
  g_autoptr (GstCaps) expected = gst_caps_from_string (
      "application/x-rtp,media=(string)video,encoding-name=(string)H264,"
      "clock-rate=(int)90000,payload=(int)102,ssrc=(uint)4000000000,"
      "packetization-mode=(string)1,profile-level-id=(string)42e01f,"
      "level-asymmetry-allowed=(string)1");

  g_assert_true (gst_caps_is_equal (caps, expected));
}

/* What is not used is not asked for, and who does not give it is welcome. */
static void
test_opus_without_correction (void)
{
  g_autoptr (GstCaps) caps =
      peal_codec_dup_rtp_caps (peal_codec_find ("OPUS"), 111, 0);
  const gchar *others[] = { "(string)0", "(string)1" };

  g_assert_false (gst_structure_has_field (
      gst_caps_get_structure (caps, 0), "useinbandfec"));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autofree gchar *text = g_strdup_printf (
        "application/x-rtp,media=audio,encoding-name=OPUS,useinbandfec=%s",
        others[i]);
    g_autoptr (GstCaps) other = gst_caps_from_string (text);

    g_assert_true (gst_caps_can_intersect (caps, other));
  }
}

static void
test_every_row (gconstpointer data)
{
  PealMediaKind kind = GPOINTER_TO_UINT (data);
  g_autoptr (GPtrArray) list = peal_codec_list (kind, NULL);

  for (guint i = 0; i < list->len; i++) {
    const PealCodec *codec = g_ptr_array_index (list, i);
    g_autoptr (GstCaps) media = gst_caps_from_string (codec->media_caps);
    g_autoptr (GstCaps) payload = gst_caps_from_string (codec->payload_caps);
    g_autoptr (GstCaps) rtp = peal_codec_dup_rtp_caps (codec, 100, 1);

    g_assert_true (gst_caps_is_subset (payload, media));
    g_assert_true (gst_caps_is_fixed (rtp));
    g_assert_true (peal_factory_exists (codec->payloader));
    g_assert_true (peal_codec_can_decode (codec));
    g_assert_true (peal_codec_find_for_rtp_caps (rtp) == codec);
  }
}

/* The decoders are what a package brings or takes away. */
static void
test_changing_decoders (void)
{
  const PealCodec *codec = peal_codec_find ("G722");
  GstRegistry *registry = gst_registry_get ();
  g_autoptr (GstPluginFeature) decoder =
      gst_registry_lookup_feature (registry, "avdec_g722");

  g_assert_true (peal_codec_can_decode (codec));
  gst_registry_remove_feature (registry, decoder);
  g_assert_false (peal_codec_can_decode (codec));
  g_assert_true (peal_codec_can_decode (peal_codec_find ("VP8")));
  gst_registry_add_feature (registry, decoder);
  g_assert_true (peal_codec_can_decode (codec));
}

static void
test_sendable (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
      peal_codec_list_sendable (PEAL_MEDIA_VIDEO, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_ptr_array_find (list, peal_codec_find ("VP8"), NULL));
  g_assert_true (g_ptr_array_find (list, peal_codec_find ("H264"), NULL));
}

static void
test_nothing_sendable (void)
{
  const gchar *names[] = { "nonsense", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
      peal_codec_list_sendable (PEAL_MEDIA_VIDEO, names, &error);

  g_assert_null (list);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED);
}

static void
test_missing_element (void)
{
  g_autoptr (GError) error = NULL;
  GstElement *element =
      peal_factory_make ("avdec_nonsense max-threads=1", NULL, &error);

  g_assert_null (element);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "avdec_nonsense"));
  g_assert_nonnull (strstr (error->message, "gstreamer1.0-libav"));
}

static void
test_packages (void)
{
  static const struct {
    const gchar *element;
    const gchar *package;
  } cases[] = {
    { "x264enc tune=zerolatency", "gstreamer1.0-plugins-ugly" },
    { "openh264enc", "gstreamer1.0-plugins-bad" },
    { "webrtcbin", "gstreamer1.0-plugins-bad" },
    { "nicesrc", "gstreamer1.0-nice" },
    { "vp8enc", "gstreamer1.0-plugins-good" },
    { "opusenc", "gstreamer1.0-plugins-base" },
    { "avdec_h264", "gstreamer1.0-libav" },
    { "compositor", "gstreamer1.0-plugins-base" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (
        peal_factory_get_package (cases[i].element), ==, cases[i].package);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/codec/default-order-has-h264-first-only-with-hardware",
      test_default_order);
  g_test_add_func (
      "/codec/users-order-is-kept-and-unknown-names-skipped", test_users_order);
  g_test_add_func (
      "/codec/encoded-caps-name-the-codec-that-passes", test_media_caps);
  g_test_add_func ("/codec/rtp-caps-name-the-codec-in-any-case", test_rtp_caps);
  g_test_add_func (
      "/codec/offer-caps-hold-what-browsers-match-on", test_offer_caps);
  g_test_add_func ("/codec/opus-is-offered-without-error-correction",
      test_opus_without_correction);
  g_test_add_data_func ("/codec/every-video-row-holds-together",
      GUINT_TO_POINTER (PEAL_MEDIA_VIDEO), test_every_row);
  g_test_add_data_func ("/codec/every-audio-row-holds-together",
      GUINT_TO_POINTER (PEAL_MEDIA_AUDIO), test_every_row);
  g_test_add_func (
      "/codec/decoders-that-come-and-go-are-noticed", test_changing_decoders);
  g_test_add_func ("/codec/vp8-and-h264-can-be-sent-here", test_sendable);
  g_test_add_func (
      "/codec/nothing-sendable-is-an-unsupported-error", test_nothing_sendable);
  g_test_add_func (
      "/codec/missing-element-names-its-debian-package", test_missing_element);
  g_test_add_func ("/codec/packages-are-those-of-debian-12", test_packages);
  return g_test_run ();
}
