/*
 * The plugin's entry: registers the elements and nothing else.
 */
#include <gst/gst.h>

static gboolean
plugin_init (GstPlugin *plugin)
{
  return TRUE;
}

#define PACKAGE "peal"
GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, peal,
    "Live two-way WebRTC calls in a pipeline", plugin_init, PEAL_VERSION,
    "LGPL", "Peal", "https://peal.invalid/")
