/*
 * Sources: which format a camera is asked for, what the keywords open, what is
 * said of a sound card that another program holds, and a file that begins again
 * at its end without its stream showing it.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "app/file-source.h"
#include "app/source.h"
#include "base/error.h"

static void
assert_camera_format (const gchar *caps_text, const gchar *expected)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);
  const gchar *format = peal_camera_pick_format (caps);

  if (!expected)
    g_assert_null (format);
  else
    g_assert_nonnull (strstr (format, expected));
}

static void
a_camera_is_asked_for_large_pictures_fast_enough (void)
{
  const gchar *raw_vga = "video/x-raw,width=640,height=480,framerate=30/1";
  const gchar *slow_hd = "video/x-raw,width=1280,height=720,framerate=10/1";
  const gchar *jpeg_hd = "image/jpeg,width=1280,height=720,framerate=30/1";
  g_autofree gchar *webcam = g_strjoin (";", raw_vga, slow_hd, jpeg_hd, NULL);
  g_autofree gchar *slow = g_strjoin (";", slow_hd, raw_vga, NULL);

  assert_camera_format (webcam, "jpegdec");
  assert_camera_format (slow, "width=[640,1280]");
  assert_camera_format (
      "video/x-raw,width=1280,height=720,framerate=30/1", "width=[960,1280]");
  assert_camera_format (
      "video/x-raw,width=160,height=120,framerate=5/1", "caps=video/x-raw");
  assert_camera_format ("video/x-h264", NULL);
}

static void
nothing_is_a_source_too (void)
{
  g_autoptr (PealSource) video = peal_source_new_video ("none", NULL);
  g_autoptr (PealSource) audio = peal_source_new_audio ("none", NULL);

  g_assert_null (video->element);
  g_assert_null (audio->element);
  g_assert_null (video->apology);
}

static void
test_media_open_everywhere (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSource) video = peal_source_new_video ("test", &error);
  g_assert_no_error (error);
  g_autoptr (PealSource) audio = peal_source_new_audio ("test", &error);
  g_autoptr (GstPad) video_pad = NULL;
  g_autoptr (GstPad) audio_pad = NULL;

  g_assert_no_error (error);
  video_pad = gst_element_get_static_pad (video->element, "video");
  audio_pad = gst_element_get_static_pad (audio->element, "audio");
  g_assert_nonnull (video_pad);
  g_assert_nonnull (audio_pad);
}

static void
a_name_that_is_nothing_is_wrong_usage (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSource) video =
      peal_source_new_video ("No Such Camera", &error);

  g_assert_null (video);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "'No Such Camera'"));
  g_assert_nonnull (strstr (error->message, "cameras here:"));
}

static void
no_display_is_no_screen (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *display = g_strdup (g_getenv ("DISPLAY"));
  g_autoptr (PealSource) screen = NULL;

  g_unsetenv ("DISPLAY");
  screen = peal_source_new_video ("screen", &error);
  if (display)
    g_setenv ("DISPLAY", display, TRUE);
  g_assert_null (screen);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED);
}

/* There is no sound card here: this stands for each source of sound, and fails
 * as alsasrc does when it cannot open the one that it is to have. (The camera
 * is in tests/integration/cli-camera.py.) */
typedef GstBin BusyCard;
typedef GstBinClass BusyCardClass;

GType
busy_card_get_type (void);

G_DEFINE_TYPE (BusyCard, busy_card, GST_TYPE_BIN)

static GstStateChangeReturn
busy_card_change_state (GstElement *element, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_NULL_TO_READY) {
    GST_ELEMENT_ERROR (element, RESOURCE, BUSY, ("Could not open it."), (NULL));
    return GST_STATE_CHANGE_FAILURE;
  }
  return GST_ELEMENT_CLASS (busy_card_parent_class)
      ->change_state (element, transition);
}

static void
busy_card_class_init (BusyCardClass *klass)
{
  GST_ELEMENT_CLASS (klass)->change_state = busy_card_change_state;
}

static void
busy_card_init (BusyCard *self)
{
  GstElement *source = gst_element_factory_make ("audiotestsrc", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");

  gst_bin_add (GST_BIN (self), source);
  gst_element_add_pad (GST_ELEMENT (self), gst_ghost_pad_new ("src", pad));
}

static void
a_sound_card_that_is_held_is_not_called_absent (void)
{
  g_autoptr (PealSource) audio = NULL;

  gst_element_register (NULL, "pulsesrc", GST_RANK_NONE, busy_card_get_type ());
  gst_element_register (NULL, "alsasrc", GST_RANK_NONE, busy_card_get_type ());
  gst_element_register (NULL, "osssrc", GST_RANK_NONE, busy_card_get_type ());
  audio = peal_source_new_audio ("microphone", NULL);
  g_assert_null (audio->element);
  g_assert_cmpstr (audio->apology, ==,
      "The call goes on without sound from us: microphone is in use by another "
      "program: close that one and call again, or name another device ('peal "
      "devices' lists them)");
}

/* A file of half a second, with pictures and sound. */
static gchar *
make_file (const gchar *folder)
{
  gchar *path = g_build_filename (folder, "short.webm", NULL);
  g_autofree gchar *line =
      g_strdup_printf ("videotestsrc num-buffers=10 ! "
                       "video/x-raw,width=64,height=48,framerate=20/1 ! "
                       "vp8enc ! webmmux name=mux ! filesink location=\"%s\" "
                       "audiotestsrc num-buffers=25 samplesperbuffer=960 ! "
                       "audio/x-raw,rate=48000 ! opusenc ! mux.",
          path);
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return path;
}

typedef struct {
  GMainLoop *loop;
  GstClockTime last;   /* running time of the last picture */
  gint picture_count;  /* atomic */
  gint event_count;    /* atomic: ends and flushes that got out */
  gint backward_count; /* atomic */
} Watch;

static GstPadProbeReturn
on_data (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Watch *watch = data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    g_autoptr (GstEvent) event =
        gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
    const GstSegment *segment = NULL;
    GstClockTime now = 0;

    gst_event_parse_segment (event, &segment);
    now = gst_segment_to_running_time (segment, GST_FORMAT_TIME,
        GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));
    if (now < watch->last)
      g_atomic_int_inc (&watch->backward_count);
    watch->last = now;
    /* Three times through the file, and into the fourth. */
    if (g_atomic_int_add (&watch->picture_count, 1) == 32)
      g_main_loop_quit (watch->loop);
  } else {
    GstEventType type = GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info));

    if (type == GST_EVENT_EOS || type == GST_EVENT_FLUSH_START ||
        type == GST_EVENT_FLUSH_STOP)
      g_atomic_int_inc (&watch->event_count);
  }
  return GST_PAD_PROBE_OK;
}

static gboolean
on_timeout (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
play_into (GstElement *source, Watch *watch)
{
  g_autoptr (GstElement) pipeline = gst_pipeline_new (NULL);
  GstElement *eye = gst_element_factory_make ("fakesink", NULL);
  GstElement *ear = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (eye, "sink");
  guint timeout = g_timeout_add_seconds (30, on_timeout, watch->loop);

  gst_object_ref_sink (pipeline);
  g_object_set (eye, "async", FALSE, NULL);
  g_object_set (ear, "async", FALSE, NULL);
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
          GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      on_data, watch, NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, eye, ear, NULL);
  g_assert_true (gst_element_link_pads (source, "video", eye, "sink"));
  g_assert_true (gst_element_link_pads (source, "audio", ear, "sink"));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (watch->loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_source_remove (timeout);
}

static void
a_file_begins_again_and_nobody_notices (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("peal-XXXXXX", NULL);
  g_autofree gchar *path = make_file (folder);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  GstElement *source = peal_file_source_new (path, TRUE, TRUE, &error);
  Watch watch = { loop };

  g_assert_no_error (error);
  g_assert_true (peal_file_has_audio (path));
  play_into (source, &watch);
  g_assert_cmpint (watch.picture_count, >, 32);
  g_assert_cmpint (watch.event_count, ==, 0);
  g_assert_cmpint (watch.backward_count, ==, 0);
  g_assert_cmpuint (watch.last, >, 1400 * GST_MSECOND);
  g_unlink (path);
  g_rmdir (folder);
}

static void
a_file_without_media_is_refused (void)
{
  g_autofree gchar *path = NULL;
  g_autoptr (GError) error = NULL;
  gint fd = g_file_open_tmp ("peal-XXXXXX.mp4", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_null (peal_file_source_new (path, TRUE, FALSE, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, path));
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/app/source/a-camera-is-asked-for-large-pictures-fast-enough",
      a_camera_is_asked_for_large_pictures_fast_enough);
  g_test_add_func (
      "/app/source/nothing-is-a-source-too", nothing_is_a_source_too);
  g_test_add_func (
      "/app/source/test-media-open-everywhere", test_media_open_everywhere);
  g_test_add_func ("/app/source/a-name-that-is-nothing-is-wrong-usage",
      a_name_that_is_nothing_is_wrong_usage);
  g_test_add_func (
      "/app/source/no-display-is-no-screen", no_display_is_no_screen);
  g_test_add_func ("/app/source/a-sound-card-that-is-held-is-not-called-absent",
      a_sound_card_that_is_held_is_not_called_absent);
  g_test_add_func ("/app/source/a-file-begins-again-and-nobody-notices",
      a_file_begins_again_and_nobody_notices);
  g_test_add_func ("/app/source/a-file-without-media-is-refused",
      a_file_without_media_is_refused);
  return g_test_run ();
}
