/*
 * gst-launch with a camera that costs nothing: its pictures lie in a file that
 * is mapped into memory, and no byte of them is copied.
 *
 *   bench-camera FILE DESCRIPTION...
 *
 * FILE holds I420 pictures of 1280x720, one behind the other. In the pipeline,
 * `appsrc name=camera` gives them again and again, 30 a second by their
 * timestamps; what follows keeps the time (`identity sync=true`). It runs until
 * it is ended, and says what goes wrong.
 *
 * Threads: pictures are made on appsrc's streaming thread, the rest is the main
 * thread's.
 */
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#define WIDTH 1280
#define HEIGHT 720
#define PICTURE_BYTES (WIDTH * HEIGHT * 3 / 2)
#define PICTURES_A_SECOND 30

typedef struct {
  GMappedFile *file;
  guint64 shown; /* of the streaming thread */
} Camera;

static GstBuffer *
take_picture (Camera *self)
{
  gsize count = g_mapped_file_get_length (self->file) / PICTURE_BYTES;
  gchar *pictures = g_mapped_file_get_contents (self->file);
  GstBuffer *buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
      pictures + self->shown % count * PICTURE_BYTES, PICTURE_BYTES, 0,
      PICTURE_BYTES, NULL, NULL);

  GST_BUFFER_PTS (buffer) =
      gst_util_uint64_scale (self->shown, GST_SECOND, PICTURES_A_SECOND);
  GST_BUFFER_DURATION (buffer) = GST_SECOND / PICTURES_A_SECOND;
  self->shown++;
  return buffer;
}

static void
on_need_data (GstAppSrc *source, guint length, gpointer data)
{
  gst_app_src_push_buffer (source, take_picture (data));
}

static void
set_up (GstElement *pipeline, Camera *camera)
{
  static const GstAppSrcCallbacks callbacks = { .need_data = on_need_data };
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (pipeline), "camera");
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw", "format",
      G_TYPE_STRING, "I420", "width", G_TYPE_INT, WIDTH, "height", G_TYPE_INT,
      HEIGHT, "framerate", GST_TYPE_FRACTION, PICTURES_A_SECOND, 1, NULL);

  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live",
      TRUE, "max-buffers", (guint64)1, NULL);
  gst_app_src_set_callbacks (
      GST_APP_SRC (source), (GstAppSrcCallbacks *)&callbacks, camera, NULL);
}

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
  Camera camera = { 0 };
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = NULL;
  gboolean is_good;

  gst_init (&argc, &argv);
  if (argc < 3)
    return 2;
  camera.file = g_mapped_file_new (argv[1], FALSE, &error);
  if (camera.file != NULL)
    pipeline = gst_parse_launchv ((const gchar **)argv + 2, &error);
  if (error != NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  set_up (pipeline, &camera);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  is_good = wait_for_end (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_mapped_file_unref (camera.file);
  return is_good ? 0 : 1;
}
