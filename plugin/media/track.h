/*
 * PealTrack: one audio or video stream that we send, encoded once for all who
 * watch it.
 *
 * A GstBin with one sink pad, `sink`. Raw input is encoded, at most once per
 * codec that some consumer asked for; encoded input is passed through. While
 * no consumer is open nothing is encoded. The input's caps may change at any
 * time.
 *
 * A consumer is a PealTrackBranch: a source element whose `src` pad gives RTP.
 * It lives in another bin (a peer's) and shares nothing with the track but
 * buffers: no event, query or flow result of one consumer reaches the encoder
 * or another consumer; a consumer that stalls loses pictures up to the next
 * key frame and nobody notices.
 *
 * It never blocks its source, drops what it cannot use, and never ends: after
 * an EOS the branches just get nothing more. It does not wait for the clock
 * either: a source that is not live has to be paced (`identity sync=true`).
 *
 * Threads: methods may be called from any thread but are meant for the loop.
 */
#pragma once

#include "media/codec.h"
#include "media/track-branch.h"
#include "media/track-caps.h"

G_BEGIN_DECLS

#define PEAL_TYPE_TRACK (peal_track_get_type ())
G_DECLARE_FINAL_TYPE (PealTrack, peal_track, PEAL, TRACK, GstBin)

/*
 * Signals:
 * `input-changed` (): the input became known, or changed between raw and
 *   encoded or to another codec. Fires on the streaming thread, with the pad's
 *   stream lock held; a handler only posts.
 */
GstElement *
peal_track_new (PealMediaKind kind, const gchar *name);
PealMediaKind
peal_track_get_kind (PealTrack *self);
PealTrackInput
peal_track_get_input (PealTrack *self);

void
peal_track_set_codec_names (PealTrack *self, const gchar *const *names);
GPtrArray *
peal_track_list_codecs (PealTrack *self, GError **error);
void
peal_track_set_bitrate (
    PealTrack *self, guint min_bps, guint start_bps, guint max_bps);

PealTrackBranch *
peal_track_add_branch (PealTrack *self, const PealCodec *codec,
    const PealBranchParams *params, GError **error);
void
peal_track_remove_branch (PealTrack *self, PealTrackBranch *branch);
void
peal_track_prepare (PealTrack *self);
void
peal_track_request_key_frame (PealTrack *self);
void
peal_track_set_muted (PealTrack *self, gboolean is_muted);

G_END_DECLS
