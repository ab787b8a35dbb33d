/*
 * PealRemoteTrack: one audio or video stream that a peer sends us.
 *
 * A GstBin that outlives the peer connection behind it: the head (depayloader,
 * parser, decoder) is made when a webrtcbin pad is attached and goes when it
 * is detached, while the outputs stay linked. A rebuilt peer attaches its new
 * pad to the same remote track.
 *
 * Outputs:
 *  - `src` (always there): for the application's ghost pad. Raw, or encoded if
 *    its peer accepts only that. Unlinked, or downstream stalled: it drops.
 *  - `mix` (request, at most one): raw, for the mixer.
 * With neither linked nothing is decoded.
 *
 * Threads: methods are called on the loop; counters are readable anywhere.
 */
#pragma once

#include "media/codec.h"
#include "media/receive-meter.h"
#include "media/retimer.h"

G_BEGIN_DECLS

#define PEAL_TYPE_REMOTE_TRACK (peal_remote_track_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRemoteTrack, peal_remote_track, PEAL, REMOTE_TRACK, GstBin)

GstElement *
peal_remote_track_new (
    PealMediaKind kind, const PealDelays *delays, const gchar *name);
PealMediaKind
peal_remote_track_get_kind (PealRemoteTrack *self);
gboolean
peal_remote_track_attach (PealRemoteTrack *self, GstPad *rtp_pad,
    const PealCodec *codec, GError **error);
void
peal_remote_track_detach (PealRemoteTrack *self);
void
peal_remote_track_request_key_frame (PealRemoteTrack *self);
void
peal_remote_track_get_counters (
    PealRemoteTrack *self, PealRemoteTrackCounters *counters);

G_END_DECLS
