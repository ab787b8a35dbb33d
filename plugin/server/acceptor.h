/*
 * Opens the port and takes connections, with or without TLS.
 *
 * Why not libsoup's own: before 3.4 it leaks the socket of every connection it
 * accepts, and it has no limit on the time of a handshake or of silence.
 *
 * Thread: the one whose thread-default context it was opened on.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PEAL_TYPE_ACCEPTOR (peal_acceptor_get_type ())
G_DECLARE_FINAL_TYPE (PealAcceptor, peal_acceptor, PEAL, ACCEPTOR, GObject)

PealAcceptor *
peal_acceptor_new (GTlsCertificate *certificate);
gboolean
peal_acceptor_open (
    PealAcceptor *self, GSocketAddress *address, guint *port, GError **error);
void
peal_acceptor_close (PealAcceptor *self);

G_END_DECLS
