/*
 * How two members come together when Peal's own rules do not say it: who is
 * told of whom and when, who is asked to offer, whose offer counts. Pure: the
 * room table says what happens and what time it is.
 */
#pragma once

#include "server/room-member.h"

G_BEGIN_DECLS

/* protocols.md section 3: a raw client that has not offered by then makes its
 * partner offer. chosen: the same for pages that come new, which open their
 * camera first. */
#define PEAL_ROOM_LINKS_NEWCOMER_WAIT_US G_USEC_PER_SEC
/* chosen: a page that was there has its camera open, and offers at once or
 * not at all. */
#define PEAL_ROOM_LINKS_OLD_WAIT_US (300 * 1000)

gboolean
peal_room_links_need (
    const PealRoomMember *member, const PealRoomMember *other);
PealRoomLink *
peal_room_links_find (
    const PealRoomMember *member, const PealRoomMember *other);
PealMember *
peal_room_links_describe (
    const PealRoomMember *member, const PealRoomMember *viewer);
gboolean
peal_room_links_know (
    const PealRoomMember *member, const PealRoomMember *other);

void
peal_room_links_enter (PealRoomMember *newcomer, gint64 now_us);
void
peal_room_links_pair (PealRoom *room, gint64 now_us);
void
peal_room_links_leave (
    PealRoomMember *member, const gchar *reason, gint64 now_us);
void
peal_room_links_forget (PealRoomMember *member);
gboolean
peal_room_links_relay (PealRoomMember *sender, PealRoomMember *target,
    PealMessage *message, gint64 now_us);
gint64
peal_room_links_expire (PealRoomMember *member, gint64 now_us);

G_END_DECLS
