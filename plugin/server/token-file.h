/*
 * The token that rooms need, out of the user's file.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *
peal_token_file_read (const gchar *file, GError **error);

G_END_DECLS
