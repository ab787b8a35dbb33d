/*
 * PealTrackBranch: one consumer of a track: a GstBin with one src pad, `src`,
 * that gives RTP with this peer's payload type and SSRC.
 *
 * The gate is closed at first: nothing leaves but stream-start, caps and
 * segment, so that what follows can negotiate. Opening it asks the track for a
 * key frame at once, and media begins with one. Key-frame requests from
 * downstream go to the track's limiter.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

/**
 * PealBranchParams:
 * @payload_type: RTP payload type agreed with this peer, 0 to 127
 * @ssrc: RTP SSRC announced to this peer
 * @mtu: largest RTP packet in bytes; 0 is 1200
 */
typedef struct {
  guint payload_type;
  guint ssrc;
  guint mtu;
} PealBranchParams;

#define PEAL_TYPE_TRACK_BRANCH (peal_track_branch_get_type ())
G_DECLARE_FINAL_TYPE (
    PealTrackBranch, peal_track_branch, PEAL, TRACK_BRANCH, GstBin)

void
peal_track_branch_set_open (PealTrackBranch *self, gboolean is_open);
gboolean
peal_track_branch_is_open (PealTrackBranch *self);
guint64
peal_track_branch_get_dropped (PealTrackBranch *self);

G_END_DECLS
