/*
 * PealSocketioClient: the client's end of a Socket.IO signalling server of any
 * profile (protocols.md sections 4.2 and 4.3). What it reads and writes are
 * Socket.IO packets; Engine.IO is the transport's. Pure.
 *
 * Without a profile it asks for the room in each one's words, one after the
 * other, and keeps to the first that is answered.
 */
#pragma once

#include "wire/dialect.h"
#include "wire/socketio-profiles.h"

G_BEGIN_DECLS

/* The peer of the profiles for two, which have no ids. */
#define PEAL_SOCKETIO_PEER_ID "peer"

#define PEAL_TYPE_SOCKETIO_CLIENT (peal_socketio_client_get_type ())
G_DECLARE_FINAL_TYPE (PealSocketioClient, peal_socketio_client, PEAL,
    SOCKETIO_CLIENT, PealDialect)

PealDialect *
peal_socketio_client_new (const gchar *room, const gchar *name,
    const gchar *token, PealProfile profile, PealDialect *previous);

G_END_DECLS
