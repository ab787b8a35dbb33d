/*
 * Each member's picture by itself: a pad remote_video_N comes with every
 * remote track and goes with it. This program counts the frames of each and
 * says, when it ends, how many it has seen of whom.
 *
 *   05-one-remote ws://localhost:8080/lobby [SECONDS]
 *
 * Pads appear on a thread of the element's, so the handler only links; what
 * counts lives with the pad it counts.
 */
#include <gst/gst.h>
#include <stdlib.h>

typedef struct {
  GstElement *pipeline;
  GMainLoop *loop;
} App;

typedef struct {
  gchar *who;
  gint frames; /* atomic: the streaming thread counts */
} Viewer;

static void
free_viewer (gpointer data)
{
  Viewer *viewer = data;

  g_print ("%s: %d frames\n", viewer->who, g_atomic_int_get (&viewer->frames));
  g_free (viewer->who);
  g_free (viewer);
}

static void
on_handoff (GstElement *sink, GstBuffer *buffer, GstPad *pad, Viewer *viewer)
{
  g_atomic_int_inc (&viewer->frames);
}

/* A sink of its own for each track, named as the pad. */
static GstElement *
make_sink (const gchar *name, GstPad *pad)
{
  GstElement *sink = gst_element_factory_make ("fakesink", name);
  Viewer *viewer = g_new0 (Viewer, 1);

  g_object_get (pad, "peer-name", &viewer->who, NULL);
  g_object_set (sink, "signal-handoffs", TRUE, "async", FALSE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_handoff), viewer);
  g_object_set_data_full (G_OBJECT (sink), "viewer", viewer, free_viewer);

  return sink;
}

static void
on_pad_added (GstElement *call, GstPad *pad, App *app)
{
  g_autofree gchar *name = gst_pad_get_name (pad);
  g_autoptr (GstPad) sink_pad = NULL;
  GstElement *sink;

  if (!g_str_has_prefix (name, "remote_video_"))
    return;
  sink = make_sink (name, pad);
  gst_bin_add (GST_BIN (app->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  sink_pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_link (pad, sink_pad);
}

static void
on_pad_removed (GstElement *call, GstPad *pad, App *app)
{
  g_autofree gchar *name = gst_pad_get_name (pad);
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (app->pipeline), name);

  if (!sink)
    return;
  gst_bin_remove (GST_BIN (app->pipeline), sink);
  gst_element_set_state (sink, GST_STATE_NULL);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  App *app = data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    g_printerr ("%s\n", error->message);
    g_main_loop_quit (app->loop);
  }

  return G_SOURCE_CONTINUE;
}

static gboolean
on_time_over (gpointer data)
{
  g_main_loop_quit (((App *)data)->loop);

  return G_SOURCE_REMOVE;
}

static GstElement *
make_call (App *app, const gchar *uri)
{
  GstElement *call = gst_element_factory_make ("pealbin", "call");

  if (!call)
    return NULL;
  g_object_set (call, "uri", uri, "peer-name", "counter", NULL);
  g_signal_connect (call, "pad-added", G_CALLBACK (on_pad_added), app);
  g_signal_connect (call, "pad-removed", G_CALLBACK (on_pad_removed), app);
  gst_bin_add (GST_BIN (app->pipeline), call);

  return call;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GstBus) bus = NULL;
  App app = { .loop = loop };

  gst_init (&argc, &argv);
  if (argc < 2) {
    g_printerr ("usage: %s URI [SECONDS]\n", argv[0]);
    return 2;
  }
  app.pipeline = pipeline = gst_object_ref_sink (gst_pipeline_new ("remotes"));
  if (!make_call (&app, argv[1])) {
    g_printerr ("There is no pealbin; try ./dev shell\n");
    return 1;
  }
  bus = gst_element_get_bus (pipeline);
  gst_bus_add_watch (bus, on_message, &app);
  g_timeout_add_seconds (argc > 2 ? atoi (argv[2]) : 10, on_time_over, &app);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_remove_watch (bus);

  return 0;
}
