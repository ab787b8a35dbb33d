/*
 * PealRtpBurst: what became of one encoded picture or piece of sound: RTP
 * packets of no viewer yet, made once for all of them. A stamp turns them into
 * one viewer's own.
 *
 * Any thread; does not change any more once it has been handed on.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Bytes that a stamp may add to a packet: the header extension for transport-
 * wide congestion control (RFC 8285 4.2: 4 + 1 + 2, padded to words). */
#define PEAL_RTP_STAMP_MAX_BYTES 8

typedef struct _PealRtpBurst PealRtpBurst;

/**
 * PealRtpStamp:
 * @payload_type: 0 to 127
 * @ssrc: synchronization source
 * @twcc_id: id of the transport-wide congestion control header extension, 1 to
 *   14; 0: none. Its number is left at zero for the RTP session to fill in
 * @seq: sequence number of the next packet; counts on
 * @timestamp_offset: added to the burst's timestamps
 */
typedef struct {
  guint payload_type;
  guint32 ssrc;
  guint twcc_id;
  guint16 seq;
  guint32 timestamp_offset;
} PealRtpStamp;

void
peal_rtp_stamp_init (
    PealRtpStamp *self, guint payload_type, guint32 ssrc, guint twcc_id);

PealRtpBurst *
peal_rtp_burst_new (GstBuffer *media);
PealRtpBurst *
peal_rtp_burst_ref (PealRtpBurst *self);
void
peal_rtp_burst_unref (PealRtpBurst *self);
gboolean
peal_rtp_burst_add (PealRtpBurst *self, GstBuffer *packet);
guint
peal_rtp_burst_count (PealRtpBurst *self);
GstBuffer *
peal_rtp_burst_get_media (PealRtpBurst *self);
gboolean
peal_rtp_burst_is_key (PealRtpBurst *self);
GstBufferList *
peal_rtp_burst_stamp (PealRtpBurst *self, PealRtpStamp *stamp);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealRtpBurst, peal_rtp_burst_unref)

G_END_DECLS
