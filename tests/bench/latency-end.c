/*
 * One end of a call whose latency is measured. Run by latency.py:
 *
 *   latency-end PIPELINE            pealbin, webrtcsink, webrtcsrc in it
 *   latency-end PIPELINE offer      with a webrtcbin named rtc
 *   latency-end PIPELINE answer
 *
 * What a webrtcbin receives goes to the elements take_video and take_audio.
 *
 * In the pipeline, identities named code_video and code_audio write the time
 * into raw media (I420; S16LE) that passes; fakesinks named see_NAME and
 * hear_NAME read it when they would show or play it. Each reading is a line:
 * NAME, milliseconds, number of the picture or 0. Ends with its standard
 * input.
 */
#include <gst/audio/audio.h>
#include <gst/video/video.h>
#include <stdio.h>

#include "latency-code.h"
#include "latency-rtc.h"

typedef struct {
  const gchar *name;
  ClickFinder clicks;
} Reader;

static guint16 picture_number; /* of the one thread that draws */

static GstPadProbeReturn
on_captured_picture (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  PictureCode code = { (guint32)g_get_monotonic_time (), picture_number++ };
  GstVideoInfo format;
  GstVideoFrame frame;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (gst_video_info_from_caps (&format, caps) &&
      gst_video_frame_map (&frame, &format, buffer, GST_MAP_READWRITE)) {
    picture_code_draw (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
        GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0), &code);
    gst_video_frame_unmap (&frame);
  }
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_captured_sound (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstAudioInfo format;
  GstMapInfo map;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (gst_audio_info_from_caps (&format, caps) &&
      gst_buffer_map (buffer, &map, GST_MAP_READWRITE)) {
    click_write ((gint16 *)map.data, map.size / format.bpf, format.channels,
        format.rate, g_get_monotonic_time ());
    gst_buffer_unmap (buffer, &map);
  }
  return GST_PAD_PROBE_OK;
}

static void
say (const gchar *name, gdouble ms, guint number)
{
  printf ("%s %.3f %u\n", name, ms, number);
  fflush (stdout);
}

static void
on_shown (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer data)
{
  guint32 now_us = (guint32)g_get_monotonic_time ();
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  Reader *reader = data;
  PictureCode code;
  GstVideoInfo format;
  GstVideoFrame frame;

  if (!gst_video_info_from_caps (&format, caps) || format.width < 1280 ||
      !gst_video_frame_map (&frame, &format, buffer, GST_MAP_READ))
    return;
  if (picture_code_read (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
          GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0), &code))
    say (reader->name, (now_us - code.time_us) / 1000.0, code.number);
  gst_video_frame_unmap (&frame);
}

static void
on_played (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer data)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  Reader *reader = data;
  GstAudioInfo format;
  GstMapInfo map;
  gint at;

  if (!gst_audio_info_from_caps (&format, caps) ||
      !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  at = click_find (&reader->clicks, (const gint16 *)map.data,
      map.size / format.bpf, format.channels, format.rate);
  if (at >= 0)
    say (reader->name,
        (now_us + at * G_USEC_PER_SEC / format.rate) % CLICK_PERIOD_US / 1000.0,
        0);
  gst_buffer_unmap (buffer, &map);
}

/* Names come from the pipeline, which lives as long as the program. */
static void
equip (const GValue *item, gpointer data)
{
  GstElement *element = g_value_get_object (item);
  const gchar *name = GST_OBJECT_NAME (element);
  g_autoptr (GstPad) src = gst_element_get_static_pad (element, "src");
  Reader *reader;

  if (g_str_equal (name, "code_video"))
    gst_pad_add_probe (
        src, GST_PAD_PROBE_TYPE_BUFFER, on_captured_picture, NULL, NULL);
  if (g_str_equal (name, "code_audio"))
    gst_pad_add_probe (
        src, GST_PAD_PROBE_TYPE_BUFFER, on_captured_sound, NULL, NULL);
  if (!g_str_has_prefix (name, "see_") && !g_str_has_prefix (name, "hear_"))
    return;

  reader = g_new0 (Reader, 1);
  reader->name = strchr (name, '_') + 1;
  g_object_set (element, "signal-handoffs", TRUE, NULL);
  g_signal_connect_data (element, "handoff",
      g_str_has_prefix (name, "see_") ? G_CALLBACK (on_shown)
                                      : G_CALLBACK (on_played),
      reader, (GClosureNotify)g_free, 0);
}

/* As gst-launch-1.0 does it. */
static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (data);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    g_printerr ("%s\n", error->message);
    exit (1);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_input (GIOChannel *input, GIOCondition condition, gpointer data)
{
  GMainLoop *loop = data;
  g_autofree gchar *line = NULL;

  if (g_io_channel_read_line (input, &line, NULL, NULL, NULL) !=
      G_IO_STATUS_NORMAL) {
    g_main_loop_quit (loop);
    return G_SOURCE_REMOVE;
  }
  latency_rtc_take (line);
  return G_SOURCE_CONTINUE;
}

static GstElement *
make_pipeline (const gchar *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstIterator) iterator = NULL;

  if (error) {
    g_printerr ("%s\n", error->message);
    exit (1);
  }
  iterator = gst_bin_iterate_recurse (GST_BIN (pipeline));
  gst_iterator_foreach (iterator, equip, NULL);
  return pipeline;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;

  gst_init (&argc, &argv);
  if (argc < 2) {
    g_printerr ("usage: latency-end PIPELINE [offer|answer]\n");
    return 2;
  }
  pipeline = make_pipeline (argv[1]);
  bus = gst_element_get_bus (pipeline);
  gst_bus_add_watch (bus, on_message, pipeline);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, loop);
  if (argc > 2)
    latency_rtc_start (GST_BIN (pipeline), g_str_equal (argv[2], "offer"));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return 0;
}
