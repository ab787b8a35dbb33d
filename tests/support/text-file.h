/*
 * A file with a text in it, for what is told by a file: a token, a secret.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *
text_file_write (const gchar *text);
void
text_file_remove (gchar *path);

G_END_DECLS
