/*
 * How two members come together. See room-links.h. Pure; called by the room
 * table, calls the members' outlets.
 *
 * A member that can be told who offers is told of one that offers by itself
 * only when that one's offer comes, or when it has not come for a while: so
 * both do not offer at once. Members that cannot be told are told of everyone
 * at once, since their pages act on that. What crosses all the same, the
 * arbiter settles (offer-arbiter.c).
 */
#include "server/room-links.h"

#include "server/pairing.h"
#include "server/room-glare.h"

/* ---- what is between two members ---- */

static gboolean
is_plain (const PealRoomMember *member)
{
  return member->offering == PEAL_OFFERING_AS_TOLD &&
      !member->has_one_connection;
}

/**
 * peal_room_links_need:
 *
 * Returns: whether it takes a link for these two to meet; otherwise each is
 *   simply told
 */
gboolean
peal_room_links_need (const PealRoomMember *member, const PealRoomMember *other)
{
  return !is_plain (member) || !is_plain (other);
}

/**
 * peal_room_links_find:
 *
 * Returns: (nullable) (transfer none): the link between these two
 */
PealRoomLink *
peal_room_links_find (const PealRoomMember *member, const PealRoomMember *other)
{
  return g_hash_table_lookup (member->links, other);
}

static guint
side_of (const PealRoomLink *link, const PealRoomMember *member)
{
  return link->members[1] == member ? 1 : 0;
}

/**
 * peal_room_links_know:
 *
 * Returns: whether @member has been told of @other, as far as the server
 *   knows
 */
gboolean
peal_room_links_know (const PealRoomMember *member, const PealRoomMember *other)
{
  const PealRoomLink *link = peal_room_links_find (member, other);

  if (!link)
    return !peal_room_links_need (member, other);
  return link->is_told[side_of (link, member)];
}

/* ---- who offers ---- */

/* protocols.md 1: the one member of a pair that prefers to offer does; if
 * both or neither do, the newcomer. */
static gboolean
newcomer_offers (const PealRoomMember *newcomer, const PealRoomMember *other)
{
  if (newcomer->prefers_offering != other->prefers_offering)
    return newcomer->prefers_offering;
  return TRUE;
}

/* Whether @member offers to @other, when both do as they are told. */
static gboolean
is_told_to_offer (const PealRoomMember *member, const PealRoomMember *other)
{
  return peal_room_member_is_newer (member, other)
      ? newcomer_offers (member, other)
      : !newcomer_offers (other, member);
}

/* Whether @member offers to @other, by what their protocols know. */
static gboolean
offers_to (const PealRoomMember *member, const PealRoomMember *other)
{
  if (member->offering == PEAL_OFFERING_ALWAYS ||
      other->offering == PEAL_OFFERING_ALWAYS)
    return member->offering == PEAL_OFFERING_ALWAYS;
  if (member->offering == PEAL_OFFERING_NEVER)
    return other->offering == PEAL_OFFERING_AS_TOLD; /* it asks */
  if (other->offering == PEAL_OFFERING_NEVER)
    return TRUE;
  if (!peal_room_links_need (member, other))
    return is_told_to_offer (member, other);
  return peal_room_member_is_newer (member, other);
}

/**
 * peal_room_links_describe:
 *
 * Returns: (transfer full): how @member looks to @viewer
 */
PealMember *
peal_room_links_describe (
    const PealRoomMember *member, const PealRoomMember *viewer)
{
  const PealRoomLink *link = peal_room_links_find (viewer, member);
  gboolean offers = link ? link->offers[side_of (link, viewer)]
                         : is_told_to_offer (member, viewer);

  return peal_member_new (member->id, member->name, member->meta, offers);
}

/* ---- telling one of the other ---- */

static void
announce (PealRoomMember *viewer, const PealRoomMember *member)
{
  g_autoptr (PealMessage) message = NULL;

  if (viewer->is_entering || !viewer->outlet)
    return; /* `joined` will name it */
  message = peal_message_new (PEAL_MESSAGE_PEER_JOINED, NULL);
  message->member = peal_room_links_describe (member, viewer);
  peal_room_member_hand (viewer, message);
}

static void
tell (PealRoomLink *link, guint side, gboolean offers)
{
  if (link->is_told[side])
    return;
  link->is_told[side] = TRUE;
  link->offers[side] = offers;
  announce (link->members[side], link->members[1 - side]);
}

/* It is told when it is known who offers. */
static gboolean
must_wait (const PealRoomMember *viewer, const PealRoomMember *other)
{
  return viewer->offering == PEAL_OFFERING_AS_TOLD &&
      other->offering == PEAL_OFFERING_BY_ITSELF;
}

static gint64
wait_us (const PealRoomLink *link)
{
  const PealRoomMember *old = link->members[0];
  const PealRoomMember *new = link->members[1];
  gboolean is_single = old->has_one_connection || new->has_one_connection;

  return is_single || new->offering == PEAL_OFFERING_BY_ITSELF
      ? PEAL_ROOM_LINKS_NEWCOMER_WAIT_US
      : PEAL_ROOM_LINKS_OLD_WAIT_US;
}

/* Whether nobody knows which of the two will offer. */
static gboolean
is_open (const PealRoomLink *link)
{
  gboolean is_by_itself = FALSE;

  for (guint side = 0; side < 2; side++) {
    PealOffering offering = link->members[side]->offering;

    if (offering == PEAL_OFFERING_ALWAYS || offering == PEAL_OFFERING_NEVER)
      return FALSE;
    is_by_itself |= offering == PEAL_OFFERING_BY_ITSELF;
  }
  return is_by_itself;
}

static PealRoomLink *
connect_two (PealRoomMember *old, PealRoomMember *new, gint64 now_us)
{
  PealRoomLink *link = g_new0 (PealRoomLink, 1);

  link->members[0] = old;
  link->members[1] = new;
  link->again = -1;
  link->ask_at_us = is_open (link) ? now_us + wait_us (link) : G_MAXINT64;
  g_hash_table_insert (old->links, new, link);
  g_hash_table_insert (new->links, old, link);
  for (guint side = 0; side < 2; side++) {
    PealRoomMember *viewer = link->members[side];
    PealRoomMember *other = link->members[1 - side];

    if (!must_wait (viewer, other))
      tell (link, side, offers_to (other, viewer));
  }
  return link;
}

/**
 * peal_room_links_enter:
 * @newcomer: has just been added to its room; its `joined` comes later
 *
 * Tells those that need links; the room table tells the others.
 */
void
peal_room_links_enter (PealRoomMember *newcomer, gint64 now_us)
{
  GPtrArray *members = newcomer->room->members;

  newcomer->waits_since_us = now_us;
  for (guint i = 0; i < members->len; i++) {
    PealRoomMember *other = g_ptr_array_index (members, i);

    if (other != newcomer && !other->has_one_connection &&
        !newcomer->has_one_connection && peal_room_links_need (newcomer, other))
      connect_two (other, newcomer, now_us);
  }
  peal_room_links_pair (newcomer->room, now_us);
}

/* ---- pairs ---- */

/* What one said to nobody, when nobody was there. */
static void
say_unheard (PealRoomMember *member, gint64 now_us)
{
  PealMessage *message;

  while ((message = peal_waiting_messages_pop (&member->unheard))) {
    peal_room_links_relay (member, member->partner, message, now_us);
    peal_message_unref (message);
  }
}

static void
pair_two (PealRoomMember *one, PealRoomMember *other, gint64 now_us)
{
  gboolean is_newer = peal_room_member_is_newer (one, other);

  one->partner = other;
  other->partner = one;
  connect_two (is_newer ? other : one, is_newer ? one : other, now_us);
  say_unheard (one, now_us);
  say_unheard (other, now_us);
}

/* One with a single connection that only does as it is told waits for a call:
 * gst-examples' programs that were not given anybody's id. */
static void
count_free (PealRoom *room, PealPairingMember *list)
{
  for (guint i = 0; i < room->members->len; i++) {
    PealRoomMember *member = g_ptr_array_index (room->members, i);

    list[i].id = member->id;
    list[i].name = member->name;
    list[i].calls = member->calls;
    list[i].has_one_connection = member->has_one_connection;
    list[i].is_called =
        member->has_one_connection && member->offering == PEAL_OFFERING_AS_TOLD;
    list[i].is_free =
        !member->partner && (member->outlet || member->is_entering);
    list[i].waits_since_us = member->waits_since_us;
  }
}

/**
 * peal_room_links_pair:
 *
 * Pairs those that have a single connection, as far as there are others.
 */
void
peal_room_links_pair (PealRoom *room, gint64 now_us)
{
  g_autofree PealPairingMember *list =
      g_new0 (PealPairingMember, room->members->len);
  guint one = 0;
  guint other = 0;

  count_free (room, list);
  while (peal_pairing_choose (list, room->members->len, &one, &other)) {
    list[one].is_free = FALSE;
    list[other].is_free = FALSE;
    pair_two (g_ptr_array_index (room->members, one),
        g_ptr_array_index (room->members, other), now_us);
  }
}

static void
part_two (PealRoomMember *member, gint64 now_us)
{
  PealRoomMember *partner = g_steal_pointer (&member->partner);

  if (!partner)
    return;
  partner->partner = NULL;
  partner->waits_since_us = now_us;
}

/* Its members know nothing of it any more. */
static void
free_link (PealRoomLink *link)
{
  peal_offer_arbiter_clear (&link->arbiter);
  peal_room_glare_forget (link);
  g_free (link);
}

static void
drop_link (PealRoomMember *member, PealRoomLink *link, const gchar *reason)
{
  guint side = 1 - side_of (link, member);
  PealRoomMember *other = link->members[side];
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_PEER_LEFT, member->id);

  message->text = g_strdup (reason);
  g_hash_table_remove (other->links, member);
  if (link->is_told[side] && other->outlet)
    peal_room_member_hand (other, message);
  free_link (link);
}

/**
 * peal_room_links_leave:
 * @member: is no longer among the room's members
 *
 * Tells those that were linked to it, and finds its partner another one.
 */
void
peal_room_links_leave (
    PealRoomMember *member, const gchar *reason, gint64 now_us)
{
  g_autoptr (GList) links = g_hash_table_get_values (member->links);

  part_two (member, now_us);
  g_hash_table_remove_all (member->links);
  for (GList *item = links; item; item = item->next)
    drop_link (member, item->data, reason);
  peal_room_links_pair (member->room, now_us);
}

/**
 * peal_room_links_forget:
 * @member: ends with its room table
 *
 * Frees its links and tells nobody.
 */
void
peal_room_links_forget (PealRoomMember *member)
{
  GHashTableIter iter;
  gpointer other;
  gpointer link;

  g_hash_table_iter_init (&iter, member->links);
  while (g_hash_table_iter_next (&iter, &other, &link)) {
    g_hash_table_remove (((PealRoomMember *)other)->links, member);
    g_hash_table_iter_remove (&iter);
    free_link (link);
  }
}

/* ---- what passes between two ---- */

static void
hand_all (PealRoomMember *member, GPtrArray *messages)
{
  for (guint i = 0; messages && i < messages->len; i++)
    peal_room_member_hand (member, g_ptr_array_index (messages, i));
}

static void
hand_bye (PealRoomMember *member, const PealRoomMember *from,
    const PealMessage *offer)
{
  g_autoptr (PealMessage) bye = NULL;

  if (member->offering != PEAL_OFFERING_AS_TOLD || !offer->session)
    return;
  bye = peal_message_new_bye (from->id, offer->session, "offers crossed");
  peal_room_member_hand (member, bye);
}

/* Of two that follow Peal's rules, and believe the other does too, the one
 * with the smaller id yields by itself. */
static gboolean
yields (const PealRoomMember *member, const PealRoomMember *other)
{
  return member->offering != PEAL_OFFERING_AS_TOLD ||
      g_strcmp0 (member->id, other->id) < 0;
}

/* The offer that crossed @link's pending one is not relayed. */
static void
overrule (PealRoomLink *link, guint side, PealMessage *offer, gint64 now_us)
{
  PealRoomMember *loser = link->members[side];
  PealRoomMember *winner = link->members[1 - side];

  if (peal_room_glare_can_begin_anew (link)) {
    guint caller = peal_room_glare_begin_anew (link, side, offer, now_us);

    if (link->members[caller]->offering != PEAL_OFFERING_AS_TOLD)
      announce (link->members[caller], link->members[1 - caller]);
    return;
  }
  if (yields (loser, winner))
    return;
  hand_bye (loser, winner, offer);
  peal_room_member_hand (loser, link->arbiter.pending);
  hand_all (loser, link->arbiter.trickled);
}

/* It cannot be asked for an offer, so the one that asks has to offer. */
static void
turn_round (PealRoomLink *link, guint side)
{
  if (link->members[side]->offering != PEAL_OFFERING_AS_TOLD)
    return;
  link->offers[side] = FALSE;
  announce (link->members[side], link->members[1 - side]);
}

/* To one that has not been told of the sender yet. It is told when it is known
 * who offers; nothing else means anything before.
 *
 * Returns: whether there is something left to be relayed */
static gboolean
introduce (PealRoomLink *link, guint side, const PealMessage *message)
{
  if (message->kind == PEAL_MESSAGE_OFFER ||
      message->kind == PEAL_MESSAGE_RENEGOTIATE) {
    link->ask_at_us = G_MAXINT64;
    tell (link, side, message->kind == PEAL_MESSAGE_OFFER);
  }
  return message->kind == PEAL_MESSAGE_OFFER;
}

static gboolean
note_unsaid (PealRoomLink *link, guint side, const PealMessage *message)
{
  if (message->kind == PEAL_MESSAGE_RENEGOTIATE)
    turn_round (link, side);
  if (message->kind == PEAL_MESSAGE_OFFER)
    peal_offer_arbiter_clear (&link->arbiter);
  return message->kind != PEAL_MESSAGE_OFFER;
}

/**
 * peal_room_links_relay:
 * @message: (transfer none): as @target is to hear it
 *
 * Between two that are linked.
 *
 * Returns: whether it was relayed, or settled otherwise; FALSE when @target
 *   cannot take it
 */
gboolean
peal_room_links_relay (PealRoomMember *sender, PealRoomMember *target,
    PealMessage *message, gint64 now_us)
{
  PealRoomLink *link = peal_room_links_find (sender, target);
  guint side = side_of (link, sender);

  if (!peal_room_glare_counts (link, side, message, now_us))
    return TRUE;
  if (peal_room_glare_is_counter (link, side, message))
    peal_room_glare_give_way (link, side);
  if (!peal_offer_arbiter_passes (&link->arbiter, side, message, now_us)) {
    if (message->kind == PEAL_MESSAGE_OFFER)
      overrule (link, side, message, now_us);
    return TRUE;
  }
  if (!link->is_told[1 - side] && !introduce (link, 1 - side, message))
    return TRUE;
  if (message->kind == PEAL_MESSAGE_OFFER)
    link->ask_at_us = G_MAXINT64;
  if (peal_room_member_hand (target, message))
    return TRUE;
  return target->outlet && note_unsaid (link, side, message);
}

/* ---- time ---- */

static gboolean
ask_side (PealRoomLink *link, guint side)
{
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_RENEGOTIATE, link->members[1 - side]->id);

  return link->members[side]->outlet &&
      peal_room_member_hand (link->members[side], message);
}

/* Nobody has offered: one that can be told does, or is asked to. */
static void
ask (PealRoomLink *link)
{
  gboolean is_newcomer =
      link->members[1]->offering == PEAL_OFFERING_AS_NEWCOMER;

  link->ask_at_us = G_MAXINT64;
  if (!link->is_told[0])
    tell (link, 0, FALSE);
  else if (!link->is_told[1])
    tell (link, 1, FALSE);
  else if (!ask_side (link, is_newcomer ? 1 : 0))
    ask_side (link, is_newcomer ? 0 : 1);
}

/* The loser insists on its offer. */
static void
turn_over (PealRoomLink *link)
{
  PealRoomMember *winner = link->members[link->arbiter.by];
  PealRoomMember *loser = link->members[1 - link->arbiter.by];

  hand_bye (loser, winner, link->arbiter.swallowed);
  peal_room_member_hand (loser, link->arbiter.pending);
  hand_all (loser, link->arbiter.trickled);
}

static gint64
expire_link (PealRoomLink *link, gint64 now_us)
{
  PealOfferArbiter *arbiter = &link->arbiter;
  gboolean may_insist = arbiter->swallowed &&
      link->members[1 - arbiter->by]->offering != PEAL_OFFERING_AS_TOLD;

  if (link->ask_at_us <= now_us)
    ask (link);
  if (may_insist && peal_offer_arbiter_turn (arbiter, now_us))
    turn_over (link);
  return MIN (link->ask_at_us,
      may_insist ? peal_offer_arbiter_get_deadline (arbiter) : G_MAXINT64);
}

/**
 * peal_room_links_expire:
 *
 * Does what is due between @member and those that came after it.
 *
 * Returns: when something will be, or G_MAXINT64
 */
gint64
peal_room_links_expire (PealRoomMember *member, gint64 now_us)
{
  GHashTableIter iter;
  gpointer value;
  gint64 next_us = G_MAXINT64;

  g_hash_table_iter_init (&iter, member->links);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    PealRoomLink *link = value;
    gint64 deadline_us =
        link->members[0] == member ? expire_link (link, now_us) : G_MAXINT64;

    next_us = MIN (next_us, deadline_us);
  }
  return next_us;
}
