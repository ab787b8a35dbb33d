/*
 * What the room says before we know our own tracks: offers and answers depend
 * on whether a track is raw or encoded, so all of it is held back, in order,
 * until they are known or too long has passed.
 *
 * Threads: the loop.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/**
 * PealHold: zero-initialised, nothing is held and nothing let go
 * @messages: of PealMessage
 * @began_us: when the session began
 * @is_over: nothing is held back any more
 */
typedef struct {
  GQueue messages;
  gint64 began_us;
  gboolean is_over;
} PealHold;

/**
 * PealHoldFunc:
 * @message: the next of those held
 */
typedef void (*PealHoldFunc) (gpointer data, PealMessage *message);

gboolean
peal_hold_keep (PealHold *self, PealMessage *message);
gboolean
peal_hold_is_overdue (const PealHold *self, gint64 now_us);
void
peal_hold_let_go (PealHold *self, PealHoldFunc func, gpointer data);
void
peal_hold_clear (PealHold *self);

G_END_DECLS
