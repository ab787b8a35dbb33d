/*
 * Who a client is and what it may. See room-visitor.h. Pure.
 *
 * Made by the room connection, which asks it about each JOIN and each message;
 * the client's dialect asks it, too, by its context, before a room is named.
 */
#include "server/room-visitor.h"

#include "server/member-key.h"
#include "server/secret.h"
#include "wire/peal-rooms.h"

struct _PealRoomVisitor {
  PealRoomTable *table;      /* NULL: sent away */
  const gchar *server_token; /* NULL: none is needed; never logged */
  gchar *room;               /* that the path names */
  gchar *token;              /* of the query; never logged */
  gchar *throttle_key;
  gchar *key;    /* of the id that the dialect was told; never logged */
  gchar *key_id; /* that id */
  guint n_refused;
  PealServerContext context;
};

static gboolean
is_authorized (gpointer owner, const gchar *token)
{
  PealRoomVisitor *self = owner;

  return self->table &&
      (!self->server_token ||
          peal_secret_equal (self->server_token, token ? token : self->token));
}

static gboolean
can_call (gpointer owner, const gchar *who)
{
  PealRoomVisitor *self = owner;

  return self->table && peal_room_table_can_call (self->table, self->room, who);
}

/**
 * peal_room_visitor_new:
 * @caller: (transfer none): copied
 * @table: (transfer none): outlives the visitor, or sends it away
 * @server_token: (nullable): what a JOIN needs; likewise
 */
PealRoomVisitor *
peal_room_visitor_new (const PealRoomCaller *caller, PealRoomTable *table,
    const gchar *server_token)
{
  PealRoomVisitor *self = g_new0 (PealRoomVisitor, 1);

  self->table = table;
  self->server_token = server_token;
  self->room = g_strdup (caller->room);
  self->token = g_strdup (caller->token);
  self->throttle_key = g_strdup (caller->throttle_key);
  self->key = peal_secret_new_key ();
  self->key_id = peal_member_key_to_id (self->key);
  self->context = (PealServerContext){ .room = self->room,
    .id = self->key_id,
    .is_authorized = is_authorized,
    .can_call = can_call,
    .owner = self };
  return self;
}

void
peal_room_visitor_free (PealRoomVisitor *self)
{
  g_free (self->room);
  g_free (self->token);
  g_free (self->throttle_key);
  g_free (self->key);
  g_free (self->key_id);
  g_free (self);
}

/**
 * peal_room_visitor_send_away:
 *
 * The rooms are closed: it may nothing any more.
 */
void
peal_room_visitor_send_away (PealRoomVisitor *self)
{
  self->table = NULL;
  self->server_token = NULL;
}

/**
 * peal_room_visitor_get_context:
 *
 * Returns: (transfer none): for its dialect; valid as long as the visitor
 */
const PealServerContext *
peal_room_visitor_get_context (PealRoomVisitor *self)
{
  return &self->context;
}

/**
 * peal_room_visitor_check_join:
 * @join: gets the path's room where it names none
 *
 * Returns: (nullable): the code of what is wrong with it, first of all
 *   PEAL_ROOMS_UNAUTHORIZED
 */
const gchar *
peal_room_visitor_check_join (PealRoomVisitor *self, PealMessage *join)
{
  if (!is_authorized (self, join->token))
    return PEAL_ROOMS_UNAUTHORIZED;
  if (!join->room)
    join->room = g_strdup (self->room);
  return peal_rooms_is_valid_room (join->room) ? NULL : PEAL_ROOMS_BAD_ROOM;
}

/**
 * peal_room_visitor_make_key:
 *
 * Returns: (transfer full): the key that @join makes a member with: that of
 *   the id which its dialect was told, if the id is to stay, or a new one
 */
gchar *
peal_room_visitor_make_key (PealRoomVisitor *self, const PealMessage *join)
{
  return join->keeps_id ? g_strdup (self->key) : peal_secret_new_key ();
}

/**
 * peal_room_visitor_may_speak:
 * @messages: of all clients
 * @now_us: monotonic
 *
 * Returns: whether it is within its rate; to be asked once a message
 */
gboolean
peal_room_visitor_may_speak (
    PealRoomVisitor *self, PealThrottle *messages, gint64 now_us)
{
  gboolean may_speak =
      peal_throttle_take (messages, self->throttle_key, now_us);

  self->n_refused = may_speak ? 0 : self->n_refused + 1;
  return may_speak;
}

/**
 * peal_room_visitor_does_not_listen:
 *
 * Returns: whether it goes on although it was refused again and again
 */
gboolean
peal_room_visitor_does_not_listen (const PealRoomVisitor *self)
{
  return self->n_refused > PEAL_ROOM_VISITOR_MAX_REFUSED;
}
