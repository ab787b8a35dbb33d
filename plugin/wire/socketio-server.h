/*
 * The server's end of Socket.IO signalling (protocols.md section 4), as a
 * dialect: every profile at once, known by the events a client uses. Pure.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

/* chosen: a client says CONNECT at once; a tab in the background may take
 * seconds. */
#define PEAL_SOCKETIO_SERVER_CONNECT_LIMIT_US (10 * G_USEC_PER_SEC)

#define PEAL_TYPE_SOCKETIO_SERVER (peal_socketio_server_get_type ())
G_DECLARE_FINAL_TYPE (PealSocketioServer, peal_socketio_server, PEAL,
    SOCKETIO_SERVER, PealDialect)

PealDialect *
peal_socketio_server_new (const PealServerContext *context);

G_END_DECLS
