/*
 * The DTLS certificate of a peer against the fingerprints its SDP promised
 * (RFC 8122). webrtcbin 1.22 does not compare them. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean
peal_fingerprint_matches (const gchar *pem, const gchar *const *fingerprints);
gboolean
peal_fingerprint_is_valid (const gchar *fingerprint);
gchar *
peal_fingerprint_make (const gchar *pem);

G_END_DECLS
