/*
 * Many viewers in one process that cost next to nothing: pealbins that take a
 * sender's video as it came, without decoding it, and count.
 *
 *   bench-viewers URI COUNT CAPS
 *
 * Says `{"watching":N}` whenever one more has got its first picture. For each
 * line on standard input it tells what has come since the last one:
 * `{"pictures":P,"least":L,"frames_lost":F,"packets":K,"lost":M,"bytes":B}`:
 * pictures of all viewers and of the worst one; how many of 30 a second never
 * came or came with a hole, by their RTP timestamps and sequence numbers; RTP
 * packets, those missing between sequence numbers, and bytes of RTP. It ends
 * with its standard input.
 *
 * Threads: the counters belong to streaming threads and are atomic; the rest is
 * the main thread's.
 */
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <gst/rtp/rtp.h>
#include <unistd.h>

#define FRAME_TICKS 3000 /* of RTP's 90 kHz, at 30 a second */

typedef struct {
  gint pictures; /* atomic */
  gint packets;  /* atomic */
  gint missing;  /* atomic: more were left out than came late */
  gint bytes;    /* atomic */
  gint lost;     /* atomic: pictures */
  gint has_seen; /* atomic: a picture */
  gboolean has_seq;
  guint16 seq;       /* the newest; of the streaming thread */
  guint32 timestamp; /* likewise */
  gint told[5];
} Viewer;

typedef struct {
  GMainLoop *loop;
  GDataInputStream *input;
  GstElement *pipeline;
  Viewer *viewers;
  guint count;
  gint watching; /* atomic */
} Bench;

/* A hole costs the picture it is in; a step of two frames one in between. */
static void
note_step (Viewer *self, gint16 packets, gint32 ticks)
{
  gint frames = (ticks + FRAME_TICKS / 2) / FRAME_TICKS;

  g_atomic_int_add (&self->missing, packets > 0 ? packets - 1 : -1);
  if (packets > 1 || frames > 1)
    g_atomic_int_add (&self->lost, MAX (frames - 1, 1));
}

static void
note_packet (Viewer *self, GstBuffer *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gint16 packets;
  guint32 timestamp;
  guint16 seq;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return;
  seq = gst_rtp_buffer_get_seq (&rtp);
  timestamp = gst_rtp_buffer_get_timestamp (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  packets = (gint16)(seq - self->seq);
  if (self->has_seq)
    note_step (self, packets, (gint32)(timestamp - self->timestamp));
  if (!self->has_seq || packets > 0) {
    self->seq = seq;
    self->timestamp = timestamp;
  }
  self->has_seq = TRUE;
  g_atomic_int_inc (&self->packets);
  g_atomic_int_add (&self->bytes, (gint)gst_buffer_get_size (buffer));
}

static gboolean
note_packet_of_list (GstBuffer **buffer, guint index, gpointer viewer)
{
  note_packet (viewer, *buffer);
  return TRUE;
}

static GstPadProbeReturn
on_rtp (GstPad *pad, GstPadProbeInfo *info, gpointer viewer)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    gst_buffer_list_foreach (
        GST_PAD_PROBE_INFO_BUFFER_LIST (info), note_packet_of_list, viewer);
  else
    note_packet (viewer, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

/* In front of the jitter buffer nothing is repaired or dropped yet. */
static void
on_deep_element_added (
    GstBin *bin, GstBin *parent, GstElement *element, gpointer viewer)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPad) pad = NULL;

  if (!factory || g_strcmp0 (GST_OBJECT_NAME (factory), "rtpjitterbuffer") != 0)
    return;
  pad = gst_element_get_static_pad (element, "sink");
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_rtp,
      viewer, NULL);
}

static GstPadProbeReturn
on_picture (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Viewer *viewer = data;

  g_atomic_int_inc (&viewer->pictures);
  g_atomic_int_set (&viewer->has_seen, TRUE);
  return GST_PAD_PROBE_OK;
}

static void
add_viewer (Bench *self, guint index, const gchar *uri, const gchar *caps)
{
  g_autofree gchar *text =
      g_strdup_printf ("pealbin name=v%u uri=%s v%u.remote_video_0 ! %s ! "
                       "fakesink name=s%u async=false sync=false",
          index, uri, index, caps, index);
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_launch (text, &error);
  g_autofree gchar *sink_name = g_strdup_printf ("s%u", index);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  if (error)
    g_error ("%s", error->message);
  g_signal_connect (bin, "deep-element-added",
      G_CALLBACK (on_deep_element_added), &self->viewers[index]);
  sink = gst_bin_get_by_name (GST_BIN (bin), sink_name);
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, &self->viewers[index], NULL);
  gst_bin_add (GST_BIN (self->pipeline), bin);
  gst_element_sync_state_with_parent (bin);
}

static gint
step (gint *counter, gint *told)
{
  gint now = g_atomic_int_get (counter);
  gint more = now - *told;

  *told = now;
  return more;
}

static void
tell (Bench *self)
{
  gint64 pictures = 0, lost = 0, packets = 0, missing = 0, bytes = 0;
  gint least = G_MAXINT;

  for (guint i = 0; i < self->count; i++) {
    Viewer *viewer = &self->viewers[i];
    gint more = step (&viewer->pictures, &viewer->told[0]);

    least = MIN (least, more);
    pictures += more;
    packets += step (&viewer->packets, &viewer->told[1]);
    missing += step (&viewer->missing, &viewer->told[2]);
    bytes += step (&viewer->bytes, &viewer->told[3]);
    lost += step (&viewer->lost, &viewer->told[4]);
  }
  g_print ("{\"pictures\":%" G_GINT64_FORMAT
           ",\"least\":%d,\"frames_lost\":%" G_GINT64_FORMAT
           ",\"packets\":%" G_GINT64_FORMAT ",\"lost\":%" G_GINT64_FORMAT
           ",\"bytes\":%" G_GINT64_FORMAT "}\n",
      pictures, least, lost, packets, missing, bytes);
}

static void
on_line (GObject *input, GAsyncResult *result, gpointer data)
{
  Bench *self = data;
  g_autofree gchar *line = g_data_input_stream_read_line_finish (
      G_DATA_INPUT_STREAM (input), result, NULL, NULL);

  if (!line) {
    g_main_loop_quit (self->loop);
    return;
  }
  tell (self);
  g_data_input_stream_read_line_async (
      self->input, G_PRIORITY_DEFAULT, NULL, on_line, self);
}

static gboolean
count_watching (gpointer data)
{
  Bench *self = data;
  gint watching = 0;

  for (guint i = 0; i < self->count; i++)
    watching += g_atomic_int_get (&self->viewers[i].has_seen);
  if (watching != self->watching)
    g_print ("{\"watching\":%d}\n", watching);
  self->watching = watching;
  return G_SOURCE_CONTINUE;
}

static void
on_error (GstBus *bus, GstMessage *message, gpointer data)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  g_printerr ("%s: %s\n", GST_OBJECT_NAME (message->src), error->message);
}

int
main (int argc, char **argv)
{
  Bench self = { 0 };
  g_autoptr (GInputStream) standard_input = NULL;
  g_autoptr (GstBus) bus = NULL;

  gst_init (&argc, &argv);
  g_assert (argc == 4);
  self.count = (guint)g_ascii_strtoull (argv[2], NULL, 10);
  self.viewers = g_new0 (Viewer, self.count);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.pipeline = gst_pipeline_new (NULL);
  standard_input = g_unix_input_stream_new (0, FALSE);
  self.input = g_data_input_stream_new (standard_input);
  bus = gst_pipeline_get_bus (GST_PIPELINE (self.pipeline));
  gst_bus_add_signal_watch (bus);
  g_signal_connect (bus, "message::error", G_CALLBACK (on_error), &self);
  gst_element_set_state (self.pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < self.count; i++)
    add_viewer (&self, i, argv[1], argv[3]);
  g_timeout_add (50, count_watching, &self);
  g_data_input_stream_read_line_async (
      self.input, G_PRIORITY_DEFAULT, NULL, on_line, &self);
  g_main_loop_run (self.loop);
  /* Nobody needs an orderly end of what is only measured. */
  _exit (0);
}
