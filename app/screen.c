/*
 * The X display as a source of pictures: its size, and the size at which it
 * is sent. Opens the display to look, and closes it again.
 */
#include "app/screen.h"

#include "base/error.h"

/* What a call shows well and a small computer can still encode. */
#define MAX_WIDTH 1280
#define MAX_HEIGHT 720
#define FRAMES_PER_S 25

static gboolean
read_size (GstElement *source, guint *width, guint *height)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  g_autoptr (GstCaps) caps = gst_pad_query_caps (pad, NULL);
  const GstStructure *structure = NULL;
  gint found_width = 0;
  gint found_height = 0;

  if (gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return FALSE;
  structure = gst_caps_get_structure (caps, 0);
  if (!gst_structure_get_int (structure, "width", &found_width) ||
      !gst_structure_get_int (structure, "height", &found_height))
    return FALSE;
  *width = found_width;
  *height = found_height;
  return TRUE;
}

/**
 * peal_screen_get_size:
 * @width: (out): in pixels
 * @height: (out): in pixels
 * @error: why there is no screen
 *
 * Returns: whether there is an X display that we may look at
 */
gboolean
peal_screen_get_size (guint *width, guint *height, GError **error)
{
  g_autoptr (GstElement) source = NULL;
  const gchar *display = g_getenv ("DISPLAY");
  gboolean is_found = FALSE;

  if (!display || !display[0])
    return peal_error_set (error, PEAL_ERROR_UNSUPPORTED,
        "there is no X display here (DISPLAY is not set)");
  source = gst_element_factory_make ("ximagesrc", NULL);
  if (!source)
    return peal_error_set (error, PEAL_ERROR_UNSUPPORTED,
        "the element 'ximagesrc' is missing (Debian package "
        "gstreamer1.0-plugins-good)");
  gst_object_ref_sink (source);
  is_found = gst_element_set_state (source, GST_STATE_READY) !=
          GST_STATE_CHANGE_FAILURE &&
      read_size (source, width, height);
  gst_element_set_state (source, GST_STATE_NULL);
  return is_found ? TRUE
                  : peal_error_set (error, PEAL_ERROR_UNSUPPORTED,
                        "the X display cannot be opened");
}

/**
 * peal_screen_fit:
 * @width: (inout): in pixels
 * @height: (inout): in pixels
 *
 * Scales a size down to what is sent, keeping its shape; sides become even.
 */
void
peal_screen_fit (guint *width, guint *height)
{
  guint64 from_width = *width;
  guint64 from_height = *height;

  if (*width > MAX_WIDTH) {
    *width = MAX_WIDTH;
    *height = from_height * MAX_WIDTH / from_width;
  }
  if (*height > MAX_HEIGHT) {
    *height = MAX_HEIGHT;
    *width = from_width * MAX_HEIGHT / from_height;
  }
  *width = MAX (*width & ~1u, 2);
  *height = MAX (*height & ~1u, 2);
}

/**
 * peal_screen_dup_description:
 * @error: why there is no screen
 *
 * Returns: (transfer full) (nullable): the source as in gst-launch
 */
gchar *
peal_screen_dup_description (GError **error)
{
  guint width = 0;
  guint height = 0;

  if (!peal_screen_get_size (&width, &height, error))
    return NULL;
  peal_screen_fit (&width, &height);
  return g_strdup_printf (
      "ximagesrc use-damage=false ! video/x-raw,framerate=%d/1 ! queue "
      "leaky=downstream max-size-buffers=2 ! videoconvert ! videoscale ! "
      "video/x-raw,format=I420,width=%u,height=%u,pixel-aspect-ratio=1/1 ! "
      "identity",
      FRAMES_PER_S, width, height);
}
