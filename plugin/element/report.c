/*
 * Peers as GstStructures. See report.h. Called by peal-bin on the loop; reads
 * peers. No state.
 */
#include "element/report.h"

#define US_PER_MS 1000.0

static void
add_counters (GstStructure *row, PealPeer *peer)
{
  g_autoptr (GPtrArray) tracks = peal_peer_list_tracks (peer);
  guint64 frames = 0;
  guint64 audio_ns = 0;
  guint width = 0;
  guint height = 0;
  gint64 first_us = 0;

  for (guint i = 0; i < tracks->len; i++) {
    PealRemoteTrack *track = g_ptr_array_index (tracks, i);
    PealRemoteTrackCounters counters;

    peal_remote_track_get_counters (track, &counters);
    audio_ns += counters.audio_ns;
    if (peal_remote_track_get_kind (track) != PEAL_MEDIA_VIDEO ||
        counters.frames == 0)
      continue;
    frames += counters.frames;
    width = counters.width;
    height = counters.height;
    first_us = counters.first_frame_us;
  }
  gst_structure_set (row, "video-frames", G_TYPE_UINT64, frames, "video-width",
      G_TYPE_UINT, width, "video-height", G_TYPE_UINT, height, "audio-ms",
      G_TYPE_UINT64, audio_ns / GST_MSECOND, "first-picture-ms", G_TYPE_DOUBLE,
      first_us > 0
          ? (first_us - peal_peer_get_first_opened_us (peer)) / US_PER_MS
          : -1.0,
      NULL);
}

/* A field that is not known is not there. */
static void
add_ice (GstStructure *row, PealPeer *peer)
{
  PealIcePath path;
  const gchar *state = peal_peer_get_ice (peer, &path);

  gst_structure_set (row, "ice-state", G_TYPE_STRING, state, NULL);
  if (path.local)
    gst_structure_set (row, "local-candidate", G_TYPE_STRING, path.local,
        "local-address", G_TYPE_STRING, path.local_address, "remote-candidate",
        G_TYPE_STRING, path.remote, "remote-address", G_TYPE_STRING,
        path.remote_address, NULL);
}

static void
add_stats (GstStructure *row, PealPeer *peer)
{
  const PealPeerStats *stats = peal_peer_get_stats (peer);

  gst_structure_set (row, "setup-ms", G_TYPE_DOUBLE,
      stats->setup_us > 0 ? stats->setup_us / US_PER_MS : -1.0,
      "bytes-received", G_TYPE_UINT64, stats->bytes_received, "bytes-sent",
      G_TYPE_UINT64, stats->bytes_sent, "packets-received", G_TYPE_UINT64,
      stats->packets_received, "packets-lost", G_TYPE_UINT64,
      stats->packets_lost, "fraction-lost", G_TYPE_DOUBLE, stats->fraction_lost,
      "round-trip-ms", G_TYPE_DOUBLE, stats->round_trip_ms, "jitter-ms",
      G_TYPE_DOUBLE, stats->jitter_ms, NULL);
  add_counters (row, peer);
  add_ice (row, peer);
}

/**
 * peal_report_make:
 * @session: (nullable): NULL gives an empty report
 * @is_full: with statistics
 *
 * Returns: (transfer full): a structure with one field per peer
 */
GstStructure *
peal_report_make (PealSession *session, gboolean is_full)
{
  GstStructure *report =
      gst_structure_new_empty (is_full ? "peal-stats" : "peal-peers");
  g_autoptr (GPtrArray) peers =
      session ? peal_session_list_peers (session) : g_ptr_array_new ();

  for (guint i = 0; i < peers->len; i++) {
    PealPeer *peer = g_ptr_array_index (peers, i);
    g_autoptr (GstStructure) row = gst_structure_new ("peer", "id",
        G_TYPE_STRING, peal_peer_get_id (peer), "name", G_TYPE_STRING,
        peal_peer_get_name (peer), "state", G_TYPE_STRING,
        peal_peer_state_to_string (peal_peer_get_state (peer)), NULL);

    if (is_full)
      add_stats (row, peer);
    gst_structure_set (
        report, peal_peer_get_id (peer), GST_TYPE_STRUCTURE, row, NULL);
  }

  return report;
}
