/*
 * Who is in which room. See room-table.h. Pure; the server's thread.
 *
 * Called by the connections; calls only their outlets. A room lives from its
 * first member to its last. A member whose connection was lost is detached:
 * it stays a member for the grace time, what is relayed to it waits.
 *
 * A member's id is a hash of its resume key. So the key alone proves who one
 * was, also to a server that was started again meanwhile and remembers
 * nobody: for one grace time after the start, an unknown key gets its id
 * back, and calls that stood through the restart find the same ids again.
 */
#include "server/room-table.h"

#include "server/member-key.h"
#include "server/room-links.h"
#include "server/room-news.h"
#include "wire/peal-rooms.h"

enum {
  SIGNAL_MEMBER_JOINED,
  SIGNAL_MEMBER_LEFT,
  SIGNAL_DEADLINE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _PealRoomTable {
  GObject parent;
  guint max_rooms;
  guint max_members;
  gint64 started_at_us;
  gint64 deadline_us;  /* what SIGNAL_DEADLINE said, or G_MAXINT64 */
  GHashTable *rooms;   /* name -> PealRoom */
  GHashTable *members; /* id -> PealRoomMember */
};

G_DEFINE_FINAL_TYPE (PealRoomTable, peal_room_table, G_TYPE_OBJECT)

static void
free_room (gpointer data)
{
  PealRoom *room = data;

  g_ptr_array_unref (room->members);
  g_free (room->name);
  g_free (room);
}

/* Says so when it is earlier than what was said before. */
static void
note_deadline (PealRoomTable *self, gint64 deadline_us)
{
  if (deadline_us >= self->deadline_us)
    return;
  self->deadline_us = deadline_us;
  g_signal_emit (self, signals[SIGNAL_DEADLINE], 0, deadline_us);
}

static void
review_links (PealRoomTable *self, PealRoom *room, gint64 now_us)
{
  for (guint i = 0; i < room->members->len; i++)
    note_deadline (self,
        peal_room_links_expire (g_ptr_array_index (room->members, i), now_us));
}

static void
remove_member (PealRoomTable *self, PealRoomMember *member, const gchar *reason,
    gint64 now_us)
{
  PealRoom *room = member->room;

  g_ptr_array_remove (room->members, member);
  peal_room_news_departure (member, reason);
  peal_room_links_leave (member, reason, now_us);
  g_signal_emit (self, signals[SIGNAL_MEMBER_LEFT], 0, room->name, member->id,
      member->name);
  g_hash_table_remove (self->members, member->id);
  if (room->members->len == 0)
    g_hash_table_remove (self->rooms, room->name);
  else
    review_links (self, room, now_us);
}

static PealRoom *
ensure_room (PealRoomTable *self, const gchar *name)
{
  PealRoom *room = g_hash_table_lookup (self->rooms, name);

  if (room)
    return room->members->len < self->max_members ? room : NULL;
  if (g_hash_table_size (self->rooms) >= self->max_rooms)
    return NULL;
  room = g_new0 (PealRoom, 1);
  room->name = g_strdup (name);
  room->members = g_ptr_array_new ();
  g_hash_table_insert (self->rooms, room->name, room);
  return room;
}

/* A key that this table did not give out is honoured just after a start. */
static const gchar *
choose_key (PealRoomTable *self, const PealMessage *join,
    const gchar *fresh_key, gint64 now_us)
{
  g_autofree gchar *id = NULL;

  if (!peal_member_key_is_well_formed (join->resume) ||
      now_us - self->started_at_us > PEAL_ROOM_TABLE_GRACE_US)
    return fresh_key;
  id = peal_member_key_to_id (join->resume);
  return g_hash_table_contains (self->members, id) ? fresh_key : join->resume;
}

static PealRoomMember *
add_member (PealRoomTable *self, PealRoom *room, const PealMessage *join,
    const gchar *key)
{
  PealRoomMember *member = peal_room_member_new (join, key);

  member->room = room;
  g_ptr_array_add (room->members, member);
  g_hash_table_insert (self->members, member->id, member);
  return member;
}

/* The member that the key of @join brings back, if it is that room's. */
static PealRoomMember *
find_resumed (PealRoomTable *self, const PealMessage *join)
{
  g_autofree gchar *id = NULL;
  PealRoomMember *member;

  if (!peal_member_key_is_well_formed (join->resume))
    return NULL;
  id = peal_member_key_to_id (join->resume);
  member = g_hash_table_lookup (self->members, id);
  if (!member || !g_str_equal (member->room->name, join->room))
    return NULL;
  return member;
}

static void
attach (
    PealRoomMember *member, const PealRoomOutlet *outlet, gpointer outlet_data)
{
  if (member->outlet)
    member->outlet->replace (member->outlet_data);
  member->outlet = outlet;
  member->outlet_data = outlet_data;
}

static PealRoomMember *
enter (PealRoomTable *self, const PealMessage *join, const gchar *fresh_key,
    gint64 now_us)
{
  PealRoom *room = ensure_room (self, join->room);
  PealRoomMember *member;

  if (!room)
    return NULL;
  member =
      add_member (self, room, join, choose_key (self, join, fresh_key, now_us));
  peal_room_news_arrival (member);
  peal_room_links_enter (member, now_us);
  g_signal_emit (self, signals[SIGNAL_MEMBER_JOINED], 0, room->name, member->id,
      member->name);
  return member;
}

static gboolean
is_for_all (const PealMessage *message)
{
  return message->kind == PEAL_MESSAGE_TEXT && !message->peer_id;
}

/* Who has a single connection means its partner, whatever it says. */
static PealRoomMember *
find_target (
    PealRoomTable *self, PealRoomMember *sender, const PealMessage *message)
{
  PealRoomMember *target = message->peer_id
      ? g_hash_table_lookup (self->members, message->peer_id)
      : NULL;

  if (sender->has_one_connection)
    return sender->partner;
  if (!target || target == sender || target->room != sender->room)
    return NULL;
  return peal_room_links_need (sender, target) &&
          !peal_room_links_find (sender, target)
      ? NULL
      : target;
}

static gboolean
relay_to (PealRoomTable *self, PealRoomMember *sender, PealRoomMember *target,
    PealMessage *message, gint64 now_us)
{
  gboolean is_done;

  if (!peal_room_links_find (sender, target))
    return peal_room_member_hand (target, message);
  is_done = peal_room_links_relay (sender, target, message, now_us);
  review_links (self, sender->room, now_us);
  return is_done;
}

/* Of one without a partner: the last offer and its candidates are kept for the
 * partner that comes. */
static gboolean
keep_unheard (PealRoomMember *sender, PealMessage *message)
{
  if (message->kind == PEAL_MESSAGE_OFFER)
    peal_waiting_messages_clear (&sender->unheard);
  if (message->kind == PEAL_MESSAGE_OFFER ||
      message->kind == PEAL_MESSAGE_CANDIDATE)
    peal_waiting_messages_push (&sender->unheard, message);
  return TRUE;
}

static void
finalize (GObject *object)
{
  PealRoomTable *self = PEAL_ROOM_TABLE (object);
  GHashTableIter iter;
  gpointer member;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    peal_room_links_forget (member);
  g_hash_table_unref (self->members);
  g_hash_table_unref (self->rooms);
  G_OBJECT_CLASS (peal_room_table_parent_class)->finalize (object);
}

static void
peal_room_table_class_init (PealRoomTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize;

  /**
   * PealRoomTable::member-joined:
   * @room: the room's name
   * @id: the member's id
   * @name: (nullable): the name people see
   *
   * Thread: the server's; no lock held; handlers must not call the table.
   */
  signals[SIGNAL_MEMBER_JOINED] = g_signal_new ("member-joined",
      PEAL_TYPE_ROOM_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
      3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * PealRoomTable::member-left:
   * @room: the room's name
   * @id: the member's id
   * @name: (nullable): the name people see
   *
   * Thread: the server's; no lock held; handlers must not call the table.
   */
  signals[SIGNAL_MEMBER_LEFT] = g_signal_new ("member-left",
      PEAL_TYPE_ROOM_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
      3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * PealRoomTable::deadline:
   * @deadline_us: monotonic
   *
   * peal_room_table_expire() is to be called then, if that is before what it
   * returned. Thread: the server's; no lock held; handlers must not call the
   * table.
   */
  signals[SIGNAL_DEADLINE] = g_signal_new ("deadline", PEAL_TYPE_ROOM_TABLE,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
peal_room_table_init (PealRoomTable *self)
{
  self->rooms =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_room);
  self->members = g_hash_table_new_full (
      g_str_hash, g_str_equal, NULL, (GDestroyNotify)peal_room_member_free);
}

/**
 * peal_room_table_new:
 * @max_rooms: rooms at most
 * @max_members: members of one room at most
 * @now_us: the monotonic time
 */
PealRoomTable *
peal_room_table_new (guint max_rooms, guint max_members, gint64 now_us)
{
  PealRoomTable *self = g_object_new (PEAL_TYPE_ROOM_TABLE, NULL);

  self->max_rooms = max_rooms;
  self->max_members = max_members;
  self->started_at_us = now_us;
  self->deadline_us = G_MAXINT64;
  return self;
}

/**
 * peal_room_table_join:
 * @join: a checked `join` with a room
 * @fresh_key: a random resume key, for a member that is new
 * @outlet: how to reach the member, until it leaves, is detached or replaced
 * @outlet_data: given to @outlet
 * @error_code: (out): on failure the protocol's error code
 *
 * Brings a member in, or back. The caller delivers the reply, then calls
 * peal_room_table_flush().
 *
 * Returns: (transfer full): the `joined` for the member, whose peer_id is the
 *   id that the other methods want; or NULL
 */
PealMessage *
peal_room_table_join (PealRoomTable *self, const PealMessage *join,
    const gchar *fresh_key, const PealRoomOutlet *outlet, gpointer outlet_data,
    gint64 now_us, const gchar **error_code)
{
  PealRoomMember *member = find_resumed (self, join);
  PealMessage *joined;

  if (!member)
    member = enter (self, join, fresh_key, now_us);
  if (!member) {
    *error_code = PEAL_ROOMS_ROOM_FULL;
    return NULL;
  }
  attach (member, outlet, outlet_data);
  joined = peal_room_news_of_room (member);
  member->is_entering = FALSE;
  peal_room_links_pair (member->room, now_us);
  review_links (self, member->room, now_us);
  return joined;
}

/**
 * peal_room_table_can_call:
 * @room_name: (nullable): the room's
 * @who: an id or a name
 *
 * Returns: whether a member that is called @who has room for a call
 */
gboolean
peal_room_table_can_call (
    PealRoomTable *self, const gchar *room_name, const gchar *who)
{
  PealRoom *room =
      room_name ? g_hash_table_lookup (self->rooms, room_name) : NULL;

  for (guint i = 0; room && i < room->members->len; i++)
    if (peal_room_member_can_be_called (
            g_ptr_array_index (room->members, i), who))
      return TRUE;
  return FALSE;
}

/**
 * peal_room_table_flush:
 * @id: a member that was just told `joined`
 *
 * Delivers what waited for it.
 */
void
peal_room_table_flush (PealRoomTable *self, const gchar *id)
{
  PealRoomMember *member = g_hash_table_lookup (self->members, id);
  PealMessage *message;

  if (!member || !member->outlet)
    return;
  while ((message = peal_waiting_messages_pop (&member->waiting))) {
    peal_room_member_hand (member, message);
    peal_message_unref (message);
  }
}

/**
 * peal_room_table_relay:
 * @id: the sender
 * @message: a message of a kind that is relayed; its peer_id is whom it is
 *   for, NULL (text only) everyone else in the room
 * @now_us: the monotonic time
 * @error_code: (out): on failure the protocol's error code
 *
 * Returns: whether it was delivered, or waits for its member's return
 */
gboolean
peal_room_table_relay (PealRoomTable *self, const gchar *id,
    const PealMessage *message, gint64 now_us, const gchar **error_code)
{
  PealRoomMember *sender = g_hash_table_lookup (self->members, id);
  g_autoptr (PealMessage) relayed = peal_message_new_relayed (message, id);
  PealRoomMember *target;

  g_return_val_if_fail (sender != NULL, FALSE);

  if (is_for_all (message)) {
    peal_room_news_relay (sender, relayed);
    return TRUE;
  }
  target = find_target (self, sender, message);
  if (target && relay_to (self, sender, target, relayed, now_us))
    return TRUE;
  if (!target && sender->has_one_connection)
    return keep_unheard (sender, relayed);
  *error_code = target ? PEAL_ROOMS_RATE_LIMITED : PEAL_ROOMS_UNKNOWN_PEER;
  return FALSE;
}

/**
 * peal_room_table_leave:
 * @id: who leaves
 * @reason: for the others to read
 */
void
peal_room_table_leave (
    PealRoomTable *self, const gchar *id, const gchar *reason, gint64 now_us)
{
  PealRoomMember *member = g_hash_table_lookup (self->members, id);

  if (member)
    remove_member (self, member, reason, now_us);
}

/**
 * peal_room_table_detach:
 * @id: whose connection was lost
 *
 * The member stays for the grace time; its outlet is not used any more.
 */
void
peal_room_table_detach (PealRoomTable *self, const gchar *id, gint64 now_us)
{
  PealRoomMember *member = g_hash_table_lookup (self->members, id);

  if (!member)
    return;
  member->outlet = NULL;
  member->outlet_data = NULL;
  member->detached_at_us = now_us;
}

/* Removes a member whose grace time is over.
 *
 * Returns: when that will be, or G_MAXINT64 */
static gint64
expire_member (PealRoomTable *self, PealRoomMember *member, gint64 now_us)
{
  gint64 deadline_us = member->detached_at_us + PEAL_ROOM_TABLE_GRACE_US;

  if (member->outlet)
    return G_MAXINT64;
  if (deadline_us > now_us)
    return deadline_us;
  remove_member (self, member, "connection lost", now_us);
  return G_MAXINT64;
}

/**
 * peal_room_table_expire:
 *
 * Does what is due: removes the members whose grace time is over, and asks
 * for offers that have not come.
 *
 * Returns: when to call again, in microseconds of the same clock; or -1 when
 *   nothing is to be waited for
 */
gint64
peal_room_table_expire (PealRoomTable *self, gint64 now_us)
{
  g_autoptr (GList) members = g_hash_table_get_values (self->members);
  g_autoptr (GList) left = NULL;
  gint64 next_us = G_MAXINT64;

  self->deadline_us = G_MININT64; /* it is returned, not said */
  for (GList *item = members; item; item = item->next) {
    gint64 deadline_us = expire_member (self, item->data, now_us);

    next_us = MIN (next_us, deadline_us);
  }
  left = g_hash_table_get_values (self->members);
  for (GList *item = left; item; item = item->next) {
    gint64 deadline_us = peal_room_links_expire (item->data, now_us);

    next_us = MIN (next_us, deadline_us);
  }
  self->deadline_us = next_us;
  return next_us == G_MAXINT64 ? -1 : next_us;
}

guint
peal_room_table_get_n_rooms (PealRoomTable *self)
{
  return g_hash_table_size (self->rooms);
}

guint
peal_room_table_get_n_members (PealRoomTable *self)
{
  return g_hash_table_size (self->members);
}

/**
 * peal_room_table_get_n_detached:
 *
 * Returns: how many members wait for their connection to come back
 */
guint
peal_room_table_get_n_detached (PealRoomTable *self)
{
  GHashTableIter iter;
  gpointer value;
  guint n_detached = 0;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (!((PealRoomMember *)value)->outlet)
      n_detached++;
  }
  return n_detached;
}
