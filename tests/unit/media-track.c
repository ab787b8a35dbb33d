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
#define H264_CAMERA                                                   \
  RED_CAMERA " ! video/x-raw,format=I420 ! x264enc tune=zerolatency " \
             "speed-preset=ultrafast "                                \
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

static GstElement *
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

/* Counts what passes a pad. */
typedef struct {
  gint n_buffers; /* atomic */
  gint n_keys;    /* atomic */
  gint n_deltas_before_key;
} Counter;

static GstPadProbeReturn
on_counted (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Counter *counter = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  g_atomic_int_inc (&counter->n_buffers);
  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    g_atomic_int_inc (&counter->n_keys);
  else if (g_atomic_int_get (&counter->n_keys) == 0)
    g_atomic_int_inc (&counter->n_deltas_before_key);
  return GST_PAD_PROBE_OK;
}

static void
count_on (GstElement *element, const gchar *pad_name, Counter *counter)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_counted, counter, NULL);
}

static void
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

static void
wait_for_twenty (gint *n_buffers)
{
  g_atomic_int_set (n_buffers, 0);
  wait_for (has_twenty, n_buffers);
}

static gboolean
has_encoder (gpointer data)
{
  return count_elements (data, is_encoder) > 0;
}

static gboolean
is_known (gpointer data)
{
  Rig *rig = data;

  return peal_track_get_input (PEAL_TRACK (rig->track)) !=
      PEAL_TRACK_INPUT_UNKNOWN;
}

static void
when_the_source_becomes (Rig *rig, const gchar *source)
{
  remove_element (rig, rig->source);
  rig->source = add_description (rig, source);
  g_assert_true (gst_element_link (rig->source, rig->track));
  gst_element_sync_state_with_parent (rig->source);
}

static void
test_nothing_encoded_for_nobody (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_joins (rig, "VP8");
  Viewer *bob = when_somebody_joins (rig, "VP8");
  Counter camera = { 0 }, encoded = { 0 };
  g_autoptr (GstElement) encoder = NULL;

  wait_for (has_encoder, rig);
  encoder = get_encoder (rig);
  count_on (encoder, "sink", &encoded);
  count_on (rig->track, "sink", &camera);
  wait_for_twenty (&camera.n_buffers);
  g_assert_cmpint (encoded.n_buffers, ==, 0);
  g_assert_cmpint (alice->n_buffers + bob->n_buffers, ==, 0);
  peal_track_branch_set_open (bob->branch, TRUE);
  g_assert_true (sees (bob, MEDIA_RED));
  g_assert_cmpint (alice->n_buffers, ==, 0);
  when_it_leaves (alice);
  when_it_leaves (bob);
  then_it_ends (rig);
}

static gboolean
has_caps (gpointer data)
{
  Viewer *viewer = data;
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (GST_ELEMENT (viewer->branch), "src");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return caps != NULL;
}

static void
test_caps_before_media (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_joins (rig, "H264");
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (GST_ELEMENT (alice->branch), "src");
  g_autoptr (GstCaps) early = NULL;
  g_autoptr (GstCaps) late = NULL;
  guint ssrc;

  wait_for (has_caps, alice);
  early = gst_pad_get_current_caps (pad);
  g_assert_true (gst_structure_get_uint (
      gst_caps_get_structure (early, 0), "ssrc", &ssrc));
  peal_track_branch_set_open (alice->branch, TRUE);
  g_assert_true (sees (alice, MEDIA_RED));
  late = gst_pad_get_current_caps (pad);
  g_assert_true (gst_caps_is_equal (early, late));
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_late_begins_with_key (gconstpointer codec)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, codec);
  Viewer *bob;
  Counter counter = { 0 };
  gint64 start_us;

  g_assert_true (sees (alice, MEDIA_RED));
  wait_for_twenty (&alice->n_buffers);
  bob = when_somebody_joins (rig, codec);
  count_encoded (bob, &counter);
  start_us = g_get_monotonic_time ();
  peal_track_branch_set_open (bob->branch, TRUE);
  g_assert_true (sees (bob, MEDIA_RED));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_TIME_SPAN_SECOND);
  g_assert_cmpint (counter.n_deltas_before_key, ==, 0);
  when_it_leaves (alice);
  when_it_leaves (bob);
  then_it_ends (rig);
}

static GstPadProbeReturn
on_blocked (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_OK;
}

static gboolean
has_lost_some (gpointer data)
{
  Viewer *viewer = data;

  return peal_track_branch_get_dropped (viewer->branch) > 20;
}

static gboolean
has_key (gpointer data)
{
  Counter *counter = data;

  return g_atomic_int_get (&counter->n_keys) > 0;
}

static void
test_stalled (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "VP8");
  Viewer *bob = when_somebody_watches (rig, "VP8");
  Counter for_alice = { 0 }, for_bob = { 0 };
  g_autoptr (GstPad) pad = NULL;
  gulong block;

  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_true (sees (bob, MEDIA_RED));
  pad = gst_element_get_static_pad (GST_ELEMENT (bob->branch), "src");
  block = gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_blocked, NULL, NULL);
  count_encoded (alice, &for_alice);
  wait_for (has_lost_some, bob);
  wait_for_twenty (&for_alice.n_buffers);
  g_assert_cmpint (for_alice.n_keys, <=, 1);

  count_encoded (bob, &for_bob);
  gst_pad_remove_probe (pad, block);
  wait_for (has_key, &for_bob);
  g_assert_cmpint (for_bob.n_deltas_before_key, ==, 0);
  g_assert_true (sees (bob, MEDIA_RED));
  when_it_leaves (alice);
  when_it_leaves (bob);
  then_it_ends (rig);
}

static void
test_pass_through (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, H264_CAMERA);
  PealBranchParams params = { .payload_type = 96, .ssrc = 1 };
  g_autoptr (GPtrArray) codecs = NULL;
  g_autoptr (GError) error = NULL;
  Viewer *alice, *bob;

  wait_for (is_known, rig);
  codecs = peal_track_list_codecs (PEAL_TRACK (rig->track), NULL);
  g_assert_cmpuint (codecs->len, ==, 1);
  g_assert_true (g_ptr_array_index (codecs, 0) == peal_codec_find ("H264"));
  g_assert_null (peal_track_add_branch (
      PEAL_TRACK (rig->track), peal_codec_find ("VP8"), &params, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED);

  alice = when_somebody_watches (rig, "H264");
  g_assert_true (sees (alice, MEDIA_RED));
  wait_for_twenty (&alice->n_buffers);
  /* The camera makes no key frame by itself for half a minute. */
  bob = when_somebody_watches (rig, "H264");
  g_assert_true (
      media_wait_for_colour (bob->appsink, MEDIA_REGION_ALL, MEDIA_RED, 1000));
  g_assert_cmpuint (count_elements (rig, is_encoder), ==, 0);
  when_it_leaves (alice);
  when_it_leaves (bob);
  then_it_ends (rig);
}

static void
on_input_changed (PealTrack *track, gpointer data)
{
  g_atomic_int_inc ((gint *)data);
}

static void
test_size_changes (gconstpointer codec)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO,
      "videotestsrc is-live=true pattern=red ! capsfilter name=size "
      "caps=video/x-raw,width=320,height=240,framerate=30/1");
  Viewer *alice = when_somebody_watches (rig, codec);
  g_autoptr (GstElement) filter =
      gst_bin_get_by_name (GST_BIN (rig->source), "size");
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("video/x-raw,width=641,height=361,framerate=15/1");
  gint n_changes = 0;

  g_assert_true (media_wait_for_size (alice->appsink, 320, 240, TIMEOUT_MS));
  g_signal_connect (
      rig->track, "input-changed", G_CALLBACK (on_input_changed), &n_changes);
  g_object_set (filter, "caps", caps, NULL);
  g_assert_true (media_wait_for_size (alice->appsink, 640, 360, TIMEOUT_MS));
  g_assert_cmpint (n_changes, ==, 0);
  when_it_leaves (alice);
  then_it_ends (rig);
}

static gboolean
has_no_encoder (gpointer data)
{
  return !has_encoder (data);
}

static void
test_raw_becomes_encoded (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, BLUE_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "H264");
  gint n_changes = 0;

  g_assert_true (sees (alice, MEDIA_BLUE));
  g_signal_connect (
      rig->track, "input-changed", G_CALLBACK (on_input_changed), &n_changes);
  when_the_source_becomes (rig, H264_CAMERA);
  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_true (has_no_encoder (rig));
  when_the_source_becomes (rig, BLUE_CAMERA);
  g_assert_true (sees (alice, MEDIA_BLUE));
  g_assert_cmpuint (count_elements (rig, is_encoder), ==, 1);
  g_assert_cmpint (n_changes, ==, 2);
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_source_ends (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO,
      "videotestsrc is-live=true num-buffers=20 pattern=red ! " PICTURE);
  Viewer *alice = when_somebody_watches (rig, "VP8");

  g_assert_true (sees (alice, MEDIA_RED));
  when_the_source_becomes (rig, BLUE_CAMERA);
  g_assert_true (sees (alice, MEDIA_BLUE));
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_encoder_fails (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "H264");
  g_autoptr (GstElement) first = NULL;
  g_autoptr (GstElement) second = NULL;

  g_assert_true (sees (alice, MEDIA_RED));
  first = get_encoder (rig);
  GST_ELEMENT_ERROR (first, LIBRARY, ENCODE, ("made to fail"), (NULL));
  when_the_source_becomes (rig, BLUE_CAMERA);
  g_assert_true (sees (alice, MEDIA_BLUE));
  second = get_encoder (rig);
  g_assert_true (first != second);
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_requests_are_merged (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "VP8");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (alice->chain, "sink");
  Counter counter = { 0 };

  g_assert_true (sees (alice, MEDIA_RED));
  count_encoded (alice, &counter);
  for (guint i = 0; i < 200; i++)
    gst_pad_push_event (sink,
        gst_video_event_new_upstream_force_key_unit (
            GST_CLOCK_TIME_NONE, TRUE, i));
  g_assert_true (wait_until (has_key, &counter, TIMEOUT_MS));
  wait_for_twenty (&counter.n_buffers);
  g_assert_cmpint (counter.n_keys, <=, 2);
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_bitrate_is_live (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "H264");
  g_autoptr (GstElement) encoder = NULL;
  const PealEncoder *row;
  guint bitrate;

  g_assert_true (sees (alice, MEDIA_RED));
  encoder = get_encoder (rig);
  row = peal_encoder_find (GST_OBJECT_NAME (gst_element_get_factory (encoder)));
  peal_track_set_bitrate (PEAL_TRACK (rig->track), 100000, 777000, 2000000);
  if (row->bitrate_unit == PEAL_BITRATE_KILOBITS) {
    g_object_get (encoder, row->bitrate_property, &bitrate, NULL);
    g_assert_cmpuint (bitrate, ==, 777);
  }
  peal_track_set_bitrate (PEAL_TRACK (rig->track), 100000, 0, 300000);
  if (row->bitrate_unit == PEAL_BITRATE_KILOBITS) {
    g_object_get (encoder, row->bitrate_property, &bitrate, NULL);
    g_assert_cmpuint (bitrate, ==, 300);
  }
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_muted (gconstpointer source)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, source);
  Viewer *alice = when_somebody_watches (rig, "H264");
  Counter camera = { 0 }, after = { 0 };

  g_assert_true (sees (alice, MEDIA_RED));
  peal_track_set_muted (PEAL_TRACK (rig->track), TRUE);
  count_on (rig->track, "sink", &camera);
  wait_for_twenty (&camera.n_buffers);
  count_encoded (alice, &after);
  wait_for_twenty (&camera.n_buffers);
  g_assert_cmpint (after.n_buffers, ==, 0);
  peal_track_set_muted (PEAL_TRACK (rig->track), FALSE);
  wait_for (has_key, &after);
  g_assert_cmpint (after.n_deltas_before_key, ==, 0);
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
on_gone (gpointer data, GObject *object)
{
  guint *n_alive = data;

  (*n_alive)--;
}

static void
test_hundred_come_and_go (gconstpointer codec)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, codec);
  guint n_alive = 0;

  for (guint i = 0; i < 100; i++) {
    Viewer *bob = when_somebody_watches (rig, codec);

    n_alive++;
    g_object_weak_ref (G_OBJECT (bob->branch), on_gone, &n_alive);
    if (i % 10 == 0)
      g_assert_true (sees (bob, MEDIA_RED));
    when_it_leaves (bob);
    g_assert_cmpuint (n_alive, ==, 0);
  }
  g_assert_true (sees (alice, MEDIA_RED));
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_alone_comes_and_goes (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);

  for (guint i = 0; i < 20; i++) {
    Viewer *alice = when_somebody_watches (rig, i % 2 == 0 ? "VP8" : "H264");

    if (i % 5 == 0)
      g_assert_true (sees (alice, MEDIA_RED));
    when_it_leaves (alice);
    g_assert_cmpuint (count_elements (rig, is_encoder), ==, 0);
  }
  then_it_ends (rig);
}

static void
test_abandoned (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "VP8");
  guint n_alive = 1;

  g_assert_true (sees (alice, MEDIA_RED));
  g_object_weak_ref (G_OBJECT (alice->branch), on_gone, &n_alive);
  remove_element (rig, GST_ELEMENT (alice->branch));
  g_assert_cmpuint (n_alive, ==, 0);
  remove_element (rig, alice->chain);
  gst_object_unref (alice->appsink);
  g_free (alice);
  then_it_ends (rig);
}

static void
test_restart (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "VP8");

  for (guint i = 0; i < 3; i++) {
    g_assert_true (sees (alice, MEDIA_RED));
    gst_element_set_state (rig->pipeline, GST_STATE_READY);
    gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  }
  g_assert_true (sees (alice, MEDIA_RED));
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_latency (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "VP8");
  g_autoptr (GstPad) src =
      gst_element_get_static_pad (GST_ELEMENT (alice->branch), "src");
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  GstClockTime min_latency, max_latency;
  gboolean is_live;

  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_true (gst_pad_query (src, query));
  gst_query_parse_latency (query, &is_live, &min_latency, &max_latency);
  g_assert_true (is_live);
  g_assert_cmpuint (min_latency, <=, 100 * GST_MSECOND);
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
add_tests (void)
{
  static const struct {
    const gchar *path;
    GTestFunc test;
  } tests[] = {
    { "/track/nobody-watches-so-nothing-is-encoded",
        test_nothing_encoded_for_nobody },
    { "/track/caps-come-before-media-and-stay", test_caps_before_media },
    { "/track/a-stalled-viewer-harms-nobody-and-recovers", test_stalled },
    { "/track/encoded-input-passes-and-late-viewers-see-it",
        test_pass_through },
    { "/track/raw-input-becomes-encoded-and-raw-again",
        test_raw_becomes_encoded },
    { "/track/a-source-that-ends-can-be-replaced", test_source_ends },
    { "/track/an-encoder-that-fails-is-replaced", test_encoder_fails },
    { "/track/two-hundred-requests-make-two-key-frames-at-most",
        test_requests_are_merged },
    { "/track/bitrate-reaches-a-running-encoder", test_bitrate_is_live },
    { "/track/viewers-who-are-alone-come-and-go", test_alone_comes_and_goes },
    { "/track/an-abandoned-branch-frees-itself", test_abandoned },
    { "/track/everything-works-again-after-a-restart", test_restart },
    { "/track/latency-is-that-of-a-live-source", test_latency },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].test);
  g_test_add_data_func ("/track/late-viewer-begins-with-a-vp8-key-frame", "VP8",
      test_late_begins_with_key);
  g_test_add_data_func ("/track/late-viewer-begins-with-an-h264-key-frame",
      "H264", test_late_begins_with_key);
  g_test_add_data_func (
      "/track/size-may-change-under-vp8", "VP8", test_size_changes);
  g_test_add_data_func (
      "/track/size-may-change-under-h264", "H264", test_size_changes);
  g_test_add_data_func (
      "/track/mute-stops-pictures-and-unmute-brings-a-key-frame", RED_CAMERA,
      test_muted);
  g_test_add_data_func (
      "/track/mute-works-on-encoded-input-too", H264_CAMERA, test_muted);
  g_test_add_data_func ("/track/a-hundred-vp8-viewers-come-and-go", "VP8",
      test_hundred_come_and_go);
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
  add_tests ();
  return g_test_run ();
}
