/*
 * How an address is printed for users. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *
peal_endpoint_to_string (const gchar *host, gint port);

G_END_DECLS
