/*
 * A member of a room as a program of its own, for tests that put it into a
 * network of its own: it sends one colour, looks for another in the mix and
 * tells what happens as JSON lines, as `peal call --json` does.
 *
 *   nat-member SENT SEEN PROPERTIES
 *   nat-member ff0000 0000ff "uri=ws://203.0.113.1:8080/lobby peer-name=Anna"
 *
 * Besides the element's messages there are the events `sees`, when the colour
 * is there for the first time, and `stats`, twice a second for each peer.
 * Main thread.
 */
#include <glib-unix.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/events.h"
#include "senses.h"

#define LOOK_MS 100
#define STATS_MS 500
#define PICTURES "video/x-raw,width=320,height=240,framerate=15/1"
#define PIPELINE                                      \
  "pealbin name=call %s "                             \
  "videotestsrc is-live=true pattern=solid-color "    \
  "foreground-color=0xff%06x ! " PICTURES " ! call. " \
  "call.mix_video ! " PICTURES " ! " EYE_CAPS " ! " SENSE_SINK " name=eye"

typedef struct {
  GMainLoop *loop;
  GstElement *call;
  Eye *eye;
  guint seen;
} Member;

static void
print_event (JsonNode *event)
{
  g_autofree gchar *text = json_to_string (event, FALSE);

  puts (text);
  fflush (stdout);
}

static gboolean
on_look_due (gpointer data)
{
  Member *self = data;

  if (!eye_sees (self->eye, self->seen))
    return G_SOURCE_CONTINUE;
  puts ("{\"event\":\"sees\"}");
  fflush (stdout);
  return G_SOURCE_REMOVE;
}

static gboolean
on_stats_due (gpointer data)
{
  Member *self = data;
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (self->call, "stats", &stats, NULL);
  for (gint i = 0; i < gst_structure_n_fields (stats); i++) {
    const gchar *field = gst_structure_nth_field_name (stats, i);
    g_autoptr (GstStructure) row = gst_structure_copy (
        gst_value_get_structure (gst_structure_get_value (stats, field)));
    g_autoptr (JsonNode) event = NULL;

    gst_structure_set_name (row, "stats");
    event = peal_event_from_structure (row);
    print_event (event);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  Member *self = data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
      GST_MESSAGE_SRC (message) == GST_OBJECT (self->call)) {
    g_autoptr (JsonNode) event =
        peal_event_from_structure (gst_message_get_structure (message));

    print_event (event);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    g_printerr ("%s\n", error->message);
    g_main_loop_quit (self->loop);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal (gpointer data)
{
  Member *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static GstElement *
make_pipeline (Member *self, gchar **words)
{
  guint sent = (guint)strtoul (words[1], NULL, 16);
  g_autofree gchar *description = g_strdup_printf (PIPELINE, words[3], sent);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstElement) sink = NULL;

  g_assert_no_error (error);
  self->seen = (guint)strtoul (words[2], NULL, 16);
  self->call = gst_bin_get_by_name (GST_BIN (pipeline), "call");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "eye");
  self->eye = eye_new (sink);
  return pipeline;
}

int
main (int argc, char **argv)
{
  Member self = { 0 };
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;

  gst_init (&argc, &argv);
  g_assert_cmpint (argc, ==, 4);
  self.loop = g_main_loop_new (NULL, FALSE);
  pipeline = make_pipeline (&self, argv);
  bus = gst_element_get_bus (pipeline);
  gst_bus_add_watch (bus, on_message, &self);
  g_timeout_add (LOOK_MS, on_look_due, &self);
  g_timeout_add (STATS_MS, on_stats_due, &self);
  g_unix_signal_add (SIGINT, on_signal, &self);
  g_unix_signal_add (SIGTERM, on_signal, &self);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (self.loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_remove_watch (bus);
  eye_free (self.eye);
  gst_object_unref (self.call);
  g_main_loop_unref (self.loop);
  return 0;
}
