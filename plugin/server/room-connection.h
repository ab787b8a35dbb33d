/*
 * One client of the server, whatever it speaks over whatever carries it: the
 * way between its dialect and the room table.
 *
 * Thread: the server's. Signals fire there, with no lock held.
 */
#pragma once

#include "server/metrics.h"
#include "server/room-visitor.h"
#include "server/server-limits.h"
#include "server/transport.h"
#include "server/websocket-transport.h"

G_BEGIN_DECLS

/**
 * PealRoomService:
 *
 * What all connections of a server share. Owned by the server, which outlives
 * its open connections; one that was told to go away does not use it any more.
 */
typedef struct {
  PealRoomTable *table;
  PealThrottle *messages;
  PealMetrics metrics;
  PealServerLimits limits;
  PealWebsocketService websockets;
  gchar *token;           /* NULL: none needed; never logged */
  GPtrArray *ice_servers; /* of PealIceServer; never logged */
  gchar *turn_secret;     /* NULL: they have their credentials; never logged */
} PealRoomService;

#define PEAL_TYPE_ROOM_CONNECTION (peal_room_connection_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRoomConnection, peal_room_connection, PEAL, ROOM_CONNECTION, GObject)

PealRoomConnection *
peal_room_connection_new (PealRoomService *service, PealTransport *transport,
    const PealRoomCaller *caller);
void
peal_room_connection_open (PealRoomConnection *self);
void
peal_room_connection_reject (PealRoomConnection *self);
void
peal_room_connection_shut_down (PealRoomConnection *self);

G_END_DECLS
