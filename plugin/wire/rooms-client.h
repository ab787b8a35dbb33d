/*
 * PealRoomsClient: the client's end of Peal rooms, version 1. Pure.
 */
#pragma once

#include "wire/dialect.h"

G_BEGIN_DECLS

#define PEAL_TYPE_ROOMS_CLIENT (peal_rooms_client_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRoomsClient, peal_rooms_client, PEAL, ROOMS_CLIENT, PealDialect)

PealDialect *
peal_rooms_client_new (PealMessage *join, PealDialect *previous);

G_END_DECLS
