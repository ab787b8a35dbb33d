/*
 * One member of a room, as the room table keeps it. See room-member.h. Pure;
 * the server's thread.
 */
#include "server/room-member.h"

#include "server/member-key.h"

/**
 * peal_room_member_new:
 * @join: a checked one
 * @key: the resume key, from which the id follows
 *
 * Returns: (transfer full): a member that is in no room yet
 */
PealRoomMember *
peal_room_member_new (const PealMessage *join, const gchar *key)
{
  PealRoomMember *member = g_new0 (PealRoomMember, 1);

  member->resume = g_strdup (key);
  member->id = peal_member_key_to_id (member->resume);
  member->name = g_strdup (join->name);
  member->meta = join->meta ? json_node_ref (join->meta) : NULL;
  member->prefers_offering = join->prefers_offering;
  member->offering = join->offering;
  member->has_one_connection = join->has_one_connection;
  member->calls = g_strdup (join->calls);
  member->is_entering = TRUE;
  member->links = g_hash_table_new (NULL, NULL);
  return member;
}

void
peal_room_member_free (PealRoomMember *member)
{
  g_free (member->id);
  g_free (member->resume);
  g_free (member->name);
  g_free (member->calls);
  g_clear_pointer (&member->meta, json_node_unref);
  g_clear_pointer (&member->links, g_hash_table_unref);
  peal_waiting_messages_clear (&member->waiting);
  peal_waiting_messages_clear (&member->unheard);
  g_free (member);
}

gboolean
peal_room_member_is_newer (
    const PealRoomMember *member, const PealRoomMember *other)
{
  guint index = 0;
  guint other_index = 0;

  g_ptr_array_find (member->room->members, member, &index);
  g_ptr_array_find (member->room->members, other, &other_index);
  return index > other_index;
}

/**
 * peal_room_member_can_be_called:
 * @who: an id or a name
 *
 * Returns: whether @member is meant, and free
 */
gboolean
peal_room_member_can_be_called (const PealRoomMember *member, const gchar *who)
{
  if (!g_str_equal (member->id, who) && g_strcmp0 (member->name, who) != 0)
    return FALSE;
  return !member->has_one_connection || !member->partner;
}

/**
 * peal_room_member_hand:
 * @message: (transfer none): to be told, or to wait for the member's return
 *
 * Returns: FALSE when there is no place for it, or no word
 */
gboolean
peal_room_member_hand (PealRoomMember *member, PealMessage *message)
{
  if (!member->outlet)
    return peal_waiting_messages_push (&member->waiting, message);
  return member->outlet->deliver (member->outlet_data, message);
}
