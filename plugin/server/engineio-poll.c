/*
 * Answers to Engine.IO's HTTP requests. See engineio-poll.h.
 */
#include "server/engineio-poll.h"

#include "server/http-answer.h"

/**
 * peal_engineio_poll_answer:
 * @text: a payload, or `ok`
 */
void
peal_engineio_poll_answer (
    SoupServerMessage *message, guint status, const gchar *text)
{
  peal_http_answer (message, status, "text/plain; charset=UTF-8", text);
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

  peal_http_answer (
      message, peal_engineio_fault_to_status (fault), "application/json", text);
}
