/*
 * Branches with real media: each viewer gets what it needs, and none can harm
 * another.
 */
#include <gst/gst.h>
#include <gst/rtp/rtp.h>
#include <gst/sdp/sdp.h>
#include <gst/video/video.h>
#include <gst/webrtc/webrtc.h>

#include "media-check.h"
#include "media/track.h"
#include "track-rig.h"
#include "wait.h"

#define NOISY_CAMERA "videotestsrc is-live=true pattern=snow ! " PICTURE

static gboolean
has_rtp_caps (gpointer branch)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (branch, "src");
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

  wait_for (has_rtp_caps, alice->branch);
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

static gboolean
has_headers (gpointer branch)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (branch, "src");
  g_autoptr (GstEvent) segment =
      gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);

  return segment != NULL;
}

typedef struct {
  gint n_caps;              /* atomic */
  gint n_caps_before_media; /* of the first media */
} Headers;

static GstPadProbeReturn
on_header (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Headers *headers = data;

  if (!(info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)) {
    headers->n_caps_before_media = g_atomic_int_get (&headers->n_caps);
    return GST_PAD_PROBE_REMOVE;
  }
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_CAPS)
    g_atomic_int_inc (&headers->n_caps);
  return GST_PAD_PROBE_OK;
}

/* What is behind may be linked anew while a branch is closed, even while its
 * caps are on their way. */
static void
test_caps_again (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_joins (rig, "H264");
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (GST_ELEMENT (alice->branch), "src");
  Headers headers = { 0 };

  wait_for (has_headers, alice->branch);
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_BUFFER |
          GST_PAD_PROBE_TYPE_BUFFER_LIST,
      on_header, &headers, NULL);
  peal_track_branch_set_open (alice->branch, TRUE);
  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_cmpint (headers.n_caps_before_media, ==, 1);
  when_it_leaves (alice);
  then_it_ends (rig);
}

/* The offer that webrtcbin makes of what it is linked to, as text. */
static gchar *
dup_offer (GstElement *webrtcbin)
{
  g_autoptr (GstPromise) promise = gst_promise_new ();
  g_autoptr (GstWebRTCSessionDescription) offer = NULL;

  g_signal_emit_by_name (webrtcbin, "create-offer", NULL, promise);
  g_assert_cmpint (gst_promise_wait (promise), ==, GST_PROMISE_RESULT_REPLIED);
  gst_structure_get (gst_promise_get_reply (promise), "offer",
      GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
  g_assert_nonnull (offer);
  return gst_sdp_message_as_text (offer->sdp);
}

static void
test_webrtcbin_can_offer (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  PealBranchParams params = { .payload_type = 109,
    .ssrc = 777,
    .twcc_id = 3,
    .rtp_fields = "profile-level-id=(string)42001f" };
  GstElement *webrtcbin = gst_element_factory_make ("webrtcbin", NULL);
  g_autofree gchar *offer = NULL;
  PealTrackBranch *branch;

  g_object_set (webrtcbin, "bundle-policy", 3, NULL);
  branch = peal_track_add_branch (
      PEAL_TRACK (rig->track), peal_codec_find ("H264"), &params, NULL);
  gst_bin_add_many (
      GST_BIN (rig->pipeline), webrtcbin, GST_ELEMENT (branch), NULL);
  g_assert_true (gst_element_link (GST_ELEMENT (branch), webrtcbin));
  gst_element_sync_state_with_parent (webrtcbin);
  gst_element_sync_state_with_parent (GST_ELEMENT (branch));
  wait_for (has_rtp_caps, branch);

  offer = dup_offer (webrtcbin);
  g_assert_nonnull (strstr (offer, "a=rtpmap:109 H264/90000"));
  g_assert_nonnull (strstr (offer, "profile-level-id=42001f"));
  g_assert_nonnull (strstr (offer, "a=ssrc:777 "));
  g_assert_nonnull (strstr (offer, "a=extmap:3 "));
  g_assert_nonnull (strstr (offer, "transport-cc"));
  peal_track_remove_branch (PEAL_TRACK (rig->track), branch);
  remove_element (rig, GST_ELEMENT (branch));
  remove_element (rig, webrtcbin);
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

static gboolean
has_encoded (gpointer counter)
{
  return g_atomic_int_get (&((Counter *)counter)->n_keys) > 0;
}

/* What is encoded ahead stays behind the gate, and is what comes out first. */
static void
test_expected (gconstpointer codec)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_joins (rig, codec);
  g_autofree gchar *fan_out = g_strdup_printf ("fan-out-%s", (gchar *)codec);
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (rig->track), fan_out);
  Counter ahead = { 0 }, passed = { 0 };
  Counter camera = { 0 };

  count_on (rig->track, "sink", &camera);
  wait_for_twenty (&camera.n_buffers);
  count_on (element, "sink", &ahead);
  count_encoded (alice, &passed);
  peal_track_branch_expect_open (alice->branch);
  wait_for (has_encoded, &ahead);
  g_assert_cmpint (g_atomic_int_get (&passed.n_buffers), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&alice->n_buffers), ==, 0);
  peal_track_branch_set_open (alice->branch, TRUE);
  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_cmpint (passed.n_deltas_before_key, ==, 0);
  when_it_leaves (alice);
  then_it_ends (rig);
}

typedef struct {
  gint n_pieces;     /* atomic */
  gint n_packets;    /* atomic */
  gint n_unmarked;   /* pieces that do not end a picture; atomic */
  gint n_delimiters; /* packets with nothing but one; atomic */
} Pieces;

static gboolean
is_last_of_picture (GstBuffer *packet)
{
  return GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_MARKER);
}

/* RFC 6184 5.4: the type of its unit; H.264 table 7-1: 9. */
static gboolean
is_delimiter (GstBuffer *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  guint8 *payload;
  gboolean is_one;

  g_assert_true (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  payload = gst_rtp_buffer_get_payload (&rtp);
  is_one = (payload[0] & 0x1f) == 9;
  gst_rtp_buffer_unmap (&rtp);
  return is_one;
}

static GstPadProbeReturn
on_piece (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Pieces *pieces = data;
  GstBufferList *list = info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST
      ? GST_PAD_PROBE_INFO_BUFFER_LIST (info)
      : NULL;
  guint length = list ? gst_buffer_list_length (list) : 1;
  GstBuffer *first =
      list ? gst_buffer_list_get (list, 0) : GST_PAD_PROBE_INFO_BUFFER (info);
  GstBuffer *last = list ? gst_buffer_list_get (list, length - 1) : first;

  g_atomic_int_inc (&pieces->n_pieces);
  g_atomic_int_add (&pieces->n_packets, (gint)length);
  if (!is_last_of_picture (last))
    g_atomic_int_inc (&pieces->n_unmarked);
  if (is_delimiter (first))
    g_atomic_int_inc (&pieces->n_delimiters);
  return GST_PAD_PROBE_OK;
}

/* Its slices, and its parameter sets, are units of their own for H.264's
 * payloader; the camera shows noise, so that each needs many packets. */
static void
test_one_piece (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, NOISY_CAMERA);
  Viewer *alice = when_somebody_joins (rig, "H264");
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (GST_ELEMENT (alice->branch), "src");
  Pieces pieces = { 0 };

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_piece,
      &pieces, NULL);
  peal_track_branch_set_open (alice->branch, TRUE);
  wait_for_twenty (&pieces.n_pieces);
  g_assert_cmpint (g_atomic_int_get (&pieces.n_unmarked), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&pieces.n_delimiters), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&pieces.n_packets), >=,
      2 * g_atomic_int_get (&pieces.n_pieces));
  when_it_leaves (alice);
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
on_gone (gpointer data, GObject *object)
{
  guint *n_alive = data;

  (*n_alive)--;
}

/* Bob stands still in the middle of a picture's packets, and is gone. */
static void
test_leaves_mid_picture (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, NOISY_CAMERA);
  Viewer *alice = when_somebody_watches (rig, "H264");
  Viewer *bob = when_somebody_watches (rig, "H264");
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (GST_ELEMENT (bob->branch), "src");
  guint n_alive = 1;

  wait_for_twenty (&bob->n_buffers);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_blocked, NULL, NULL);
  wait_for_twenty (&alice->n_buffers);
  g_clear_object (&pad);
  g_object_weak_ref (G_OBJECT (bob->branch), on_gone, &n_alive);
  when_it_leaves (bob);
  g_assert_cmpuint (n_alive, ==, 0);
  wait_for_twenty (&alice->n_buffers);
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
    g_assert_cmpuint (count_encoders (rig), ==, 0);
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

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/branch/webrtcbin-can-offer-it-before-any-media",
      test_webrtcbin_can_offer);
  g_test_add_func (
      "/branch/caps-come-before-media-and-stay", test_caps_before_media);
  g_test_add_func (
      "/branch/caps-are-told-again-when-the-gate-opens", test_caps_again);
  g_test_add_func (
      "/branch/a-stalled-viewer-harms-nobody-and-recovers", test_stalled);
  g_test_add_func (
      "/branch/a-viewer-leaves-in-mid-picture", test_leaves_mid_picture);
  g_test_add_func ("/branch/two-hundred-requests-make-two-key-frames-at-most",
      test_requests_are_merged);
  g_test_add_func (
      "/branch/viewers-who-are-alone-come-and-go", test_alone_comes_and_goes);
  g_test_add_func ("/branch/an-abandoned-branch-frees-itself", test_abandoned);
  g_test_add_func (
      "/branch/an-h264-picture-leaves-in-one-piece", test_one_piece);
  g_test_add_func ("/branch/latency-is-that-of-a-live-source", test_latency);
  g_test_add_data_func ("/branch/late-viewer-begins-with-a-vp8-key-frame",
      "VP8", test_late_begins_with_key);
  g_test_add_data_func ("/branch/late-viewer-begins-with-an-h264-key-frame",
      "H264", test_late_begins_with_key);
  g_test_add_data_func (
      "/branch/an-expected-viewer-gets-vp8-made-ahead", "VP8", test_expected);
  g_test_add_data_func (
      "/branch/an-expected-viewer-gets-h264-made-ahead", "H264", test_expected);
  g_test_add_data_func ("/branch/a-hundred-vp8-viewers-come-and-go", "VP8",
      test_hundred_come_and_go);
  return g_test_run ();
}
