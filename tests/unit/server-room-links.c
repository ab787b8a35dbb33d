/*
 * Members of different protocols in one room table: members are queues, time
 * is a number. A pealbin does as it is told, a page offers by itself, a raw
 * client has a single connection.
 */
#include <string.h>

#include "server/member-key.h"
#include "server/room-links.h"
#include "server/room-table.h"

#define SECOND G_USEC_PER_SEC
#define START (100 * SECOND)

typedef struct {
  GQueue heard; /* of PealMessage */
  gchar *id;
  PealMessage *joined;
  gboolean is_deaf; /* for RENEGOTIATE */
} Somebody;

static gboolean
on_deliver (gpointer data, PealMessage *message)
{
  Somebody *self = data;

  if (self->is_deaf && message->kind == PEAL_MESSAGE_RENEGOTIATE)
    return FALSE;
  g_queue_push_tail (&self->heard, peal_message_ref (message));
  return TRUE;
}

static void
on_replace (gpointer data)
{
}

static const PealRoomOutlet outlet = { on_deliver, on_replace };

static void
enter (PealRoomTable *table, Somebody *self, PealOffering offering,
    gboolean has_one_connection, gint64 now_us)
{
  static guint n_keys;
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);
  guchar bytes[PEAL_MEMBER_KEY_BYTES] = { 0 };
  g_autofree gchar *key = NULL;
  const gchar *code = NULL;

  n_keys++;
  memcpy (bytes, &n_keys, sizeof n_keys);
  key = peal_member_key_from_bytes (bytes);
  join->room = g_strdup ("room");
  join->offering = offering;
  join->prefers_offering = offering == PEAL_OFFERING_AS_TOLD;
  join->has_one_connection = has_one_connection;
  self->joined =
      peal_room_table_join (table, join, key, &outlet, self, now_us, &code);
  g_assert_nonnull (self->joined);
  self->id = g_strdup (self->joined->peer_id);
  peal_room_table_flush (table, self->id);
}

static void
forget (Somebody *self)
{
  g_queue_clear_full (&self->heard, (GDestroyNotify)peal_message_unref);
  g_clear_pointer (&self->joined, peal_message_unref);
  g_clear_pointer (&self->id, g_free);
}

static PealMessage *
hear (Somebody *self, PealMessageKind kind)
{
  PealMessage *message = g_queue_pop_head (&self->heard);

  g_assert_nonnull (message);
  g_assert_cmpstr (peal_message_kind_to_string (message->kind), ==,
      peal_message_kind_to_string (kind));
  return message;
}

static void
hear_from (Somebody *self, PealMessageKind kind, const Somebody *from)
{
  g_autoptr (PealMessage) message = hear (self, kind);

  g_assert_cmpstr (message->peer_id, ==, from->id);
}

static void
hear_of (Somebody *self, const Somebody *newcomer, gboolean offers)
{
  g_autoptr (PealMessage) message = hear (self, PEAL_MESSAGE_PEER_JOINED);

  g_assert_cmpstr (message->member->id, ==, newcomer->id);
  g_assert_cmpint (message->member->offers, ==, offers);
}

static void
hear_nothing (Somebody *self)
{
  g_assert_cmpuint (self->heard.length, ==, 0);
}

static const PealMember *
only_member (const Somebody *self)
{
  g_assert_cmpuint (self->joined->members->len, ==, 1);
  return g_ptr_array_index (self->joined->members, 0);
}

static void
tell (PealRoomTable *table, const Somebody *from, PealMessage *message,
    gint64 now_us)
{
  const gchar *code = NULL;

  g_assert_true (
      peal_room_table_relay (table, from->id, message, now_us, &code));
  peal_message_unref (message);
}

static void
offer (PealRoomTable *table, const Somebody *from, const Somebody *to,
    const gchar *session, gint64 now_us)
{
  tell (table, from,
      peal_message_new_offer (to ? to->id : NULL, session, "v=0"), now_us);
}

static void
answer (PealRoomTable *table, const Somebody *from, const Somebody *to,
    const gchar *session, gint64 now_us)
{
  tell (table, from, peal_message_new_answer (to->id, session, "v=0"), now_us);
}

/* A page and a pealbin, in the given order. */
static PealRoomTable *
given_two (Somebody *page, Somebody *bin, gboolean is_page_first)
{
  PealRoomTable *table = peal_room_table_new (10, 10, START);

  if (is_page_first)
    enter (table, page, PEAL_OFFERING_BY_ITSELF, FALSE, START);
  enter (table, bin, PEAL_OFFERING_AS_TOLD, FALSE, START);
  if (!is_page_first)
    enter (table, page, PEAL_OFFERING_BY_ITSELF, FALSE, START);
  return table;
}

static void
test_page_offers (void)
{
  Somebody page = { 0 };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = given_two (&page, &bin, FALSE);

  g_assert_cmpstr (only_member (&page)->id, ==, bin.id);
  hear_nothing (&bin);
  offer (table, &page, &bin, "pages000", START + SECOND / 10);
  hear_of (&bin, &page, TRUE);
  hear_from (&bin, PEAL_MESSAGE_OFFER, &page);
  g_assert_cmpint (peal_room_table_expire (table, START + 2 * SECOND), ==, -1);
  hear_nothing (&bin);
  forget (&page);
  forget (&bin);
}

static void
test_page_waits (void)
{
  Somebody page = { 0 };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = given_two (&page, &bin, FALSE);
  gint64 deadline_us = START + PEAL_ROOM_LINKS_NEWCOMER_WAIT_US;

  g_assert_cmpint (
      peal_room_table_expire (table, deadline_us - 1), ==, deadline_us);
  hear_nothing (&bin);
  peal_room_table_expire (table, deadline_us);
  hear_of (&bin, &page, FALSE);
  forget (&page);
  forget (&bin);
}

static void
test_old_page_waits (void)
{
  Somebody page = { 0 };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = given_two (&page, &bin, TRUE);

  g_assert_cmpuint (bin.joined->members->len, ==, 0);
  hear_of (&page, &bin, TRUE);
  peal_room_table_expire (table, START + PEAL_ROOM_LINKS_OLD_WAIT_US);
  hear_of (&bin, &page, FALSE);
  forget (&page);
  forget (&bin);
}

/* Both drop what they have, and the bin, which can be asked, offers again. */
static void
test_glare (gconstpointer data)
{
  gboolean is_page_first = GPOINTER_TO_INT (data);
  Somebody page = { 0 };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = given_two (&page, &bin, FALSE);
  gint64 now_us = START + PEAL_ROOM_LINKS_NEWCOMER_WAIT_US;

  peal_room_table_expire (table, now_us);
  hear_of (&bin, &page, FALSE);
  if (is_page_first)
    offer (table, &page, &bin, "pages000", now_us);
  offer (table, &bin, &page, "bins0000", now_us);
  if (!is_page_first)
    offer (table, &page, &bin, "pages000", now_us);
  hear_from (is_page_first ? &bin : &page, PEAL_MESSAGE_OFFER,
      is_page_first ? &page : &bin);
  hear_from (&page, PEAL_MESSAGE_BYE, &bin);
  hear_from (&bin, PEAL_MESSAGE_BYE, &page);
  hear_from (&bin, PEAL_MESSAGE_RENEGOTIATE, &page);
  answer (table, &page, &bin, "bins0000", now_us);
  hear_nothing (&bin);
  offer (table, &bin, &page, "again000", now_us + 1);
  hear_from (&page, PEAL_MESSAGE_OFFER, &bin);
  tell (table, &page,
      peal_message_new_answer (bin.id, "again000", "v=0\r\no=- 7 2 IN"),
      now_us + 2);
  hear_from (&bin, PEAL_MESSAGE_ANSWER, &page);
  hear_nothing (&page);
  hear_nothing (&bin);
  forget (&page);
  forget (&bin);
}

static void
test_glare_of_pages (void)
{
  Somebody old = { 0 };
  Somebody new = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &old, PEAL_OFFERING_BY_ITSELF, FALSE, START);
  enter (table, &new, PEAL_OFFERING_BY_ITSELF, FALSE, START);
  hear_of (&old, &new, TRUE);
  offer (table, &new, &old, "news0000", START);
  offer (table, &old, &new, "olds0000", START);
  hear_from (&old, PEAL_MESSAGE_OFFER, &new);
  hear_from (&old, PEAL_MESSAGE_BYE, &new);
  hear_from (&new, PEAL_MESSAGE_BYE, &old);
  hear_of (&old, &new, TRUE);
  offer (table, &old, &new, "again000", START + 1);
  hear_from (&new, PEAL_MESSAGE_OFFER, &old);
  hear_nothing (&old);
  hear_nothing (&new);
  forget (&old);
  forget (&new);
}

static void
counter (PealRoomTable *table, Somebody *self, Somebody *other,
    const gchar *session, const gchar *replaced, gint64 now_us)
{
  PealMessage *message = peal_message_new_offer (other->id, session, "v=0");

  message->replaces = g_strdup (replaced);
  tell (table, self, message, now_us);
}

/* The bin has more to send than the page asked for. */
static void
test_raw_countered (void)
{
  Somebody raw = { 0 };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &bin, PEAL_OFFERING_AS_TOLD, FALSE, START);
  enter (table, &raw, PEAL_OFFERING_BY_ITSELF, TRUE, START);
  offer (table, &raw, NULL, "raws0000", START);
  hear_of (&bin, &raw, TRUE);
  hear_from (&bin, PEAL_MESSAGE_OFFER, &raw);
  counter (table, &bin, &raw, "bins0000", "raws0000", START);
  hear_from (&raw, PEAL_MESSAGE_OFFER, &bin);
  answer (table, &raw, &bin, "bins0000", START);
  hear_from (&bin, PEAL_MESSAGE_ANSWER, &raw);
  hear_nothing (&bin);
  hear_nothing (&raw);
  forget (&raw);
  forget (&bin);
}

/* It drops its connection first, and need not roll back. */
static void
test_page_countered (void)
{
  Somebody page = { 0 };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = given_two (&page, &bin, FALSE);

  offer (table, &page, &bin, "pages000", START);
  hear_of (&bin, &page, TRUE);
  hear_from (&bin, PEAL_MESSAGE_OFFER, &page);
  counter (table, &bin, &page, "bins0000", "pages000", START);
  hear_from (&page, PEAL_MESSAGE_BYE, &bin);
  hear_from (&page, PEAL_MESSAGE_OFFER, &bin);
  tell (table, &page,
      peal_message_new_answer (bin.id, "bins0000", "v=0\r\no=- 7 2 IN"), START);
  hear_from (&bin, PEAL_MESSAGE_ANSWER, &page);
  hear_nothing (&bin);
  hear_nothing (&page);
  forget (&page);
  forget (&bin);
}

/* It cannot drop its connection, and its browser does not roll back. */
static void
test_raw_insists (void)
{
  Somebody raw = { 0 };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);
  gint64 now_us = START + PEAL_ROOM_LINKS_NEWCOMER_WAIT_US;
  g_autoptr (PealMessage) bye = NULL;

  enter (table, &bin, PEAL_OFFERING_AS_TOLD, FALSE, START);
  enter (table, &raw, PEAL_OFFERING_BY_ITSELF, TRUE, START);
  peal_room_table_expire (table, now_us);
  hear_of (&bin, &raw, FALSE);
  offer (table, &bin, &raw, "bins0000", now_us);
  offer (table, &raw, NULL, "raws0000", now_us);
  hear_nothing (&bin);
  peal_room_table_expire (table, now_us + PEAL_OFFER_ARBITER_INSIST_US);
  bye = hear (&bin, PEAL_MESSAGE_BYE);
  g_assert_cmpstr (bye->session, ==, "bins0000");
  hear_from (&bin, PEAL_MESSAGE_OFFER, &raw);
  forget (&raw);
  forget (&bin);
}

static void
test_cannot_be_asked (void)
{
  Somebody page = { .is_deaf = TRUE };
  Somebody bin = { 0 };
  g_autoptr (PealRoomTable) table = given_two (&page, &bin, FALSE);
  PealMessage *message;

  offer (table, &page, &bin, "pages000", START);
  hear_of (&bin, &page, TRUE);
  hear_from (&bin, PEAL_MESSAGE_OFFER, &page);
  message = peal_message_new (PEAL_MESSAGE_RENEGOTIATE, page.id);
  tell (table, &bin, message, START);
  hear_of (&bin, &page, FALSE);
  forget (&page);
  forget (&bin);
}

static void
test_raw_pair (void)
{
  Somebody bin = { 0 };
  Somebody other = { 0 };
  Somebody raw = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &bin, PEAL_OFFERING_AS_TOLD, FALSE, START);
  enter (table, &other, PEAL_OFFERING_AS_TOLD, FALSE, START + 1);
  hear_of (&bin, &other, TRUE);
  enter (table, &raw, PEAL_OFFERING_BY_ITSELF, TRUE, START + SECOND);
  g_assert_cmpstr (only_member (&raw)->id, ==, bin.id);
  hear_nothing (&bin);
  hear_nothing (&other);
  offer (table, &raw, NULL, "raws0000", START + SECOND);
  hear_of (&bin, &raw, TRUE);
  hear_from (&bin, PEAL_MESSAGE_OFFER, &raw);
  answer (table, &bin, &raw, "raws0000", START + SECOND);
  hear_from (&raw, PEAL_MESSAGE_ANSWER, &bin);
  forget (&bin);
  forget (&other);
  forget (&raw);
}

static void
test_raw_waits_alone (void)
{
  Somebody bin = { 0 };
  Somebody raw = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &raw, PEAL_OFFERING_BY_ITSELF, TRUE, START);
  offer (table, &raw, NULL, "old00000", START);
  offer (table, &raw, NULL, "new00000", START);
  enter (table, &bin, PEAL_OFFERING_AS_TOLD, FALSE, START);
  g_assert_cmpstr (only_member (&bin)->id, ==, raw.id);
  g_assert_true (only_member (&bin)->offers);
  hear_from (&bin, PEAL_MESSAGE_OFFER, &raw);
  hear_nothing (&bin);
  hear_of (&raw, &bin, TRUE);
  forget (&bin);
  forget (&raw);
}

static void
test_raw_next_partner (void)
{
  Somebody first = { 0 };
  Somebody second = { 0 };
  Somebody raw = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &first, PEAL_OFFERING_AS_TOLD, FALSE, START);
  enter (table, &second, PEAL_OFFERING_AS_TOLD, FALSE, START + 1);
  hear_of (&first, &second, TRUE);
  enter (table, &raw, PEAL_OFFERING_BY_ITSELF, TRUE, START + 2);
  peal_room_table_expire (table, START + 2 * SECOND);
  hear_of (&first, &raw, FALSE);
  peal_room_table_leave (table, first.id, "bye", START + 3 * SECOND);
  hear_from (&raw, PEAL_MESSAGE_PEER_LEFT, &first);
  hear_of (&raw, &second, FALSE);
  hear_from (&second, PEAL_MESSAGE_PEER_LEFT, &first);
  peal_room_table_leave (table, raw.id, "bye", START + 4 * SECOND);
  hear_nothing (&second);
  forget (&first);
  forget (&second);
  forget (&raw);
}

static void
test_two_raws (void)
{
  Somebody one = { .is_deaf = TRUE };
  Somebody two = { 0 };
  Somebody three = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &one, PEAL_OFFERING_BY_ITSELF, TRUE, START);
  enter (table, &two, PEAL_OFFERING_BY_ITSELF, TRUE, START);
  enter (table, &three, PEAL_OFFERING_BY_ITSELF, TRUE, START);
  hear_of (&one, &two, TRUE);
  g_assert_cmpuint (three.joined->members->len, ==, 0);
  peal_room_table_expire (table, START + PEAL_ROOM_LINKS_NEWCOMER_WAIT_US);
  hear_from (&two, PEAL_MESSAGE_RENEGOTIATE, &one);
  peal_room_table_leave (table, two.id, "bye", START + SECOND);
  hear_from (&one, PEAL_MESSAGE_PEER_LEFT, &two);
  hear_of (&one, &three, TRUE);
  forget (&one);
  forget (&two);
  forget (&three);
}

static void
test_strangers (void)
{
  Somebody bin = { 0 };
  Somebody second = { 0 };
  Somebody raw = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);
  g_autoptr (PealMessage) message = NULL;
  const gchar *code = NULL;

  enter (table, &bin, PEAL_OFFERING_AS_TOLD, FALSE, START);
  enter (table, &second, PEAL_OFFERING_AS_TOLD, FALSE, START + 1);
  enter (table, &raw, PEAL_OFFERING_BY_ITSELF, TRUE, START + 2);
  message = peal_message_new_offer (raw.id, "second00", "v=0");
  g_assert_false (
      peal_room_table_relay (table, second.id, message, START, &code));
  g_assert_cmpstr (code, ==, "unknown-peer");
  hear_nothing (&raw);
  forget (&bin);
  forget (&second);
  forget (&raw);
}

static void
test_producer (void)
{
  Somebody producer = { 0 };
  Somebody bin = { 0 };
  Somebody consumer = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &producer, PEAL_OFFERING_ALWAYS, FALSE, START);
  enter (table, &bin, PEAL_OFFERING_AS_TOLD, FALSE, START);
  enter (table, &consumer, PEAL_OFFERING_NEVER, FALSE, START);
  g_assert_true (only_member (&bin)->offers);
  hear_of (&bin, &consumer, TRUE);
  hear_of (&producer, &bin, FALSE);
  hear_of (&producer, &consumer, FALSE);
  g_assert_cmpuint (consumer.joined->members->len, ==, 2);
  g_assert_cmpint (peal_room_table_expire (table, START * 2), ==, -1);
  forget (&producer);
  forget (&bin);
  forget (&consumer);
}

static void
test_newcomer_asked (void)
{
  Somebody page = { .is_deaf = TRUE };
  Somebody member = { 0 };
  g_autoptr (PealRoomTable) table = peal_room_table_new (10, 10, START);

  enter (table, &member, PEAL_OFFERING_AS_NEWCOMER, FALSE, START);
  enter (table, &page, PEAL_OFFERING_BY_ITSELF, FALSE, START);
  hear_of (&member, &page, TRUE);
  peal_room_table_expire (table, START + PEAL_ROOM_LINKS_NEWCOMER_WAIT_US);
  hear_from (&member, PEAL_MESSAGE_RENEGOTIATE, &page);
  forget (&page);
  forget (&member);
}

/* What is between members ends with them; ./dev asan sees what is left. */
static void
test_server_stops (void)
{
  Somebody old = { 0 };
  Somebody page = { 0 };
  Somebody raw = { 0 };
  PealRoomTable *table = peal_room_table_new (10, 10, START);

  enter (table, &old, PEAL_OFFERING_BY_ITSELF, FALSE, START);
  enter (table, &page, PEAL_OFFERING_BY_ITSELF, FALSE, START);
  enter (table, &raw, PEAL_OFFERING_BY_ITSELF, TRUE, START);
  offer (table, &page, &old, "pages000", START);
  offer (table, &old, &page, "olds0000", START);
  offer (table, &raw, NULL, "raws0000", START);
  tell (table, &raw,
      peal_message_new_candidate (old.id, "raws0000", "candidate:1", "0", 0),
      START);
  g_assert_finalize_object (table);
  forget (&old);
  forget (&page);
  forget (&raw);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/links/a-page-that-offers-is-waited-for", test_page_offers);
  g_test_add_func (
      "/links/to-a-page-that-waits-the-other-offers", test_page_waits);
  g_test_add_func (
      "/links/a-page-that-was-there-is-waited-for-less", test_old_page_waits);
  g_test_add_data_func ("/links/offers-cross-and-the-bins-was-first",
      GINT_TO_POINTER (FALSE), test_glare);
  g_test_add_data_func ("/links/offers-cross-and-the-pages-was-first",
      GINT_TO_POINTER (TRUE), test_glare);
  g_test_add_func ("/links/offers-of-pages-cross-and-the-older-offers-again",
      test_glare_of_pages);
  g_test_add_func (
      "/links/a-raw-client-may-insist-on-its-offer", test_raw_insists);
  g_test_add_func (
      "/links/a-counter-offer-is-no-glare-to-a-raw-client", test_raw_countered);
  g_test_add_func (
      "/links/a-page-drops-the-offer-that-is-countered", test_page_countered);
  g_test_add_func ("/links/for-one-that-cannot-be-asked-the-asker-offers",
      test_cannot_be_asked);
  g_test_add_func (
      "/links/a-raw-client-meets-the-one-that-waited-longest", test_raw_pair);
  g_test_add_func (
      "/links/a-raw-clients-offer-waits-for-a-partner", test_raw_waits_alone);
  g_test_add_func ("/links/a-raw-client-gets-the-next-partner-when-one-leaves",
      test_raw_next_partner);
  g_test_add_func ("/links/raw-clients-meet-two-by-two", test_two_raws);
  g_test_add_func (
      "/links/only-partners-can-speak-to-each-other", test_strangers);
  g_test_add_func (
      "/links/who-always-or-never-offers-is-told-of-at-once", test_producer);
  g_test_add_func ("/links/a-newcomer-by-protocol-is-asked-when-nobody-offers",
      test_newcomer_asked);
  g_test_add_func ("/links/nothing-is-left-of-them-when-the-server-stops",
      test_server_stops);
  return g_test_run ();
}
