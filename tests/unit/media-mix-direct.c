/*
 * The short way through a mix of pictures:
 *
 *   source ─ marked ─ mixer ─ marked? ─ appsink
 *
 * A mark is a meta: copies of a buffer have it, pictures that a compositor
 * made do not.
 */
#include "media/mixer.h"

#include "media-check.h"
#include "rtp-source.h"
#include "senses.h"
#include "wait.h"

#define PATIENCE_MS 10000
#define CAPS "video/x-raw,format=I420,width=320,height=180,framerate=30/1"
/* Chosen: three times what switching waits, on a busy machine. */
#define LONGEST_GAP_MS 300

static const MediaRegion left_cell = { 0.1, 0.4, 0.4, 0.6 };
static const MediaRegion right_cell = { 0.6, 0.4, 0.9, 0.6 };

typedef struct {
  RtpRig *rig;
  GstElement *mixer;
  GstElement *sink;
  Flow *flow;
  gint direct;         /* atomic: marked pictures that came out */
  gint made;           /* atomic: others */
  gint is_broken;      /* atomic: time went backwards */
  GstClockTime before; /* on the streaming thread */
} Mix;

typedef struct {
  GstElement *source;
  GstPad *sink;
} Input;

static GstCaps *mark; /* set once, in main() */

static GstPadProbeReturn
on_input (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));

  gst_buffer_add_reference_timestamp_meta (
      buffer, mark, 0, GST_CLOCK_TIME_NONE);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_output (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Mix *mix = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  if (gst_buffer_get_reference_timestamp_meta (buffer, mark))
    g_atomic_int_inc (&mix->direct);
  else
    g_atomic_int_inc (&mix->made);
  if (mix->before != GST_CLOCK_TIME_NONE &&
      GST_BUFFER_PTS (buffer) <= mix->before)
    g_atomic_int_set (&mix->is_broken, TRUE);
  mix->before = GST_BUFFER_PTS (buffer);
  return GST_PAD_PROBE_OK;
}

static void
begin (Mix *self)
{
  g_autoptr (GstPad) src = NULL;

  *self = (Mix){ .before = GST_CLOCK_TIME_NONE };
  self->rig = rtp_rig_new ();
  self->mixer = peal_mixer_new (PEAL_MEDIA_VIDEO, NULL);
  gst_bin_add (GST_BIN (self->rig->pipeline), self->mixer);
  src = gst_element_get_static_pad (self->mixer, "src");
  self->sink = rtp_rig_add_sink (self->rig, src, CAPS " !");
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_output, self, NULL);
  self->flow = flow_new (src);
  gst_element_sync_state_with_parent (self->mixer);
  rtp_rig_play (self->rig);
}

static void
end (Mix *self)
{
  g_assert_false (g_atomic_int_get (&self->is_broken));
  rtp_rig_free (self->rig);
  flow_free (self->flow);
}

static void
assert_no_freeze (Mix *self)
{
  gint64 gap_ms = flow_get_longest_gap_ms (self->flow);

  g_test_message ("longest gap: %" G_GINT64_FORMAT " ms", gap_ms);
  g_assert_cmpint (gap_ms, <, LONGEST_GAP_MS * wait_slowness ());
}

static Input
add_input (Mix *mix, const gchar *colour, const gchar *caps)
{
  g_autofree gchar *line =
      g_strdup_printf ("videotestsrc is-live=true pattern=%s ! capsfilter "
                       "name=format caps=\"%s\"",
          colour, caps);
  Input input;
  g_autoptr (GstPad) src = NULL;

  input.source = gst_parse_bin_from_description (line, TRUE, NULL);
  gst_element_set_locked_state (input.source, TRUE);
  gst_bin_add (GST_BIN (mix->rig->pipeline), input.source);
  src = gst_element_get_static_pad (input.source, "src");
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_input, NULL, NULL);
  input.sink = gst_element_request_pad_simple (mix->mixer, "sink_%u");
  g_assert_cmpint (gst_pad_link (src, input.sink), ==, GST_PAD_LINK_OK);
  rtp_rig_start (input.source);

  return input;
}

static void
remove_input (Mix *mix, Input *input)
{
  rtp_rig_remove (mix->rig, input->source);
  gst_element_release_request_pad (mix->mixer, input->sink);
  gst_clear_object (&input->sink);
}

static void
forget (Mix *mix)
{
  g_atomic_int_set (&mix->direct, 0);
  g_atomic_int_set (&mix->made, 0);
}

static gboolean
are_many_direct (gpointer data)
{
  return g_atomic_int_get (&((Mix *)data)->direct) >= 15;
}

static gboolean
are_many_made (gpointer data)
{
  return g_atomic_int_get (&((Mix *)data)->made) >= 15;
}

static void
test_one_goes_by (void)
{
  Mix mix;
  Input red;

  begin (&mix);
  wait_for (are_many_made, &mix); /* black: it runs without inputs */
  red = add_input (&mix, "red", CAPS);
  wait_for (are_many_direct, &mix);
  g_assert_true (media_wait_for_colour (
      mix.sink, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  assert_no_freeze (&mix);
  remove_input (&mix, &red);
  end (&mix);
}

static void
test_two_do_not (void)
{
  Mix mix;
  Input red, blue;

  begin (&mix);
  red = add_input (&mix, "red", CAPS);
  wait_for (are_many_direct, &mix);
  flow_reset (mix.flow);

  blue = add_input (&mix, "blue", CAPS);
  g_assert_true (
      media_wait_for_colour (mix.sink, left_cell, MEDIA_RED, PATIENCE_MS));
  g_assert_true (
      media_wait_for_colour (mix.sink, right_cell, MEDIA_BLUE, PATIENCE_MS));
  forget (&mix);
  wait_for (are_many_made, &mix);
  g_assert_cmpint (g_atomic_int_get (&mix.direct), ==, 0);

  remove_input (&mix, &blue);
  wait_for (are_many_direct, &mix);
  g_assert_true (media_wait_for_colour (
      mix.sink, MEDIA_REGION_ALL, MEDIA_RED, PATIENCE_MS));
  assert_no_freeze (&mix);
  remove_input (&mix, &red);
  end (&mix);
}

/* Whose caps it names is made by the compositor, in the format of the mix. */
static void
test_other_formats_are_made (gconstpointer caps)
{
  Mix mix;
  Input green;

  begin (&mix);
  green = add_input (&mix, "green", caps);
  g_assert_true (media_wait_for_colour (
      mix.sink, MEDIA_REGION_CENTRE, MEDIA_GREEN, PATIENCE_MS));
  g_assert_true (media_wait_for_size (mix.sink, 320, 180, PATIENCE_MS));
  forget (&mix);
  wait_for (are_many_made, &mix);
  g_assert_cmpint (g_atomic_int_get (&mix.direct), ==, 0);
  assert_no_freeze (&mix);
  remove_input (&mix, &green);
  end (&mix);
}

static void
change_format (Input *input, const gchar *text)
{
  g_autoptr (GstElement) format =
      gst_bin_get_by_name (GST_BIN (input->source), "format");
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  g_object_set (format, "caps", caps, NULL);
}

static void
test_format_change (void)
{
  Mix mix;
  Input white;

  begin (&mix);
  white = add_input (&mix, "white", CAPS);
  wait_for (are_many_direct, &mix);
  flow_reset (mix.flow);
  forget (&mix);
  change_format (
      &white, "video/x-raw,format=I420,width=640,height=360,framerate=30/1");
  wait_for (are_many_made, &mix);
  g_assert_true (media_wait_for_size (mix.sink, 320, 180, PATIENCE_MS));
  g_assert_true (media_wait_for_colour (
      mix.sink, MEDIA_REGION_ALL, MEDIA_WHITE, PATIENCE_MS));
  change_format (&white, CAPS);
  forget (&mix);
  wait_for (are_many_direct, &mix);
  assert_no_freeze (&mix);
  remove_input (&mix, &white);
  end (&mix);
}

/* The inputs' threads are those that decode: a consumer that does not read must
 * not stop them, whichever way their pictures go. */
static void
test_stalled_consumer (gconstpointer n_inputs)
{
  Mix mix;
  Input inputs[2];
  g_autoptr (GstPad) src = NULL;
  Flow *flow;
  gint64 start_us;

  begin (&mix);
  g_object_set (mix.sink, "drop", FALSE, "max-buffers", 1, NULL);
  for (guint i = 0; i < GPOINTER_TO_UINT (n_inputs); i++)
    inputs[i] = add_input (&mix, "red", CAPS);
  src = gst_element_get_static_pad (inputs[0].source, "src");
  flow = flow_new (src);
  run_for_ms (2000);
  g_assert_cmpuint (flow_get_count (flow), >=, 30);
  g_assert_cmpint (
      flow_get_longest_gap_ms (flow), <, LONGEST_GAP_MS * wait_slowness ());

  start_us = g_get_monotonic_time ();
  for (guint i = 0; i < GPOINTER_TO_UINT (n_inputs); i++)
    remove_input (&mix, &inputs[i]);
  end (&mix);
  g_assert_cmpint (
      g_get_monotonic_time () - start_us, <, G_USEC_PER_SEC * wait_slowness ());
  flow_free (flow);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  mark = gst_caps_new_empty_simple ("timestamp/x-test-mark");

  g_test_add_func (
      "/mix-direct/a-single-picture-of-the-mix's-size-is-not-made-anew",
      test_one_goes_by);
  g_test_add_func ("/mix-direct/nothing-freezes-when-another-comes-and-goes",
      test_two_do_not);
  g_test_add_data_func ("/mix-direct/another-size-is-scaled",
      "video/x-raw,format=I420,width=160,height=90,framerate=30/1",
      test_other_formats_are_made);
  g_test_add_data_func ("/mix-direct/another-format-is-converted",
      "video/x-raw,format=NV12,width=320,height=180,framerate=30/1",
      test_other_formats_are_made);
  g_test_add_data_func ("/mix-direct/half-the-rate-is-filled-in",
      "video/x-raw,format=I420,width=320,height=180,framerate=15/1",
      test_other_formats_are_made);
  g_test_add_func ("/mix-direct/the-picture-may-change-its-size-and-back",
      test_format_change);

  g_test_add_data_func (
      "/mix-direct/a-consumer-that-stops-reading-holds-up-no-input",
      GUINT_TO_POINTER (1), test_stalled_consumer);
  g_test_add_data_func ("/mix-direct/nor-does-it-behind-the-compositor",
      GUINT_TO_POINTER (2), test_stalled_consumer);

  return g_test_run ();
}
