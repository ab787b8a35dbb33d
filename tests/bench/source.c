/*
 * webrtcsrc for ./dev bench setup: a newcomer to a webrtcsink.
 *
 *   bench-source PIPELINE
 *
 * For each line on standard input it plays PIPELINE, which ends in an element
 * `seen`, prints `{"connected_us":C,"picture_us":P}` and stops it: from the
 * start until a webrtcbin in it is connected, and until `seen` gets a picture.
 * It ends when that takes too long.
 *
 * Threads: callbacks run on GStreamer's; `lock` guards what they note, and the
 * main thread waits for it.
 */
#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>
#include <stdio.h>
#include <unistd.h>

#define PATIENCE_S 10

static GMutex lock;
static GCond changed;
static gint64 connected_us; /* guarded by lock; 0: not yet */
static gint64 picture_us;   /* likewise */

static void
note (gint64 *time_us)
{
  g_mutex_lock (&lock);
  if (!*time_us)
    *time_us = g_get_monotonic_time ();
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

static void
on_state (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  GstWebRTCPeerConnectionState state;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    note (&connected_us);
}

static void
on_element (GstBin *pipeline, GstBin *bin, GstElement *element, gpointer data)
{
  if (g_object_class_find_property (
          G_OBJECT_GET_CLASS (element), "ice-connection-state"))
    g_signal_connect (
        element, "notify::connection-state", G_CALLBACK (on_state), NULL);
}

static GstPadProbeReturn
on_picture (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  note (&picture_us);
  return GST_PAD_PROBE_REMOVE;
}

static GstElement *
make (const gchar *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstElement) seen = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstBus) bus = NULL;

  if (error)
    g_error ("%s", error->message);
  seen = gst_bin_get_by_name (GST_BIN (pipeline), "seen");
  pad = gst_element_get_static_pad (seen, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, NULL, NULL);
  g_signal_connect (
      pipeline, "deep-element-added", G_CALLBACK (on_element), NULL);
  bus = gst_element_get_bus (pipeline);
  gst_bus_set_flushing (bus, TRUE); /* nobody reads it */
  return pipeline;
}

static void
measure (const gchar *description)
{
  GstElement *pipeline = make (description);
  gint64 start_us = g_get_monotonic_time ();

  connected_us = picture_us = 0;
  alarm (PATIENCE_S); /* ends us */
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_mutex_lock (&lock);
  while (!connected_us || !picture_us)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);
  alarm (0);
  g_print ("{\"connected_us\":%" G_GINT64_FORMAT
           ",\"picture_us\":%" G_GINT64_FORMAT "}\n",
      connected_us - start_us, picture_us - start_us);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

int
main (int argc, char **argv)
{
  gchar line[16];

  gst_init (&argc, &argv);
  g_assert (argc == 2);
  while (fgets (line, sizeof (line), stdin))
    measure (argv[1]);
  return 0;
}
