/*
 * A secret out of the user's file: the token that rooms need, or what is
 * shared with a TURN server.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean
peal_token_file_read (
    const gchar *file, const gchar *what, gchar **secret, GError **error);

G_END_DECLS
