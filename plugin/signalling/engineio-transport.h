/*
 * PealEngineioTransport: the transport that is Engine.IO 4: a WebSocket at
 * once, or long-polling where the server does not want one, and a WebSocket
 * later if it offers that. Its text is what Engine.IO's messages carry.
 *
 * Thread and signals: client-transport.h.
 */
#pragma once

#include "signalling/client-transport.h"

G_BEGIN_DECLS

#define PEAL_TYPE_ENGINEIO_TRANSPORT (peal_engineio_transport_get_type ())
G_DECLARE_FINAL_TYPE (PealEngineioTransport, peal_engineio_transport, PEAL,
    ENGINEIO_TRANSPORT, PealClientTransport)

PealClientTransport *
peal_engineio_transport_new (const gchar *uri, const gchar *tls_ca_file);
void
peal_engineio_transport_set_handshake_limit (
    PealEngineioTransport *self, guint limit_ms);

G_END_DECLS
