/*
 * An answer over plain HTTP. See http-answer.h. Called by all of the server
 * that answers requests; keeps no state.
 */
#include "server/http-answer.h"

#include <string.h>

/**
 * peal_http_answer:
 * @content_type: of @text
 * @text: (transfer none): copied
 *
 * Answers @status with @text, which is not to be cached.
 */
void
peal_http_answer (SoupServerMessage *message, guint status,
    const gchar *content_type, const gchar *text)
{
  soup_message_headers_replace (
      soup_server_message_get_response_headers (message), "Cache-Control",
      "no-store");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (
      message, content_type, SOUP_MEMORY_COPY, text, strlen (text));
}
