/*
 * Looks for missing plugins before a call begins, so that the user hears of
 * the package and not of a webrtcbin that will not start. No state.
 */
#include "element/requirements.h"

#include <gst/pbutils/missing-plugins.h>

#include "session/data-channel.h"

static const struct {
  const gchar *factory;
  const gchar *package;
} requirements[] = {
  { "webrtcbin", "gstreamer1.0-plugins-bad" },
  { "dtlssrtpdec", "gstreamer1.0-plugins-bad" },
  { "srtpdec", "gstreamer1.0-plugins-bad" },
  { "nicesrc", "gstreamer1.0-nice" },
  { "rtpbin", "gstreamer1.0-plugins-good" },
  { "compositor", "gstreamer1.0-plugins-base" },
  { "audiomixer", "gstreamer1.0-plugins-base" },
  { "videoconvert", "gstreamer1.0-plugins-base" },
  { "audioconvert", "gstreamer1.0-plugins-base" },
  { "audioresample", "gstreamer1.0-plugins-base" },
};

/* A call without data channels is still a call. */
static void
check_channel (GstElement *element)
{
  if (!peal_data_channel_is_supported ())
    GST_ELEMENT_WARNING (element, CORE, MISSING_PLUGIN,
        ("There are no data channels: messages go through the room. On Debian: "
         "apt install gstreamer1.0-plugins-bad"),
        ("sctpenc or sctpdec is missing"));
}

/**
 * peal_requirements_check:
 *
 * Posts one error for all that is missing, and a warning for what a call can
 * do without.
 *
 * Returns: whether nothing is
 */
gboolean
peal_requirements_check (GstElement *element)
{
  g_autoptr (GString) elements = g_string_new (NULL);
  g_autoptr (GHashTable) packages = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree const gchar **names = NULL;
  g_autofree gchar *list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (requirements); i++) {
    g_autoptr (GstElementFactory) factory =
        gst_element_factory_find (requirements[i].factory);

    if (factory)
      continue;
    g_string_append_printf (elements, "%s%s", elements->len > 0 ? ", " : "",
        requirements[i].factory);
    g_hash_table_add (packages, (gpointer)requirements[i].package);
    gst_element_post_message (element,
        gst_missing_element_message_new (element, requirements[i].factory));
  }
  if (elements->len == 0) {
    check_channel (element);
    return TRUE;
  }

  names = (const gchar **)g_hash_table_get_keys_as_array (packages, NULL);
  list = g_strjoinv (" ", (gchar **)names);
  GST_ELEMENT_ERROR (element, CORE, MISSING_PLUGIN,
      ("GStreamer elements are missing: %s. On Debian: apt install %s",
          elements->str, list),
      (NULL));

  return FALSE;
}
