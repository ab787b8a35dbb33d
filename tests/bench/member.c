/*
 * A member for ./dev bench setup: sends a moving 720p30 picture and says when
 * what happened, in microseconds of the clock that all processes share.
 *
 *   bench-member URI PICTURES
 *
 * PICTURES is what mapped-camera.c shows.
 *
 * Lines of JSON: `{"event":E,"us":T}`, where E is joined, connected (once a
 * peer) and picture (the first decoded one). A line on standard input has it
 * leave, the next one join again, warm; it ends with its standard input.
 *
 * Threads: events are told by the thread that brings them; the rest is the main
 * thread's.
 */
#include <gst/gst.h>
#include <stdio.h>
#include <unistd.h>

#include "mapped-camera.h"

#define PIPELINE                                                 \
  "appsrc name=camera ! identity sync=true ! pealbin name=call " \
  "uri=%s call.remote_video_0 ! video/x-raw ! "                  \
  "fakesink name=seen async=false sync=false"

static void
tell (const gchar *event)
{
  gint64 now_us = g_get_monotonic_time ();

  g_print ("{\"event\":\"%s\",\"us\":%" G_GINT64_FORMAT "}\n", event, now_us);
}

static GstPadProbeReturn
on_picture (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  tell ("picture");
  return GST_PAD_PROBE_REMOVE;
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  const GstStructure *said = gst_message_get_structure (message);
  const gchar *state = said ? gst_structure_get_string (said, "state") : NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT || !state)
    return GST_BUS_DROP;
  if (g_str_equal (state, "joined") || g_str_equal (state, "connected"))
    tell (state);
  return GST_BUS_DROP;
}

static GstElement *
join (const gchar *uri, GMappedFile *pictures)
{
  g_autofree gchar *text = g_strdup_printf (PIPELINE, uri);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstBus) bus = NULL;

  if (error)
    g_error ("%s", error->message);
  mapped_camera_set_up (pipeline, pictures);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "seen");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, NULL, NULL);
  bus = gst_element_get_bus (pipeline);
  gst_bus_set_sync_handler (bus, on_message, NULL, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static void
leave (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) pictures = NULL;
  gchar line[16];
  GstElement *pipeline;

  gst_init (&argc, &argv);
  g_assert (argc == 3);
  pictures = g_mapped_file_new (argv[2], FALSE, &error);
  g_assert_no_error (error);
  pipeline = join (argv[1], pictures);
  while (fgets (line, sizeof (line), stdin)) {
    if (pipeline)
      leave (g_steal_pointer (&pipeline));
    else
      pipeline = join (argv[1], pictures);
  }
  if (pipeline)
    leave (pipeline);
  return 0;
}
