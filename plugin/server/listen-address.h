/*
 * Where the server listens, parsed from what a user writes. A
 * value: opens nothing.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PEAL_LISTEN_ADDRESS_DEFAULT_PORT 8080

/**
 * PealListenAddress:
 * @address: the interface's address, or the wildcard
 * @port: 0 picks a free one
 */
typedef struct {
  GInetAddress *address;
  guint16 port;
} PealListenAddress;

PealListenAddress *
peal_listen_address_parse (const gchar *text, GError **error);
void
peal_listen_address_free (PealListenAddress *self);
GSocketAddress *
peal_listen_address_to_socket_address (const PealListenAddress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealListenAddress, peal_listen_address_free)

G_END_DECLS
