/*
 * PealRtpBurst: see the header. Filled by packetizer.c, stamped by
 * track-branch.c.
 *
 * The packets lie one behind the other in one block. For each viewer a packet
 * is copied once, header and payload together, since SRTP needs it in one piece
 * anyway: 1,200 bytes cost less than the bookkeeping of shared memory.
 */
#include "media/rtp-burst.h"

#include <string.h>

/* RFC 3550 5.1, without contributing sources. */
#define HEADER_BYTES 12
#define EXTENSION_BIT 0x10
#define MARKER_BIT 0x80
/* RFC 8285 4.2: one-byte headers. */
#define EXTENSION_PROFILE 0xbede

typedef struct {
  guint size;
  GstClockTime pts;
} Packet;

struct _PealRtpBurst {
  GstBuffer *media;
  GByteArray *bytes;
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
  self->bytes = g_byte_array_sized_new (
      (guint)(gst_buffer_get_size (media) * 5 / 4 + HEADER_BYTES));
  self->packets = g_array_new (FALSE, FALSE, sizeof (Packet));
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
  g_byte_array_unref (self->bytes);
  g_array_unref (self->packets);
}

void
peal_rtp_burst_unref (PealRtpBurst *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* A plain header, so that a stamp knows where what is. */
static gboolean
is_plain (const guint8 *data, gsize size)
{
  return size >= HEADER_BYTES && data[0] == 0x80;
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
  Packet entry = { .pts = GST_BUFFER_PTS (packet) };
  GstMapInfo map;
  gboolean fits;

  if (!gst_buffer_map (packet, &map, GST_MAP_READ))
    return FALSE;
  fits = is_plain (map.data, map.size);
  entry.size = (guint)map.size;
  if (fits) {
    g_byte_array_append (self->bytes, map.data, entry.size);
    g_array_append_val (self->packets, entry);
  }
  gst_buffer_unmap (packet, &map);
  return fits;
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

/* Packets lie behind each other, so that words need not lie on words. */
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

static GstBuffer *
stamp_one (const guint8 *in, const Packet *packet, PealRtpStamp *stamp)
{
  guint added = stamp->twcc_id != 0 ? PEAL_RTP_STAMP_MAX_BYTES : 0;
  GstBuffer *buffer =
      gst_buffer_new_allocate (NULL, packet->size + added, NULL);
  GstMapInfo map;
  guint8 *payload;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  write_header (map.data, in, stamp);
  payload = map.data + HEADER_BYTES;
  payload += write_extension (payload, stamp->twcc_id);
  memcpy (payload, in + HEADER_BYTES, packet->size - HEADER_BYTES);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = packet->pts;
  if (in[1] & MARKER_BIT)
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
  const guint8 *in = self->bytes->data;

  for (guint i = 0; i < count; i++) {
    const Packet *packet = &g_array_index (self->packets, Packet, i);
    GstBuffer *buffer = stamp_one (in, packet, stamp);

    if (!peal_rtp_burst_is_key (self))
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    gst_buffer_list_add (list, buffer);
    in += packet->size;
  }
  return list;
}
