/*
 * One remote member as the element's `stats` describes it, and the words for
 * it: a status line, a line of the summary. Pure.
 */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PealPeerView:
 * @id: the member's id
 * @name: the name people see; may be empty
 * @state: new, connecting, connected, disconnected, failed or closed
 * @setup_ms: offer to connected; negative: unknown
 * @first_picture_ms: offer to first picture; negative: unknown
 * @round_trip_ms: negative: unknown
 * @fraction_lost: of the latest packets, 0 to 1
 * @ice_state: (nullable): new, checking, connected, completed, failed, ...
 * @local_candidate: (nullable): our end of the way: host, srflx, prflx, relay
 * @remote_candidate: (nullable): the member's end of it
 */
typedef struct {
  gchar *id;
  gchar *name;
  gchar *state;
  gdouble setup_ms;
  gdouble first_picture_ms;
  guint64 video_frames;
  guint video_width;
  guint video_height;
  guint64 audio_ms;
  guint64 bytes_received;
  guint64 bytes_sent;
  gdouble round_trip_ms;
  guint64 packets_lost;
  gdouble fraction_lost;
  gchar *ice_state;
  gchar *local_candidate;
  gchar *remote_candidate;
} PealPeerView;

/**
 * PealPeerRates:
 *
 * What changed from one view to a later one, per second.
 */
typedef struct {
  gdouble frames_per_s;
  gdouble received_bps;
  gdouble sent_bps;
} PealPeerRates;

PealPeerView *
peal_peer_view_new (const gchar *id, const gchar *name, const gchar *state);
PealPeerView *
peal_peer_view_from_structure (const GstStructure *structure);
void
peal_peer_view_free (PealPeerView *self);

PealPeerRates
peal_peer_view_get_rates (
    const PealPeerView *self, const PealPeerView *earlier, gdouble elapsed_s);
gchar *
peal_peer_view_to_status (const PealPeerView *self, const PealPeerRates *rates);
gchar *
peal_peer_view_to_summary (const PealPeerView *self);
JsonNode *
peal_peer_view_to_json (const PealPeerView *self);
JsonNode *
peal_peer_view_to_event (const PealPeerView *self, const PealPeerRates *rates);
const gchar *
peal_peer_view_get_label (const PealPeerView *self);
gchar *
peal_format_bitrate (gdouble bits_per_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealPeerView, peal_peer_view_free)

G_END_DECLS
