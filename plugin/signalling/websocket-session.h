/*
 * The libsoup session behind a WebSocket connection. Used by PealWebsocket
 * alone, on its thread.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

SoupSession *
peal_websocket_session_new (GUri *uri);

G_END_DECLS
