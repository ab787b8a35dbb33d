/*
 * The server's end of the raw relay (protocols.md section 3), as a dialect:
 * a client with a single connection that cannot tell members apart. Pure.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

#define PEAL_TYPE_RELAY_SERVER (peal_relay_server_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRelayServer, peal_relay_server, PEAL, RELAY_SERVER, PealDialect)

PealDialect *
peal_relay_server_new (const PealServerContext *context);
PealDialect *
peal_relay_server_new_for_first_frame (const PealServerContext *context);

G_END_DECLS
