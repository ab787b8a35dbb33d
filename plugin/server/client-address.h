/*
 * Where a client comes from, for limits.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean
peal_client_address_is_loopback (GSocketAddress *address);
gchar *
peal_client_address_to_key (GSocketAddress *address);

G_END_DECLS
