/*
 * PealPacketizer: see the header. Owned by fan-out.c.
 *
 *   out ! payloader ! in
 *
 * The two pads are the packetizer's own and stand in no element; what the
 * payloader pushes into `in` while a buffer goes through `out` is the burst.
 *
 * Threads: peal_packetizer_pack() and peal_packetizer_skip() on one thread at a
 * time, all else while nobody calls them.
 */
#include "media/packetizer.h"

#include <string.h>

#include "media/factory.h"

GST_DEBUG_CATEGORY_STATIC (peal_media_packetizer_debug);
#define GST_CAT_DEFAULT peal_media_packetizer_debug

/* Leaves room for TURN, VPN and RTX headers in an Ethernet frame. */
#define MTU_BYTES 1200

struct _PealPacketizer {
  GObject parent_instance;

  GstElement *payloader;
  GstPad *out;
  GstPad *in;
  GstCaps *wanted;         /* what the payloader is to make */
  GstCaps *caps;           /* (nullable): what it was told to get */
  gboolean has_delimiters; /* what comes may begin with one */
  gboolean has_started;
  gboolean has_gap;    /* the next buffer does not follow the last one */
  PealRtpBurst *burst; /* (nullable): of the buffer on its way */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (PealPacketizer, peal_packetizer, G_TYPE_OBJECT,
    GST_DEBUG_CATEGORY_INIT (peal_media_packetizer_debug,
        "peal-media-packetizer", 0, "RTP packets for all viewers"))

static gboolean
add_packet (GstBuffer **packet, guint index, gpointer data)
{
  PealPacketizer *self = data;

  if (self->burst == NULL || !peal_rtp_burst_add (self->burst, *packet))
    GST_WARNING_OBJECT (self->payloader, "a packet that cannot be shared");
  return TRUE;
}

static GstFlowReturn
on_packet (GstPad *pad, GstObject *parent, GstBuffer *packet)
{
  add_packet (&packet, 0, gst_pad_get_element_private (pad));
  gst_buffer_unref (packet);
  return GST_FLOW_OK;
}

static GstFlowReturn
on_packets (GstPad *pad, GstObject *parent, GstBufferList *packets)
{
  gst_buffer_list_foreach (
      packets, add_packet, gst_pad_get_element_private (pad));
  gst_buffer_list_unref (packets);
  return GST_FLOW_OK;
}

/* The payloader's caps say what it found in the stream; viewers have agreed on
 * theirs before. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

static gboolean
on_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  PealPacketizer *self = gst_pad_get_element_private (pad);

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
      gst_query_set_caps_result (query, self->wanted);
      return TRUE;
    case GST_QUERY_ACCEPT_CAPS:
      gst_query_set_accept_caps_result (query, TRUE);
      return TRUE;
    default:
      return FALSE;
  }
}

/* Key-frame requests and the like come from viewers, not from here. */
static gboolean
on_upstream_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

/* The codec's, but for H.264's profile: rtph264pay would refuse a camera's main
 * or high profile where baseline was agreed. Decoders read the profile from the
 * stream, and most cameras have no other. */
static GstCaps *
make_wanted (const PealCodec *codec)
{
  GstCaps *caps = peal_codec_dup_rtp_caps (codec, codec->payload_type, 0);

  gst_structure_remove_field (
      gst_caps_get_structure (caps, 0), "profile-level-id");
  return caps;
}

static void
add_pads (PealPacketizer *self)
{
  g_autoptr (GstPad) sink =
      gst_element_get_static_pad (self->payloader, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->payloader, "src");

  self->out = gst_object_ref_sink (gst_pad_new ("out", GST_PAD_SRC));
  gst_pad_set_event_function (self->out, on_upstream_event);
  self->in = gst_object_ref_sink (gst_pad_new ("in", GST_PAD_SINK));
  gst_pad_set_element_private (self->in, self);
  gst_pad_set_chain_function (self->in, on_packet);
  gst_pad_set_chain_list_function (self->in, on_packets);
  gst_pad_set_event_function (self->in, on_event);
  gst_pad_set_query_function (self->in, on_query);
  gst_pad_set_active (self->in, TRUE);
  gst_pad_set_active (self->out, TRUE);
  gst_pad_link (self->out, sink);
  gst_pad_link (src, self->in);
}

static void
peal_packetizer_dispose (GObject *object)
{
  PealPacketizer *self = PEAL_PACKETIZER (object);

  if (self->payloader != NULL)
    gst_element_set_state (self->payloader, GST_STATE_NULL);
  if (self->out != NULL)
    gst_pad_set_active (self->out, FALSE);
  if (self->in != NULL)
    gst_pad_set_active (self->in, FALSE);
  g_clear_object (&self->payloader);
  g_clear_object (&self->out);
  g_clear_object (&self->in);
  gst_clear_caps (&self->wanted);
  gst_clear_caps (&self->caps);
  G_OBJECT_CLASS (peal_packetizer_parent_class)->dispose (object);
}

static void
peal_packetizer_class_init (PealPacketizerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = peal_packetizer_dispose;
}

static void
peal_packetizer_init (PealPacketizer *self)
{
}

/**
 * peal_packetizer_new:
 * @codec: what comes in
 * @error: %PEAL_ERROR_UNSUPPORTED if the payloader is missing
 *
 * Returns: (transfer full) (nullable): a packetizer
 */
PealPacketizer *
peal_packetizer_new (const PealCodec *codec, GError **error)
{
  GstElement *payloader =
      peal_factory_make (codec->payloader, "payloader", error);
  PealPacketizer *self;

  if (payloader == NULL)
    return NULL;
  self = g_object_new (PEAL_TYPE_PACKETIZER, NULL);
  self->payloader = gst_object_ref_sink (payloader);
  self->wanted = make_wanted (codec);
  self->has_delimiters = g_str_equal (codec->name, "H264");
  g_object_set (payloader, "pt", codec->payload_type, "mtu",
      MTU_BYTES - PEAL_RTP_STAMP_MAX_BYTES, NULL);
  add_pads (self);
  gst_element_set_state (payloader, GST_STATE_PLAYING);
  return self;
}

/* A segment for each encoder's caps: audio payloaders count from there. */
static void
push_headers (PealPacketizer *self, GstCaps *caps)
{
  GstSegment segment;

  if (self->caps == caps)
    return;
  if (!self->has_started)
    gst_pad_push_event (self->out, gst_event_new_stream_start ("packetizer"));
  self->has_started = TRUE;
  gst_caps_replace (&self->caps, caps);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->out, gst_event_new_caps (caps));
  gst_pad_push_event (self->out, gst_event_new_segment (&segment));
}

/* H.264 7.3.2.4: an access unit delimiter, which h264parse puts in front of
 * each picture; RTP has a marker for that. It would be a packet of its own, and
 * a small one costs almost as much to encrypt and to send as a large one.
 * Returns: its size in bytes, 0: there is none. */
static gsize
measure_delimiter (PealPacketizer *self, GstBuffer *media)
{
  static const guint8 start[] = { 0, 0, 0, 1, 9 };
  static const guint8 next[] = { 0, 0, 0, 1 };
  gsize size = sizeof start + 1;
  guint8 head[sizeof start + 1 + sizeof next];

  if (!self->has_delimiters ||
      gst_buffer_extract (media, 0, head, sizeof head) < sizeof head ||
      memcmp (head, start, sizeof start) != 0)
    return 0;
  return memcmp (head + size, next, sizeof next) == 0 ||
          memcmp (head + size, next + 1, sizeof next - 1) == 0
      ? size
      : 0;
}

/* Audio payloaders count samples: they have to be told of what was left out. */
static GstBuffer *
ref_prepared (PealPacketizer *self, GstBuffer *media)
{
  gsize delimiter_size = measure_delimiter (self, media);
  GstBuffer *copy;

  if (!self->has_gap && delimiter_size == 0)
    return gst_buffer_ref (media);
  copy = gst_buffer_copy (media);
  gst_buffer_resize (copy, (gssize)delimiter_size, -1);
  if (self->has_gap)
    GST_BUFFER_FLAG_SET (copy, GST_BUFFER_FLAG_DISCONT);
  self->has_gap = FALSE;
  return copy;
}

/**
 * peal_packetizer_pack:
 * @self: a packetizer
 * @media: (transfer none): encoded, its timestamps are running times
 * @caps: (transfer none): what it is
 *
 * Returns: (transfer full) (nullable): the packets that are complete now
 */
PealRtpBurst *
peal_packetizer_pack (PealPacketizer *self, GstBuffer *media, GstCaps *caps)
{
  g_autoptr (PealRtpBurst) burst = NULL;
  GstFlowReturn result;

  push_headers (self, caps);
  self->burst = peal_rtp_burst_new (media);
  result = gst_pad_push (self->out, ref_prepared (self, media));
  burst = g_steal_pointer (&self->burst);
  if (result != GST_FLOW_OK)
    GST_DEBUG_OBJECT (self->payloader, "%s", gst_flow_get_name (result));
  return peal_rtp_burst_count (burst) > 0 ? g_steal_pointer (&burst) : NULL;
}

/**
 * peal_packetizer_skip:
 * @self: a packetizer
 *
 * A buffer is left out: what is packed next does not follow.
 */
void
peal_packetizer_skip (PealPacketizer *self)
{
  self->has_gap = TRUE;
}
