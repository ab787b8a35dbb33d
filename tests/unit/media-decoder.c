/*
 * The decoder table, on this machine's own decoders.
 */
#include "media/decoder.h"

#include "base/error.h"

static void
test_every_codec (void)
{
  static const gchar *const names[] = { "VP8", "VP9", "H264", "H265", "OPUS",
    "PCMU", "PCMA", "G722" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const PealDecoder *row = peal_decoder_first (peal_codec_find (names[i]));
    g_autoptr (GstElement) element = NULL;

    g_assert_nonnull (row);
    element = gst_object_ref_sink (peal_decoder_make (row, "decoder"));
    g_assert_cmpint (gst_element_set_state (element, GST_STATE_READY), ==,
        GST_STATE_CHANGE_SUCCESS);
    gst_element_set_state (element, GST_STATE_NULL);
  }
}

static void
test_fallback (void)
{
  const PealCodec *codec = peal_codec_find ("H264");
  gboolean had_software = FALSE;
  guint count = 0;

  for (const PealDecoder *row = peal_decoder_first (codec); row;
       row = peal_decoder_next (codec, row)) {
    g_assert_cmpstr (row->codec_name, ==, "H264");
    g_assert_false (row->is_hardware && had_software);
    had_software |= !row->is_hardware;
    count++;
  }
  g_assert_cmpuint (count, >=, 2);
}

static void
test_error (void)
{
  g_autoptr (GError) error = NULL;

  peal_decoder_set_missing_error (peal_codec_find ("H264"), &error);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED);
  g_assert_nonnull (g_strstr_len (error->message, -1, "gstreamer1.0-libav"));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/decoder/every-codec-has-a-decoder-that-starts", test_every_codec);
  g_test_add_func ("/decoder/hardware-comes-first-and-there-is-another-choice",
      test_fallback);
  g_test_add_func ("/decoder/the-error-names-the-debian-package", test_error);

  return g_test_run ();
}
