/*
 * PealKeptMessages: what was said while the connection was away, kept in order
 * and within bounds until it is known whether it still makes sense. Pure.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* Chosen: offers, answers and candidates of a full room for the 30 s in which
 * a lost member can come back (protocols.md, section 1). */
#define PEAL_KEPT_MESSAGES_MAX 256
#define PEAL_KEPT_MESSAGES_MAX_BYTES (512 * 1024)

/**
 * PealKeptMessages:
 *
 * A value; its fields are private.
 */
typedef struct {
  GQueue messages; /* of PealMessage */
  gsize bytes;
} PealKeptMessages;

void
peal_kept_messages_init (PealKeptMessages *self);
void
peal_kept_messages_clear (PealKeptMessages *self);
gboolean
peal_kept_messages_push (
    PealKeptMessages *self, PealMessage *message, gsize bytes, GError **error);
PealMessage *
peal_kept_messages_pop (PealKeptMessages *self);

G_END_DECLS
