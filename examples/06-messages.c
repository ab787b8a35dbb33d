/*
 * Text messages. Sends a ticking clock, greets every member once connected to
 * it, and prints what the members say and what the element tells about them.
 *
 *   06-messages ws://localhost:8080/lobby [SECONDS]
 *
 * The element tells everything twice: as a signal, on a thread of its own, and
 * as an element message on the bus, here read on the main thread.
 */
#include <gst/gst.h>
#include <stdlib.h>

typedef struct {
  GstElement *call;
  GMainLoop *loop;
} App;

static void
greet (App *app, const gchar *id)
{
  gboolean is_sent = FALSE;

  g_signal_emit_by_name (app->call, "send-message", id, "hello", &is_sent);
}

static void
on_news (App *app, const GstStructure *news)
{
  const gchar *name = gst_structure_get_string (news, "name");

  if (gst_structure_has_name (news, "message")) {
    g_print ("%s says: %s\n", name, gst_structure_get_string (news, "text"));
  } else if (gst_structure_has_name (news, "peer-state")) {
    const gchar *state = gst_structure_get_string (news, "state");

    g_print ("%s is %s\n", name, state);
    if (g_strcmp0 (state, "connected") == 0)
      greet (app, gst_structure_get_string (news, "id"));
  }
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  App *app = data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
      GST_MESSAGE_SRC (message) == GST_OBJECT (app->call)) {
    on_news (app, gst_message_get_structure (message));
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
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

int
main (int argc, char *argv[])
{
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GError) error = NULL;
  App app = { .loop = loop };

  gst_init (&argc, &argv);
  if (argc < 2) {
    g_printerr ("usage: %s URI [SECONDS]\n", argv[0]);
    return 2;
  }
  pipeline = gst_parse_launch ("audiotestsrc is-live=true wave=ticks ! call. "
                               "pealbin name=call peer-name=greeter",
      &error);
  if (error) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  app.call = gst_bin_get_by_name (GST_BIN (pipeline), "call");
  g_object_set (app.call, "uri", argv[1], NULL);
  bus = gst_element_get_bus (pipeline);
  gst_bus_add_watch (bus, on_message, &app);
  g_timeout_add_seconds (argc > 2 ? atoi (argv[2]) : 10, on_time_over, &app);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_remove_watch (bus);
  gst_object_unref (app.call);

  return 0;
}
