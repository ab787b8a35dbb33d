/*
 * Who a client is and what it may, before it is a member and after: what the
 * server knew when it came, its JOINs, and how much it says. Pure: the caller
 * says what time it is.
 *
 * Thread: its connection's.
 */
#pragma once

#include "server/protocols.h"
#include "server/room-table.h"
#include "server/throttle.h"

G_BEGIN_DECLS

/* chosen: who goes on after this many refusals does not read them. */
#define PEAL_ROOM_VISITOR_MAX_REFUSED 100

/**
 * PealRoomCaller:
 * @protocol: what it speaks
 * @room: (nullable): the room that the path names, unchecked
 * @token: (nullable): of the query; never logged
 * @throttle_key: whom its messages count for
 *
 * What the server knows of a client when it comes.
 */
typedef struct {
  const PealProtocol *protocol;
  const gchar *room;
  const gchar *token;
  const gchar *throttle_key;
} PealRoomCaller;

typedef struct _PealRoomVisitor PealRoomVisitor;

PealRoomVisitor *
peal_room_visitor_new (const PealRoomCaller *caller, PealRoomTable *table,
    const gchar *server_token);
void
peal_room_visitor_free (PealRoomVisitor *self);
void
peal_room_visitor_send_away (PealRoomVisitor *self);

const PealServerContext *
peal_room_visitor_get_context (PealRoomVisitor *self);
const gchar *
peal_room_visitor_check_join (PealRoomVisitor *self, PealMessage *join);
gchar *
peal_room_visitor_make_key (PealRoomVisitor *self, const PealMessage *join);

gboolean
peal_room_visitor_may_speak (
    PealRoomVisitor *self, PealThrottle *messages, gint64 now_us);
gboolean
peal_room_visitor_does_not_listen (const PealRoomVisitor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealRoomVisitor, peal_room_visitor_free)

G_END_DECLS
