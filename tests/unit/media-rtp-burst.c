/*
 * RTP packets that are made once and stamped for each viewer: what is shared,
 * and what is each viewer's own. The payloaders are real.
 */
#include "media/rtp-burst.h"

#include <gst/rtp/rtp.h>

#include "media/packetizer.h"

#define MS GST_MSECOND

static GstBuffer *
new_media (gsize size, GstClockTime time, gboolean is_key)
{
  GstBuffer *media = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (media, 0, 0x55, size);
  GST_BUFFER_PTS (media) = time;
  if (!is_key)
    GST_BUFFER_FLAG_SET (media, GST_BUFFER_FLAG_DELTA_UNIT);
  return media;
}

static PealRtpBurst *
pack (PealPacketizer *packetizer, const PealCodec *codec, gsize size,
    GstClockTime time)
{
  g_autoptr (GstBuffer) media = new_media (size, time, TRUE);
  g_autoptr (GstCaps) caps = gst_caps_from_string (codec->payload_caps);

  return peal_packetizer_pack (packetizer, media, caps);
}

/* One slice of H.264, which nobody looks into. */
static PealRtpBurst *
pack_picture (gsize size)
{
  static const guint8 start[] = { 0, 0, 0, 1, 0x65 };
  const PealCodec *codec = peal_codec_find ("H264");
  g_autoptr (PealPacketizer) packetizer = peal_packetizer_new (codec, NULL);
  g_autoptr (GstBuffer) media = new_media (size, 100 * MS, TRUE);
  g_autoptr (GstCaps) caps = gst_caps_from_string (codec->payload_caps);
  PealRtpBurst *burst;

  gst_buffer_fill (media, 0, start, sizeof start);
  burst = peal_packetizer_pack (packetizer, media, caps);
  g_assert_nonnull (burst);
  return burst;
}

/* What a receiver reads from the first packet. */
typedef struct {
  guint payload_type;
  guint32 ssrc;
  guint16 seq;
  guint32 timestamp;
  gboolean has_marker;
  guint payload_size;
} Header;

static Header
read_packet (GstBufferList *list, guint index)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  Header header;

  g_assert_true (gst_rtp_buffer_map (
      gst_buffer_list_get (list, index), GST_MAP_READ, &rtp));
  header.payload_type = gst_rtp_buffer_get_payload_type (&rtp);
  header.ssrc = gst_rtp_buffer_get_ssrc (&rtp);
  header.seq = gst_rtp_buffer_get_seq (&rtp);
  header.timestamp = gst_rtp_buffer_get_timestamp (&rtp);
  header.has_marker = gst_rtp_buffer_get_marker (&rtp);
  header.payload_size = gst_rtp_buffer_get_payload_len (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  return header;
}

static void
test_own_names (void)
{
  g_autoptr (PealRtpBurst) burst = pack_picture (5000);
  PealRtpStamp alice, bob;
  g_autoptr (GstBufferList) for_alice = NULL;
  g_autoptr (GstBufferList) for_bob = NULL;
  Header first, second;

  peal_rtp_stamp_init (&alice, 96, 1111, 0);
  peal_rtp_stamp_init (&bob, 120, 2222, 0);
  for_alice = peal_rtp_burst_stamp (burst, &alice);
  for_bob = peal_rtp_burst_stamp (burst, &bob);
  g_assert_cmpuint (gst_buffer_list_length (for_alice), >=, 5);
  g_assert_cmpuint (
      gst_buffer_list_length (for_alice), ==, gst_buffer_list_length (for_bob));
  first = read_packet (for_alice, 1);
  second = read_packet (for_bob, 1);
  g_assert_cmpuint (first.payload_type, ==, 96);
  g_assert_cmpuint (second.payload_type, ==, 120);
  g_assert_cmpuint (first.ssrc, ==, 1111);
  g_assert_cmpuint (second.ssrc, ==, 2222);
  g_assert_cmpuint (first.payload_size, ==, second.payload_size);
}

static void
test_own_numbers (void)
{
  g_autoptr (PealRtpBurst) burst = pack_picture (5000);
  PealRtpStamp stamp;
  guint16 expected;

  peal_rtp_stamp_init (&stamp, 96, 1111, 0);
  stamp.seq = expected = G_MAXUINT16 - 3;
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GstBufferList) list = peal_rtp_burst_stamp (burst, &stamp);
    guint length = gst_buffer_list_length (list);

    for (guint k = 0; k < length; k++) {
      Header header = read_packet (list, k);

      g_assert_cmpuint (header.seq, ==, expected++);
      g_assert_true (header.has_marker == (k == length - 1));
    }
  }
}

static void
test_extension (void)
{
  g_autoptr (PealRtpBurst) burst = pack_picture (5000);
  PealRtpStamp plain, numbered;
  g_autoptr (GstBufferList) with = NULL;
  g_autoptr (GstBufferList) without = NULL;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gpointer number;
  guint size;

  peal_rtp_stamp_init (&plain, 96, 1111, 0);
  peal_rtp_stamp_init (&numbered, 96, 1111, 5);
  without = peal_rtp_burst_stamp (burst, &plain);
  with = peal_rtp_burst_stamp (burst, &numbered);
  gst_rtp_buffer_map (gst_buffer_list_get (with, 0), GST_MAP_READ, &rtp);
  g_assert_true (
      gst_rtp_buffer_get_extension_onebyte_header (&rtp, 5, 0, &number, &size));
  g_assert_cmpuint (size, ==, 2);
  gst_rtp_buffer_unmap (&rtp);
  g_assert_cmpuint (
      gst_buffer_get_size (gst_buffer_list_get (with, 0)), <=, 1200);
  for (guint i = 0; i < gst_buffer_list_length (with); i++)
    g_assert_cmpuint (read_packet (with, i).payload_size, ==,
        read_packet (without, i).payload_size);
}

static void
test_media_flags (void)
{
  g_autoptr (GstBuffer) media = new_media (10, 0, FALSE);
  g_autoptr (PealRtpBurst) burst = peal_rtp_burst_new (media);
  g_autoptr (GstBuffer) packet = gst_rtp_buffer_new_allocate (10, 0, 0);
  PealRtpStamp stamp;
  g_autoptr (GstBufferList) list = NULL;

  peal_rtp_stamp_init (&stamp, 96, 1111, 0);
  GST_BUFFER_PTS (packet) = 7 * MS;
  g_assert_true (peal_rtp_burst_add (burst, packet));
  g_assert_false (peal_rtp_burst_is_key (burst));
  list = peal_rtp_burst_stamp (burst, &stamp);
  g_assert_true (GST_BUFFER_FLAG_IS_SET (
      gst_buffer_list_get (list, 0), GST_BUFFER_FLAG_DELTA_UNIT));
  g_assert_cmpuint (GST_BUFFER_PTS (gst_buffer_list_get (list, 0)), ==, 7 * MS);
}

static void
test_not_plain (void)
{
  g_autoptr (GstBuffer) media = new_media (10, 0, TRUE);
  g_autoptr (PealRtpBurst) burst = peal_rtp_burst_new (media);
  g_autoptr (GstBuffer) with_sources = gst_rtp_buffer_new_allocate (10, 0, 2);
  g_autoptr (GstBuffer) short_one = new_media (11, 0, TRUE);

  g_assert_false (peal_rtp_burst_add (burst, with_sources));
  g_assert_false (peal_rtp_burst_add (burst, short_one));
  g_assert_cmpuint (peal_rtp_burst_count (burst), ==, 0);
}

static guint32
timestamp_of (PealRtpBurst *burst)
{
  PealRtpStamp stamp = { .payload_type = 0, .ssrc = 1 };
  g_autoptr (GstBufferList) list = NULL;

  g_assert_nonnull (burst);
  list = peal_rtp_burst_stamp (burst, &stamp);
  return read_packet (list, 0).timestamp;
}

/* 20 ms are 160 samples of 8 kHz, one byte each. */
static void
test_sound_after_a_rest (void)
{
  const PealCodec *codec = peal_codec_find ("PCMU");
  g_autoptr (PealPacketizer) packetizer = peal_packetizer_new (codec, NULL);
  g_autoptr (PealRtpBurst) first = pack (packetizer, codec, 160, 0);
  g_autoptr (PealRtpBurst) second = pack (packetizer, codec, 160, 20 * MS);
  g_autoptr (PealRtpBurst) third = NULL;

  peal_packetizer_skip (packetizer);
  third = pack (packetizer, codec, 160, 1020 * MS);
  g_assert_cmpuint (timestamp_of (second) - timestamp_of (first), ==, 160);
  g_assert_cmpuint (timestamp_of (third) - timestamp_of (second), ==, 8000);
}

/* Half packets wait for the rest of them. */
static void
test_sound_in_pieces (void)
{
  const PealCodec *codec = peal_codec_find ("PCMU");
  g_autoptr (PealPacketizer) packetizer = peal_packetizer_new (codec, NULL);
  g_autoptr (PealRtpBurst) first = pack (packetizer, codec, 80, 0);
  g_autoptr (PealRtpBurst) second = pack (packetizer, codec, 80, 10 * MS);

  g_assert_null (first);
  g_assert_nonnull (second);
  g_assert_cmpuint (peal_rtp_burst_count (second), ==, 1);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/rtp-burst/each-viewer-has-its-payload-type-and-ssrc", test_own_names);
  g_test_add_func (
      "/rtp-burst/each-viewers-numbers-go-on-and-wrap", test_own_numbers);
  g_test_add_func ("/rtp-burst/congestion-control-has-its-place-in-the-header",
      test_extension);
  g_test_add_func (
      "/rtp-burst/a-packet-tells-its-time-and-who-needs-others-before-it",
      test_media_flags);
  g_test_add_func (
      "/rtp-burst/what-a-stamp-would-break-is-refused", test_not_plain);
  g_test_add_func ("/packetizer/after-a-rest-sound-has-the-time-that-it-is",
      test_sound_after_a_rest);
  g_test_add_func (
      "/packetizer/pieces-of-sound-become-one-packet", test_sound_in_pieces);

  return g_test_run ();
}
