/*
 * PealSession: our membership of one room. Keeps the peers, routes messages
 * between the signaller and them, and tells the element what happens.
 *
 * Threads: made, used and stopped on the loop, where its signals fire with no
 * lock held.
 */
#pragma once

#include "media/track.h"
#include "session/peer.h"
#include "signalling/signaller.h"

G_BEGIN_DECLS

#define PEAL_TYPE_SESSION (peal_session_get_type ())
G_DECLARE_FINAL_TYPE (PealSession, peal_session, PEAL, SESSION, GObject)

PealSession *
peal_session_new (GstBin *bin, PealSignaller *signaller);
gboolean
peal_session_configure (
    PealSession *self, const PealSessionConfig *config, GError **error);
void
peal_session_add_track (PealSession *self, PealTrack *track);
void
peal_session_remove_track (PealSession *self, PealTrack *track);
void
peal_session_review_tracks (PealSession *self);
void
peal_session_start (PealSession *self);
void
peal_session_stop (PealSession *self);

gboolean
peal_session_send_message (
    PealSession *self, const gchar *peer_id, JsonNode *body, GError **error);
void
peal_session_set_muted (
    PealSession *self, gboolean is_audio_muted, gboolean is_video_muted);
/* The peer, or NULL for all. */
void
peal_session_hang_up (PealSession *self, const gchar *peer_id);
void
peal_session_request_key_frame (PealSession *self, const gchar *peer_id);
void
peal_session_settle (PealSession *self);
void
peal_session_fail_peer (
    PealSession *self, const gchar *peer_id, const GError *error);
GPtrArray *
peal_session_list_peers (PealSession *self);

G_END_DECLS
