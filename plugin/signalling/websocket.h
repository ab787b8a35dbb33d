/*
 * PealWebsocket: the transport that is one WebSocket connection. It carries
 * text both ways, keeps itself alive, notices a dead server, and says in words
 * for users what went wrong.
 *
 * Thread and signals: client-transport.h.
 */
#pragma once

#include "signalling/client-transport.h"

G_BEGIN_DECLS

/* RFC 6455, section 7.4.1. */
#define PEAL_WEBSOCKET_NORMAL 1000
#define PEAL_WEBSOCKET_GOING_AWAY 1001
#define PEAL_WEBSOCKET_POLICY 1008
/* With it: what our server says; protocols.md, section 1. */
#define PEAL_WEBSOCKET_UNAUTHORIZED "unauthorized"
#define PEAL_WEBSOCKET_BAD_ROOM "bad-room"
#define PEAL_WEBSOCKET_TOO_LARGE 1009

/* Frames of 64 KiB pass with room to spare. Never 0: libsoup before 3.6.6
 * reads out of bounds when the size has no limit (CVE-2026-0716). */
#define PEAL_WEBSOCKET_MAX_INCOMING_BYTES (128 * 1024)
#define PEAL_TYPE_WEBSOCKET (peal_websocket_get_type ())
G_DECLARE_FINAL_TYPE (
    PealWebsocket, peal_websocket, PEAL, WEBSOCKET, PealClientTransport)

PealWebsocket *
peal_websocket_new (
    const gchar *uri, const gchar *const *protocols, const gchar *tls_ca_file);
void
peal_websocket_set_times (
    PealWebsocket *self, guint connect_limit_s, guint keepalive_s);
void
peal_websocket_connect (PealWebsocket *self);
gboolean
peal_websocket_send_text (
    PealWebsocket *self, const gchar *text, GError **error);
gboolean
peal_websocket_awaits_tls (PealWebsocket *self);
void
peal_websocket_close (PealWebsocket *self, guint code, const gchar *reason);

G_END_DECLS
