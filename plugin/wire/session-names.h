/*
 * Names for sessions in protocols that have none, for one end of a connection
 * (protocols.md sections 3 and 4). Pure; used by dialects in both roles.
 *
 * An offer whose SDP has the session id (`o=`) of the current session with
 * that peer renegotiates it; another one begins a new session. An answer
 * belongs to our last offer to that peer. A candidate belongs to the session
 * of the last description said by either; one that comes before any, or that
 * names an ICE user whom the description does not know, is kept for the next
 * description, up to a bound.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* Chosen: a browser with many interfaces and two STUN servers gathers 60. */
#define PEAL_SESSION_NAMES_MAX_EARLY 128
/* Chosen: as many as a room may have, twice. */
#define PEAL_SESSION_NAMES_MAX_PEERS 512

typedef struct _PealSessionNames PealSessionNames;

PealSessionNames *
peal_session_names_new (void);
void
peal_session_names_free (PealSessionNames *self);

void
peal_session_names_sent (PealSessionNames *self, const PealMessage *message);
GPtrArray *
peal_session_names_heard (PealSessionNames *self, const PealMessage *message);
void
peal_session_names_forget (PealSessionNames *self, const gchar *peer_id);

gchar *
peal_sdp_origin (const gchar *sdp);
gchar *
peal_sdp_ice_user (const gchar *sdp);
gint
peal_sdp_origin_compare (const gchar *a, const gchar *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealSessionNames, peal_session_names_free)

G_END_DECLS
