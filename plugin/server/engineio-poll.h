/*
 * Answers to Engine.IO's HTTP requests: a payload, `ok`, or a fault. Keeps no
 * state; the server's thread.
 */
#pragma once

#include <libsoup/soup.h>

#include "wire/engineio.h"

G_BEGIN_DECLS

void
peal_engineio_poll_answer (
    SoupServerMessage *message, guint status, const gchar *text);
void
peal_engineio_poll_refuse (SoupServerMessage *message, PealEngineioFault fault);

G_END_DECLS
