/*
 * `peal devices`: what can be captured, encoded and played here, as a page or
 * as one JSON object. Trying encoders may take a second. Main thread.
 */
#include "app/devices.h"

#include <string.h>

#include "app/device-list.h"
#include "media/codec.h"
#include "media/encoder.h"

typedef struct {
  PealDeviceKind kind;
  const gchar *title;
  const gchar *hint;
} Section;

static const Section sections[] = {
  { PEAL_DEVICE_CAMERA, "Cameras", "--video" },
  { PEAL_DEVICE_SCREEN, "Screens", "--video" },
  { PEAL_DEVICE_MICROPHONE, "Microphones", "--audio" },
  { PEAL_DEVICE_MONITOR, "What speakers play", "--audio" },
  { PEAL_DEVICE_SPEAKER, "Speakers", NULL },
};

static void
say_device (PealConsole *console, const PealDevice *device)
{
  const gchar *more = device->path ? device->path : device->detail;

  if (more)
    peal_console_say (console, "  %-32s  %s", device->name, more);
  else
    peal_console_say (console, "  %s", device->name);
}

static void
say_section (PealConsole *console, GPtrArray *devices, const Section *section)
{
  g_autofree gchar *title =
      peal_console_paint (console, PEAL_TONE_STRONG, section->title);
  guint count = 0;

  if (section->hint)
    peal_console_say (console, "%s (for %s)", title, section->hint);
  else
    peal_console_say (console, "%s", title);
  for (guint i = 0; i < devices->len; i++) {
    const PealDevice *device = g_ptr_array_index (devices, i);

    if (device->kind != section->kind)
      continue;
    say_device (console, device);
    count++;
  }
  if (!count)
    peal_console_say (console, "  none found");
}

static GStrv
dup_encoder_names (const PealCodec *codec)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const PealEncoder *encoder = peal_encoder_first (codec);

  for (; encoder; encoder = peal_encoder_next (codec, encoder)) {
    g_autofree gchar *name =
        g_strndup (encoder->description, strcspn (encoder->description, " "));

    g_strv_builder_add (builder, name);
  }
  return g_strv_builder_end (builder);
}

static void
say_codecs (PealConsole *console, PealMediaKind kind)
{
  g_autoptr (GPtrArray) codecs = peal_codec_list (kind, NULL);

  for (guint i = 0; i < codecs->len; i++) {
    const PealCodec *codec = g_ptr_array_index (codecs, i);
    g_auto (GStrv) names = dup_encoder_names (codec);
    g_autofree gchar *encoders = g_strjoinv (", ", names);

    peal_console_say (console, "  %-6s encoded by %-28s decoded: %s",
        codec->name, encoders[0] ? encoders : "nothing here",
        peal_codec_can_decode (codec) ? "yes" : "no");
  }
}

static void
say_page (PealConsole *console, GPtrArray *devices)
{
  g_autofree gchar *title =
      peal_console_paint (console, PEAL_TONE_STRONG, "Codecs");

  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    say_section (console, devices, &sections[i]);
  peal_console_say (
      console, "%s (for --video-codecs and --audio-codecs)", title);
  say_codecs (console, PEAL_MEDIA_VIDEO);
  say_codecs (console, PEAL_MEDIA_AUDIO);
}

static void
add_devices (JsonObject *event, GPtrArray *devices)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < devices->len; i++) {
    const PealDevice *device = g_ptr_array_index (devices, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (
        object, "kind", peal_device_kind_to_string (device->kind));
    json_object_set_string_member (object, "name", device->name);
    if (device->path)
      json_object_set_string_member (object, "path", device->path);
    if (device->detail)
      json_object_set_string_member (object, "detail", device->detail);
    json_array_add_object_element (list, object);
  }
  json_object_set_array_member (event, "devices", list);
}

static void
add_codecs (JsonArray *list, PealMediaKind kind)
{
  g_autoptr (GPtrArray) codecs = peal_codec_list (kind, NULL);

  for (guint i = 0; i < codecs->len; i++) {
    const PealCodec *codec = g_ptr_array_index (codecs, i);
    g_auto (GStrv) names = dup_encoder_names (codec);
    JsonObject *object = json_object_new ();
    JsonArray *encoders = json_array_new ();

    for (guint j = 0; names[j]; j++)
      json_array_add_string_element (encoders, names[j]);
    json_object_set_string_member (object, "name", codec->name);
    json_object_set_string_member (
        object, "kind", peal_media_kind_to_string (kind));
    json_object_set_array_member (object, "encoders", encoders);
    json_object_set_boolean_member (
        object, "decodes", peal_codec_can_decode (codec));
    json_array_add_object_element (list, object);
  }
}

static void
print_event (PealConsole *console, GPtrArray *devices)
{
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();
  JsonArray *codecs = json_array_new ();

  json_object_set_string_member (event, "event", "devices");
  add_devices (event, devices);
  add_codecs (codecs, PEAL_MEDIA_VIDEO);
  add_codecs (codecs, PEAL_MEDIA_AUDIO);
  json_object_set_array_member (event, "codecs", codecs);
  json_node_init_object (node, event);
  peal_console_event (console, node);
}

/**
 * peal_devices:
 * @options: the command line
 * @console: where to say things
 *
 * Runs the command to its end.
 *
 * Returns: the exit status
 */
gint
peal_devices (const PealOptions *options, PealConsole *console)
{
  g_autoptr (GPtrArray) devices = peal_device_list_new ();

  if (options->json)
    print_event (console, devices);
  else
    say_page (console, devices);
  return PEAL_EXIT_OK;
}
