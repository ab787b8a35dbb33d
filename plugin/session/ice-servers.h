/*
 * STUN and TURN servers: from what rooms hand out and users write (RFC 7064,
 * RFC 7065) to what webrtcbin takes. Pure.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

gchar *
peal_ice_servers_to_stun_uri (const gchar *url, GError **error);
gchar *
peal_ice_servers_to_turn_uri (const gchar *url, const gchar *username,
    const gchar *credential, GError **error);

gchar *
peal_ice_servers_find_stun (GPtrArray *servers);
GStrv
peal_ice_servers_list_turn (GPtrArray *servers);

G_END_DECLS
