/*
 * PealTrackBranch: one consumer of a track: a GstBin with one src pad, `src`,
 * that gives RTP with this peer's payload type and SSRC.
 *
 * The gate is closed at first: nothing leaves but stream-start, caps and
 * segment, so that what follows can negotiate. They come as soon as the branch
 * is PAUSED, whether the track has input or not. Opening it asks the track for
 * a key frame at once, and media begins with one. Key-frame requests from
 * downstream go to the track's limiter; all other events from there end here.
 *
 * A branch is made by peal_track_add_branch() and lives in the bin of whom it
 * serves. Timestamps are running times.
 */
#pragma once

#include "media/codec.h"
#include "media/fan-out.h"

G_BEGIN_DECLS

/**
 * PealBranchParams:
 * @payload_type: RTP payload type agreed with this peer, 0 to 127
 * @ssrc: RTP SSRC announced to this peer
 * @twcc_id: id of the transport-wide congestion control header extension
 *   agreed with this peer, 1 to 14; 0: none
 * @rtp_fields: (nullable): further fields of the RTP caps, which take the place
 *   of the codec's own, e.g. `profile-level-id=(string)42001f` where a remote
 *   offer has said so
 */
typedef struct {
  guint payload_type;
  guint ssrc;
  guint twcc_id;
  const gchar *rtp_fields;
} PealBranchParams;

#define PEAL_TYPE_TRACK_BRANCH (peal_track_branch_get_type ())
G_DECLARE_FINAL_TYPE (
    PealTrackBranch, peal_track_branch, PEAL, TRACK_BRANCH, GstBin)

PealTrackBranch *
peal_track_branch_new (const PealCodec *codec, const PealBranchParams *params,
    PealFanOut *fan_out, GError **error);
const PealCodec *
peal_track_branch_get_codec (PealTrackBranch *self);
void
peal_track_branch_detach (PealTrackBranch *self);
void
peal_track_branch_expect_open (PealTrackBranch *self);
void
peal_track_branch_set_open (PealTrackBranch *self, gboolean is_open);
gboolean
peal_track_branch_is_open (PealTrackBranch *self);
guint64
peal_track_branch_get_dropped (PealTrackBranch *self);

G_END_DECLS
