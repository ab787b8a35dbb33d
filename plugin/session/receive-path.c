/*
 * The receiving side inside webrtcbin. See receive-path.h.
 *
 * Called by webrtc-events: when a webrtcbin is new, and for each of its jitter
 * buffers, on the thread that makes it. The probe of a jitter buffer runs on
 * the thread that brings its packets, to which all of GapProbe belongs.
 *
 * rtpjitterbuffer waits for a missing packet for its whole `latency`, unless it
 * asks for retransmission, which sound does not have: one lost packet would
 * delay sound by 200 ms. A lower latency would have it begin its clock recovery
 * anew with each packet that is later than that. But it looks at one only when
 * a packet follows the one before, and at the other only when one does not. So
 * the latency is low just while a packet after a gap goes in.
 */
#include "session/receive-path.h"

#include <gst/rtp/gstrtpbuffer.h>

#include "media/gap-wait.h"
#include "session/fast-start.h"

/* rtpbin holds the faster one of sound and picture back until they are together
 * to 4 ms: 14 ms for each picture beside Opus's packets of 20 ms. Nobody sees
 * less than 45 ms of picture after sound, or 125 before (ITU-R BT.1359-1). */
#define MAX_APART (40 * GST_MSECOND)

typedef struct {
  GstElement *jitter_buffer; /* outlives its pads */
  GstPad *src;               /* of it */
  guint clock_rate;          /* 0: not known yet */
  guint latency_ms;          /* as it was set */
  gboolean is_short;
  PealGapWait wait;
} GapProbe;

static void
free_probe (gpointer data)
{
  GapProbe *self = data;

  gst_object_unref (self->src);
  g_free (self);
}

/* The jitter buffer has it from its first packet on. */
static gboolean
knows_clock_rate (GapProbe *self)
{
  g_autoptr (GstCaps) caps = NULL;
  gint clock_rate;

  if (self->clock_rate != 0)
    return TRUE;
  caps = gst_pad_get_current_caps (self->src);
  if (!caps ||
      !gst_structure_get_int (
          gst_caps_get_structure (caps, 0), "clock-rate", &clock_rate) ||
      clock_rate <= 0)
    return FALSE;

  g_object_get (self->jitter_buffer, "latency", &self->latency_ms, NULL);
  peal_gap_wait_set_ceiling (
      &self->wait, (gint64)(self->latency_ms * GST_MSECOND));
  self->clock_rate = clock_rate;
  return TRUE;
}

/* Whether packets are missing before this one. */
static gboolean
look_at (GapProbe *self, GstBuffer *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  PealPacketTime packet;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return FALSE;

  packet = (PealPacketTime){
    .sequence = gst_rtp_buffer_get_seq (&rtp),
    .rtp_time = gst_rtp_buffer_get_timestamp (&rtp),
    .clock_rate = self->clock_rate,
    .arrival_ns = g_get_monotonic_time () * (gint64)GST_USECOND,
  };
  gst_rtp_buffer_unmap (&rtp);
  return peal_gap_wait_add (&self->wait, &packet);
}

static gboolean
asks_again (GapProbe *self)
{
  gboolean does;

  g_object_get (self->jitter_buffer, "do-retransmission", &does, NULL);
  return does;
}

static void
set_short (GapProbe *self, gboolean is_short)
{
  guint ms = self->latency_ms;

  if (is_short)
    ms = MIN (ms, (guint)(peal_gap_wait_get (&self->wait) / GST_MSECOND) + 1);
  self->is_short = is_short;
  g_object_set (self->jitter_buffer, "latency", ms, NULL);
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GapProbe *self = data;
  gboolean has_gap;

  if (!knows_clock_rate (self))
    return GST_PAD_PROBE_OK;

  has_gap =
      look_at (self, GST_PAD_PROBE_INFO_BUFFER (info)) && !asks_again (self);
  if (has_gap || self->is_short)
    set_short (self, has_gap);
  return GST_PAD_PROBE_OK;
}

/**
 * peal_receive_path_set_up:
 * @webrtc: a webrtcbin without sessions
 *
 * Pictures wait for their sound only where one would see that they do not.
 */
void
peal_receive_path_set_up (GstElement *webrtc)
{
  g_autoptr (GstElement) rtpbin =
      gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");

  if (rtpbin &&
      g_object_class_find_property (
          G_OBJECT_GET_CLASS (rtpbin), "min-ts-offset"))
    g_object_set (rtpbin, "min-ts-offset", (guint64)MAX_APART, NULL);
}

/**
 * peal_receive_path_tune:
 * @jitter_buffer: an rtpjitterbuffer, before anything flows
 *
 * It starts fast, and waits for what is lost no longer than for what is late.
 */
void
peal_receive_path_tune (GstElement *jitter_buffer)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (jitter_buffer, "sink");
  GapProbe *self = g_new0 (GapProbe, 1);

  peal_fast_start_set_up (jitter_buffer);
  self->jitter_buffer = jitter_buffer;
  self->src = gst_element_get_static_pad (jitter_buffer, "src");
  gst_pad_add_probe (
      sink, GST_PAD_PROBE_TYPE_BUFFER, on_packet, self, free_probe);
}

/**
 * peal_receive_path_is_jitter_buffer:
 * @source: (nullable): of a message
 *
 * Returns: whether it is one of those elements. When their latency changes,
 *   nobody has to know: remote tracks tell theirs.
 */
gboolean
peal_receive_path_is_jitter_buffer (GstObject *source)
{
  GstElementFactory *factory = GST_IS_ELEMENT (source)
      ? gst_element_get_factory (GST_ELEMENT (source))
      : NULL;

  return factory && g_str_equal (GST_OBJECT_NAME (factory), "rtpjitterbuffer");
}
