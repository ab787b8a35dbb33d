/*
 * A WebSocket as a transport: pings, bounded backlog, bounded messages.
 *
 * Thread: the server's.
 */
#pragma once

#include <gio/gio.h>

#include "server/poller.h"
#include "server/pulse.h"
#include "server/transport.h"

G_BEGIN_DECLS

/**
 * PealWebsocketService:
 * @poller: waits for all sockets
 * @pulse: calls each once per interval of pings
 * @backlog_bytes: what may wait for a client to read
 *
 * What the WebSockets of a server share.
 */
typedef struct {
  PealPoller *poller;
  PealPulse *pulse;
  gsize backlog_bytes;
} PealWebsocketService;

#define PEAL_TYPE_WEBSOCKET_TRANSPORT (peal_websocket_transport_get_type ())
G_DECLARE_FINAL_TYPE (PealWebsocketTransport, peal_websocket_transport, PEAL,
    WEBSOCKET_TRANSPORT, PealTransport)

PealTransport *
peal_websocket_transport_new (
    GIOStream *stream, const PealWebsocketService *service);
void
peal_websocket_transport_retire (
    PealTransport **socket, guint code, const gchar *reason);

G_END_DECLS
