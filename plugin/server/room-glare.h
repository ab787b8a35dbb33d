/*
 * Offers that crossed, where both can drop their connections: both begin anew.
 * Pure.
 */
#pragma once

#include "server/room-member.h"

G_BEGIN_DECLS

gboolean
peal_room_glare_can_begin_anew (const PealRoomLink *link);
guint
peal_room_glare_begin_anew (
    PealRoomLink *link, guint side, PealMessage *offer, gint64 now_us);
gboolean
peal_room_glare_counts (
    PealRoomLink *link, guint side, const PealMessage *message, gint64 now_us);
gboolean
peal_room_glare_is_counter (
    const PealRoomLink *link, guint side, const PealMessage *message);
void
peal_room_glare_give_way (PealRoomLink *link, guint side);
void
peal_room_glare_forget (PealRoomLink *link);

G_END_DECLS
