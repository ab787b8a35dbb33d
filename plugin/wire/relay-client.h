/*
 * PealRelayClient: the client's end of the raw relay (protocols.md section 3).
 * Pure.
 *
 * Nobody says who is there. So one peer is presumed: after a second without
 * an offer of its own it is offered to, and again every three seconds for
 * whoever comes later, always with the same offer.
 */
#pragma once

#include "wire/dialect.h"

G_BEGIN_DECLS

#define PEAL_RELAY_OWN_ID "me"
#define PEAL_RELAY_PEER_ID "peer"

#define PEAL_TYPE_RELAY_CLIENT (peal_relay_client_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRelayClient, peal_relay_client, PEAL, RELAY_CLIENT, PealDialect)

PealDialect *
peal_relay_client_new (const gchar *room, PealDialect *previous);

G_END_DECLS
