/*
 * One Engine.IO session (protocols.md 4.1): a transport over HTTP polling, a
 * WebSocket, or first the one and then the other.
 *
 * Thread: the server's.
 */
#pragma once

#include <libsoup/soup.h>

#include "server/server-limits.h"
#include "server/transport.h"

G_BEGIN_DECLS

#define PEAL_TYPE_ENGINEIO_SESSION (peal_engineio_session_get_type ())
G_DECLARE_FINAL_TYPE (PealEngineioSession, peal_engineio_session, PEAL,
    ENGINEIO_SESSION, PealTransport)

PealEngineioSession *
peal_engineio_session_new (
    const gchar *sid, const PealServerLimits *limits, PealTransport *socket);
gboolean
peal_engineio_session_can_upgrade (PealEngineioSession *self);
void
peal_engineio_session_upgrade (
    PealEngineioSession *self, PealTransport *socket);
void
peal_engineio_session_poll (
    PealEngineioSession *self, SoupServerMessage *message);
gboolean
peal_engineio_session_begin_post (
    PealEngineioSession *self, SoupServerMessage *message);
void
peal_engineio_session_post (
    PealEngineioSession *self, SoupServerMessage *message);

G_END_DECLS
