/*
 * PealRtpBurst: see the header. Filled by packetizer.c, stamped by
 * track-branch.c.
 *
 * A packet is a head, which is copied for each viewer, and a rest, whose memory
 * all viewers' packets share: what webrtcbin keeps to send again costs little
 * then, and srtpenc makes a copy of its own anyway.
 */
#include "media/rtp-burst.h"

#include <string.h>

/* RFC 3550 5.1, without contributing sources. */
#define HEADER_BYTES 12
#define EXTENSION_BIT 0x10
#define MARKER_BIT 0x80
/* RFC 8285 4.2: one-byte headers. */
#define EXTENSION_PROFILE 0xbede

/* Chosen: more than RTP's header and what payloaders write behind it. */
#define HEAD_MAX_BYTES 64

typedef struct {
  guint8 head[HEAD_MAX_BYTES];
  guint head_size;
  GstBuffer *rest; /* (nullable) */
  GstClockTime pts;
} Packet;

struct _PealRtpBurst {
  GstBuffer *media;
  GArray *packets; /* of Packet */
};

/**
 * peal_rtp_stamp_init:
 * @self: a stamp
 * @payload_type: 0 to 127
 * @ssrc: synchronization source
 * @twcc_id: see #PealRtpStamp
 *
 * Begins with random numbers (RFC 3550 5.1); the sequence numbers leave SRTP
 * room before they wrap for the first time (RFC 3711 3.3.1).
 */
void
peal_rtp_stamp_init (
    PealRtpStamp *self, guint payload_type, guint32 ssrc, guint twcc_id)
{
  self->payload_type = payload_type;
  self->ssrc = ssrc;
  self->twcc_id = twcc_id;
  self->seq = (guint16)g_random_int_range (0, G_MAXINT16);
  self->timestamp_offset = g_random_int ();
}

static void
packet_clear (gpointer data)
{
  Packet *packet = data;

  gst_clear_buffer (&packet->rest);
}

/**
 * peal_rtp_burst_new:
 * @media: (transfer none): what the packets will be made of
 *
 * Returns: (transfer full): a burst without packets
 */
PealRtpBurst *
peal_rtp_burst_new (GstBuffer *media)
{
  PealRtpBurst *self = g_atomic_rc_box_new0 (PealRtpBurst);

  self->media = gst_buffer_ref (media);
  self->packets = g_array_new (FALSE, FALSE, sizeof (Packet));
  g_array_set_clear_func (self->packets, packet_clear);
  return self;
}

PealRtpBurst *
peal_rtp_burst_ref (PealRtpBurst *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  PealRtpBurst *self = data;

  gst_buffer_unref (self->media);
  g_array_unref (self->packets);
}

void
peal_rtp_burst_unref (PealRtpBurst *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* A plain header, so that a stamp knows where what is. */
static gboolean
is_plain (const Packet *packet)
{
  return packet->head_size >= HEADER_BYTES && packet->head[0] == 0x80;
}

/**
 * peal_rtp_burst_add:
 * @self: a burst that nobody else has yet
 * @packet: (transfer none): an RTP packet without header extensions, padding
 *   and contributing sources
 *
 * Returns: whether it was one; %FALSE changes nothing
 */
gboolean
peal_rtp_burst_add (PealRtpBurst *self, GstBuffer *packet)
{
  gsize size = gst_buffer_get_size (packet);
  gsize first =
      gst_memory_get_sizes (gst_buffer_peek_memory (packet, 0), NULL, NULL);
  Packet entry = { .pts = GST_BUFFER_PTS (packet) };

  entry.head_size = (guint)MIN (first, HEAD_MAX_BYTES);
  gst_buffer_extract (packet, 0, entry.head, entry.head_size);
  if (!is_plain (&entry))
    return FALSE;
  if (size > entry.head_size)
    entry.rest = gst_buffer_copy_region (
        packet, GST_BUFFER_COPY_MEMORY, entry.head_size, (gsize)-1);
  g_array_append_val (self->packets, entry);
  return TRUE;
}

guint
peal_rtp_burst_count (PealRtpBurst *self)
{
  return self->packets->len;
}

/**
 * peal_rtp_burst_get_media:
 * @self: a burst
 *
 * Returns: (transfer none): what its packets were made of, or the last part
 */
GstBuffer *
peal_rtp_burst_get_media (PealRtpBurst *self)
{
  return self->media;
}

/**
 * peal_rtp_burst_is_key:
 * @self: a burst
 *
 * Returns: whether a viewer can begin with it
 */
gboolean
peal_rtp_burst_is_key (PealRtpBurst *self)
{
  return !GST_BUFFER_FLAG_IS_SET (self->media, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* Not on a word's boundary, as the compiler sees it. */
static guint32
read_timestamp (const guint8 *in)
{
  guint32 timestamp;

  memcpy (&timestamp, in + 4, sizeof timestamp);
  return GUINT32_FROM_BE (timestamp);
}

static void
write_header (guint8 *out, const guint8 *in, PealRtpStamp *stamp)
{
  out[0] = in[0] | (stamp->twcc_id != 0 ? EXTENSION_BIT : 0);
  out[1] = (in[1] & MARKER_BIT) | (guint8)stamp->payload_type;
  GST_WRITE_UINT16_BE (out + 2, stamp->seq++);
  GST_WRITE_UINT32_BE (out + 4, read_timestamp (in) + stamp->timestamp_offset);
  GST_WRITE_UINT32_BE (out + 8, stamp->ssrc);
}

static guint
write_extension (guint8 *out, guint twcc_id)
{
  if (twcc_id == 0)
    return 0;
  GST_WRITE_UINT16_BE (out, EXTENSION_PROFILE);
  GST_WRITE_UINT16_BE (out + 2, 1);
  out[4] = (guint8)(twcc_id << 4 | 1);
  memset (out + 5, 0, 3);
  return PEAL_RTP_STAMP_MAX_BYTES;
}

static GstMemory *
stamp_head (const Packet *packet, PealRtpStamp *stamp)
{
  guint added = stamp->twcc_id != 0 ? PEAL_RTP_STAMP_MAX_BYTES : 0;
  GstMemory *memory =
      gst_allocator_alloc (NULL, packet->head_size + added, NULL);
  GstMapInfo map;
  guint8 *payload;

  gst_memory_map (memory, &map, GST_MAP_WRITE);
  write_header (map.data, packet->head, stamp);
  payload = map.data + HEADER_BYTES;
  payload += write_extension (payload, stamp->twcc_id);
  memcpy (
      payload, packet->head + HEADER_BYTES, packet->head_size - HEADER_BYTES);
  gst_memory_unmap (memory, &map);
  return memory;
}

static GstBuffer *
stamp_one (const Packet *packet, PealRtpStamp *stamp)
{
  GstBuffer *buffer = gst_buffer_new ();
  guint count = packet->rest != NULL ? gst_buffer_n_memory (packet->rest) : 0;

  gst_buffer_append_memory (buffer, stamp_head (packet, stamp));
  for (guint i = 0; i < count; i++)
    gst_buffer_append_memory (buffer, gst_buffer_get_memory (packet->rest, i));
  GST_BUFFER_PTS (buffer) = packet->pts;
  if (packet->head[1] & MARKER_BIT)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_MARKER);
  return buffer;
}

/**
 * peal_rtp_burst_stamp:
 * @self: a burst
 * @stamp: one viewer's; its sequence numbers count on
 *
 * Returns: (transfer full): the packets as that viewer gets them, in order
 */
GstBufferList *
peal_rtp_burst_stamp (PealRtpBurst *self, PealRtpStamp *stamp)
{
  guint count = self->packets->len;
  GstBufferList *list = gst_buffer_list_new_sized (MAX (count, 1));

  for (guint i = 0; i < count; i++) {
    const Packet *packet = &g_array_index (self->packets, Packet, i);
    GstBuffer *buffer = stamp_one (packet, stamp);

    if (!peal_rtp_burst_is_key (self))
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    gst_buffer_list_add (list, buffer);
  }
  return list;
}
