/*
 * Live RTP sources of known content. See rtp-source.h.
 */
#include "rtp-source.h"

/* What each codec needs between raw media and RTP. Key frames come only when
 * asked for, so that a lost request is seen. */
static const struct {
  const gchar *codec_name;
  const gchar *raw_source;
  const gchar *encoder;
} rows[] = {
  { "VP8",
      "videotestsrc is-live=true %s ! "
      "video/x-raw,format=I420,width=320,height=180,framerate=30/1",
      "vp8enc deadline=1 cpu-used=8 target-bitrate=400000 "
      "keyframe-max-dist=3000 ! rtpvp8pay pt=96" },
  { "H264",
      "videotestsrc is-live=true %s ! "
      "video/x-raw,format=I420,width=320,height=180,framerate=30/1",
      "x264enc tune=zerolatency speed-preset=ultrafast bitrate=400 threads=1 "
      "key-int-max=3000 ! video/x-h264,profile=constrained-baseline ! "
      "rtph264pay pt=102 config-interval=-1 aggregate-mode=zero-latency" },
  { "VP9",
      "videotestsrc is-live=true %s ! "
      "video/x-raw,format=I420,width=320,height=180,framerate=30/1",
      "vp9enc deadline=1 cpu-used=8 target-bitrate=400000 "
      "keyframe-max-dist=3000 ! rtpvp9pay pt=98" },
  { "OPUS",
      "audiotestsrc is-live=true samplesperbuffer=480 %s ! "
      "audio/x-raw,rate=48000,channels=1",
      "opusenc ! rtpopuspay pt=111" },
  { "PCMU",
      "audiotestsrc is-live=true samplesperbuffer=160 %s ! "
      "audio/x-raw,rate=8000,channels=1",
      "mulawenc ! rtppcmupay pt=0" },
};

static void
handle_message (RtpRig *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return;

  gst_message_parse_error (message, &error, NULL);
  g_test_message ("%s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
  g_atomic_int_inc (&self->errors);
}

static gpointer
read_bus (gpointer data)
{
  RtpRig *self = data;
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  while (!g_atomic_int_get (&self->is_over)) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop (bus, 20 * GST_MSECOND);

    if (message)
      handle_message (self, message);
  }
  return NULL;
}

/**
 * rtp_rig_new:
 *
 * Returns: (transfer full): an empty pipeline
 */
RtpRig *
rtp_rig_new (void)
{
  RtpRig *self = g_new0 (RtpRig, 1);

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->thread = g_thread_new ("bus", read_bus, self);

  return self;
}

/**
 * rtp_rig_free:
 *
 * Stops the pipeline and asserts that no error was posted.
 */
void
rtp_rig_free (RtpRig *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_atomic_int_set (&self->is_over, TRUE);
  g_thread_join (self->thread);
  g_assert_cmpint (self->errors, ==, 0);
  gst_object_unref (self->pipeline);
  g_free (self);
}

void
rtp_rig_play (RtpRig *self)
{
  g_assert_cmpint (gst_element_set_state (self->pipeline, GST_STATE_PLAYING),
      !=, GST_STATE_CHANGE_FAILURE);
}

/**
 * rtp_rig_add_source:
 * @codec_name: VP8, H264, VP9, OPUS or PCMU
 * @content: properties of videotestsrc or audiotestsrc
 *
 * Returns: (transfer none): a bin with a `src` pad that gives live RTP; its
 *   raw source is named `raw`, so a test may change its content. It does not
 *   start before rtp_rig_start(), so that it can be linked first.
 */
GstElement *
rtp_rig_add_source (RtpRig *self, const gchar *codec_name, const gchar *content)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GString) line = NULL;
    g_autofree gchar *settings = NULL;
    GstElement *bin;

    if (!g_str_equal (rows[i].codec_name, codec_name))
      continue;
    settings = g_strdup_printf ("name=raw %s", content);
    line = g_string_new (rows[i].raw_source);
    g_string_replace (line, "%s", settings, 1);
    g_string_append_printf (line, " ! %s", rows[i].encoder);
    bin = gst_parse_bin_from_description (line->str, TRUE, NULL);
    g_assert_nonnull (bin);
    gst_element_set_locked_state (bin, TRUE);
    gst_bin_add (GST_BIN (self->pipeline), bin);
    return bin;
  }
  g_assert_not_reached ();
}

/**
 * rtp_rig_start:
 * @source: from rtp_rig_add_source()
 *
 * Lets it follow the pipeline's state, from now on.
 */
void
rtp_rig_start (GstElement *source)
{
  gst_element_set_locked_state (source, FALSE);
  gst_element_sync_state_with_parent (source);
}

void
rtp_rig_remove (RtpRig *self, GstElement *element)
{
  gst_element_set_locked_state (element, TRUE);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self->pipeline), element);
}

/**
 * rtp_rig_add_sink:
 * @src: what to watch
 * @description: elements before the sink, with a `!` at the end, or ""
 *
 * Returns: (transfer none): an appsink that keeps the newest few samples
 */
GstElement *
rtp_rig_add_sink (RtpRig *self, GstPad *src, const gchar *description)
{
  g_autofree gchar *line = g_strdup_printf (
      "identity ! %s appsink name=sink max-buffers=30 drop=true", description);
  GstElement *bin = gst_parse_bin_from_description (line, TRUE, NULL);
  g_autoptr (GstElement) appsink = NULL;
  g_autoptr (GstPad) sink = NULL;

  g_assert_nonnull (bin);
  gst_bin_add (GST_BIN (self->pipeline), bin);
  appsink = gst_bin_get_by_name (GST_BIN (bin), "sink");
  sink = gst_element_get_static_pad (bin, "sink");
  g_assert_cmpint (gst_pad_link (src, sink), ==, GST_PAD_LINK_OK);
  gst_element_sync_state_with_parent (bin);

  return appsink;
}

static GstPadProbeReturn
on_counted (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  guint count = 1;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    count = gst_buffer_list_length (GST_PAD_PROBE_INFO_BUFFER_LIST (info));
  g_atomic_int_add ((gint *)data, count);
  return GST_PAD_PROBE_OK;
}

/**
 * rtp_count_buffers:
 *
 * The first call starts the count.
 *
 * Returns: how many buffers have passed @pad since the first call
 */
guint
rtp_count_buffers (GstPad *pad)
{
  gint *count = g_object_get_data (G_OBJECT (pad), "rtp-count");

  if (!count) {
    count = g_new0 (gint, 1);
    g_object_set_data_full (G_OBJECT (pad), "rtp-count", count, g_free);
    gst_pad_add_probe (pad,
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_counted,
        count, NULL);
  }
  return g_atomic_int_get (count);
}
