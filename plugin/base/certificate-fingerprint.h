/*
 * The fingerprint that people compare a certificate by. Pure.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gchar *
peal_certificate_fingerprint (GTlsCertificate *certificate);

G_END_DECLS
