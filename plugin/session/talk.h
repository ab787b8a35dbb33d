/*
 * PealTalk: messages between us and one peer, over its data channel while
 * there is one and through the room otherwise, in order. Outlives the peer's
 * attempts.
 *
 * Threads: everything on the loop, signals too, with no lock held.
 */
#pragma once

#include "session/data-channel.h"
#include "session/outbox.h"

G_BEGIN_DECLS

#define PEAL_TYPE_TALK (peal_talk_get_type ())
G_DECLARE_FINAL_TYPE (PealTalk, peal_talk, PEAL, TALK, GObject)

PealTalk *
peal_talk_new (void);
void
peal_talk_set_channel (PealTalk *self, PealDataChannel *channel);
gboolean
peal_talk_say (
    PealTalk *self, JsonNode *body, gboolean *is_for_room, GError **error);
void
peal_talk_tick (PealTalk *self, gint64 now_us);

G_END_DECLS
