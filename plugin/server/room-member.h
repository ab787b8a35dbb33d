/*
 * The room table's own structures: a room, a member, and the link between two
 * members. Only room-*.c use them. Pure.
 */
#pragma once

#include "server/offer-arbiter.h"
#include "server/room-table.h"
#include "server/waiting-messages.h"

G_BEGIN_DECLS

typedef struct {
  gchar *name;
  GPtrArray *members; /* of PealRoomMember, not owned, in order of joining */
} PealRoom;

typedef struct _PealRoomMember PealRoomMember;

/**
 * PealRoomLink:
 * @members: who came first, who came later
 * @is_told: whether the member at that place has been told of the other
 * @offers: what it was told: whether the other offers
 * @ask_at_us: when somebody is asked to offer, or G_MAXINT64
 * @arbiter: whose offer counts
 * @again: who begins anew after offers have crossed: the place of the one that
 *   offers, or -1
 * @again_until_us: it has so long
 * @stale: (nullable): the offers of both that count no more, and what comes of
 *   the connections that made them
 *
 * Between two members that may meet, when the room cannot simply tell each
 * who offers: one of them has a single connection, or a protocol that does
 * not let itself be told.
 */
typedef struct {
  PealRoomMember *members[2];
  gboolean is_told[2];
  gboolean offers[2];
  gint64 ask_at_us;
  PealOfferArbiter arbiter;
  gint again;
  gint64 again_until_us;
  PealMessage *stale[2];
} PealRoomLink;

struct _PealRoomMember {
  gchar *id;
  gchar *resume;
  gchar *name;
  JsonNode *meta;
  gboolean prefers_offering;
  PealOffering offering;
  gboolean has_one_connection;
  gchar *calls; /* the id or name of the only one it wants, or NULL */
  PealRoom *room;
  const PealRoomOutlet *outlet; /* NULL: detached */
  gpointer outlet_data;
  gboolean is_entering; /* not told `joined` yet */
  gint64 detached_at_us;
  gint64 waits_since_us;       /* without a partner */
  PealRoomMember *partner;     /* of a pair with a single connection, or NULL */
  GHashTable *links;           /* PealRoomMember -> PealRoomLink, of both */
  PealWaitingMessages waiting; /* relayed while it was detached */
  PealWaitingMessages unheard; /* said before it had a partner */
};

PealRoomMember *
peal_room_member_new (const PealMessage *join, const gchar *key);
void
peal_room_member_free (PealRoomMember *member);
gboolean
peal_room_member_hand (PealRoomMember *member, PealMessage *message);
gboolean
peal_room_member_can_be_called (const PealRoomMember *member, const gchar *who);
gboolean
peal_room_member_is_newer (
    const PealRoomMember *member, const PealRoomMember *other);

G_END_DECLS
