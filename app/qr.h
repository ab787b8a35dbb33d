/*
 * A QR code as text for a terminal. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *
peal_qr_to_text (const gchar *text);

G_END_DECLS
