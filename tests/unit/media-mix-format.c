/*
 * What a mix is given as, and what is said where it cannot be:
 *
 *   mixer ─ capsfilter ─ fakesink
 */
#include "media/mixer.h"

#define PATIENCE (10 * GST_SECOND)

typedef struct {
  PealMediaKind kind;
  const gchar *caps;
  const gchar *named; /* in the error; NULL: there is none */
} Wish;

static GstElement *
make_pipeline (const Wish *wish)
{
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *mixer = peal_mixer_new (wish->kind, NULL);
  GstElement *filter = gst_element_factory_make ("capsfilter", NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", "sink");
  g_autoptr (GstCaps) caps = gst_caps_from_string (wish->caps);

  g_object_set (filter, "caps", caps, NULL);
  g_object_set (sink, "num-buffers", 3, NULL);
  gst_bin_add_many (GST_BIN (pipeline), mixer, filter, sink, NULL);
  g_assert_true (gst_element_link_many (mixer, filter, sink, NULL));
  return pipeline;
}

static void
test_wish (gconstpointer data)
{
  const Wish *wish = data;
  g_autoptr (GstElement) pipeline = make_pipeline (wish);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING) ==
          GST_STATE_CHANGE_FAILURE,
      ==, wish->named != NULL);
  message = gst_bus_timed_pop_filtered (
      bus, PATIENCE, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  g_assert_nonnull (message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  if (!wish->named)
    g_assert_no_error (error);
  else
    g_assert_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  if (wish->named)
    g_assert_nonnull (strstr (error->message, wish->named));
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  static const Wish six = { PEAL_MEDIA_AUDIO, "audio/x-raw,channels=6", NULL };
  static const Wish variable = { PEAL_MEDIA_VIDEO, "video/x-raw,framerate=0/1",
    "videorate" };
  static const Wish grey = { PEAL_MEDIA_VIDEO, "video/x-raw,format=GRAY8",
    "GRAY8" };
  static const Wish bytes = { PEAL_MEDIA_AUDIO, "audio/x-raw,format=U8",
    "audioconvert" };

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func (
      "/mix-format/sound-comes-in-six-channels", &six, test_wish);
  g_test_add_data_func (
      "/mix-format/a-variable-rate-is-refused-with-what-helps", &variable,
      test_wish);
  g_test_add_data_func (
      "/mix-format/a-format-that-is-unknown-is-named", &grey, test_wish);
  g_test_add_data_func ("/mix-format/so-it-is-for-sound", &bytes, test_wish);

  return g_test_run ();
}
