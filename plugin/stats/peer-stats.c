/*
 * Reads a get-stats reply (webrtcbin.md 2.10). Called by the peer on the loop.
 * No state. Rows are found by their `type`; `kind` is wrong in a bundle and
 * not used.
 */
#include "stats/peer-stats.h"

#include <gst/webrtc/webrtc.h>

static guint64
get_u64 (const GstStructure *row, const gchar *field)
{
  guint64 value = 0;

  gst_structure_get_uint64 (row, field, &value);

  return value;
}

static gdouble
get_double (const GstStructure *row, const gchar *field)
{
  gdouble value = 0;

  gst_structure_get_double (row, field, &value);

  return value;
}

static void
read_inbound (PealPeerStats *self, const GstStructure *row)
{
  gint64 lost = 0;
  gint lost_int = 0;

  self->bytes_received += get_u64 (row, "bytes-received");
  self->packets_received += get_u64 (row, "packets-received");
  if (!gst_structure_get_int64 (row, "packets-lost", &lost) &&
      gst_structure_get_int (row, "packets-lost", &lost_int))
    lost = lost_int;
  self->packets_lost += (guint64)MAX (lost, 0);
  self->jitter_ms = MAX (self->jitter_ms, get_double (row, "jitter") * 1000);
}

static void
read_remote_inbound (PealPeerStats *self, const GstStructure *row)
{
  gdouble round_trip_ms = get_double (row, "round-trip-time") * 1000;

  if (round_trip_ms > 0)
    self->round_trip_ms = MAX (self->round_trip_ms, round_trip_ms);
  self->fraction_lost =
      MAX (self->fraction_lost, get_double (row, "fraction-lost"));
}

static gboolean
read_row (GQuark name, const GValue *value, gpointer data)
{
  PealPeerStats *self = data;
  const GstStructure *row;
  GstWebRTCStatsType type;

  if (!GST_VALUE_HOLDS_STRUCTURE (value))
    return TRUE;

  row = gst_value_get_structure (value);
  if (!gst_structure_get (row, "type", GST_TYPE_WEBRTC_STATS_TYPE, &type, NULL))
    return TRUE;
  if (type == GST_WEBRTC_STATS_INBOUND_RTP)
    read_inbound (self, row);
  else if (type == GST_WEBRTC_STATS_OUTBOUND_RTP)
    self->bytes_sent += get_u64 (row, "bytes-sent");
  else if (type == GST_WEBRTC_STATS_REMOTE_INBOUND_RTP)
    read_remote_inbound (self, row);

  return TRUE;
}

/**
 * peal_peer_stats_read:
 * @self: overwritten
 * @stats: the reply of webrtcbin's get-stats
 */
void
peal_peer_stats_read (PealPeerStats *self, const GstStructure *stats)
{
  *self = (PealPeerStats){ .round_trip_ms = -1 };
  gst_structure_foreach (stats, read_row, self);
}
