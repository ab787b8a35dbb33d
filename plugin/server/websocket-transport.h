/*
 * A WebSocket as a transport: pings, bounded backlog, bounded messages.
 *
 * Thread: the server's.
 */
#pragma once

#include <libsoup/soup.h>

#include "server/server-limits.h"
#include "server/transport.h"

G_BEGIN_DECLS

#define PEAL_TYPE_WEBSOCKET_TRANSPORT (peal_websocket_transport_get_type ())
G_DECLARE_FINAL_TYPE (PealWebsocketTransport, peal_websocket_transport, PEAL,
    WEBSOCKET_TRANSPORT, PealTransport)

PealTransport *
peal_websocket_transport_new (
    SoupWebsocketConnection *socket, const PealServerLimits *limits);
void
peal_websocket_transport_retire (
    PealTransport **socket, guint code, const gchar *reason);

G_END_DECLS
