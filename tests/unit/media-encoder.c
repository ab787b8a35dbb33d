/*
 * The encoder table: units of bitrates on the real elements, and which encoder
 * is taken after one that failed.
 */
#include <gst/gst.h>

#include "media/encoder.h"

typedef struct {
  const gchar *factory;
  const gchar *property;
  guint64 value; /* what 1.5 Mbit/s must become */
} BitrateCase;

/* Only software encoders are sure to be there. */
static const BitrateCase bitrate_cases[] = {
  { "x264enc", "bitrate", 1500 },
  { "openh264enc", "bitrate", 1500000 },
  { "vp8enc", "target-bitrate", 1500000 },
  { "vp9enc", "target-bitrate", 1500000 },
  { "x265enc", "bitrate", 1500 },
};

static guint64
get_number (GstElement *element, const gchar *property)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_UINT64);
  g_object_get_property (G_OBJECT (element), property, &value);
  return g_value_get_uint64 (&value);
}

static void
test_bitrate (gconstpointer data)
{
  const BitrateCase *expected = data;
  const PealEncoder *encoder = peal_encoder_find (expected->factory);
  g_autoptr (GstElement) element = peal_encoder_make (encoder, NULL, 300000);

  if (element == NULL) {
    g_test_skip ("not installed");
    return;
  }
  gst_object_ref_sink (element);
  g_assert_cmpuint (
      get_number (element, expected->property), ==, expected->value / 5);
  peal_encoder_set_bitrate (encoder, element, 1500000);
  g_assert_cmpuint (
      get_number (element, expected->property), ==, expected->value);
}

static void
test_next (void)
{
  const PealCodec *h264 = peal_codec_find ("H264");
  const PealEncoder *x264 = peal_encoder_find ("x264enc");
  guint n_seen = 0;

  for (const PealEncoder *each = peal_encoder_first (h264); each != NULL;
       each = peal_encoder_next (h264, each))
    n_seen++;
  g_assert_cmpuint (n_seen, >=, 2);
  g_assert_true (
      peal_encoder_next (h264, x264) == peal_encoder_find ("openh264enc"));
}

static void
test_hardware_first (void)
{
  g_assert_true (
      peal_encoder_find ("v4l2h264enc") < peal_encoder_find ("x264enc"));
  g_assert_true (
      peal_encoder_find ("vah264enc") < peal_encoder_find ("openh264enc"));
  g_assert_null (peal_encoder_find ("x264"));
}

static void
test_low_delay (void)
{
  const PealEncoder *x264 = peal_encoder_find ("x264enc");
  g_autoptr (GstElement) element = peal_encoder_make (x264, NULL, 1000000);

  gst_object_ref_sink (element);
  g_assert_cmpuint (get_number (element, "bframes"), ==, 0);
  g_assert_cmpuint (get_number (element, "key-int-max"), ==, 300);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bitrate_cases); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/encoder/%s-gets-its-bitrate-in-its-own-unit",
            bitrate_cases[i].factory);

    g_test_add_data_func (path, &bitrate_cases[i], test_bitrate);
  }
  g_test_add_func ("/encoder/after-one-that-failed-comes-the-next", test_next);
  g_test_add_func (
      "/encoder/hardware-stands-before-software", test_hardware_first);
  g_test_add_func ("/encoder/x264-makes-no-picture-wait", test_low_delay);
  return g_test_run ();
}
