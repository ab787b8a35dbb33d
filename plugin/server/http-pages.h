/*
 * What the server answers over plain HTTP: the web page and its files.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void
peal_http_pages_answer (SoupServerMessage *message, const gchar *path);
gboolean
peal_http_pages_is_read (SoupServerMessage *message);

G_END_DECLS
