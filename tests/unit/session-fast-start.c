/*
 * The first packets of a stream in a real jitter buffer. Its clock stands still
 * unless a test moves it, so that it never starts because its latency is over.
 */
#include <gst/check/gstharness.h>
#include <gst/rtp/rtp.h>

#include "session/fast-start.h"
#include "wait.h"

#define CAPS                                                         \
  "application/x-rtp,media=video,clock-rate=90000,encoding-name=VP8" \
  ",payload=96"
#define N_STREAMS 50 /* a race is lost in some of them */

static GstBuffer *
make_packet (guint16 sequence)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  GstBuffer *packet = gst_rtp_buffer_new_allocate (100, 0, 0);

  gst_rtp_buffer_map (packet, GST_MAP_WRITE, &rtp);
  gst_rtp_buffer_set_payload_type (&rtp, 96);
  gst_rtp_buffer_set_seq (&rtp, sequence);
  gst_rtp_buffer_set_timestamp (&rtp, 90000);
  gst_rtp_buffer_set_ssrc (&rtp, 1);
  gst_rtp_buffer_unmap (&rtp);
  GST_BUFFER_DTS (packet) = 0;

  return packet;
}

static guint16
take_sequence (GstHarness *harness)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  GstBuffer *packet = gst_harness_pull (harness);
  guint16 sequence;

  gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp);
  sequence = gst_rtp_buffer_get_seq (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  gst_buffer_unref (packet);

  return sequence;
}

static GstHarness *
given_jitter_buffer (void)
{
  GstHarness *harness = gst_harness_new ("rtpjitterbuffer");

  peal_fast_start_set_up (harness->element);

  return harness;
}

/* The stream's events are just in front of them, as with rtpbin. */
static void
when_packets_come (GstHarness *harness, const guint16 *sequences, guint count)
{
  gst_harness_set_src_caps_str (harness, CAPS);
  for (guint i = 0; i < count; i++)
    g_assert_cmpint (gst_harness_push (harness, make_packet (sequences[i])), ==,
        GST_FLOW_OK);
}

static gboolean
has_two (gpointer harness)
{
  return gst_harness_buffers_received (harness) == 2;
}

static void
test_burst (void)
{
  for (guint i = 0; i < N_STREAMS; i++) {
    static const guint16 sequences[] = { 7, 8 };
    GstHarness *harness = given_jitter_buffer ();

    when_packets_come (harness, sequences, 2);
    wait_for (has_two, harness);
    g_assert_cmpuint (take_sequence (harness), ==, 7);
    g_assert_cmpuint (take_sequence (harness), ==, 8);
    gst_harness_teardown (harness);
  }
}

/* The jitter buffer itself then leaves out what precedes its first one. */
static void
test_reordered (void)
{
  static const guint16 sequences[] = { 8, 7, 9 };
  GstHarness *harness = given_jitter_buffer ();

  when_packets_come (harness, sequences, 3);
  gst_harness_wait_for_clock_id_waits (harness, 1, 10);
  g_assert_cmpuint (gst_harness_buffers_received (harness), ==, 0);
  gst_harness_crank_single_clock_wait (harness);
  g_assert_cmpuint (take_sequence (harness), ==, 8);
  g_assert_cmpuint (take_sequence (harness), ==, 9);
  gst_harness_teardown (harness);
}

static void
test_alone (void)
{
  static const guint16 sequences[] = { 7 };
  GstHarness *harness = given_jitter_buffer ();

  when_packets_come (harness, sequences, 1);
  gst_harness_wait_for_clock_id_waits (harness, 1, 10);
  g_assert_cmpuint (gst_harness_buffers_received (harness), ==, 0);
  gst_harness_crank_single_clock_wait (harness);
  g_assert_cmpuint (take_sequence (harness), ==, 7);
  gst_harness_teardown (harness);
}

static GstPadProbeReturn
hold (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_OK;
}

static void
test_held_events (void)
{
  static const guint16 sequences[] = { 7, 8 };
  GstHarness *harness = given_jitter_buffer ();
  g_autoptr (GstPad) src = gst_element_get_static_pad (harness->element, "src");
  gulong id = gst_pad_add_probe (src,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, hold,
      NULL, NULL);

  when_packets_come (harness, sequences, 2); /* and are not held for ever */
  gst_pad_remove_probe (src, id);
  gst_harness_crank_single_clock_wait (harness);
  g_assert_cmpuint (take_sequence (harness), ==, 7);
  g_assert_cmpuint (take_sequence (harness), ==, 8);
  gst_harness_teardown (harness);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fast-start/a-burst-goes-out-at-once", test_burst);
  g_test_add_func (
      "/fast-start/reordered-first-packets-do-not-start-early", test_reordered);
  g_test_add_func (
      "/fast-start/a-first-packet-alone-waits-for-an-earlier-one", test_alone);
  g_test_add_func (
      "/fast-start/events-that-are-held-do-not-hold-packets", test_held_events);

  return g_test_run ();
}
