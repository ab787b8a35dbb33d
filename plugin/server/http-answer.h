/*
 * An answer over plain HTTP that is made for this request alone.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define PEAL_HTTP_ANSWER_PLAIN "text/plain; charset=utf-8"

void
peal_http_answer (SoupServerMessage *message, guint status,
    const gchar *content_type, const gchar *text);

G_END_DECLS
