/*
 * Where the others' pictures and sound go: to the screen and the speaker that
 * GStreamer finds best, or nowhere if there is none. A sink is opened here
 * already, because only so is it known whether it works. Main thread.
 */
#include "app/output.h"

#include <string.h>

/* autovideosink and autoaudiosink put a fake sink in when none works. */
static gboolean
has_real_child (GstElement *sink)
{
  gboolean is_real = FALSE;

  GST_OBJECT_LOCK (sink);
  for (GList *item = GST_BIN_CHILDREN (sink); item; item = item->next) {
    GstElementFactory *factory = gst_element_get_factory (item->data);

    is_real = factory && !g_str_has_prefix (GST_OBJECT_NAME (factory), "fake");
  }
  GST_OBJECT_UNLOCK (sink);
  return is_real;
}

/* A found sink is left open. Its bus takes the sink's own warnings. */
static GstElement *
find_sink (const gchar *factory)
{
  GstElement *sink = gst_element_factory_make (factory, NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  GstStateChangeReturn result = 0;

  if (!sink)
    return NULL;
  gst_object_ref_sink (sink);
  gst_element_set_bus (sink, bus);
  result = gst_element_set_state (sink, GST_STATE_READY);
  gst_element_set_bus (sink, NULL);
  if (result != GST_STATE_CHANGE_FAILURE && has_real_child (sink))
    return sink;
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
  return NULL;
}

static void
make (PealOutput *self, const gchar *factory, const gchar *line,
    gboolean is_wanted)
{
  g_autoptr (GstElement) sink = is_wanted ? find_sink (factory) : NULL;
  GstElement *head = NULL;
  g_autoptr (GstPad) pad = NULL;

  self->is_real = sink != NULL;
  if (!sink)
    sink = gst_object_ref_sink (gst_element_factory_make ("fakesink", NULL));
  self->element = gst_bin_new (NULL);
  head = gst_parse_bin_from_description (line, TRUE, NULL);
  gst_bin_add_many (GST_BIN (self->element), head, sink, NULL);
  gst_element_link (head, sink);
  pad = gst_element_get_static_pad (head, "sink");
  gst_element_add_pad (self->element, gst_ghost_pad_new ("sink", pad));
}

/**
 * peal_output_make_video:
 * @self: (out caller-allocates): the output; its element is floating
 * @is_wanted: whether to look for a screen at all
 */
void
peal_output_make_video (PealOutput *self, gboolean is_wanted)
{
  make (self, "autovideosink",
      "queue leaky=downstream max-size-buffers=3 ! videoconvert", is_wanted);
}

/**
 * peal_output_make_audio:
 * @self: (out caller-allocates): the output; its element is floating
 * @is_wanted: whether to look for a speaker at all
 */
void
peal_output_make_audio (PealOutput *self, gboolean is_wanted)
{
  make (
      self, "autoaudiosink", "queue ! audioconvert ! audioresample", is_wanted);
}
