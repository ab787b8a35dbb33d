/*
 * Answers to Engine.IO's HTTP requests. See engineio-poll.h.
 */
#include "server/engineio-poll.h"

#include <string.h>

static void
answer (SoupServerMessage *message, guint status, const gchar *content_type,
    const gchar *text)
{
  soup_message_headers_replace (
      soup_server_message_get_response_headers (message), "Cache-Control",
      "no-store");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (
      message, content_type, SOUP_MEMORY_COPY, text, strlen (text));
}

/**
 * peal_engineio_poll_answer:
 * @text: a payload, or `ok`
 */
void
peal_engineio_poll_answer (
    SoupServerMessage *message, guint status, const gchar *text)
{
  answer (message, status, "text/plain; charset=UTF-8", text);
}

/**
 * peal_engineio_poll_refuse:
 *
 * Answers with the code and text of @fault, as JSON.
 */
void
peal_engineio_poll_refuse (SoupServerMessage *message, PealEngineioFault fault)
{
  g_autofree gchar *text = peal_engineio_fault_to_text (fault);

  answer (
      message, peal_engineio_fault_to_status (fault), "application/json", text);
}
