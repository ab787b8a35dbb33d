/*
 * The plugin's entry: registers the elements and nothing else.
 */
#include <gst/gst.h>

#include "element/peal-bin.h"

static gboolean
plugin_init (GstPlugin *plugin)
{
  return GST_ELEMENT_REGISTER (pealbin, plugin);
}

#define PACKAGE "peal"
GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, peal,
    "Live two-way WebRTC calls in a pipeline", plugin_init, PEAL_VERSION,
    "LGPL", "Peal", "https://peal.invalid/")
