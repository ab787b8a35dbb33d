/*
 * Where the pictures and the sound that we send come from: a camera, the
 * screen, a microphone, test media, a file or nothing. A source is opened
 * here already, so that a camera that is absent or busy is known before the
 * call begins; `camera` and `microphone` then become nothing, with an apology,
 * while a device that was named is an error. Main thread.
 */
#include "app/source.h"

#include <string.h>

#include "app/device-list.h"
#include "app/file-source.h"
#include "app/screen.h"
#include "base/error.h"

#define RATE_AND_SIZE(media, size) media "," size ",framerate=[24/1,61/1]"
#define HD "width=[960,1280],height=[540,720]"
#define SD "width=[640,1280],height=[360,720]"

/* What to ask a camera for, best first: raw pictures cost nothing to take,
 * but most webcams give large ones fast enough as JPEG only. */
typedef struct {
  const gchar *caps;
  const gchar *format; /* what follows the camera, as in gst-launch */
} CameraFormat;

static const CameraFormat camera_formats[] = {
  { RATE_AND_SIZE ("video/x-raw", HD),
      "capsfilter caps=\"" RATE_AND_SIZE ("video/x-raw", HD) "\"" },
  { RATE_AND_SIZE ("image/jpeg", HD),
      "capsfilter caps=\"" RATE_AND_SIZE ("image/jpeg", HD) "\" ! jpegdec" },
  { RATE_AND_SIZE ("video/x-raw", SD),
      "capsfilter caps=\"" RATE_AND_SIZE ("video/x-raw", SD) "\"" },
  { RATE_AND_SIZE ("image/jpeg", SD),
      "capsfilter caps=\"" RATE_AND_SIZE ("image/jpeg", SD) "\" ! jpegdec" },
  { "video/x-raw", "capsfilter caps=video/x-raw" },
  { "image/jpeg", "capsfilter caps=image/jpeg ! jpegdec" },
};

#define TEST_VIDEO                                                      \
  "videotestsrc is-live=true pattern=ball background-color=0xff20507a " \
  "! video/x-raw,format=I420,width=640,height=360,framerate=30/1 ! queue"
#define TEST_AUDIO                                   \
  "audiotestsrc is-live=true freq=440 volume=0.2 ! " \
  "audio/x-raw,format=S16LE,rate=48000,channels=1 ! queue"

static PealSource *
new_source (GstElement *element, const gchar *label)
{
  PealSource *self = g_new0 (PealSource, 1);

  self->element = element ? gst_object_ref_sink (element) : NULL;
  self->label = g_strdup (label);
  return self;
}

/* Nothing instead of what was asked for, and why. */
static PealSource *
new_nothing (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

static PealSource *
new_nothing (const gchar *format, ...)
{
  PealSource *self = new_source (NULL, "nothing");
  va_list arguments;

  va_start (arguments, format);
  self->apology = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return self;
}

/**
 * peal_source_free:
 * @self: (transfer full): a source; its element is shut down unless a
 *   pipeline has it
 */
void
peal_source_free (PealSource *self)
{
  if (self->element && !GST_OBJECT_PARENT (self->element))
    gst_element_set_state (self->element, GST_STATE_NULL);
  g_clear_object (&self->element);
  g_free (self->label);
  g_free (self->apology);
  g_free (self);
}

/**
 * peal_camera_pick_format:
 * @caps: what a camera gives
 *
 * Returns: (transfer none) (nullable): what to put behind it, as in
 *   gst-launch; NULL if none of it is of use
 */
const gchar *
peal_camera_pick_format (const GstCaps *caps)
{
  for (guint i = 0; i < G_N_ELEMENTS (camera_formats); i++) {
    g_autoptr (GstCaps) wanted = gst_caps_from_string (camera_formats[i].caps);

    if (gst_caps_can_intersect (caps, wanted))
      return camera_formats[i].format;
  }
  return NULL;
}

/**
 * peal_source_describe_failure:
 * @label: what has failed, for people
 * @reason: what one of its elements said
 *
 * Returns: (transfer full): a sentence without its full stop; of a device that
 *   another program holds it says what to do
 */
gchar *
peal_source_describe_failure (const gchar *label, const GError *reason)
{
  if (g_error_matches (reason, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY))
    return g_strdup_printf ("%s is in use by another program: close that one "
                            "and call again, or name another device ('peal "
                            "devices' lists them)",
        label);
  return g_strdup_printf ("%s: %s", label, reason->message);
}

static GError *
new_failure (const gchar *label, GstMessage *message)
{
  g_autoptr (GError) reason = NULL;
  g_autofree gchar *text = NULL;

  if (!message)
    return g_error_new (
        PEAL_ERROR, PEAL_ERROR_UNSUPPORTED, "%s: it cannot be opened", label);
  gst_message_parse_error (message, &reason, NULL);
  text = peal_source_describe_failure (label, reason);
  return g_error_new_literal (PEAL_ERROR,
      g_error_matches (reason, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY)
          ? PEAL_ERROR_RETRY
          : PEAL_ERROR_UNSUPPORTED,
      text);
}

static gboolean
open_source (GstElement *element, const gchar *label, GError **error)
{
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  GstStateChangeReturn result = 0;

  gst_element_set_bus (element, bus);
  result = gst_element_set_state (element, GST_STATE_READY);
  gst_element_set_bus (element, NULL);
  if (result != GST_STATE_CHANGE_FAILURE)
    return TRUE;
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_propagate_error (error, new_failure (label, message));
  gst_element_set_state (element, GST_STATE_NULL);
  return FALSE;
}

/* A bin of a gst-launch line whose one open pad becomes @pad_name. @first,
 * if any, is put in front. Takes @first. */
static GstElement *
make_bin (
    GstElement *first, const gchar *line, const gchar *pad_name, GError **error)
{
  GstElement *bin = gst_parse_bin_from_description_full (
      line, FALSE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  g_autoptr (GstPad) open_sink = NULL;
  g_autoptr (GstPad) open_src = NULL;
  g_autoptr (GstPad) first_src = NULL;

  if (!bin) {
    if (first)
      gst_object_unref (gst_object_ref_sink (first));
    return NULL;
  }
  open_src = gst_bin_find_unlinked_pad (GST_BIN (bin), GST_PAD_SRC);
  gst_element_add_pad (bin, gst_ghost_pad_new (pad_name, open_src));
  if (!first)
    return bin;
  open_sink = gst_bin_find_unlinked_pad (GST_BIN (bin), GST_PAD_SINK);
  gst_bin_add (GST_BIN (bin), first);
  first_src = gst_element_get_static_pad (first, "src");
  gst_pad_link (first_src, open_sink);
  return bin;
}

static PealSource *
finish_source (GstElement *element, const gchar *label, GError **error)
{
  g_autoptr (PealSource) self = NULL;

  if (!element)
    return NULL;
  self = new_source (element, label);
  if (!open_source (self->element, label, error))
    return NULL;
  return g_steal_pointer (&self);
}

static PealSource *
open_line (const gchar *line, const gchar *pad_name, const gchar *label,
    GError **error)
{
  return finish_source (make_bin (NULL, line, pad_name, error), label, error);
}

static PealSource *
open_camera (const PealDevice *device, GError **error)
{
  g_autoptr (GstCaps) caps = gst_device_get_caps (device->gst_device);
  const gchar *format = caps ? peal_camera_pick_format (caps) : NULL;
  g_autofree gchar *label = g_strdup_printf ("camera '%s'", device->name);
  g_autofree gchar *line = NULL;
  GstElement *first = NULL;

  if (!format) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "%s gives neither raw pictures nor JPEG", label);
    return NULL;
  }
  first = gst_device_create_element (device->gst_device, NULL);
  line = g_strdup_printf (
      "%s ! queue leaky=downstream max-size-buffers=2 ! videoconvert", format);
  return finish_source (make_bin (first, line, "video", error), label, error);
}

static PealSource *
open_microphone_device (const PealDevice *device, GError **error)
{
  g_autofree gchar *label = g_strdup_printf ("microphone '%s'", device->name);
  GstElement *first = gst_device_create_element (device->gst_device, NULL);

  return finish_source (
      make_bin (first, "queue ! audioconvert ! audioresample", "audio", error),
      label, error);
}

static PealSource *
open_any_camera (void)
{
  g_autoptr (GPtrArray) devices =
      peal_device_list_new_for_kind (PEAL_DEVICE_CAMERA);
  g_autoptr (GError) error = NULL;
  PealSource *self = NULL;

  if (!devices->len)
    return new_nothing ("No camera here: the call goes on without pictures "
                        "from us (--video screen or test sends others).");
  for (guint i = 0; !self && i < devices->len; i++) {
    g_clear_error (&error);
    self = open_camera (g_ptr_array_index (devices, i), &error);
  }
  if (!self)
    return new_nothing (
        "The call goes on without pictures from us: %s", error->message);
  self->is_optional = TRUE;
  return self;
}

static PealSource *
open_any_microphone (void)
{
  static const gchar *const factories[] = { "pulsesrc", "alsasrc", "osssrc",
    NULL };
  g_autoptr (GError) busy = NULL;

  for (guint i = 0; factories[i]; i++) {
    g_autofree gchar *line = g_strdup_printf (
        "%s ! queue ! audioconvert ! audioresample", factories[i]);
    g_autoptr (GError) error = NULL;
    PealSource *self = open_line (line, "audio", "microphone", &error);

    if (self) {
      self->is_optional = TRUE;
      return self;
    }
    if (!busy && g_error_matches (error, PEAL_ERROR, PEAL_ERROR_RETRY))
      busy = g_steal_pointer (&error);
  }
  if (busy)
    return new_nothing (
        "The call goes on without sound from us: %s", busy->message);
  return new_nothing ("No microphone here: the call goes on without sound "
                      "from us (--audio test sends a tone).");
}

static PealSource *
open_screen (GError **error)
{
  g_autofree gchar *line = peal_screen_dup_description (error);

  if (!line)
    return NULL;
  return open_line (line, "video", "screen", error);
}

/**
 * peal_source_is_file:
 * @what: (nullable): what was given to --video or --audio
 *
 * Returns: whether it names a file with media, rather than a device
 */
gboolean
peal_source_is_file (const gchar *what)
{
  return what && g_file_test (what, G_FILE_TEST_IS_REGULAR);
}

/**
 * peal_source_new_file:
 * @path: a file
 * @wants_video: take its pictures
 * @wants_audio: take its sound
 * @error: why it cannot be played
 *
 * Returns: (transfer full) (nullable): a source that plays it again and again
 */
PealSource *
peal_source_new_file (const gchar *path, gboolean wants_video,
    gboolean wants_audio, GError **error)
{
  g_autofree gchar *label = g_strdup_printf ("file %s", path);
  GstElement *element =
      peal_file_source_new (path, wants_video, wants_audio, error);

  return element ? new_source (element, label) : NULL;
}

static PealSource *
open_named (const gchar *what, PealDeviceKind kind, GError **error)
{
  g_autoptr (GPtrArray) devices = peal_device_list_new_for_kind (kind);
  const PealDevice *device = peal_device_list_find (devices, kind, what);
  g_autofree gchar *names = NULL;

  if (device && kind == PEAL_DEVICE_CAMERA)
    return open_camera (device, error);
  if (device)
    return open_microphone_device (device, error);
  names = peal_device_list_name_all (devices, kind);
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "'%s' is neither a file nor a %s; %ss here: %s", what,
      peal_device_kind_to_string (kind), peal_device_kind_to_string (kind),
      names);
  return NULL;
}

/**
 * peal_source_new_video:
 * @what: (nullable): what was given to --video, no file; NULL is `camera`
 * @error: why there is none
 *
 * Returns: (transfer full) (nullable): an opened source of pictures
 */
PealSource *
peal_source_new_video (const gchar *what, GError **error)
{
  if (!what || strcmp (what, "camera") == 0)
    return open_any_camera ();
  if (strcmp (what, "none") == 0)
    return new_source (NULL, "nothing");
  if (strcmp (what, "test") == 0)
    return open_line (TEST_VIDEO, "video", "test picture", error);
  if (strcmp (what, "screen") == 0)
    return open_screen (error);
  return open_named (what, PEAL_DEVICE_CAMERA, error);
}

/**
 * peal_source_new_audio:
 * @what: (nullable): what was given to --audio, no file; NULL is `microphone`
 * @error: why there is none
 *
 * Returns: (transfer full) (nullable): an opened source of sound
 */
PealSource *
peal_source_new_audio (const gchar *what, GError **error)
{
  if (!what || strcmp (what, "microphone") == 0)
    return open_any_microphone ();
  if (strcmp (what, "none") == 0)
    return new_source (NULL, "nothing");
  if (strcmp (what, "test") == 0)
    return open_line (TEST_AUDIO, "audio", "test tone", error);
  return open_named (what, PEAL_DEVICE_MICROPHONE, error);
}
