/*
 * Offers that crossed. See room-glare.h. Pure; called by the room links.
 */
#include "server/room-glare.h"

#include "wire/session-names.h"

/* It drops the connection of one that leaves, and makes another. */
static gboolean
can_begin_anew (const PealRoomMember *member)
{
  return member->offering == PEAL_OFFERING_AS_TOLD ||
      (member->offering == PEAL_OFFERING_BY_ITSELF &&
          !member->has_one_connection);
}

static void
hand_ask (PealRoomMember *member, const PealRoomMember *from)
{
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_RENEGOTIATE, from->id);

  message->session = g_strdup_printf ("%08x", g_random_int ());
  peal_room_member_hand (member, message);
}

static void
hand_end (PealRoomMember *member, const PealRoomMember *from,
    const PealMessage *offer)
{
  g_autoptr (PealMessage) bye =
      peal_message_new_bye (from->id, offer->session, "offers crossed");

  peal_room_member_hand (member, bye);
}

/**
 * peal_room_glare_begin_anew:
 * @side: whose @offer crossed the pending one
 *
 * Chromium's rollback leaves a call in a hundred dead, so both drop what they
 * have, and one calls: the one that can be told, else the one that was there,
 * which calls those that come.
 *
 * Returns: the place of the one that calls; a page is to be told of the other
 *   anew
 */
guint
peal_room_glare_begin_anew (
    PealRoomLink *link, guint side, PealMessage *offer, gint64 now_us)
{
  guint caller = link->members[1]->offering == PEAL_OFFERING_AS_TOLD ? 1 : 0;

  peal_room_glare_forget (link);
  link->stale[side] = peal_message_ref (offer);
  link->stale[1 - side] = peal_message_ref (link->arbiter.pending);
  peal_offer_arbiter_clear (&link->arbiter);
  link->again = caller;
  link->again_until_us = now_us + PEAL_OFFER_ARBITER_INSIST_US;
  for (guint i = 0; i < 2; i++)
    hand_end (link->members[i], link->members[1 - i], link->stale[i]);
  if (link->members[caller]->offering == PEAL_OFFERING_AS_TOLD)
    hand_ask (link->members[caller], link->members[1 - caller]);
  return caller;
}

/**
 * peal_room_glare_is_counter:
 *
 * Returns: whether @message of @side is an offer in place of the pending one
 *   of the other, which was heard and cannot be answered. It crosses nothing
 */
gboolean
peal_room_glare_is_counter (
    const PealRoomLink *link, guint side, const PealMessage *message)
{
  const PealMessage *pending = link->arbiter.pending;

  return message->kind == PEAL_MESSAGE_OFFER && message->replaces && pending &&
      link->arbiter.by != side &&
      g_strcmp0 (message->replaces, pending->session) == 0;
}

/**
 * peal_room_glare_give_way:
 * @side: whose offer counters the pending one
 *
 * A page that drops the connections of those that leave drops this one, and
 * need not roll back.
 */
void
peal_room_glare_give_way (PealRoomLink *link, guint side)
{
  PealRoomMember *page = link->members[1 - side];
  g_autoptr (PealMessage) pending = peal_message_ref (link->arbiter.pending);

  peal_offer_arbiter_clear (&link->arbiter);
  if (!peal_room_glare_can_begin_anew (link))
    return;
  peal_room_glare_forget (link);
  link->stale[1 - side] = peal_message_ref (pending);
  hand_end (page, link->members[side], pending);
}

/* Of a connection that was dropped: @message came too late to count. */
static gboolean
is_stale (PealRoomLink *link, guint side, const PealMessage *message)
{
  const PealMessage *stale = link->stale[side];
  g_autofree gchar *origin = NULL;
  g_autofree gchar *old_origin = NULL;

  if (!stale)
    return FALSE;
  if (g_strcmp0 (message->session, stale->session) == 0)
    return TRUE;
  if (message->kind != PEAL_MESSAGE_ANSWER)
    return FALSE;
  origin = peal_sdp_origin (message->sdp);
  old_origin = peal_sdp_origin (stale->sdp);
  return g_str_equal (origin, old_origin);
}

/**
 * peal_room_glare_counts:
 *
 * Returns: whether @message of @side is part of what goes on
 */
gboolean
peal_room_glare_counts (
    PealRoomLink *link, guint side, const PealMessage *message, gint64 now_us)
{
  if (link->again >= 0 && now_us < link->again_until_us) {
    if ((guint)link->again != side || message->kind != PEAL_MESSAGE_OFFER ||
        is_stale (link, side, message))
      return message->kind == PEAL_MESSAGE_TEXT;
  }
  if (link->again >= 0 && message->kind == PEAL_MESSAGE_OFFER)
    link->again = -1;
  return !is_stale (link, side, message);
}

/**
 * peal_room_glare_can_begin_anew:
 *
 * Returns: whether both can drop their connections and make others
 */
gboolean
peal_room_glare_can_begin_anew (const PealRoomLink *link)
{
  return can_begin_anew (link->members[0]) && can_begin_anew (link->members[1]);
}

void
peal_room_glare_forget (PealRoomLink *link)
{
  g_clear_pointer (&link->stale[0], peal_message_unref);
  g_clear_pointer (&link->stale[1], peal_message_unref);
}
