/*
 * PealPeer: one other member of the room, from its joining to its leaving,
 * through as many connections as that takes.
 *
 * Threads: everything on the loop, signals too, with no lock held.
 */
#pragma once

#include "session/peer-state.h"
#include "session/remote-tracks.h"
#include "session/settings.h"
#include "session/talk.h"
#include "stats/ice-path.h"
#include "stats/peer-stats.h"
#include "wire/message.h"

G_BEGIN_DECLS

#define PEAL_TYPE_PEER (peal_peer_get_type ())
G_DECLARE_FINAL_TYPE (PealPeer, peal_peer, PEAL, PEER, GObject)

PealPeer *
peal_peer_new (const PealSessionSettings *settings, const PealMember *member);
void
peal_peer_start (PealPeer *self);
void
peal_peer_restart (PealPeer *self);
void
peal_peer_handle (PealPeer *self, PealMessage *message);
void
peal_peer_tick (PealPeer *self, gint64 now_us);
void
peal_peer_fail (PealPeer *self, const GError *error);
void
peal_peer_hang_up (PealPeer *self);
void
peal_peer_close (PealPeer *self);

const gchar *
peal_peer_get_id (PealPeer *self);
const gchar *
peal_peer_get_name (PealPeer *self);
PealPeerState
peal_peer_get_state (PealPeer *self);
gboolean
peal_peer_is_alive (PealPeer *self);
void
peal_peer_set_member (PealPeer *self, const PealMember *member);
void
peal_peer_request_key_frame (PealPeer *self);
PealTalk *
peal_peer_get_talk (PealPeer *self);
GPtrArray *
peal_peer_list_tracks (PealPeer *self);
const PealPeerStats *
peal_peer_get_stats (PealPeer *self);
const gchar *
peal_peer_get_ice (PealPeer *self, PealIcePath *path);
gint64
peal_peer_get_first_opened_us (PealPeer *self);

G_END_DECLS
