/*
 * The content checks themselves, on media of known content.
 */
#include "media-check.h"

#include <math.h>

static GstElement *
play (GstElement **pipeline, const gchar *description)
{
  g_autofree gchar *line = g_strdup_printf (
      "%s ! appsink name=sink sync=false max-buffers=4", description);

  *pipeline = gst_parse_launch (line, NULL);
  g_assert_nonnull (*pipeline);
  gst_element_set_state (*pipeline, GST_STATE_PLAYING);
  return gst_bin_get_by_name (GST_BIN (*pipeline), "sink");
}

static void
stop (GstElement *pipeline, GstElement *sink)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
}

static void
test_colours (gconstpointer data)
{
  static const struct {
    const gchar *pattern;
    guint rgb;
    guint other;
  } rows[] = {
    { "red", MEDIA_RED, MEDIA_BLACK },
    { "green", MEDIA_GREEN, MEDIA_RED },
    { "blue", MEDIA_BLUE, MEDIA_RED },
    { "white", MEDIA_WHITE, MEDIA_BLACK },
    { "black", MEDIA_BLACK, MEDIA_BLUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *line =
        g_strdup_printf ("videotestsrc pattern=%s ! video/x-raw,format=%s",
            rows[i].pattern, (const gchar *)data);
    GstElement *pipeline;
    GstElement *sink = play (&pipeline, line);
    g_autoptr (GstSample) sample = NULL;

    g_assert_true (
        media_wait_for_colour (sink, MEDIA_REGION_ALL, rows[i].rgb, 5000));
    sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
    g_assert_false (
        media_check_is_colour (sample, MEDIA_REGION_ALL, rows[i].other));
    stop (pipeline, sink);
  }
}

static void
test_region (void)
{
  GstElement *pipeline;
  GstElement *sink = play (&pipeline,
      "videotestsrc pattern=smpte75 ! video/x-raw,width=640,height=480");
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  guint width, height, left, right;

  g_assert_true (media_check_get_size (sample, &width, &height));
  g_assert_cmpuint (width, ==, 640);
  g_assert_cmpuint (height, ==, 480);
  g_assert_true (
      media_check_mean_colour (sample, (MediaRegion){ 0, 0, 0.1, 0.5 }, &left));
  g_assert_true (media_check_mean_colour (
      sample, (MediaRegion){ 0.9, 0, 1, 0.5 }, &right));
  /* SMPTE bars: grey at the left, blue at the right. */
  g_assert_cmpuint (left >> 16, >, 150);
  g_assert_cmpuint (right >> 16, <, 50);
  g_assert_cmpuint (right & 0xff, >, 150);
  stop (pipeline, sink);
}

static void
test_movement (void)
{
  GstElement *pipeline;
  GstElement *sink =
      play (&pipeline, "videotestsrc pattern=ball motion=sweep num-buffers=90");

  g_assert_true (media_wait_for_movement (sink, 5000));
  stop (pipeline, sink);

  sink = play (&pipeline, "videotestsrc pattern=smpte75 num-buffers=30");
  g_assert_false (media_wait_for_movement (sink, 5000));
  stop (pipeline, sink);
}

static void
test_tone (gconstpointer data)
{
  static const gdouble tones[] = { 220, 440, 1000, 3000 };

  for (guint i = 0; i < G_N_ELEMENTS (tones); i++) {
    g_autofree gchar *line =
        g_strdup_printf ("audiotestsrc freq=%f num-buffers=60 ! %s", tones[i],
            (const gchar *)data);
    GstElement *pipeline;
    GstElement *sink = play (&pipeline, line);

    g_assert_true (media_wait_for_tone (sink, tones[i], 5000));
    g_assert_false (media_wait_for_tone (sink, tones[i] + 100, 5000));
    stop (pipeline, sink);
  }
}

static void
test_level (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gfloat));

  for (guint i = 0; i < 4800; i++) {
    gfloat value = 0.5 * sin (2 * G_PI * 1000 * i / 48000);

    g_array_append_val (samples, value);
  }
  g_assert_cmpfloat_with_epsilon (
      media_check_tone_level (samples, 48000, 1000), 0.5, 0.01);
  g_assert_cmpfloat_with_epsilon (
      media_check_loudness (samples), 0.5 / sqrt (2), 0.01);
  g_assert_cmpfloat (media_check_tone_level (samples, 48000, 1500), <, 0.01);
}

static void
test_silence (void)
{
  GstElement *pipeline;
  GstElement *sink = play (&pipeline, "audiotestsrc wave=silence");

  g_assert_true (media_wait_for_silence (sink, 5000));
  stop (pipeline, sink);

  sink = play (&pipeline, "audiotestsrc num-buffers=60");
  g_assert_false (media_wait_for_silence (sink, 5000));
  stop (pipeline, sink);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func (
      "/media-check/pure-colours-are-told-apart-in-i420", "I420", test_colours);
  g_test_add_data_func (
      "/media-check/pure-colours-are-told-apart-in-bgra", "BGRA", test_colours);
  g_test_add_func ("/media-check/a-region-is-judged-alone", test_region);
  g_test_add_func ("/media-check/a-ball-moves-and-bars-do-not", test_movement);
  g_test_add_data_func ("/media-check/a-tone-is-found-in-s16le",
      "audio/x-raw,format=S16LE,rate=48000,channels=2", test_tone);
  g_test_add_data_func ("/media-check/a-tone-is-found-in-f32le",
      "audio/x-raw,format=F32LE,rate=44100,channels=1", test_tone);
  g_test_add_func ("/media-check/a-level-is-an-amplitude", test_level);
  g_test_add_func ("/media-check/silence-is-not-a-tone", test_silence);

  return g_test_run ();
}
