/*
 * This machine's names and addresses, as others may know it.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GPtrArray *
peal_interfaces_list_addresses (void);
gboolean
peal_interfaces_is_link_local (GInetAddress *address);

G_END_DECLS
