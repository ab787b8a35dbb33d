/*
 * What the members of a room hear of each other. See room-news.h. Pure; called
 * by the room table, calls the members' outlets.
 *
 * Comings and goings are for those who are connected: the others learn them
 * from the `joined` of their return.
 */
#include "server/room-news.h"

#include "server/room-links.h"

/**
 * peal_room_news_arrival:
 * @newcomer: in its room already
 */
void
peal_room_news_arrival (PealRoomMember *newcomer)
{
  GPtrArray *members = newcomer->room->members;

  for (guint i = 0; i < members->len; i++) {
    PealRoomMember *other = g_ptr_array_index (members, i);
    g_autoptr (PealMessage) message = NULL;

    if (other == newcomer || !other->outlet ||
        peal_room_links_need (newcomer, other))
      continue;
    message = peal_message_new (PEAL_MESSAGE_PEER_JOINED, NULL);
    message->member = peal_room_links_describe (newcomer, other);
    peal_room_member_hand (other, message);
  }
}

/**
 * peal_room_news_departure:
 * @member: not in the room's list any more
 * @reason: for people
 */
void
peal_room_news_departure (const PealRoomMember *member, const gchar *reason)
{
  GPtrArray *members = member->room->members;
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_PEER_LEFT, member->id);

  message->text = g_strdup (reason);
  for (guint i = 0; i < members->len; i++) {
    PealRoomMember *other = g_ptr_array_index (members, i);

    if (other->outlet && !peal_room_links_need (member, other))
      peal_room_member_hand (other, message);
  }
}

/**
 * peal_room_news_of_room:
 * @member: in its room already
 *
 * Returns: (transfer full): the `joined` for @member: who it is, and whom it
 *   is to know of
 */
PealMessage *
peal_room_news_of_room (const PealRoomMember *member)
{
  PealMessage *joined = peal_message_new (PEAL_MESSAGE_JOINED, member->id);
  GPtrArray *members = member->room->members;

  joined->room = g_strdup (member->room->name);
  joined->resume = g_strdup (member->resume);
  joined->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  for (guint i = 0; i < members->len; i++) {
    PealRoomMember *other = g_ptr_array_index (members, i);

    if (other != member && peal_room_links_know (member, other))
      g_ptr_array_add (
          joined->members, peal_room_links_describe (other, member));
  }
  return joined;
}

/**
 * peal_room_news_relay:
 * @message: (transfer none): from @sender
 *
 * Hands it to everyone else who knows of @sender; for those who are away it
 * waits.
 */
void
peal_room_news_relay (PealRoomMember *sender, PealMessage *message)
{
  GPtrArray *members = sender->room->members;

  for (guint i = 0; i < members->len; i++) {
    PealRoomMember *other = g_ptr_array_index (members, i);

    if (other != sender && peal_room_links_know (other, sender))
      peal_room_member_hand (other, message);
  }
}
