/*
 * A received stream, on real encoded media:
 *
 *   source (encoder, payloader) ─ remote track ─┬─ src ─ appsink
 *                                               └─ mix ─ appsink
 */
#include "media/remote-track.h"

#include "base/error.h"
#include "media-check.h"
#include "rtp-source.h"
#include "wait.h"

#define PATIENCE_MS 10000

static const PealDelays delays = { 0, 200 * GST_MSECOND };

static PealRemoteTrack *
add_track (RtpRig *rig, PealMediaKind kind)
{
  GstElement *track = peal_remote_track_new (kind, &delays, NULL);

  gst_bin_add (GST_BIN (rig->pipeline), track);
  gst_element_sync_state_with_parent (track);
  return PEAL_REMOTE_TRACK (track);
}

static void
attach (PealRemoteTrack *track, GstElement *source, const gchar *codec_name)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (source, "src");
  g_autoptr (GError) error = NULL;

  peal_remote_track_attach (track, src, peal_codec_find (codec_name), &error);
  g_assert_no_error (error);
  rtp_rig_start (source);
}

static GstElement *
watch (RtpRig *rig, PealRemoteTrack *track, const gchar *description)
{
  g_autoptr (GstPad) src =
      gst_element_get_static_pad (GST_ELEMENT (track), "src");

  return rtp_rig_add_sink (rig, src, description);
}

static GstElement *
watch_mix (RtpRig *rig, PealRemoteTrack *track)
{
  g_autoptr (GstPad) mix =
      gst_element_request_pad_simple (GST_ELEMENT (track), "mix");

  g_assert_nonnull (mix);
  return rtp_rig_add_sink (rig, mix, "");
}

static guint64
get_frames (PealRemoteTrack *track)
{
  PealRemoteTrackCounters counters;

  peal_remote_track_get_counters (track, &counters);
  return counters.frames;
}

static guint
count_packets (GstElement *source)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (source, "src");

  return rtp_count_buffers (src);
}

static gboolean
have_many_packets_come (gpointer source)
{
  return count_packets (source) > 90;
}

static void
test_picture (gconstpointer codec_name)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, codec_name, "pattern=red");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *src = watch (rig, track, "");
  GstElement *mix = watch_mix (rig, track);
  PealRemoteTrackCounters counters;

  attach (track, source, codec_name);
  rtp_rig_play (rig);

  g_assert_true (
      media_wait_for_colour (src, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  g_assert_true (
      media_wait_for_colour (mix, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  peal_remote_track_get_counters (track, &counters);
  g_assert_cmpuint (counters.frames, >, 0);
  g_assert_cmpuint (counters.width, ==, 320);
  g_assert_cmpuint (counters.height, ==, 180);
  g_assert_cmpint (counters.first_frame_us, >, 0);
  g_assert_cmpint (counters.last_frame_us, >=, counters.first_frame_us);
}

static void
test_tone (gconstpointer codec_name)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, codec_name, "freq=660");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_AUDIO);
  GstElement *src = watch (rig, track, "audio/x-raw,rate=44100,channels=2 !");
  GstElement *mix = watch_mix (rig, track);
  PealRemoteTrackCounters counters;

  attach (track, source, codec_name);
  rtp_rig_play (rig);

  g_assert_true (media_wait_for_tone (src, 660, PATIENCE_MS));
  g_assert_true (media_wait_for_tone (mix, 660, PATIENCE_MS));
  peal_remote_track_get_counters (track, &counters);
  g_assert_cmpuint (counters.audio_ns, >, 200 * GST_MSECOND);
}

static void
test_late_consumer (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, "VP8", "pattern=blue");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *sink;

  attach (track, source, "VP8");
  rtp_rig_play (rig);
  g_assert_true (wait_until (have_many_packets_come, source, PATIENCE_MS));
  g_assert_cmpuint (get_frames (track), ==, 0);

  sink = watch (rig, track, "");
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_BLUE, 1000));
}

static GstElement *
find_decoder (PealRemoteTrack *track)
{
  g_autoptr (GstIterator) iterator =
      gst_bin_iterate_all_by_element_factory_name (
          GST_BIN (track), "avdec_h264");
  g_auto (GValue) value = G_VALUE_INIT;

  if (gst_iterator_next (iterator, &value) != GST_ITERATOR_OK)
    return NULL;
  return g_value_get_object (&value);
}

static void
test_encoded (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, "H264", "pattern=red");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *sink =
      watch (rig, track, "video/x-h264,stream-format=avc,alignment=au !");
  g_autoptr (GstSample) sample = NULL;
  GstStructure *structure;

  attach (track, source, "H264");
  rtp_rig_play (rig);

  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 10 * GST_SECOND);
  g_assert_nonnull (sample);
  structure = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  g_assert_true (gst_structure_has_name (structure, "video/x-h264"));
  g_assert_cmpstr (
      gst_structure_get_string (structure, "stream-format"), ==, "avc");
  g_assert_false (GST_BUFFER_FLAG_IS_SET (
      gst_sample_get_buffer (sample), GST_BUFFER_FLAG_DELTA_UNIT));
  g_assert_null (find_decoder (track));
  g_assert_cmpuint (get_frames (track), >, 0);
}

static void
test_encoded_and_mix (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, "H264", "pattern=green");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *sink =
      watch (rig, track, "video/x-h264,stream-format=avc ! avdec_h264 !");
  GstElement *mix = watch_mix (rig, track);

  attach (track, source, "H264");
  rtp_rig_play (rig);

  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_GREEN, PATIENCE_MS));
  g_assert_true (
      media_wait_for_colour (mix, MEDIA_REGION_ALL, MEDIA_GREEN, PATIENCE_MS));
}

static void
test_stalled_src (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source =
      rtp_rig_add_source (rig, "VP8", "pattern=ball motion=sweep");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *stalled = watch (rig, track, "");
  GstElement *mix = watch_mix (rig, track);
  gint64 start_us;
  guint64 frames;

  g_object_set (stalled, "drop", FALSE, "max-buffers", 1, NULL);
  attach (track, source, "VP8");
  rtp_rig_play (rig);
  g_assert_true (media_wait_for_movement (mix, PATIENCE_MS));

  frames = get_frames (track);
  start_us = g_get_monotonic_time ();
  while (g_get_monotonic_time () - start_us < 2 * G_USEC_PER_SEC)
    g_assert_true (media_wait_for_movement (mix, 500));
  g_assert_cmpuint (get_frames (track), >, frames + 40);

  /* The track goes while its consumer still holds up the queue. */
  rtp_rig_remove (rig, source);
  start_us = g_get_monotonic_time ();
  peal_remote_track_detach (track);
  rtp_rig_remove (rig, GST_ELEMENT (track));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_USEC_PER_SEC);
}

static void
test_reattach (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *red = rtp_rig_add_source (rig, "VP8", "pattern=red");
  GstElement *blue;
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *src = watch (rig, track, "");

  attach (track, red, "VP8");
  rtp_rig_play (rig);
  g_assert_true (
      media_wait_for_colour (src, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));

  peal_remote_track_detach (track);
  rtp_rig_remove (rig, red);
  blue = rtp_rig_add_source (rig, "H264", "pattern=blue");
  attach (track, blue, "H264");
  g_assert_true (
      media_wait_for_colour (src, MEDIA_REGION_ALL, MEDIA_BLUE, PATIENCE_MS));
}

static gpointer
remove_source (gpointer data)
{
  GstElement *source = data;
  g_autoptr (GstObject) parent = gst_object_get_parent (GST_OBJECT (source));

  gst_element_set_locked_state (source, TRUE);
  gst_element_set_state (source, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (parent), source);
  return NULL;
}

static void
test_many_reattachments (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *src = watch (rig, track, "");
  GstElement *source = NULL;

  rtp_rig_play (rig);
  for (guint i = 0; i < 30; i++) {
    GThread *thread;

    source = rtp_rig_add_source (rig, "VP8", "pattern=green");
    attach (track, source, "VP8");
    if (i % 5 == 0)
      g_assert_true (media_wait_for_colour (
          src, MEDIA_REGION_ALL, MEDIA_GREEN, PATIENCE_MS));
    /* The webrtcbin goes on another thread, before, during or after. */
    thread = g_thread_new ("teardown", remove_source, source);
    if (i % 3 == 0)
      g_thread_yield ();
    peal_remote_track_detach (track);
    g_thread_join (thread);
  }
}

static void
test_size_change (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, "VP8", "pattern=red");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *src = watch (rig, track, "");
  g_autoptr (GstElement) filter = NULL;
  g_autoptr (GstCaps) caps = gst_caps_from_string (
      "video/x-raw,format=I420,width=480,height=360,framerate=30/1");

  attach (track, source, "VP8");
  rtp_rig_play (rig);
  g_assert_true (media_wait_for_size (src, 320, 180, PATIENCE_MS));
  filter = gst_bin_get_by_name (GST_BIN (source), "capsfilter0");
  if (!filter) {
    g_autoptr (GstIterator) iterator =
        gst_bin_iterate_all_by_element_factory_name (
            GST_BIN (source), "capsfilter");
    g_auto (GValue) value = G_VALUE_INIT;

    g_assert_cmpint (gst_iterator_next (iterator, &value), ==, GST_ITERATOR_OK);
    filter = g_value_dup_object (&value);
  }
  g_object_set (filter, "caps", caps, NULL);
  g_assert_true (media_wait_for_size (src, 480, 360, PATIENCE_MS));
}

/* One packet in four has its payload spoilt; the RTP header stays. */
static gboolean
damage_buffer (GstBuffer **buffer, guint index, gpointer data)
{
  GstMapInfo map;

  if (g_test_rand_int_range (0, 4))
    return TRUE;

  *buffer = gst_buffer_make_writable (*buffer);
  g_assert_true (gst_buffer_map (*buffer, &map, GST_MAP_READWRITE));
  for (gsize i = 12; i < map.size; i++)
    map.data[i] ^= g_test_rand_int ();
  gst_buffer_unmap (*buffer, &map);
  return TRUE;
}

static GstPadProbeReturn
damage (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    GstBufferList *list =
        gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));

    gst_buffer_list_foreach (list, damage_buffer, NULL);
    GST_PAD_PROBE_INFO_DATA (info) = list;
  } else {
    damage_buffer ((GstBuffer **)&GST_PAD_PROBE_INFO_DATA (info), 0, NULL);
  }
  return GST_PAD_PROBE_OK;
}

static void
test_damage (gconstpointer codec_name)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, codec_name, "pattern=snow");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  GstElement *src = watch (rig, track, "");
  g_autoptr (GstElement) raw = NULL;
  gulong probe;

  attach (track, source, codec_name);
  count_packets (source);
  probe = gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, damage, NULL,
      NULL);
  rtp_rig_play (rig);
  g_assert_true (wait_until (have_many_packets_come, source, PATIENCE_MS));

  gst_pad_remove_probe (pad, probe);
  raw = gst_bin_get_by_name (GST_BIN (source), "raw");
  gst_util_set_object_arg (G_OBJECT (raw), "pattern", "red");
  peal_remote_track_request_key_frame (track);
  g_assert_true (
      media_wait_for_colour (src, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
}

static void
test_src_unlinked_and_linked_again (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, "VP8", "pattern=red");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  g_autoptr (GstPad) src =
      gst_element_get_static_pad (GST_ELEMENT (track), "src");

  attach (track, source, "VP8");
  rtp_rig_play (rig);
  for (guint i = 0; i < 5; i++) {
    GstElement *sink = rtp_rig_add_sink (
        rig, src, i % 2 ? "video/x-raw,format=RGB !" : "video/x-raw !");
    g_autoptr (GstPad) peer = NULL;
    g_autoptr (GstElement) bin = NULL;

    g_assert_true (
        media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
    peer = gst_pad_get_peer (src);
    bin = gst_pad_get_parent_element (peer);
    gst_pad_unlink (src, peer);
    rtp_rig_remove (rig, bin);
  }
}

static void
test_no_leak (void)
{
  RtpRig *rig = rtp_rig_new ();
  GstElement *source = rtp_rig_add_source (rig, "VP8", "pattern=red");
  PealRemoteTrack *track = add_track (rig, PEAL_MEDIA_VIDEO);
  gpointer weak = track;

  g_object_add_weak_pointer (G_OBJECT (track), &weak);
  g_assert_true (
      media_wait_for_colour ((attach (track, source, "VP8"), rtp_rig_play (rig),
                                 watch_mix (rig, track)),
          MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  rtp_rig_free (rig);
  g_assert_null (weak);
}

static void
add_pictures (void)
{
  g_test_add_data_func ("/remote-track/a-vp8-picture-comes-out-of-both-outputs",
      "VP8", test_picture);
  g_test_add_data_func (
      "/remote-track/an-h264-picture-comes-out-of-both-outputs", "H264",
      test_picture);
  g_test_add_data_func ("/remote-track/a-vp9-picture-comes-out-of-both-outputs",
      "VP9", test_picture);
  g_test_add_data_func (
      "/remote-track/damaged-vp8-is-survived", "VP8", test_damage);
  g_test_add_data_func (
      "/remote-track/damaged-h264-is-survived", "H264", test_damage);
  g_test_add_func (
      "/remote-track/the-sender-may-change-its-size", test_size_change);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  add_pictures ();
  g_test_add_data_func ("/remote-track/an-opus-tone-comes-out-of-both-outputs",
      "OPUS", test_tone);
  g_test_add_data_func (
      "/remote-track/a-pcmu-tone-comes-out-of-both-outputs", "PCMU", test_tone);
  g_test_add_func ("/remote-track/nothing-is-decoded-until-somebody-watches",
      test_late_consumer);
  g_test_add_func (
      "/remote-track/who-takes-only-encoded-media-gets-it", test_encoded);
  g_test_add_func (
      "/remote-track/encoded-and-mixed-at-the-same-time", test_encoded_and_mix);
  g_test_add_func (
      "/remote-track/a-stalled-consumer-holds-up-nobody", test_stalled_src);
  g_test_add_func ("/remote-track/a-consumer-may-come-and-go",
      test_src_unlinked_and_linked_again);
  g_test_add_func (
      "/remote-track/the-picture-returns-with-a-new-connection", test_reattach);
  g_test_add_func ("/remote-track/thirty-connections-in-a-row-are-survived",
      test_many_reattachments);
  g_test_add_func ("/remote-track/nothing-is-left-behind", test_no_leak);

  return g_test_run ();
}
