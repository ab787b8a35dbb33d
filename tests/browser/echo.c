/*
 * A pealbin that says every text back to whoever said it, for tests in a
 * browser: without picture and sound, in the room of argv[1], until it is
 * ended. Prints what it heard, `LABEL LENGTH BEGINNING` a line; the label is
 * `room` for what came through the room.
 */
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGINNING 40

static void
say (GstElement *call, const gchar *id, const gchar *text)
{
  gboolean is_sent = FALSE;

  g_signal_emit_by_name (call, "send-message", id, text, &is_sent);
  if (!is_sent)
    g_print ("not said\n");
}

static void
hear (GstElement *call, const GstStructure *message)
{
  const gchar *id = gst_structure_get_string (message, "id");
  const gchar *body = gst_structure_get_string (message, "body");
  const gchar *text = gst_structure_get_string (message, "text");
  const gchar *label = gst_structure_get_string (message, "label");
  const gchar *heard = text ? text : body;

  g_print ("%s %" G_GSIZE_FORMAT " %.*s\n", label ? label : "room",
      strlen (heard), BEGINNING, heard);
  if (text)
    say (call, id, text);
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer data)
{
  const GstStructure *structure = gst_message_get_structure (message);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    exit (EXIT_FAILURE);
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT)
    return G_SOURCE_CONTINUE;

  if (gst_structure_has_name (structure, "message"))
    hear (data, structure);
  else if (gst_structure_has_name (structure, "peer-state"))
    g_print ("peer is %s\n", gst_structure_get_string (structure, "state"));

  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstElement *call;

  setvbuf (stdout, NULL, _IOLBF, 0);
  gst_init (&argc, &argv);
  pipeline = gst_pipeline_new ("echo");
  call = gst_element_factory_make ("pealbin", NULL);
  if (!call || argc < 2)
    return EXIT_FAILURE;

  g_object_set (call, "uri", argv[1], "peer-name", "Echo", NULL);
  gst_bin_add (GST_BIN (pipeline), call);
  bus = gst_element_get_bus (pipeline);
  gst_bus_add_watch (bus, on_bus_message, call);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);

  return EXIT_SUCCESS;
}
