/*
 * A camera that costs nothing. See mapped-camera.h.
 *
 * Threads: pictures are made on appsrc's streaming thread.
 */
#include "mapped-camera.h"

#include <gst/app/gstappsrc.h>

#define WIDTH 1280
#define HEIGHT 720
#define PICTURE_BYTES (WIDTH * HEIGHT * 3 / 2)
#define PICTURES_A_SECOND 30

typedef struct {
  GMappedFile *file;
  guint64 shown; /* of the streaming thread */
} Camera;

static void
camera_free (gpointer data)
{
  Camera *self = data;

  g_mapped_file_unref (self->file);
  g_free (self);
}

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

/**
 * mapped_camera_set_up:
 * @pipeline: `appsrc name=camera` in it gives the pictures again and again, 30
 *   a second by their timestamps; what follows keeps the time (`identity
 *   sync=true`)
 * @file: I420 pictures of 1280x720, one behind the other; lives at least as
 *   long as what is made of them
 */
void
mapped_camera_set_up (GstElement *pipeline, GMappedFile *file)
{
  static const GstAppSrcCallbacks callbacks = { .need_data = on_need_data };
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (pipeline), "camera");
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw", "format",
      G_TYPE_STRING, "I420", "width", G_TYPE_INT, WIDTH, "height", G_TYPE_INT,
      HEIGHT, "framerate", GST_TYPE_FRACTION, PICTURES_A_SECOND, 1, NULL);
  Camera *camera = g_new0 (Camera, 1);

  camera->file = g_mapped_file_ref (file);
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live",
      TRUE, "max-buffers", (guint64)1, NULL);
  gst_app_src_set_callbacks (GST_APP_SRC (source),
      (GstAppSrcCallbacks *)&callbacks, camera, camera_free);
}
