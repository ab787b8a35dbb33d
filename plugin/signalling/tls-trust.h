/*
 * Whom to believe over TLS: what the system trusts, plus one file of the
 * user's. The WebSocket asks it when the system does not know a certificate.
 *
 * Thread: any, one at a time.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PealTlsTrust PealTlsTrust;

PealTlsTrust *
peal_tls_trust_new (const gchar *ca_file, GError **error);
void
peal_tls_trust_free (PealTlsTrust *self);
GTlsCertificateFlags
peal_tls_trust_check (PealTlsTrust *self, GTlsCertificate *certificate,
    GTlsCertificateFlags problems, GSocketConnectable *identity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealTlsTrust, peal_tls_trust_free)

G_END_DECLS
