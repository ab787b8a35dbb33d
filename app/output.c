/*
 * Where the others' pictures and sound go: to the best screen and speaker that
 * open, or nowhere if none does. A sink is opened here
 * already, because only so is it known whether it works. Main thread.
 */
#include "app/output.h"

/* Named here, best first, instead of left to autovideosink: that tries every
 * sink there is, and some of them crash where they cannot work (DirectFB) or
 * complain on standard error (Wayland). */
typedef struct {
  const gchar *factory;
  const gchar *variable; /* set in the environment where it can work */
  const gchar *file;     /* exists where it can work */
} Candidate;

static const Candidate displays[] = {
  { "waylandsink", "WAYLAND_DISPLAY", NULL },
  { "xvimagesink", "DISPLAY", NULL },
  { "ximagesink", "DISPLAY", NULL },
  { "kmssink", NULL, "/dev/dri/card0" },
  { NULL },
};

static const Candidate speakers[] = {
  { "pulsesink", NULL, NULL },
  { "alsasink", NULL, "/dev/snd" },
  { NULL },
};

static gboolean
can_work (const Candidate *candidate)
{
  const gchar *value =
      candidate->variable ? g_getenv (candidate->variable) : "yes";

  return value && value[0] &&
      (!candidate->file || g_file_test (candidate->file, G_FILE_TEST_EXISTS));
}

/* A sink that opens is left open. Its bus takes the sink's own complaints. */
static GstElement *
open_sink (const gchar *factory)
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
  if (result != GST_STATE_CHANGE_FAILURE)
    return sink;
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
  return NULL;
}

static GstElement *
find_sink (const Candidate *candidates)
{
  GstElement *sink = NULL;

  for (; !sink && candidates->factory; candidates++)
    if (can_work (candidates))
      sink = open_sink (candidates->factory);
  return sink;
}

static void
make (PealOutput *self, const Candidate *candidates, const gchar *line,
    gboolean is_wanted)
{
  g_autoptr (GstElement) sink = is_wanted ? find_sink (candidates) : NULL;
  GstElement *head = gst_parse_bin_from_description (line, TRUE, NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (head, "sink");

  self->is_real = sink != NULL;
  if (!sink)
    sink = gst_object_ref_sink (gst_element_factory_make ("fakesink", NULL));
  self->element = gst_bin_new (NULL);
  gst_bin_add_many (GST_BIN (self->element), head, sink, NULL);
  gst_element_link (head, sink);
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
  make (self, displays,
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
  make (self, speakers, "queue ! audioconvert ! audioresample", is_wanted);
}
