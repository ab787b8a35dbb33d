/*
 * PealConnector: gets one member connected and keeps it so, through as many
 * attempts as that takes. What outlives an attempt (remote tracks, messages)
 * is the peer's, who is told of each one that opens and is dropped.
 *
 * Threads: everything on the loop, signals too, with no lock held.
 */
#pragma once

#include "session/attempt.h"
#include "session/peer-state.h"
#include "session/settings.h"
#include "wire/message.h"

G_BEGIN_DECLS

#define PEAL_TYPE_CONNECTOR (peal_connector_get_type ())
G_DECLARE_FINAL_TYPE (PealConnector, peal_connector, PEAL, CONNECTOR, GObject)

PealConnector *
peal_connector_new (
    const PealSessionSettings *settings, const PealMember *member);
void
peal_connector_start (PealConnector *self);
void
peal_connector_restart (PealConnector *self);
void
peal_connector_handle (PealConnector *self, PealMessage *message);
void
peal_connector_tick (PealConnector *self, gint64 now_us);
void
peal_connector_fail (PealConnector *self, const GError *error);
void
peal_connector_hang_up (PealConnector *self);
void
peal_connector_drop (PealConnector *self);
void
peal_connector_close (PealConnector *self);

void
peal_connector_set_member (PealConnector *self, const PealMember *member);
PealPeerState
peal_connector_get_state (PealConnector *self);
PealAttempt *
peal_connector_get_attempt (PealConnector *self);

G_END_DECLS
