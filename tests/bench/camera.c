/*
 * gst-launch with a camera that costs nothing (mapped-camera.h).
 *
 *   bench-camera FILE DESCRIPTION...
 *
 * FILE holds I420 pictures of 1280x720, one behind the other. In the pipeline,
 * `appsrc name=camera` gives them again and again, 30 a second by their
 * timestamps; what follows keeps the time (`identity sync=true`). It runs until
 * it is ended, and says what goes wrong.
 *
 * Threads: the main one.
 */
#include "mapped-camera.h"

static gboolean
wait_for_end (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
      bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return TRUE;
  gst_message_parse_error (message, &error, NULL);
  g_printerr ("%s\n", error->message);
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = NULL;
  gboolean is_good;

  gst_init (&argc, &argv);
  if (argc < 3)
    return 2;
  file = g_mapped_file_new (argv[1], FALSE, &error);
  if (file != NULL)
    pipeline = gst_parse_launchv ((const gchar **)argv + 2, &error);
  if (error != NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  mapped_camera_set_up (pipeline, file);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  is_good = wait_for_end (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return is_good ? 0 : 1;
}
