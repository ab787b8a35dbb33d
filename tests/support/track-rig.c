/*
 * A track with real media, and people who watch it. See track-rig.h.
 */
#include "track-rig.h"

#include <gst/app/gstappsink.h>

#include "media-check.h"
#include "media/codec.h"
#include "wait.h"

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  Rig *rig = data;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    g_atomic_int_inc (&rig->n_warnings);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &debug);
    g_error ("error on the bus: %s (%s)", error->message, debug);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static GstElement *
add_description (Rig *rig, const gchar *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_bin_from_description_full (
      description, TRUE, NULL, GST_PARSE_FLAG_NONE, &error);

  g_assert_no_error (error);
  gst_bin_add (GST_BIN (rig->pipeline), bin);
  return bin;
}

Rig *
given_a_track (PealMediaKind kind, const gchar *source)
{
  Rig *rig = g_new0 (Rig, 1);
  g_autoptr (GstBus) bus = NULL;

  rig->pipeline = gst_pipeline_new (NULL);
  bus = gst_pipeline_get_bus (GST_PIPELINE (rig->pipeline));
  gst_bus_set_sync_handler (bus, on_message, rig, NULL);
  rig->track = peal_track_new (kind, "track");
  gst_bin_add (GST_BIN (rig->pipeline), rig->track);
  rig->source = add_description (rig, source);
  g_assert_true (gst_element_link (rig->source, rig->track));
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  return rig;
}

void
remove_element (Rig *rig, GstElement *element)
{
  gst_element_set_locked_state (element, TRUE);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (rig->pipeline), element);
}

void
then_it_ends (Rig *rig)
{
  g_assert_cmpint (gst_element_set_state (rig->pipeline, GST_STATE_NULL), ==,
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (rig->pipeline);
  g_free (rig);
}

/* On one thread: libvpx's VP8 threads spin while they wait for each other, so
 * that on busy cores a viewer falls behind for no reason of the track's. */
static const gchar *
get_decoder (const gchar *codec)
{
  static const gchar *const decoders[][2] = {
    { "VP8", "rtpvp8depay ! vp8dec threads=1 ! videoconvert" },
    { "VP9", "rtpvp9depay ! vp9dec ! videoconvert" },
    { "H264", "rtph264depay ! h264parse ! avdec_h264 ! videoconvert" },
    { "H265", "rtph265depay ! h265parse ! avdec_h265 ! videoconvert" },
    { "OPUS", "rtpopusdepay ! opusdec ! audioconvert" },
    { "PCMU", "rtppcmudepay ! mulawdec ! audioconvert" },
    { "PCMA", "rtppcmadepay ! alawdec ! audioconvert" },
    { "G722", "rtpg722depay ! avdec_g722 ! audioconvert" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (decoders); i++)
    if (g_str_equal (decoders[i][0], codec))
      return decoders[i][1];
  g_assert_not_reached ();
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Viewer *viewer = data;

  g_atomic_int_inc (&viewer->n_buffers);
  return GST_PAD_PROBE_OK;
}

Viewer *
when_somebody_joins (Rig *rig, const gchar *codec)
{
  static guint ssrc = 1000;
  PealBranchParams params = { .payload_type = 96 + ++ssrc % 32, .ssrc = ssrc };
  g_autofree gchar *chain =
      g_strdup_printf ("%s ! appsink name=sink sync=false async=false "
                       "max-buffers=400 drop=true",
          get_decoder (codec));
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPad) src = NULL;
  Viewer *viewer = g_new0 (Viewer, 1);

  viewer->rig = rig;
  viewer->branch = peal_track_add_branch (
      PEAL_TRACK (rig->track), peal_codec_find (codec), &params, &error);
  g_assert_no_error (error);
  viewer->chain = add_description (rig, chain);
  viewer->appsink = gst_bin_get_by_name (GST_BIN (viewer->chain), "sink");
  gst_bin_add (GST_BIN (rig->pipeline), GST_ELEMENT (viewer->branch));
  src = gst_element_get_static_pad (GST_ELEMENT (viewer->branch), "src");
  gst_pad_add_probe (src,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet,
      viewer, NULL);
  g_assert_true (
      gst_element_link (GST_ELEMENT (viewer->branch), viewer->chain));
  gst_element_sync_state_with_parent (viewer->chain);
  gst_element_sync_state_with_parent (GST_ELEMENT (viewer->branch));
  return viewer;
}

Viewer *
when_somebody_watches (Rig *rig, const gchar *codec)
{
  Viewer *viewer = when_somebody_joins (rig, codec);

  peal_track_branch_set_open (viewer->branch, TRUE);
  return viewer;
}

void
when_it_leaves (Viewer *viewer)
{
  Rig *rig = viewer->rig;

  peal_track_remove_branch (PEAL_TRACK (rig->track), viewer->branch);
  remove_element (rig, GST_ELEMENT (viewer->branch));
  remove_element (rig, viewer->chain);
  gst_object_unref (viewer->appsink);
  g_free (viewer);
}

static gboolean
is_encoder (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory != NULL &&
      gst_element_factory_list_is_type (
          factory, GST_ELEMENT_FACTORY_TYPE_ENCODER);
}

guint
count_encoders (Rig *rig)
{
  GstIterator *iterator = gst_bin_iterate_recurse (GST_BIN (rig->track));
  g_auto (GValue) item = G_VALUE_INIT;
  guint count = 0;

  while (gst_iterator_next (iterator, &item) == GST_ITERATOR_OK) {
    if (is_encoder (g_value_get_object (&item)))
      count++;
    g_value_reset (&item);
  }
  gst_iterator_free (iterator);
  return count;
}

GstElement *
get_encoder (Rig *rig)
{
  GstIterator *iterator = gst_bin_iterate_recurse (GST_BIN (rig->track));
  g_auto (GValue) item = G_VALUE_INIT;
  GstElement *encoder = NULL;

  while (encoder == NULL &&
      gst_iterator_next (iterator, &item) == GST_ITERATOR_OK) {
    if (is_encoder (g_value_get_object (&item)))
      encoder = g_value_dup_object (&item);
    g_value_reset (&item);
  }
  gst_iterator_free (iterator);
  return encoder;
}

gboolean
sees (Viewer *viewer, guint rgb)
{
  return media_wait_for_colour (
      viewer->appsink, MEDIA_REGION_ALL, rgb, TIMEOUT_MS);
}

static GstPadProbeReturn
on_counted (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Counter *counter = data;
  GstBuffer *buffer = info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST
      ? gst_buffer_list_get (GST_PAD_PROBE_INFO_BUFFER_LIST (info), 0)
      : GST_PAD_PROBE_INFO_BUFFER (info);

  g_atomic_int_inc (&counter->n_buffers);
  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    g_atomic_int_inc (&counter->n_keys);
  else if (g_atomic_int_get (&counter->n_keys) == 0)
    g_atomic_int_inc (&counter->n_deltas_before_key);
  return GST_PAD_PROBE_OK;
}

void
count_on (GstElement *element, const gchar *pad_name, Counter *counter)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_counted,
      counter, NULL);
}

void
count_encoded (Viewer *viewer, Counter *counter)
{
  g_autoptr (GstElement) feed =
      gst_bin_get_by_name (GST_BIN (viewer->branch), "feed");

  count_on (feed, "src", counter);
}

static gboolean
has_twenty (gpointer data)
{
  gint *n_buffers = data;

  return g_atomic_int_get (n_buffers) >= 20;
}

void
wait_for_twenty (gint *n_buffers)
{
  g_atomic_int_set (n_buffers, 0);
  wait_for (has_twenty, n_buffers);
}

gboolean
has_encoder (gpointer data)
{
  return count_encoders (data) > 0;
}

gboolean
is_known (gpointer data)
{
  Rig *rig = data;

  return peal_track_get_input (PEAL_TRACK (rig->track)) !=
      PEAL_TRACK_INPUT_UNKNOWN;
}

void
when_the_source_becomes (Rig *rig, const gchar *source)
{
  remove_element (rig, rig->source);
  rig->source = add_description (rig, source);
  g_assert_true (gst_element_link (rig->source, rig->track));
  gst_element_sync_state_with_parent (rig->source);
}

gboolean
has_key (gpointer data)
{
  Counter *counter = data;

  return g_atomic_int_get (&counter->n_keys) > 0;
}
