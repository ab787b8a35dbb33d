/*
 * The server's limits on time and amount. Fixed in the product; tests make
 * them small.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the server reads of a message of a WebSocket, and of a body of a long
 * poll; Engine.IO's clients are told. Chosen: twice the protocols' limit of
 * 64 KiB, so that a message a little too large still gets its error, and an
 * Engine.IO client has room for several packets; and no more than that, because
 * anybody may have it kept, per connection, by a message that never ends. */
#define PEAL_SERVER_MAX_MESSAGE_BYTES (128 * 1024)

/**
 * PealServerLimits:
 * @join_timeout_ms: a connection that has not joined by then is closed
 * @ping_interval_s: between pings; two without a pong end a connection
 * @engineio_ping_interval_ms: between pings of an Engine.IO session
 * @engineio_ping_timeout_ms: how long it waits for the pong
 * @engineio_sessions: how many there may be at once
 * @renewal_ms: how long TURN credentials are used before a member that can
 *   resume has to come back for fresh ones
 * @backlog_bytes: what may wait for a client to read
 * @connection_burst: connections at once from one address
 * @connections_per_second: connections from one address in the long run
 * @message_burst: messages at once from one address
 * @messages_per_second: messages from one address in the long run
 * @limits_loopback: whether clients of this machine count by address, too:
 *   normally they may connect as they like, and each connection has its own
 *   limit on messages, since behind a proxy all clients are of this machine
 */
typedef struct {
  guint join_timeout_ms;
  guint ping_interval_s;
  guint engineio_ping_interval_ms;
  guint engineio_ping_timeout_ms;
  guint engineio_sessions;
  guint renewal_ms;
  gsize backlog_bytes;
  guint connection_burst;
  gdouble connections_per_second;
  guint message_burst;
  gdouble messages_per_second;
  gboolean limits_loopback;
} PealServerLimits;

/* Pings and pongs: protocols.md section 1. The rest is chosen: an office
 * behind one address that comes back all at once passes, a flood does not. A
 * stock Engine.IO server pings so. TURN credentials are renewed in the middle
 * of their life. A member of a full room sends some 30 candidates to each of 15
 * others. */
#define PEAL_SERVER_LIMITS_INIT                                       \
  {                                                                   \
    .join_timeout_ms = 10 * 1000, .ping_interval_s = 15,              \
    .engineio_ping_interval_ms = 25 * 1000,                           \
    .engineio_ping_timeout_ms = 20 * 1000, .engineio_sessions = 4000, \
    .renewal_ms = 12 * 60 * 60 * 1000, .backlog_bytes = 1024 * 1024,  \
    .connection_burst = 100, .connections_per_second = 10,            \
    .message_burst = 2000, .messages_per_second = 200,                \
    .limits_loopback = FALSE,                                         \
  }

G_END_DECLS
