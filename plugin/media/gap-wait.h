/*
 * How long a stream without retransmission waits for a packet that is missing.
 * Pure: no clock, no pad.
 *
 * Sees each packet as it comes from the network. A missing one may be late, as
 * late as others were; after that nobody could play it any more.
 */
#pragma once

#include "media/playout.h"

G_BEGIN_DECLS

/* Owned by one thread; begins as zeroes, then peal_gap_wait_set_ceiling(). */
typedef struct {
  PealPlayout playout;
  gboolean has_begun;
  guint16 next;      /* sequence number */
  guint32 rtp_time;  /* of the packet before */
  gint64 media_ns;   /* the same since the first one */
  gint64 least_ns;   /* between media time and arrival, of the last ones */
  gint64 earlier_ns; /* of those before */
  guint n_seen;      /* for least_ns */
} PealGapWait;

/**
 * PealPacketTime: what a packet tells
 * @sequence: of RTP
 * @rtp_time: of RTP
 * @clock_rate: of @rtp_time, in Hz; not 0
 * @arrival_ns: by any steady clock
 */
typedef struct {
  guint16 sequence;
  guint32 rtp_time;
  guint clock_rate;
  gint64 arrival_ns;
} PealPacketTime;

void
peal_gap_wait_set_ceiling (PealGapWait *self, gint64 ceiling_ns);
gboolean
peal_gap_wait_add (PealGapWait *self, const PealPacketTime *packet);
gint64
peal_gap_wait_get (PealGapWait *self);

G_END_DECLS
