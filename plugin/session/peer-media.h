/*
 * PealPeerMedia: the m-lines of one peer connection: which of our tracks goes
 * out on which, with which codec, and whose pictures come in on it.
 *
 * Made by the peer together with its connection, and gone with it. Lives on
 * the loop.
 */
#pragma once

#include "media/track.h"
#include "session/connection.h"
#include "session/sdp.h"

G_BEGIN_DECLS

typedef struct _PealPeerMedia PealPeerMedia;

PealPeerMedia *
peal_peer_media_new (GstBin *bin, PealReaper *reaper,
    PealConnection *connection, GPtrArray *tracks, const gchar *owner);
void
peal_peer_media_free (PealPeerMedia *self);

gboolean
peal_peer_media_plan_offer (
    PealPeerMedia *self, guint min_video, guint min_audio, GError **error);
gboolean
peal_peer_media_plan_answer (
    PealPeerMedia *self, const PealSdp *offer, GError **error);
void
peal_peer_media_take_answer (PealPeerMedia *self, const PealSdp *answer);
const gchar *
peal_peer_media_get_note (PealPeerMedia *self);
void
peal_peer_media_prepare (PealPeerMedia *self);
gboolean
peal_peer_media_send (PealPeerMedia *self, GError **error);
void
peal_peer_media_expect_open (PealPeerMedia *self);
void
peal_peer_media_set_open (PealPeerMedia *self, gboolean is_open);
gboolean
peal_peer_media_locate (
    PealPeerMedia *self, guint mline, PealMediaKind *kind, guint *ordinal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealPeerMedia, peal_peer_media_free)

G_END_DECLS
