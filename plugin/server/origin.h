/*
 * Whether a web page may open a WebSocket here. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean
peal_origin_is_same (const gchar *origin, const gchar *host);

G_END_DECLS
