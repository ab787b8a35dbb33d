/*
 * Making elements from short descriptions: `FACTORY property=value ...`, as in
 * gst-launch, without quoting (values hold no spaces).
 *
 * Used by the codec and encoder tables, by branches, encodings and receive
 * chains. A property that the element does not have is skipped, because the
 * tables cover several versions of GStreamer. No state; any thread.
 */
#include "media/factory.h"

#include <string.h>

#include "base/error.h"

#define PACKAGE_LIBAV "gstreamer1.0-libav"
#define PACKAGE_BASE "gstreamer1.0-plugins-base"
#define PACKAGE_GOOD "gstreamer1.0-plugins-good"
#define PACKAGE_BAD "gstreamer1.0-plugins-bad"
#define PACKAGE_UGLY "gstreamer1.0-plugins-ugly"

/* First match counts; a trailing star stands for any rest. Debian 12. */
static const struct {
  const gchar *pattern;
  const gchar *package;
} packages[] = {
  { "avdec_*", PACKAGE_LIBAV },
  { "avenc_*", PACKAGE_LIBAV },
  { "x264enc", PACKAGE_UGLY },
  { "nicesrc", "gstreamer1.0-nice" },
  { "nicesink", "gstreamer1.0-nice" },
  { "vaapi*", "gstreamer1.0-vaapi" },
  { "omx*", "gstreamer1.0-omx-rpi" },
  { "alsasrc", "gstreamer1.0-alsa" },
  { "alsasink", "gstreamer1.0-alsa" },
  { "pipewire*", "gstreamer1.0-pipewire" },
  { "libcamera*", "gstreamer1.0-libcamera" },
  { "glimagesink", "gstreamer1.0-gl" },
  { "ximagesink", "gstreamer1.0-x" },
  { "xvimagesink", "gstreamer1.0-x" },
  { "gtksink", "gstreamer1.0-gtk3" },
  { "opusenc", PACKAGE_BASE },
  { "opusdec", PACKAGE_BASE },
  { "audio*", PACKAGE_BASE },
  { "video*", PACKAGE_BASE },
  { "decodebin*", PACKAGE_BASE },
  { "uridecodebin*", PACKAGE_BASE },
  { "playbin*", PACKAGE_BASE },
  { "vp8*", PACKAGE_GOOD },
  { "vp9enc", PACKAGE_GOOD },
  { "vp9dec", PACKAGE_GOOD },
  { "v4l2*", PACKAGE_GOOD },
  { "pulse*", "gstreamer1.0-pulseaudio" },
  { "ximagesrc", PACKAGE_GOOD },
  { "mulaw*", PACKAGE_GOOD },
  { "alaw*", PACKAGE_GOOD },
  { "auto*", PACKAGE_GOOD },
  { "rtpav1*", "gstreamer1.0-plugins-rs" },
  { "rtp*", PACKAGE_GOOD },
  { "compositor", PACKAGE_BASE },
  { "appsink", PACKAGE_BASE },
  { "appsrc", PACKAGE_BASE },
  { "queue", "libgstreamer1.0-0" },
  { "fakesink", "libgstreamer1.0-0" },
  { "identity", "libgstreamer1.0-0" },
  { "clocksync", "libgstreamer1.0-0" },
};

static gchar *
dup_factory_name (const gchar *description)
{
  return g_strndup (description, strcspn (description, " "));
}

/**
 * peal_factory_exists:
 * @description: a factory, with or without properties
 *
 * Returns: whether the registry has it. That it works is another question.
 */
gboolean
peal_factory_exists (const gchar *description)
{
  g_autofree gchar *name = dup_factory_name (description);
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);

  return factory != NULL;
}

/**
 * peal_factory_get_package:
 * @description: a factory, with or without properties
 *
 * Returns: (transfer none): the Debian package that has it. Most of what Peal
 *   uses and this table does not know is in gstreamer1.0-plugins-bad.
 */
const gchar *
peal_factory_get_package (const gchar *description)
{
  g_autofree gchar *name = dup_factory_name (description);

  for (guint i = 0; i < G_N_ELEMENTS (packages); i++)
    if (g_pattern_match_simple (packages[i].pattern, name))
      return packages[i].package;
  return PACKAGE_BAD;
}

/**
 * peal_factory_set_missing_error:
 * @description: a factory, with or without properties
 * @error: (nullable): set to %PEAL_ERROR_UNSUPPORTED, with the element and its
 *   package in the text
 */
void
peal_factory_set_missing_error (const gchar *description, GError **error)
{
  g_autofree gchar *name = dup_factory_name (description);

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
      "The GStreamer element %s is missing (Debian package %s)", name,
      peal_factory_get_package (name));
}

/**
 * peal_factory_apply:
 * @element: an element
 * @description: `FACTORY property=value ...`; the factory is not looked at
 *
 * Sets the properties that @element has and skips the others.
 */
void
peal_factory_apply (GstElement *element, const gchar *description)
{
  g_auto (GStrv) words = g_strsplit (description, " ", -1);

  for (guint i = 0; words[0] != NULL && words[i] != NULL; i++) {
    gchar *equals = strchr (words[i], '=');

    if (i == 0 || equals == NULL)
      continue;
    *equals = '\0';
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), words[i]) !=
        NULL)
      gst_util_set_object_arg (G_OBJECT (element), words[i], equals + 1);
  }
}

/**
 * peal_factory_make:
 * @description: `FACTORY property=value ...`
 * @name: (nullable): the element's name
 * @error: %PEAL_ERROR_UNSUPPORTED if there is no such element
 *
 * Returns: (transfer floating) (nullable): the element
 */
GstElement *
peal_factory_make (const gchar *description, const gchar *name, GError **error)
{
  g_autofree gchar *factory = dup_factory_name (description);
  GstElement *element = gst_element_factory_make (factory, name);

  if (element == NULL) {
    peal_factory_set_missing_error (factory, error);
    return NULL;
  }
  peal_factory_apply (element, description);
  return element;
}

/**
 * peal_factory_chain:
 * @bin: where the elements go
 * @elements: (array length=n_elements) (transfer floating): in order of flow;
 *   %NULL entries are left out
 * @n_elements: how many
 *
 * Adds the elements to @bin, which owns them from then on, and links each to
 * the next.
 *
 * Returns: whether they could be linked
 */
gboolean
peal_factory_chain (GstBin *bin, GstElement *const *elements, guint n_elements)
{
  GstElement *last = NULL;

  for (guint i = 0; i < n_elements; i++)
    if (elements[i] != NULL)
      gst_bin_add (bin, elements[i]);
  for (guint i = 0; i < n_elements; i++) {
    if (elements[i] == NULL)
      continue;
    if (last != NULL && !gst_element_link (last, elements[i]))
      return FALSE;
    last = elements[i];
  }
  return TRUE;
}
