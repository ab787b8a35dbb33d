/*
 * Where Engine.IO clients come in: `/socket.io/`, by HTTP and by WebSocket
 * (protocols.md 4.1), and the sessions that are open.
 *
 * Thread: the server's.
 */
#pragma once

#include "server/entrance.h"

G_BEGIN_DECLS

typedef struct _PealEngineioServer PealEngineioServer;

PealEngineioServer *
peal_engineio_server_new (PealRoomService *service, PealEntrance *entrance);
void
peal_engineio_server_free (PealEngineioServer *self);
void
peal_engineio_server_add_to (PealEngineioServer *self, SoupServer *soup);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealEngineioServer, peal_engineio_server_free)

G_END_DECLS
