/*
 * The server's certificate: loaded from the user's files, or made once and
 * kept.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PEAL_TLS_STORE_CERTIFICATE_NAME "certificate.pem"
#define PEAL_TLS_STORE_KEY_NAME "key.pem"

GTlsCertificate *
peal_tls_store_load (
    const gchar *certificate_file, const gchar *key_file, GError **error);
GTlsCertificate *
peal_tls_store_ensure (const gchar *directory, GDateTime *now, GError **error);
gchar *
peal_tls_store_dup_default_directory (void);

G_END_DECLS
