/*
 * What the members of a room hear of each other, and what goes to all of them.
 * Pure: the room table says what happens.
 *
 * Only of members that need no link (room-links.h); the others are told by
 * their links.
 */
#pragma once

#include "server/room-member.h"

G_BEGIN_DECLS

void
peal_room_news_arrival (PealRoomMember *newcomer);
void
peal_room_news_departure (const PealRoomMember *member, const gchar *reason);
PealMessage *
peal_room_news_of_room (const PealRoomMember *member);
void
peal_room_news_relay (PealRoomMember *sender, PealMessage *message);

G_END_DECLS
