/*
 * From HTTP to a WebSocket: libsoup does the handshake, then the connection is
 * ours. libsoup's own WebSockets are not used: each takes four sources of the
 * main context and two timers, which thousands of them cannot afford.
 *
 * Thread: the server's.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * PealUpgradeFunc:
 * @message: the request
 * @stream: (transfer full): the connection, its handshake done
 *
 * Called from the main context with no lock held.
 */
typedef void (*PealUpgradeFunc) (
    SoupServerMessage *message, GIOStream *stream, gpointer data);

void
peal_upgrade (SoupServerMessage *message, PealUpgradeFunc func, gpointer data);
gboolean
peal_upgrade_is_wanted (SoupServerMessage *message);

G_END_DECLS
