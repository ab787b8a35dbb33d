/*
 * Tracks with real media: what goes in may be anything and may change; what
 * comes out is right, and nothing is encoded in vain.
 */
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "base/error.h"
#include "media-check.h"
#include "media/encoder.h"
#include "media/track.h"
#include "track-rig.h"
#include "wait.h"

static void
test_two_viewers_one_encoder (gconstpointer codec)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, codec);
  Viewer *bob = when_somebody_watches (rig, codec);

  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_true (sees (bob, MEDIA_RED));
  g_assert_cmpuint (count_encoders (rig), ==, 1);
  when_it_leaves (alice);
  when_it_leaves (bob);
  g_assert_cmpuint (count_encoders (rig), ==, 0);
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
  g_assert_cmpuint (count_encoders (rig), ==, 0);
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
  g_assert_cmpuint (count_encoders (rig), ==, 1);
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

#define LATE_PICTURES 6
#define LATE_CAMERA                                                 \
  "appsrc name=camera format=time is-live=true caps=\"video/x-raw," \
  "format=I420,width=320,height=240,framerate=30/1\" ! identity"

static void
when_a_picture_comes (Rig *rig, guint number)
{
  g_autoptr (GstElement) camera =
      gst_bin_get_by_name (GST_BIN (rig->source), "camera");
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 320 * 240 * 3 / 2, NULL);

  gst_buffer_memset (buffer, 0, 128, 320 * 240 * 3 / 2);
  GST_BUFFER_PTS (buffer) = number * GST_SECOND / 30;
  g_assert_cmpint (
      gst_app_src_push_buffer (GST_APP_SRC (camera), buffer), ==, GST_FLOW_OK);
}

static gboolean
has_got_some (gpointer data)
{
  return g_atomic_int_get (&((Viewer *)data)->n_buffers) > 0;
}

static gboolean
has_late_pictures (gpointer data)
{
  return g_atomic_int_get (&((Counter *)data)->n_buffers) == LATE_PICTURES;
}

static GstPadProbeReturn
on_held (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_OK;
}

/* A machine that stood still: what its camera took meanwhile comes at once. */
static void
test_late_pictures (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, LATE_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "H264");
  Counter camera = { 0 }, encoded = { 0 };
  g_autoptr (GstElement) encoder = NULL;
  g_autoptr (GstPad) sink = NULL;
  gulong hold;

  when_a_picture_comes (rig, 0);
  wait_for (has_got_some, alice);
  encoder = get_encoder (rig);
  sink = gst_element_get_static_pad (encoder, "sink");
  count_on (encoder, "src", &encoded);
  count_on (rig->track, "sink", &camera);
  hold = gst_pad_add_probe (sink,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, on_held, NULL,
      NULL);
  for (guint i = 1; i <= LATE_PICTURES; i++)
    when_a_picture_comes (rig, i);
  wait_for (has_late_pictures, &camera);
  gst_pad_remove_probe (sink, hold);
  wait_for (has_late_pictures, &encoded);
  when_it_leaves (alice);
  then_it_ends (rig);
}

typedef struct {
  Rig *rig;
  GstElement *first;
} Replacement;

static gboolean
has_replaced (gpointer data)
{
  Replacement *replacement = data;
  g_autoptr (GstElement) encoder = get_encoder (replacement->rig);

  return encoder != NULL && encoder != replacement->first;
}

static void
test_encoder_fails (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "H264");
  g_autoptr (GstElement) first = NULL;
  Replacement replacement;

  g_assert_true (sees (alice, MEDIA_RED));
  first = get_encoder (rig);
  replacement = (Replacement){ rig, first };
  GST_ELEMENT_ERROR (first, LIBRARY, ENCODE, ("made to fail"), (NULL));
  wait_for (has_replaced, &replacement);
  when_the_source_becomes (rig, BLUE_CAMERA);
  g_assert_true (sees (alice, MEDIA_BLUE));
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
test_encoded_sound (gconstpointer data)
{
  const gchar *codec = data;
  g_autofree gchar *source =
      g_strdup_printf ("audiotestsrc is-live=true freq=660 ! audioconvert ! "
                       "audioresample ! %s",
          g_str_equal (codec, "OPUS") ? "opusenc" : "mulawenc");
  Rig *rig = given_a_track (PEAL_MEDIA_AUDIO, source);
  Viewer *alice = when_somebody_watches (rig, codec);

  g_assert_true (media_wait_for_tone (alice->appsink, 660, TIMEOUT_MS));
  g_assert_cmpint (peal_track_get_input (PEAL_TRACK (rig->track)), ==,
      PEAL_TRACK_INPUT_ENCODED);
  g_assert_cmpuint (count_encoders (rig), ==, 0);
  when_it_leaves (alice);
  then_it_ends (rig);
}

/* A source that cannot be sent is refused where it is linked. */
static void
test_foreign_input (void)
{
  g_autoptr (GstElement) track = peal_track_new (PEAL_MEDIA_VIDEO, NULL);
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstCaps) theora = gst_caps_from_string ("video/x-theora");
  g_autoptr (GstCaps) sound = gst_caps_from_string ("audio/x-raw");

  gst_object_ref_sink (track);
  sink = gst_element_get_static_pad (track, "sink");
  g_assert_false (gst_pad_query_accept_caps (sink, theora));
  g_assert_false (gst_pad_query_accept_caps (sink, sound));
}

static gchar *
warning_about (const gchar *profile)
{
  g_autoptr (GstElement) track = peal_track_new (PEAL_MEDIA_VIDEO, NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-h264",
      "stream-format", G_TYPE_STRING, "byte-stream", "alignment", G_TYPE_STRING,
      "au", "profile", G_TYPE_STRING, profile, NULL);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_object_ref_sink (track);
  gst_element_set_bus (track, bus);
  gst_element_set_state (track, GST_STATE_PAUSED);
  sink = gst_element_get_static_pad (track, "sink");
  gst_pad_send_event (sink, gst_event_new_stream_start ("camera"));
  g_assert_true (gst_pad_send_event (sink, gst_event_new_caps (caps)));
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  gst_element_set_state (track, GST_STATE_NULL);
  gst_element_set_bus (track, NULL); /* its messages hold the track */
  if (message)
    gst_message_parse_warning (message, &error, NULL);

  return error ? g_strdup (error->message) : NULL;
}

static void
test_unplayable_profile (void)
{
  g_autofree gchar *about_444 = warning_about ("high-4:4:4");
  g_autofree gchar *about_baseline = warning_about ("constrained-baseline");

  g_assert_nonnull (about_444);
  g_assert_nonnull (strstr (about_444, "format=I420"));
  g_assert_null (about_baseline);
}

static void
add_codec_tests (void)
{
  static const gchar *const video[] = { "VP8", "VP9", "H264", "H265" };
  static const gchar *const audio[] = { "OPUS", "PCMU", "PCMA", "G722" };

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
}

static Rig *
given_an_encoder_that_stands_by (const gchar *source)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, source);

  wait_for (is_known, rig);
  peal_track_prepare (PEAL_TRACK (rig->track));
  g_assert_cmpuint (count_encoders (rig), ==, 1);
  return rig;
}

static void
test_standby (void)
{
  Rig *rig = given_an_encoder_that_stands_by (RED_CAMERA);
  Counter camera = { 0 }, encoded = { 0 };
  g_autoptr (GstElement) before = get_encoder (rig);
  g_autoptr (GstElement) after = NULL;
  g_autoptr (GPtrArray) codecs =
      peal_track_list_codecs (PEAL_TRACK (rig->track), NULL);
  Viewer *alice;

  count_on (before, "src", &encoded);
  count_on (rig->track, "sink", &camera);
  wait_for_twenty (&camera.n_buffers);
  g_assert_cmpint (encoded.n_buffers, ==, 0);
  alice = when_somebody_watches (
      rig, ((const PealCodec *)g_ptr_array_index (codecs, 0))->name);
  g_assert_true (sees (alice, MEDIA_RED));
  after = get_encoder (rig);
  g_assert_true (before == after);
  when_it_leaves (alice);
  g_assert_cmpuint (count_encoders (rig), ==, 1);
  then_it_ends (rig);
}

static void
test_standby_moves (void)
{
  Rig *rig = given_an_encoder_that_stands_by (RED_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "VP8");
  Viewer *bob;

  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_cmpuint (count_encoders (rig), ==, 1);
  bob = when_somebody_watches (rig, "H264");
  g_assert_true (sees (bob, MEDIA_RED));
  g_assert_cmpuint (count_encoders (rig), ==, 2);
  when_it_leaves (alice);
  g_assert_cmpuint (count_encoders (rig), ==, 1);
  when_it_leaves (bob);
  g_assert_cmpuint (count_encoders (rig), ==, 1);
  then_it_ends (rig);
}

static void
test_standby_fails (void)
{
  Rig *rig = given_an_encoder_that_stands_by (RED_CAMERA);
  g_autoptr (GstElement) first = get_encoder (rig);
  Viewer *alice;

  GST_ELEMENT_ERROR (first, LIBRARY, ENCODE, ("made to fail"), (NULL));
  alice = when_somebody_watches (rig, "H264");
  g_assert_true (sees (alice, MEDIA_RED));
  when_it_leaves (alice);
  then_it_ends (rig);
}

static void
test_standby_size (void)
{
  Rig *rig = given_an_encoder_that_stands_by (
      "videotestsrc is-live=true pattern=red ! capsfilter name=size "
      "caps=video/x-raw,width=320,height=240,framerate=30/1");
  g_autoptr (GstElement) filter =
      gst_bin_get_by_name (GST_BIN (rig->source), "size");
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("video/x-raw,width=640,height=360,framerate=15/1");
  Counter camera = { 0 };
  Viewer *alice;

  g_object_set (filter, "caps", caps, NULL);
  count_on (rig->track, "sink", &camera);
  wait_for_twenty (&camera.n_buffers);
  alice = when_somebody_watches (rig, "VP8");
  g_assert_true (media_wait_for_size (alice->appsink, 640, 360, TIMEOUT_MS));
  when_it_leaves (alice);
  then_it_ends (rig);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_codec_tests ();
  g_test_add_data_func (
      "/track/encoded-opus-passes", "OPUS", test_encoded_sound);
  g_test_add_data_func (
      "/track/encoded-pcmu-passes", "PCMU", test_encoded_sound);
  g_test_add_func (
      "/track/input-that-cannot-be-sent-is-refused", test_foreign_input);
  g_test_add_func (
      "/track/h264-that-no-browser-plays-is-told-of", test_unplayable_profile);
  g_test_add_func ("/track/nobody-watches-so-nothing-is-encoded",
      test_nothing_encoded_for_nobody);
  g_test_add_func (
      "/track/encoded-input-passes-and-late-viewers-see-it", test_pass_through);
  g_test_add_func ("/track/raw-input-becomes-encoded-and-raw-again",
      test_raw_becomes_encoded);
  g_test_add_func ("/track/pictures-that-come-late-at-once-are-all-encoded",
      test_late_pictures);
  g_test_add_func (
      "/track/a-source-that-ends-can-be-replaced", test_source_ends);
  g_test_add_func (
      "/track/an-encoder-that-fails-is-replaced", test_encoder_fails);
  g_test_add_func (
      "/track/bitrate-reaches-a-running-encoder", test_bitrate_is_live);
  g_test_add_func (
      "/track/everything-works-again-after-a-restart", test_restart);
  g_test_add_data_func (
      "/track/size-may-change-under-vp8", "VP8", test_size_changes);
  g_test_add_data_func (
      "/track/size-may-change-under-h264", "H264", test_size_changes);
  g_test_add_data_func (
      "/track/mute-stops-pictures-and-unmute-brings-a-key-frame", RED_CAMERA,
      test_muted);
  g_test_add_data_func (
      "/track/mute-works-on-encoded-input-too", H264_CAMERA, test_muted);
  g_test_add_func (
      "/track/an-encoder-that-stands-by-gets-no-picture", test_standby);
  g_test_add_func (
      "/track/the-encoder-that-was-wanted-last-stands-by", test_standby_moves);
  g_test_add_func (
      "/track/an-encoder-may-fail-while-it-stands-by", test_standby_fails);
  g_test_add_func (
      "/track/size-may-change-while-an-encoder-stands-by", test_standby_size);
  return g_test_run ();
}
