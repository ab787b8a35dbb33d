/*
 * The server's end of Peal rooms, version 1, as a dialect. Pure.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

#define PEAL_TYPE_ROOMS_SERVER (peal_rooms_server_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRoomsServer, peal_rooms_server, PEAL, ROOMS_SERVER, PealDialect)

PealDialect *
peal_rooms_server_new (const PealServerContext *context);

G_END_DECLS
