/*
 * The room table alone: members are queues, time is a number.
 */
#include "server/room-table.h"

#include <string.h>

#include "server/member-key.h"

#define SECOND G_USEC_PER_SEC

typedef struct {
  GQueue heard; /* of PealMessage */
  gchar *id;
  gchar *key;
  guint n_replaced;
} Somebody;

static gboolean
on_deliver (gpointer data, PealMessage *message)
{
  g_queue_push_tail (&((Somebody *)data)->heard, peal_message_ref (message));
  return TRUE;
}

static void
on_replace (gpointer data)
{
  ((Somebody *)data)->n_replaced++;
}

static const PealRoomOutlet outlet = { on_deliver, on_replace };

static gchar *
new_key (void)
{
  static guint n_keys;
  guchar bytes[PEAL_MEMBER_KEY_BYTES] = { 0 };

  n_keys++;
  memcpy (bytes, &n_keys, sizeof n_keys);
  return peal_member_key_from_bytes (bytes);
}

static void
forget (Somebody *somebody)
{
  g_queue_clear_full (&somebody->heard, (GDestroyNotify)peal_message_unref);
  g_clear_pointer (&somebody->id, g_free);
  g_clear_pointer (&somebody->key, g_free);
}

static PealMessage *
enter (PealRoomTable *table, Somebody *somebody, const gchar *room,
    const gchar *resume, gboolean prefers, gint64 now_us)
{
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);
  g_autofree gchar *key = new_key ();
  const gchar *code = NULL;
  PealMessage *joined;

  join->room = g_strdup (room);
  join->resume = g_strdup (resume);
  join->prefers_offering = prefers;
  joined =
      peal_room_table_join (table, join, key, &outlet, somebody, now_us, &code);
  if (!joined) {
    g_assert_cmpstr (code, ==, "room-full");
    return NULL;
  }
  g_free (somebody->id);
  g_free (somebody->key);
  somebody->id = g_strdup (joined->peer_id);
  somebody->key = g_strdup (joined->resume);
  return joined;
}

static void
join (PealRoomTable *table, Somebody *somebody)
{
  g_autoptr (PealMessage) joined =
      enter (table, somebody, "room", NULL, FALSE, 100 * SECOND);

  g_assert_nonnull (joined);
}

/* What @somebody heard next must be of that kind. */
static PealMessage *
hear (Somebody *somebody, PealMessageKind kind)
{
  PealMessage *message = g_queue_pop_head (&somebody->heard);

  g_assert_nonnull (message);
  g_assert_cmpint (message->kind, ==, kind);
  return message;
}

static void
hear_and_forget (Somebody *somebody, PealMessageKind kind)
{
  peal_message_unref (hear (somebody, kind));
}

static gboolean
say (PealRoomTable *table, Somebody *from, Somebody *to)
{
  g_autoptr (PealMessage) message =
      peal_message_new_offer (to ? to->id : NULL, "12345678", "v=0");
  const gchar *code = NULL;

  return peal_room_table_relay (table, from->id, message, 0, &code);
}

static void
check_offerer (
    gboolean elder_prefers, gboolean newcomer_prefers, gboolean newcomer_offers)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (1, 4, 0);
  Somebody elder = { 0 };
  Somebody newcomer = { 0 };
  g_autoptr (PealMessage) first =
      enter (table, &elder, "room", NULL, elder_prefers, 0);
  g_autoptr (PealMessage) second =
      enter (table, &newcomer, "room", NULL, newcomer_prefers, 0);
  g_autoptr (PealMessage) told = hear (&elder, PEAL_MESSAGE_PEER_JOINED);
  PealMember *seen = g_ptr_array_index (second->members, 0);

  g_assert_cmpint (seen->offers, ==, !newcomer_offers);
  g_assert_cmpint (told->member->offers, ==, newcomer_offers);
  forget (&elder);
  forget (&newcomer);
}

static void
test_offerer (void)
{
  check_offerer (FALSE, FALSE, TRUE);
  check_offerer (TRUE, TRUE, TRUE);
  check_offerer (FALSE, TRUE, TRUE);
  check_offerer (TRUE, FALSE, FALSE);
}

static void
test_life_of_a_room (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (4, 4, 0);
  Somebody alice = { 0 };
  Somebody bob = { 0 };
  g_autoptr (PealMessage) left = NULL;

  join (table, &alice);
  join (table, &bob);
  g_assert_cmpuint (peal_room_table_get_n_rooms (table), ==, 1);
  g_assert_cmpuint (peal_room_table_get_n_members (table), ==, 2);
  peal_room_table_leave (table, alice.id, "bye", 0);
  left = hear (&bob, PEAL_MESSAGE_PEER_LEFT);
  g_assert_cmpstr (left->peer_id, ==, alice.id);
  g_assert_cmpstr (left->text, ==, "bye");
  peal_room_table_leave (table, bob.id, "bye", 0);
  g_assert_cmpuint (peal_room_table_get_n_rooms (table), ==, 0);
  forget (&alice);
  forget (&bob);
}

static void
test_ids (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (4, 4, 0);
  Somebody alice = { 0 };
  Somebody bob = { 0 };

  join (table, &alice);
  join (table, &bob);
  g_assert_cmpstr (alice.id, !=, bob.id);
  g_assert_cmpuint (strlen (alice.id), ==, 20);
  g_assert_null (strstr (alice.key, alice.id));
  forget (&alice);
  forget (&bob);
}

static void
test_full (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (1, 2, 0);
  Somebody people[3] = { 0 };

  join (table, &people[0]);
  join (table, &people[1]);
  g_assert_null (enter (table, &people[2], "room", NULL, FALSE, 0));
  g_assert_null (enter (table, &people[2], "other", NULL, FALSE, 0));
  peal_room_table_leave (table, people[0].id, "bye", 0);
  join (table, &people[2]);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    forget (&people[i]);
}

static void
test_grace (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (1, 4, 0);
  Somebody alice = { 0 };
  Somebody bob = { 0 };

  join (table, &alice);
  join (table, &bob);
  hear_and_forget (&alice, PEAL_MESSAGE_PEER_JOINED);
  peal_room_table_detach (table, alice.id, 200 * SECOND);
  g_assert_cmpint (
      peal_room_table_expire (table, 229 * SECOND), ==, 230 * SECOND);
  g_assert_true (g_queue_is_empty (&bob.heard));
  g_assert_cmpint (peal_room_table_expire (table, 230 * SECOND), ==, -1);
  hear_and_forget (&bob, PEAL_MESSAGE_PEER_LEFT);
  forget (&alice);
  forget (&bob);
}

static void
test_resume (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (1, 4, 0);
  Somebody alice = { 0 };
  Somebody bob = { 0 };
  Somebody again = { 0 };
  g_autoptr (PealMessage) joined = NULL;

  join (table, &alice);
  join (table, &bob);
  peal_room_table_detach (table, alice.id, 200 * SECOND);
  for (guint i = 0; i < 3; i++)
    g_assert_true (say (table, &bob, &alice));
  joined = enter (table, &again, "room", alice.key, FALSE, 210 * SECOND);
  g_assert_cmpstr (again.id, ==, alice.id);
  g_assert_cmpuint (joined->members->len, ==, 1);
  g_assert_true (g_queue_is_empty (&again.heard));
  peal_room_table_flush (table, again.id);
  for (guint i = 0; i < 3; i++)
    hear_and_forget (&again, PEAL_MESSAGE_OFFER);
  g_assert_true (g_queue_is_empty (&bob.heard));
  g_assert_cmpint (peal_room_table_expire (table, 300 * SECOND), ==, -1);
  forget (&alice);
  forget (&bob);
  forget (&again);
}

static void
test_wrong_key (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (2, 4, 0);
  Somebody alice = { 0 };
  Somebody eve = { 0 };
  g_autoptr (PealMessage) by_id = NULL;
  g_autoptr (PealMessage) elsewhere = NULL;

  join (table, &alice);
  by_id = enter (table, &eve, "room", alice.id, FALSE, 100 * SECOND);
  g_assert_cmpstr (eve.id, !=, alice.id);
  elsewhere = enter (table, &eve, "other", alice.key, FALSE, 100 * SECOND);
  g_assert_cmpstr (eve.id, !=, alice.id);
  g_assert_cmpstr (eve.key, !=, alice.key);
  g_assert_cmpuint (alice.n_replaced, ==, 0);
  forget (&alice);
  forget (&eve);
}

static void
test_restart (void)
{
  g_autoptr (PealRoomTable) before = peal_room_table_new (1, 4, 0);
  g_autoptr (PealRoomTable) after = peal_room_table_new (1, 4, 0);
  g_autoptr (PealRoomTable) later = peal_room_table_new (1, 4, 0);
  Somebody alice = { 0 };
  Somebody again = { 0 };
  Somebody late = { 0 };
  g_autoptr (PealMessage) first = NULL;
  g_autoptr (PealMessage) second = NULL;

  join (before, &alice);
  first = enter (after, &again, "room", alice.key, FALSE, 30 * SECOND);
  g_assert_cmpstr (again.id, ==, alice.id);
  g_assert_cmpstr (again.key, ==, alice.key);
  second = enter (later, &late, "room", alice.key, FALSE, 31 * SECOND);
  g_assert_cmpstr (late.id, !=, alice.id);
  forget (&alice);
  forget (&again);
  forget (&late);
}

static void
test_replaced (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (1, 4, 0);
  Somebody alice = { 0 };
  Somebody again = { 0 };
  g_autoptr (PealMessage) joined = NULL;

  join (table, &alice);
  joined = enter (table, &again, "room", alice.key, FALSE, 100 * SECOND);
  g_assert_cmpstr (again.id, ==, alice.id);
  g_assert_cmpuint (alice.n_replaced, ==, 1);
  g_assert_cmpuint (peal_room_table_get_n_members (table), ==, 1);
  forget (&alice);
  forget (&again);
}

static void
test_waiting_is_bounded (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (1, 4, 0);
  Somebody alice = { 0 };
  Somebody bob = { 0 };
  guint n_kept = 0;

  join (table, &alice);
  join (table, &bob);
  peal_room_table_detach (table, alice.id, 0);
  while (n_kept < 100000 && say (table, &bob, &alice))
    n_kept++;
  g_assert_cmpuint (n_kept, >, 100);
  g_assert_cmpuint (n_kept, <, 10000);
  forget (&alice);
  forget (&bob);
}

static void
test_relay (void)
{
  g_autoptr (PealRoomTable) table = peal_room_table_new (1, 4, 0);
  Somebody people[3] = { 0 };
  g_autoptr (JsonNode) body = json_from_string ("{\"a\":1}", NULL);
  g_autoptr (PealMessage) text = peal_message_new_text (NULL, body);
  const gchar *code = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    join (table, &people[i]);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    g_queue_clear_full (&people[i].heard, (GDestroyNotify)peal_message_unref);
  g_assert_true (peal_room_table_relay (table, people[0].id, text, 0, &code));
  for (guint i = 1; i < G_N_ELEMENTS (people); i++) {
    g_autoptr (PealMessage) heard = hear (&people[i], PEAL_MESSAGE_TEXT);

    g_assert_cmpstr (heard->peer_id, ==, people[0].id);
    g_assert_true (json_node_equal (heard->body, body));
  }
  g_assert_true (g_queue_is_empty (&people[0].heard));
  g_assert_false (say (table, &people[0], &people[0]));
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    forget (&people[i]);
}

/* As gst-examples' programs do: one waits for a call, or calls somebody. */
static void
enter_for_call (PealRoomTable *table, Somebody *somebody, const gchar *calls)
{
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);
  g_autoptr (PealMessage) joined = NULL;
  g_autofree gchar *key = new_key ();
  const gchar *code = NULL;

  join->room = g_strdup ("room");
  join->calls = g_strdup (calls);
  join->has_one_connection = !calls;
  join->offering = calls ? PEAL_OFFERING_NEVER : PEAL_OFFERING_AS_TOLD;
  joined = peal_room_table_join (
      table, join, key, &outlet, somebody, 100 * SECOND, &code);
  g_assert_nonnull (joined);
  somebody->id = g_strdup (joined->peer_id);
}

static void
test_called (void)
{
  Somebody ada = { 0 };
  Somebody bob = { 0 };
  Somebody caller = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, 100 * SECOND);

  enter_for_call (table, &ada, NULL);
  enter_for_call (table, &bob, NULL);
  g_assert_true (peal_room_table_can_call (table, "room", bob.id));
  enter_for_call (table, &caller, bob.id);
  hear_and_forget (&bob, PEAL_MESSAGE_PEER_JOINED);
  g_assert_cmpuint (ada.heard.length, ==, 0);
  g_assert_false (peal_room_table_can_call (table, "room", bob.id));
  g_assert_true (peal_room_table_can_call (table, "room", ada.id));
  g_assert_false (peal_room_table_can_call (table, "another", ada.id));
  g_assert_false (peal_room_table_can_call (table, NULL, ada.id));
  forget (&ada);
  forget (&bob);
  forget (&caller);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room-table/the-one-that-prefers-offers-else-the-newcomer",
      test_offerer);
  g_test_add_func ("/room-table/a-room-is-there-while-somebody-is-in-it",
      test_life_of_a_room);
  g_test_add_func ("/room-table/ids-do-not-tell-keys", test_ids);
  g_test_add_func ("/room-table/rooms-and-members-are-limited", test_full);
  g_test_add_func ("/room-table/a-lost-member-leaves-after-30-s", test_grace);
  g_test_add_func ("/room-table/a-lost-member-comes-back-unnoticed-and-hears-"
                   "what-was-said",
      test_resume);
  g_test_add_func (
      "/room-table/neither-an-id-nor-another-room-s-key-brings-one-back",
      test_wrong_key);
  g_test_add_func (
      "/room-table/a-new-table-honours-keys-for-30-s-only", test_restart);
  g_test_add_func (
      "/room-table/a-second-connection-replaces-the-first", test_replaced);
  g_test_add_func ("/room-table/what-waits-for-a-lost-member-is-bounded",
      test_waiting_is_bounded);
  g_test_add_func ("/room-table/a-message-reaches-everyone-else", test_relay);
  g_test_add_func (
      "/rooms/of-those-that-wait-the-one-that-is-called-is-met", test_called);
  return g_test_run ();
}
