/*
 * Makes keys and self-signed certificates, for a TLS server and for DTLS.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gchar *
peal_certificate_maker_new_key (GError **error);
gboolean
peal_certificate_maker_is_key (const gchar *pem);
gboolean
peal_certificate_maker_is_pair (GByteArray *der, const gchar *key_pem);
gchar *
peal_certificate_maker_sign (const gchar *key_pem, const gchar *hostname,
    GPtrArray *addresses, gint64 now_s, GError **error);
gchar *
peal_certificate_maker_new_anonymous (gint64 now_s, GError **error);

G_END_DECLS
