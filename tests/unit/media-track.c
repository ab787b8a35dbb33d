/*
 * Tracks and branches with real media:
 *
 *   source ! track ─┬─ branch ! depayloader ! decoder ! appsink   (a viewer)
 *                   └─ branch ! depayloader ! decoder ! appsink   (another)
 *
 * Everything is in one pipeline. Any error on its bus fails the test.
 */
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include "base/error.h"
#include "media-check.h"
#include "media/encoder.h"
#include "media/track.h"
#include "wait.h"

#define TIMEOUT_MS 10000
#define PICTURE "video/x-raw,width=320,height=240,framerate=30/1 ! identity"
#define RED_CAMERA "videotestsrc is-live=true pattern=red ! " PICTURE
#define BLUE_CAMERA "videotestsrc is-live=true pattern=blue ! " PICTURE
#define H264_CAMERA                                                \
  RED_CAMERA " ! x264enc tune=zerolatency speed-preset=ultrafast " \
             "key-int-max=1000 ! h264parse"

typedef struct {
  GstElement *pipeline;
  GstElement *source;
  GstElement *track;
  gint n_warnings; /* atomic */
} Rig;

typedef struct {
  Rig *rig;
  PealTrackBranch *branch;
  GstElement *chain;
  GstElement *appsink;
  gint n_buffers;     /* RTP packets that left the branch; atomic */
  gint n_events_down; /* atomic */
} Viewer;

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

static Rig *
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

static void
remove_element (Rig *rig, GstElement *element)
{
  gst_element_set_locked_state (element, TRUE);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (rig->pipeline), element);
}

static void
then_it_ends (Rig *rig)
{
  g_assert_cmpint (gst_element_set_state (rig->pipeline, GST_STATE_NULL), ==,
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (rig->pipeline);
  g_free (rig);
}

static const gchar *
get_decoder (const gchar *codec)
{
  static const gchar *const decoders[][2] = {
    { "VP8", "rtpvp8depay ! vp8dec ! videoconvert" },
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

static Viewer *
when_somebody_joins (Rig *rig, const gchar *codec)
{
  static guint ssrc = 1000;
  PealBranchParams params = { .payload_type = 100, .ssrc = ++ssrc };
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

static Viewer *
when_somebody_watches (Rig *rig, const gchar *codec)
{
  Viewer *viewer = when_somebody_joins (rig, codec);

  peal_track_branch_set_open (viewer->branch, TRUE);
  return viewer;
}

static void
when_it_leaves (Viewer *viewer)
{
  Rig *rig = viewer->rig;

  peal_track_remove_branch (PEAL_TRACK (rig->track), viewer->branch);
  remove_element (rig, GST_ELEMENT (viewer->branch));
  remove_element (rig, viewer->chain);
  gst_object_unref (viewer->appsink);
  g_free (viewer);
}

static guint
count_elements (Rig *rig, gboolean (*is_counted) (GstElement *element))
{
  GstIterator *iterator = gst_bin_iterate_recurse (GST_BIN (rig->track));
  g_auto (GValue) item = G_VALUE_INIT;
  guint count = 0;

  while (gst_iterator_next (iterator, &item) == GST_ITERATOR_OK) {
    if (is_counted (g_value_get_object (&item)))
      count++;
    g_value_reset (&item);
  }
  gst_iterator_free (iterator);
  return count;
}

static gboolean
is_encoder (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory != NULL &&
      gst_element_factory_list_is_type (
          factory, GST_ELEMENT_FACTORY_TYPE_ENCODER);
}

static gboolean
sees (Viewer *viewer, guint rgb)
{
  return media_wait_for_colour (
      viewer->appsink, MEDIA_REGION_ALL, rgb, TIMEOUT_MS);
}

static void
test_two_viewers_one_encoder (gconstpointer codec)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, codec);
  Viewer *bob = when_somebody_watches (rig, codec);

  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_true (sees (bob, MEDIA_RED));
  g_assert_cmpuint (count_elements (rig, is_encoder), ==, 1);
  when_it_leaves (alice);
  when_it_leaves (bob);
  g_assert_cmpuint (count_elements (rig, is_encoder), ==, 0);
  then_it_ends (rig);
}

static void
test_tone (gconstpointer codec)
{
  Rig *rig = given_a_track (PEAL_MEDIA_AUDIO,
      "audiotestsrc is-live=true freq=660 ! audio/x-raw,rate=44100,channels=2 "
      "! identity");
  Viewer *alice = when_somebody_watches (rig, codec);

  g_assert_true (media_wait_for_tone (alice->appsink, 660, TIMEOUT_MS));
  when_it_leaves (alice);
  then_it_ends (rig);
}

int
main (int argc, char **argv)
{
  static const gchar *const video[] = { "VP8", "VP9", "H264", "H265" };
  static const gchar *const audio[] = { "OPUS", "PCMU", "PCMA", "G722" };

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (video); i++) {
    g_autofree gchar *path = g_strdup_printf (
        "/track/two-see-the-right-colour-by-one-%s-encoder", video[i]);

    g_test_add_data_func (path, video[i], test_two_viewers_one_encoder);
  }
  for (guint i = 0; i < G_N_ELEMENTS (audio); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/track/a-tone-keeps-its-pitch-in-%s", audio[i]);

    g_test_add_data_func (path, audio[i], test_tone);
  }
  return g_test_run ();
}
