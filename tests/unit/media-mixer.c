/*
 * The mixer, with raw inputs, and with whole receiving sides:
 *
 *   source ─ remote track ─ mix ─┐
 *   source ─ remote track ─ mix ─┴─ mixer ─ appsink
 */
#include "media/mixer.h"

#include "base/error.h"
#include "media-check.h"
#include "media/remote-track.h"
#include "rtp-source.h"
#include "wait.h"

#define PATIENCE_MS 10000

static const PealDelays delays = { 0, 200 * GST_MSECOND };
#define LONGEST_GAP_US (300 * G_TIME_SPAN_MILLISECOND)
#define CANARY_US (5 * G_TIME_SPAN_MILLISECOND)
#define STALLS 4 /* source, decoder, aggregator, output: each may stall */

static const MediaRegion left_cell = { 0.1, 0.4, 0.4, 0.6 };
static const MediaRegion right_cell = { 0.6, 0.4, 0.9, 0.6 };
/* Above and below two 16:9 pictures that stand side by side. */
static const MediaRegion top_bar = { 0, 0, 1, 0.2 };

typedef struct {
  GMutex lock;
  GCond cond;
  GThread *canary;
  gboolean is_over;
  gint64 longest_stall_us;
  gint64 last_us;
  gint64 longest_us;
  GstClockTime last_end;
  gboolean is_broken;
  guint count;
} Flow;

static GstPadProbeReturn
on_output (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Flow *flow = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&flow->lock);
  if (flow->count > 0) {
    flow->longest_us = MAX (flow->longest_us, now_us - flow->last_us);
    if (GST_BUFFER_PTS (buffer) < flow->last_end)
      flow->is_broken = TRUE;
  }
  flow->last_us = now_us;
  flow->last_end = GST_BUFFER_PTS (buffer);
  flow->count++;
  g_mutex_unlock (&flow->lock);

  return GST_PAD_PROBE_OK;
}

/* How long this machine keeps a thread waiting that wants nothing but to wake
 * up every 5 ms: no mixer can do better than that. */
static gpointer
measure_stalls (gpointer data)
{
  Flow *flow = data;

  g_mutex_lock (&flow->lock);
  while (!flow->is_over) {
    gint64 start_us = g_get_monotonic_time ();

    g_cond_wait_until (&flow->cond, &flow->lock, start_us + CANARY_US);
    flow->longest_stall_us = MAX (
        flow->longest_stall_us, g_get_monotonic_time () - start_us - CANARY_US);
  }
  g_mutex_unlock (&flow->lock);

  return NULL;
}

static void
watch_flow (GstElement *mixer, Flow *flow)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (mixer, "src");

  memset (flow, 0, sizeof (*flow));
  g_mutex_init (&flow->lock);
  g_cond_init (&flow->cond);
  flow->canary = g_thread_new ("canary", measure_stalls, flow);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_output, flow, NULL);
}

static void
end_watch (Flow *flow)
{
  g_mutex_lock (&flow->lock);
  flow->is_over = TRUE;
  g_cond_signal (&flow->cond);
  g_mutex_unlock (&flow->lock);
  g_thread_join (flow->canary);
}

static void
assert_flowed (Flow *flow)
{
  end_watch (flow);
  g_mutex_lock (&flow->lock);
  g_test_message ("%u buffers, longest gap %.1f ms; longest stall %.1f ms",
      flow->count, flow->longest_us / 1000.0, flow->longest_stall_us / 1000.0);
  g_assert_cmpuint (flow->count, >, 0);
  g_assert_cmpint (flow->longest_us, <,
      LONGEST_GAP_US * wait_slowness () + STALLS * flow->longest_stall_us);
  g_assert_false (flow->is_broken);
  g_mutex_unlock (&flow->lock);
}

static GstElement *
add_mixer (
    RtpRig *rig, PealMediaKind kind, const gchar *caps, GstElement **appsink)
{
  GstElement *mixer = peal_mixer_new (kind, NULL);
  g_autoptr (GstPad) src = NULL;

  gst_bin_add (GST_BIN (rig->pipeline), mixer);
  src = gst_element_get_static_pad (mixer, "src");
  *appsink = rtp_rig_add_sink (rig, src, caps);
  gst_element_sync_state_with_parent (mixer);
  return mixer;
}

typedef struct {
  GstElement *source;
  GstElement *track;
  GstElement *mixer;
  GstPad *sink;
} Member;

static Member
join (RtpRig *rig, GstElement *mixer, const gchar *codec_name,
    const gchar *content)
{
  const PealCodec *codec = peal_codec_find (codec_name);
  Member member = { .mixer = mixer };
  g_autoptr (GstPad) rtp = NULL;
  g_autoptr (GstPad) mix = NULL;
  g_autoptr (GError) error = NULL;

  member.source = rtp_rig_add_source (rig, codec_name, content);
  member.track = peal_remote_track_new (codec->kind, &delays, NULL);
  gst_bin_add (GST_BIN (rig->pipeline), member.track);
  member.sink = gst_element_request_pad_simple (mixer, "sink_%u");
  mix = gst_element_request_pad_simple (member.track, "mix");
  g_assert_cmpint (gst_pad_link (mix, member.sink), ==, GST_PAD_LINK_OK);
  gst_element_sync_state_with_parent (member.track);
  rtp = gst_element_get_static_pad (member.source, "src");
  peal_remote_track_attach (
      PEAL_REMOTE_TRACK (member.track), rtp, codec, &error);
  g_assert_no_error (error);
  rtp_rig_start (member.source);

  return member;
}

static void
leave (RtpRig *rig, Member *member)
{
  peal_remote_track_detach (PEAL_REMOTE_TRACK (member->track));
  gst_element_release_request_pad (member->mixer, member->sink);
  gst_clear_object (&member->sink);
  rtp_rig_remove (rig, member->track);
  rtp_rig_remove (rig, member->source);
}

static void
test_black (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_VIDEO, "", &sink);
  Flow flow;
  GstStateChangeReturn result;

  watch_flow (mixer, &flow);
  result = gst_element_set_state (rig->pipeline, GST_STATE_PAUSED);
  g_assert_cmpint (result, ==, GST_STATE_CHANGE_NO_PREROLL);
  rtp_rig_play (rig);
  g_assert_true (media_wait_for_size (sink, 1280, 720, PATIENCE_MS));
  for (guint i = 0; i < 20; i++)
    g_assert_true (
        media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_BLACK, 500));
  assert_flowed (&flow);
}

static void
test_silence (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_AUDIO, "", &sink);
  Flow flow;

  watch_flow (mixer, &flow);
  rtp_rig_play (rig);
  for (guint i = 0; i < 4; i++)
    g_assert_true (media_wait_for_silence (sink, 1000));
  assert_flowed (&flow);
}

static void
assert_output (PealMediaKind kind, const gchar *accepted, const gchar *expected)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  g_autoptr (GstCaps) caps = gst_caps_from_string (expected);
  g_autoptr (GstSample) sample = NULL;
  GstElement *sink;

  add_mixer (rig, kind, accepted, &sink);
  rtp_rig_play (rig);
  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 5 * GST_SECOND);
  g_assert_nonnull (sample);
  g_assert_true (gst_caps_can_intersect (gst_sample_get_caps (sample), caps));
}

static void
test_output_format (void)
{
  assert_output (PEAL_MEDIA_VIDEO, "",
      "video/x-raw,format=I420,width=1280,height=720,framerate=30/1");
  assert_output (PEAL_MEDIA_VIDEO, "video/x-raw,width=640 !",
      "video/x-raw,width=640,height=360,framerate=30/1");
  assert_output (PEAL_MEDIA_VIDEO, "video/x-raw,height=1080,format=BGRx !",
      "video/x-raw,width=1920,height=1080,format=BGRx");
  assert_output (PEAL_MEDIA_VIDEO, "video/x-raw,framerate=10/1 !",
      "video/x-raw,width=1280,framerate=10/1");
  assert_output (PEAL_MEDIA_AUDIO, "",
      "audio/x-raw,rate=48000,channels=2,layout=interleaved");
  assert_output (PEAL_MEDIA_AUDIO, "audio/x-raw,rate=16000,channels=1 !",
      "audio/x-raw,rate=16000,channels=1");
}

static void
test_one_fills_the_frame (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_VIDEO, "", &sink);
  Member red = join (rig, mixer, "VP8", "pattern=red");

  rtp_rig_play (rig);
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  leave (rig, &red);
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_BLACK, PATIENCE_MS));
}

static void
test_two_side_by_side (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_VIDEO, "", &sink);
  Member red, blue;
  Flow flow;

  watch_flow (mixer, &flow);
  rtp_rig_play (rig);
  red = join (rig, mixer, "VP8", "pattern=red");
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  blue = join (rig, mixer, "H264", "pattern=blue");
  g_assert_true (
      media_wait_for_colour (sink, right_cell, MEDIA_BLUE, PATIENCE_MS));
  g_assert_true (
      media_wait_for_colour (sink, left_cell, MEDIA_RED, PATIENCE_MS));
  g_assert_true (
      media_wait_for_colour (sink, top_bar, MEDIA_BLACK, PATIENCE_MS));
  leave (rig, &red);
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_BLUE, PATIENCE_MS));
  leave (rig, &blue);
  assert_flowed (&flow);
}

static void
test_two_voices (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_AUDIO, "", &sink);
  Member low, high;
  guint rate;
  Flow flow;

  watch_flow (mixer, &flow);
  rtp_rig_play (rig);
  low = join (rig, mixer, "OPUS", "freq=500 volume=0.3");
  g_assert_true (media_wait_for_tone (sink, 500, PATIENCE_MS));
  high = join (rig, mixer, "PCMU", "freq=1500 volume=0.6");
  g_assert_true (media_wait_for_tone (sink, 1500, PATIENCE_MS));
  while (samples->len < 12000) {
    g_autoptr (GstSample) sample =
        gst_app_sink_try_pull_sample (GST_APP_SINK (sink), GST_SECOND);

    g_assert_nonnull (sample);
    g_assert_true (media_check_append_audio (samples, sample, &rate));
  }
  g_assert_cmpfloat (media_check_tone_level (samples, rate, 500), >, 0.15);
  g_assert_cmpfloat (media_check_tone_level (samples, rate, 1500), >, 0.3);

  leave (rig, &high);
  g_assert_true (media_wait_for_tone (sink, 500, PATIENCE_MS));
  leave (rig, &low);
  g_assert_true (media_wait_for_silence (sink, PATIENCE_MS));
  assert_flowed (&flow);
}

static gboolean
has_given_ten (gpointer data)
{
  Flow *flow = data;
  guint count;

  g_mutex_lock (&flow->lock);
  count = flow->count;
  g_mutex_unlock (&flow->lock);
  return count >= 10;
}

static void
assert_not_ahead (GstElement *mixer, Flow *flow)
{
  g_mutex_lock (&flow->lock);
  g_assert_cmpuint (
      flow->last_end, <=, gst_element_get_current_running_time (mixer));
  g_assert_false (flow->is_broken);
  g_mutex_unlock (&flow->lock);
}

static void
pause_for_a_while (RtpRig *rig, Flow *flow)
{
  gst_element_set_state (rig->pipeline, GST_STATE_PAUSED);
  gst_element_get_state (rig->pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  g_mutex_lock (&flow->lock);
  flow->count = 0;
  g_mutex_unlock (&flow->lock);
  run_for_ms (300);
}

/* A clock but no base time, as between the start of a pipeline and its end,
 * for longer than it ever is there; then a base time that is an old one. */
static void
test_pause (gconstpointer data)
{
  gboolean is_video = GPOINTER_TO_INT (data);
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstElement *sink;
  GstElement *mixer = add_mixer (
      rig, is_video ? PEAL_MEDIA_VIDEO : PEAL_MEDIA_AUDIO, "", &sink);
  Flow flow;

  watch_flow (mixer, &flow);
  gst_element_set_clock (rig->pipeline, clock);
  for (guint i = 0; i < 2; i++) {
    pause_for_a_while (rig, &flow);
    g_assert_cmpuint (flow.count, ==, 0);
    rtp_rig_play (rig);
    wait_for (has_given_ten, &flow);
    assert_not_ahead (mixer, &flow);
  }
  end_watch (&flow);
}

static void
test_first_comes_late (gconstpointer data)
{
  gboolean is_video = GPOINTER_TO_INT (data);
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (
      rig, is_video ? PEAL_MEDIA_VIDEO : PEAL_MEDIA_AUDIO, "", &sink);
  Member member;
  Flow flow;

  watch_flow (mixer, &flow);
  rtp_rig_play (rig);
  wait_for (has_given_ten, &flow);
  member = join (rig, mixer, is_video ? "VP8" : "OPUS",
      is_video ? "pattern=red" : "freq=500");
  if (is_video)
    g_assert_true (
        media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  else
    g_assert_true (media_wait_for_tone (sink, 500, PATIENCE_MS));
  leave (rig, &member);
  assert_flowed (&flow);
}

static void
test_reconnect (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_VIDEO, "", &sink);
  Member member = join (rig, mixer, "VP8", "pattern=red");
  GstElement *again;
  g_autoptr (GstPad) rtp = NULL;
  Flow flow;

  watch_flow (mixer, &flow);
  rtp_rig_play (rig);
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  peal_remote_track_detach (PEAL_REMOTE_TRACK (member.track));
  rtp_rig_remove (rig, member.source);
  /* The last picture stays meanwhile. */
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_RED, 500));

  again = rtp_rig_add_source (rig, "VP8", "pattern=green");
  rtp = gst_element_get_static_pad (again, "src");
  g_assert_true (peal_remote_track_attach (
      PEAL_REMOTE_TRACK (member.track), rtp, peal_codec_find ("VP8"), NULL));
  rtp_rig_start (again);
  g_assert_true (
      media_wait_for_colour (sink, MEDIA_REGION_ALL, MEDIA_GREEN, PATIENCE_MS));
  assert_flowed (&flow);
  gst_object_unref (member.sink);
}

/* A raw input whose timestamps are off by @offset against the pipeline. */
static GstPad *
join_raw (RtpRig *rig, GstElement *mixer, const gchar *line, gint64 offset)
{
  GstElement *bin = gst_parse_bin_from_description (line, TRUE, NULL);
  GstPad *sink = gst_element_request_pad_simple (mixer, "sink_%u");
  g_autoptr (GstPad) src = gst_element_get_static_pad (bin, "src");

  gst_element_set_locked_state (bin, TRUE);
  gst_bin_add (GST_BIN (rig->pipeline), bin);
  gst_pad_set_offset (src, offset);
  g_assert_cmpint (gst_pad_link (src, sink), ==, GST_PAD_LINK_OK);
  rtp_rig_start (bin);
  return sink;
}

static void
test_late_sound (gconstpointer offset_ms)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_AUDIO, "", &sink);
  g_autoptr (GstPad) input = NULL;

  input = join_raw (rig, mixer,
      "audiotestsrc is-live=true freq=700 ! audio/x-raw,rate=32000",
      GPOINTER_TO_INT (offset_ms) * (gint64)GST_MSECOND);
  rtp_rig_play (rig);
  g_assert_true (media_wait_for_tone (sink, 700, 3000));
  for (guint i = 0; i < 5; i++)
    g_assert_true (media_wait_for_tone (sink, 700, 600));
}

static void
test_late_picture (gconstpointer offset_ms)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_VIDEO, "", &sink);
  g_autoptr (GstPad) input = NULL;

  input = join_raw (rig, mixer,
      "videotestsrc is-live=true pattern=ball motion=sweep",
      GPOINTER_TO_INT (offset_ms) * (gint64)GST_MSECOND);
  rtp_rig_play (rig);
  for (guint i = 0; i < 5; i++)
    g_assert_true (media_wait_for_movement (sink, 3000));
}

static void
test_picture_without_frames (void)
{
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (rig, PEAL_MEDIA_VIDEO, "", &sink);
  g_autoptr (GstPad) silent = gst_element_request_pad_simple (mixer, "sink_%u");
  Member red = join (rig, mixer, "VP8", "pattern=red");
  Flow flow;

  watch_flow (mixer, &flow);
  rtp_rig_play (rig);
  g_assert_true (
      media_wait_for_colour (sink, right_cell, MEDIA_RED, PATIENCE_MS));
  g_assert_true (
      media_wait_for_colour (sink, left_cell, MEDIA_BLACK, PATIENCE_MS));
  leave (rig, &red);
  assert_flowed (&flow);
}

static void
count_finalized (gpointer data, GObject *object)
{
  g_atomic_int_inc ((gint *)data);
}

static GstPadProbeReturn
drop (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_DROP;
}

static void
test_many_cycles (gconstpointer data)
{
  gboolean is_video = GPOINTER_TO_INT (data);
  g_autoptr (RtpRig) rig = rtp_rig_new ();
  GstElement *sink;
  GstElement *mixer = add_mixer (
      rig, is_video ? PEAL_MEDIA_VIDEO : PEAL_MEDIA_AUDIO, "", &sink);
  const gchar *line = is_video
      ? "videotestsrc is-live=true pattern=ball ! "
        "video/x-raw,width=320,height=180,framerate=60/1"
      : "audiotestsrc is-live=true ! audio/x-raw,rate=16000";
  gint finalized = 0;
  Flow flow;

  watch_flow (mixer, &flow);
  rtp_rig_play (rig);
  for (guint i = 0; i < 200; i++) {
    GstPad *input = join_raw (rig, mixer, line, 0);
    g_autoptr (GstPad) src = gst_pad_get_peer (input);
    g_autoptr (GstElement) bin = gst_pad_get_parent_element (src);

    g_object_weak_ref (G_OBJECT (input), count_finalized, &finalized);
    if (i % 20 == 0)
      g_assert_true (is_video ? media_wait_for_movement (sink, 1000)
                              : media_wait_for_tone (sink, 440, 2000));
    if (i % 2)
      rtp_rig_remove (rig, bin);
    else
      gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, drop, NULL, NULL);
    gst_element_release_request_pad (mixer, input);
    gst_object_unref (input);
    if (i % 2 == 0) {
      rtp_rig_remove (rig, bin);
    }
  }
  g_assert_cmpint (finalized, ==, 200);
  assert_flowed (&flow);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mixer/the-picture-is-black-when-alone", test_black);
  g_test_add_func ("/mixer/there-is-silence-when-alone", test_silence);
  g_test_add_func (
      "/mixer/the-output-is-what-downstream-takes", test_output_format);
  g_test_add_func (
      "/mixer/one-picture-fills-the-frame", test_one_fills_the_frame);
  g_test_add_func (
      "/mixer/two-pictures-stand-side-by-side", test_two_side_by_side);
  g_test_add_func ("/mixer/two-voices-are-heard-at-once", test_two_voices);
  g_test_add_data_func ("/mixer/time-goes-on-when-the-first-picture-comes",
      GINT_TO_POINTER (TRUE), test_first_comes_late);
  g_test_add_data_func ("/mixer/time-goes-on-when-the-first-voice-comes",
      GINT_TO_POINTER (FALSE), test_first_comes_late);
  g_test_add_data_func ("/mixer/pictures-wait-while-the-pipeline-is-paused",
      GINT_TO_POINTER (TRUE), test_pause);
  g_test_add_data_func ("/mixer/voices-wait-while-the-pipeline-is-paused",
      GINT_TO_POINTER (FALSE), test_pause);
  g_test_add_func ("/mixer/a-reconnected-member-is-seen-again", test_reconnect);
  g_test_add_func ("/mixer/an-input-that-never-gives-anything-holds-up-nobody",
      test_picture_without_frames);
  g_test_add_data_func (
      "/mixer/late-sound-is-heard", GINT_TO_POINTER (-700), test_late_sound);
  g_test_add_data_func ("/mixer/sound-from-the-future-is-heard",
      GINT_TO_POINTER (3600 * 1000), test_late_sound);
  g_test_add_data_func (
      "/mixer/a-late-picture-moves", GINT_TO_POINTER (-700), test_late_picture);
  g_test_add_data_func ("/mixer/a-picture-from-the-future-moves",
      GINT_TO_POINTER (3600 * 1000), test_late_picture);
  g_test_add_data_func ("/mixer/two-hundred-pictures-come-and-go",
      GINT_TO_POINTER (TRUE), test_many_cycles);
  g_test_add_data_func ("/mixer/two-hundred-voices-come-and-go",
      GINT_TO_POINTER (FALSE), test_many_cycles);

  return g_test_run ();
}
