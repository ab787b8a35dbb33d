/*
 * webrtcbin's statistics of one peer as a plain snapshot, and what the session
 * itself counts beside them.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PealPeerStats:
 * @bytes_received: RTP payload and headers
 * @bytes_sent: likewise
 * @packets_lost: of what the peer sent us; never negative
 * @packets_received: RTP
 * @round_trip_ms: milliseconds; negative while not known
 * @fraction_lost: of what we send, as the peer last reported, 0 to 1
 * @jitter_ms: of what the peer sends, milliseconds
 * @setup_us: from the offer to connected, microseconds; counted by the peer
 */
typedef struct {
  guint64 bytes_received;
  guint64 bytes_sent;
  guint64 packets_received;
  guint64 packets_lost;
  gdouble round_trip_ms;
  gdouble fraction_lost;
  gdouble jitter_ms;
  gint64 setup_us;
} PealPeerStats;

void
peal_peer_stats_read (PealPeerStats *self, const GstStructure *stats);

G_END_DECLS
