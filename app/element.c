/*
 * The element `pealbin` in this process: made, given what the command line
 * says, and driven by its properties, signals and messages alone, as any other
 * program would. Main thread.
 */
#include "app/element.h"

#include <string.h>

#include "wire/ice-option.h"
#include "base/error.h"

static void
set_text (GstElement *element, const gchar *property, const gchar *value)
{
  if (value)
    g_object_set (element, property, value, NULL);
}

static void
set_bitrate (GstElement *element, const gchar *property, gint value)
{
  if (value > 0)
    g_object_set (element, property, (guint)value, NULL);
}

static void
append_turn_server (GValue *array, const gchar *option)
{
  GValue item = G_VALUE_INIT;

  g_value_init (&item, G_TYPE_STRING);
  g_value_take_string (&item, peal_ice_option_to_gst_uri (option));
  gst_value_array_append_and_take_value (array, &item);
}

/* A room of our own hands them out to everybody, and so to us. */
static void
set_ice_servers (GstElement *element, const PealOptions *options)
{
  g_auto (GValue) array = G_VALUE_INIT;

  if (options->relay)
    g_object_set (element, "ice-transport-policy", "relay", NULL);
  if (options->serve)
    return;
  if (options->stun[0]) {
    g_autofree gchar *stun = peal_ice_option_to_gst_uri (options->stun[0]);

    g_object_set (element, "stun-server", stun, NULL);
  }
  g_value_init (&array, GST_TYPE_ARRAY);
  for (guint i = 0; options->turn[i]; i++)
    append_turn_server (&array, options->turn[i]);
  g_object_set_property (G_OBJECT (element), "turn-servers", &array);
}

static gboolean
set_token (GstElement *element, const PealOptions *options, GError **error)
{
  g_autofree gchar *text = NULL;

  set_text (element, "token", options->token);
  if (!options->token_file)
    return TRUE;
  if (!g_file_get_contents (options->token_file, &text, NULL, error))
    return FALSE;
  text[strcspn (text, "\r\n")] = '\0';
  g_object_set (element, "token", text, NULL);
  return TRUE;
}

/**
 * peal_element_new:
 * @options: the command line of a call
 * @uri: whom to call
 * @error: why it cannot be
 *
 * Returns: (transfer floating) (nullable): a pealbin that is set up
 */
GstElement *
peal_element_new (const PealOptions *options, const gchar *uri, GError **error)
{
  GstElement *element = gst_element_factory_make ("pealbin", NULL);

  g_object_set (element, "uri", uri, "no-retry", options->no_retry, "peer-name",
      options->name ? options->name : g_get_host_name (), NULL);
  set_text (element, "room", options->room);
  set_text (element, "tls-ca-file", options->tls_ca_file);
  set_text (element, "video-codecs", options->video_codecs);
  set_text (element, "audio-codecs", options->audio_codecs);
  set_bitrate (element, "min-bitrate", options->min_bitrate);
  set_bitrate (element, "start-bitrate", options->start_bitrate);
  set_bitrate (element, "max-bitrate", options->max_bitrate);
  set_ice_servers (element, options);
  if (!set_token (element, options, error)) {
    gst_object_unref (gst_object_ref_sink (element));
    return NULL;
  }
  return element;
}

/**
 * peal_element_status_for_error:
 * @error: an error message from the bus
 *
 * Returns: what the process ends with for it
 */
gint
peal_element_status_for_error (GstMessage *error)
{
  g_autoptr (GError) reason = NULL;
  const GstStructure *details = NULL;
  gboolean can_retry = FALSE;

  gst_message_parse_error (error, &reason, NULL);
  gst_message_parse_error_details (error, &details);
  if (details)
    gst_structure_get_boolean (details, "retry", &can_retry);
  if (can_retry)
    return PEAL_EXIT_UNREACHABLE;
  if (g_error_matches (reason, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS))
    return PEAL_EXIT_USAGE;
  return PEAL_EXIT_FAILURE;
}

/**
 * peal_element_describe_error:
 * @error: an error message from the bus
 *
 * Returns: (transfer full): one sentence; it names the element unless that is
 *   the call itself
 */
gchar *
peal_element_describe_error (GstMessage *error)
{
  GstObject *object = GST_MESSAGE_SRC (error);
  GstElementFactory *factory = GST_IS_ELEMENT (object)
      ? gst_element_get_factory (GST_ELEMENT (object))
      : NULL;
  g_autoptr (GError) reason = NULL;

  gst_message_parse_error (error, &reason, NULL);
  if (!factory || strcmp (GST_OBJECT_NAME (factory), "pealbin") == 0)
    return g_strdup (reason->message);
  return g_strdup_printf ("%s: %s", GST_OBJECT_NAME (factory), reason->message);
}
