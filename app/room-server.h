/*
 * The room server inside a command: made from the options, and announced to
 * whoever reads the terminal. Main thread.
 */
#pragma once

#include "app/console.h"
#include "app/options.h"
#include "server/server.h"

G_BEGIN_DECLS

PealServer *
peal_room_server_start (
    const PealOptions *options, const gchar *listen, GError **error);
void
peal_room_server_announce (
    PealServer *server, const PealOptions *options, PealConsole *console);
const gchar *
peal_room_server_get_room (const PealOptions *options);
const gchar *
peal_room_server_pick_phone_url (const gchar *const *urls);

G_END_DECLS
