/*
 * Sound over a network that loses packets, through webrtcbin's jitter buffer:
 *
 *   source ─ X ─ rtpjitterbuffer ─ remote track ─ ear
 */
#include "session/receive-path.h"

#include "media-check.h"
#include "media/remote-track.h"
#include "rtp-source.h"
#include "senses.h"
#include "wait.h"

#define PATIENCE_MS 10000
#define LATENCY_MS 200
#define PACKET_MS 20
#define HZ 660

static const PealDelays delays = { 0, LATENCY_MS *GST_MSECOND };

/* @period packets, of which the last @lost do not arrive; with @is_late, the
 * last one comes after the two that follow it. */
typedef struct {
  guint period;
  guint lost;
  gboolean is_late;
  guint count;     /* on the source's thread */
  GstBuffer *held; /* on the source's thread */
} Loss;

typedef struct {
  RtpRig *rig;
  GstElement *jitter_buffer;
  GstElement *ear; /* an appsink */
  Flow *flow;      /* what leaves the jitter buffer */
  Loss loss;
} Call;

/* It overtakes nothing: the one that is going now comes after it. */
static void
release (Loss *loss, GstPad *pad)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);

  gst_pad_chain (peer, g_steal_pointer (&loss->held));
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Loss *loss = data;
  guint at = loss->count++ % loss->period;

  if (loss->is_late && at == 2 && loss->held)
    release (loss, pad);
  if (loss->is_late && at == loss->period - 1)
    loss->held = gst_buffer_ref (GST_PAD_PROBE_INFO_BUFFER (info));
  if (loss->is_late)
    return at == loss->period - 1 ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;

  return at >= loss->period - loss->lost ? GST_PAD_PROBE_DROP
                                         : GST_PAD_PROBE_OK;
}

static void
begin (Call *self, guint period, guint lost)
{
  GstElement *source, *track;
  g_autoptr (GstPad) rtp = NULL;
  g_autoptr (GstPad) raw = NULL;

  self->loss = (Loss){ .period = period, .lost = lost };
  self->rig = rtp_rig_new ();
  source = rtp_rig_add_source (
      self->rig, "OPUS", "freq=" G_STRINGIFY (HZ) " volume=0.5");
  rtp = gst_element_get_static_pad (source, "src");
  gst_pad_add_probe (
      rtp, GST_PAD_PROBE_TYPE_BUFFER, on_packet, &self->loss, NULL);
  self->jitter_buffer = gst_element_factory_make_full (
      "rtpjitterbuffer", "latency", LATENCY_MS, "do-lost", TRUE, NULL);
  gst_bin_add (GST_BIN (self->rig->pipeline), self->jitter_buffer);
  peal_receive_path_tune (self->jitter_buffer);
  gst_element_link (source, self->jitter_buffer);

  track = peal_remote_track_new (PEAL_MEDIA_AUDIO, &delays, NULL);
  gst_bin_add (GST_BIN (self->rig->pipeline), track);
  raw = gst_element_get_static_pad (track, "src");
  self->ear = rtp_rig_add_sink (self->rig, raw, EAR_CAPS " !");
  g_clear_object (&rtp);
  rtp = gst_element_get_static_pad (self->jitter_buffer, "src");
  self->flow = flow_new (rtp);
  g_assert_true (peal_remote_track_attach (
      PEAL_REMOTE_TRACK (track), rtp, peal_codec_find ("OPUS"), NULL));
  gst_element_sync_state_with_parent (track);
  rtp_rig_start (source);
  rtp_rig_play (self->rig);
}

static void
end (Call *self)
{
  rtp_rig_free (self->rig);
  flow_free (self->flow);
  gst_clear_buffer (&self->loss.held);
}

static guint64
count_lost (Call *self)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 lost = 0;

  g_object_get (self->jitter_buffer, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, "num-lost", &lost);
  return lost;
}

static gboolean
has_lost_enough (gpointer data)
{
  Call *call = data;

  return count_lost (call) >= 3 * call->loss.lost;
}

/* From the third loss on: the first are within the buffer's own start. */
static gint64
measure_longest_gap_ms (Call *self)
{
  guint64 lost = count_lost (self);

  flow_reset (self->flow);
  run_for_ms (2 * self->loss.period * PACKET_MS);
  g_assert_cmpuint (count_lost (self), >=, lost + self->loss.lost);
  return flow_get_longest_gap_ms (self->flow);
}

/* The machine may stall in one of them. */
static gint64
measure_calmest_gap_ms (Call *self)
{
  gint64 least_ms = G_MAXINT64;

  wait_for (has_lost_enough, self);
  for (guint i = 0; i < 2; i++)
    least_ms = MIN (least_ms, measure_longest_gap_ms (self));
  g_test_message ("longest gap: %" G_GINT64_FORMAT " ms", least_ms);
  return least_ms;
}

/* Half of what the buffer would wait; the loss itself is a silence that nobody
 * can shorten, of what follows nothing may be held up. */
static void
test_loss (gconstpointer lost)
{
  Call call;
  gint64 gap_ms;

  begin (&call, 20 + GPOINTER_TO_UINT (lost), GPOINTER_TO_UINT (lost));
  gap_ms = measure_calmest_gap_ms (&call);
  g_assert_cmpint (gap_ms, <,
      (LATENCY_MS / 2 + call.loss.lost * PACKET_MS) * wait_slowness ());
  for (guint i = 0; i < 3; i++)
    g_assert_true (media_wait_for_tone (call.ear, HZ, PATIENCE_MS));
  end (&call);
}

/* It is low only while a packet after a gap goes in. */
static gboolean
is_latency_back (gpointer data)
{
  Call *call = data;
  guint latency;

  g_object_get (call->jitter_buffer, "latency", &latency, NULL);
  return latency == LATENCY_MS;
}

static void
test_latency_comes_back (void)
{
  Call call;

  begin (&call, 20, 1);
  wait_for (has_lost_enough, &call);
  for (guint i = 0; i < 5; i++) {
    wait_for (is_latency_back, &call);
    run_for_ms (50);
  }
  end (&call);
}

static gboolean
has_heard_many (gpointer data)
{
  return flow_get_count (((Call *)data)->flow) > 100;
}

/* After the first ones, which nobody could expect. Each tenth packet is late,
 * of the hundred that are counted; a busy machine may make one or two later
 * than all before. */
static void
test_late_packets (void)
{
  Call call;
  guint64 lost;

  begin (&call, 10, 0);
  call.loss.is_late = TRUE;
  wait_for (has_heard_many, &call);
  lost = count_lost (&call);
  flow_reset (call.flow);
  wait_for (has_heard_many, &call);
  g_test_message ("%" G_GUINT64_FORMAT " lost before, %" G_GUINT64_FORMAT
                  " after",
      lost, count_lost (&call));
  g_assert_cmpuint (count_lost (&call), <, lost + 100 / 10 / 2);
  g_assert_true (media_wait_for_tone (call.ear, HZ, PATIENCE_MS));
  end (&call);
}

static void
test_retransmission (void)
{
  Call call;
  gint64 gap_ms;

  begin (&call, 20, 1);
  g_object_set (call.jitter_buffer, "do-retransmission", TRUE, NULL);
  gap_ms = measure_calmest_gap_ms (&call);
  g_assert_cmpint (gap_ms, >, LATENCY_MS / 2);
  end (&call);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/receive-path/a-lost-packet-holds-up-nothing",
      GUINT_TO_POINTER (1), test_loss);
  g_test_add_data_func ("/receive-path/a-burst-of-loss-is-over-when-it-is-over",
      GUINT_TO_POINTER (5), test_loss);
  g_test_add_data_func (
      "/receive-path/half-a-second-without-a-packet-is-survived",
      GUINT_TO_POINTER (25), test_loss);
  g_test_add_func ("/receive-path/the-buffer-has-its-latency-when-nothing-is-"
                   "missing",
      test_latency_comes_back);
  g_test_add_func ("/receive-path/packets-that-are-overtaken-again-and-again-"
                   "are-waited-for",
      test_late_packets);
  g_test_add_func (
      "/receive-path/what-is-sent-again-is-waited-for", test_retransmission);

  return g_test_run ();
}
