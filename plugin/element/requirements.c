/*
 * Looks for missing plugins before a call begins, so that the user hears of
 * the package and not of a webrtcbin that will not start. No state.
 */
#include "element/requirements.h"

#include <gst/pbutils/missing-plugins.h>

#include "session/data-channel.h"

#define PACKAGE_CORE "libgstreamer1.0-0"
#define PACKAGE_BASE "gstreamer1.0-plugins-base"
#define PACKAGE_GOOD "gstreamer1.0-plugins-good"
#define PACKAGE_BAD "gstreamer1.0-plugins-bad"
#define PACKAGE_NICE "gstreamer1.0-nice"

/* What a call makes whatever its codecs, itself or through webrtcbin; codecs
 * look after themselves. The test lint-requirements knows what else there is.
 */
static const struct {
  const gchar *factory;
  const gchar *package;
} requirements[] = {
  { "capsfilter", PACKAGE_CORE },
  { "clocksync", PACKAGE_CORE },
  { "funnel", PACKAGE_CORE },
  { "queue", PACKAGE_CORE },
  { "appsink", PACKAGE_BASE },
  { "appsrc", PACKAGE_BASE },
  { "audioconvert", PACKAGE_BASE },
  { "audiomixer", PACKAGE_BASE },
  { "audioresample", PACKAGE_BASE },
  { "compositor", PACKAGE_BASE },
  { "videoconvert", PACKAGE_BASE },
  { "videoconvertscale", PACKAGE_BASE },
  { "rtpbin", PACKAGE_GOOD },
  { "rtpfunnel", PACKAGE_GOOD },
  { "rtpjitterbuffer", PACKAGE_GOOD },
  { "rtpptdemux", PACKAGE_GOOD },
  { "rtpreddec", PACKAGE_GOOD },
  { "rtpredenc", PACKAGE_GOOD },
  { "rtprtxreceive", PACKAGE_GOOD },
  { "rtprtxsend", PACKAGE_GOOD },
  { "rtpsession", PACKAGE_GOOD },
  { "rtpssrcdemux", PACKAGE_GOOD },
  { "rtpstorage", PACKAGE_GOOD },
  { "rtpulpfecdec", PACKAGE_GOOD },
  { "rtpulpfecenc", PACKAGE_GOOD },
  { "dtlsdec", PACKAGE_BAD },
  { "dtlsenc", PACKAGE_BAD },
  { "dtlssrtpdec", PACKAGE_BAD },
  { "dtlssrtpdemux", PACKAGE_BAD },
  { "dtlssrtpenc", PACKAGE_BAD },
  { "srtpdec", PACKAGE_BAD },
  { "srtpenc", PACKAGE_BAD },
  { "webrtcbin", PACKAGE_BAD },
  { "nicesink", PACKAGE_NICE },
  { "nicesrc", PACKAGE_NICE },
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
