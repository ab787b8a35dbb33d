/*
 * What was said to a member while its connection was lost, up to a bound.
 * Pure.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* chosen: what a whole room's offers and candidates come to while somebody's
 * network changes, several times over. */
#define PEAL_WAITING_MESSAGES_MAX 512
#define PEAL_WAITING_MESSAGES_MAX_BYTES (1024 * 1024)

typedef struct {
  GQueue messages; /* of PealMessage */
  gsize n_bytes;
} PealWaitingMessages;

gboolean
peal_waiting_messages_push (PealWaitingMessages *self, PealMessage *message);
PealMessage *
peal_waiting_messages_pop (PealWaitingMessages *self);
void
peal_waiting_messages_clear (PealWaitingMessages *self);

G_END_DECLS
