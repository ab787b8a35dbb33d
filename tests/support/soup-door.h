/*
 * The port of a SoupServer that a test makes. Not soup_server_listen_local():
 * libsoup 3.2's own listener keeps each GSocket that it accepted, and its
 * address, for ever, so that ./dev asan would have to look away.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

guint
soup_door_open (SoupServer *server, guint port);
void
soup_door_close (SoupServer *server);

G_END_DECLS
