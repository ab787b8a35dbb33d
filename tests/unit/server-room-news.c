/*
 * What members of a room hear of each other: members are queues. Ada and Bob
 * do as they are told; a page offers by itself, and is told by its link.
 */
#include "server/room-news.h"

#include "server/member-key.h"

typedef struct {
  PealRoomMember *member;
  GQueue heard; /* of PealMessage */
} Somebody;

typedef struct {
  PealRoom room;
  Somebody ada;
  Somebody bob;
  Somebody page;
} Fixture;

static gboolean
on_deliver (gpointer data, PealMessage *message)
{
  Somebody *self = data;

  g_queue_push_tail (&self->heard, peal_message_ref (message));
  return TRUE;
}

static void
on_replace (gpointer data)
{
}

static const PealRoomOutlet outlet = { on_deliver, on_replace };

static void
enter (
    Fixture *fixture, Somebody *self, const gchar *name, PealOffering offering)
{
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);
  guchar bytes[PEAL_MEMBER_KEY_BYTES] = { (guchar)name[0] };
  g_autofree gchar *key = peal_member_key_from_bytes (bytes);

  join->name = g_strdup (name);
  join->offering = offering;
  self->member = peal_room_member_new (join, key);
  self->member->room = &fixture->room;
  self->member->outlet = &outlet;
  self->member->outlet_data = self;
  g_ptr_array_add (fixture->room.members, self->member);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->room.name = (gchar *)"den";
  fixture->room.members = g_ptr_array_new ();
  enter (fixture, &fixture->ada, "Ada", PEAL_OFFERING_AS_TOLD);
  enter (fixture, &fixture->bob, "Bob", PEAL_OFFERING_AS_TOLD);
  enter (fixture, &fixture->page, "Page", PEAL_OFFERING_BY_ITSELF);
}

static void
forget (Somebody *self)
{
  g_queue_clear_full (&self->heard, (GDestroyNotify)peal_message_unref);
  peal_room_member_free (self->member);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  forget (&fixture->ada);
  forget (&fixture->bob);
  forget (&fixture->page);
  g_ptr_array_unref (fixture->room.members);
}

static void
go_away (Somebody *self)
{
  self->member->outlet = NULL;
}

static void
test_arrival (Fixture *fixture, gconstpointer data)
{
  PealMessage *heard;

  peal_room_news_arrival (fixture->bob.member);
  g_assert_cmpuint (fixture->ada.heard.length, ==, 1);
  heard = fixture->ada.heard.head->data;
  g_assert_cmpint (heard->kind, ==, PEAL_MESSAGE_PEER_JOINED);
  g_assert_cmpstr (heard->member->id, ==, fixture->bob.member->id);
  g_assert_cmpstr (heard->member->name, ==, "Bob");
  g_assert_true (heard->member->offers); /* the newcomer does */
  g_assert_cmpuint (fixture->bob.heard.length, ==, 0);
  g_assert_cmpuint (fixture->page.heard.length, ==, 0);
}

static void
test_departure (Fixture *fixture, gconstpointer data)
{
  PealMessage *heard;

  g_ptr_array_remove (fixture->room.members, fixture->bob.member);
  peal_room_news_departure (fixture->bob.member, "left");
  g_assert_cmpuint (fixture->ada.heard.length, ==, 1);
  heard = fixture->ada.heard.head->data;
  g_assert_cmpint (heard->kind, ==, PEAL_MESSAGE_PEER_LEFT);
  g_assert_cmpstr (heard->peer_id, ==, fixture->bob.member->id);
  g_assert_cmpstr (heard->text, ==, "left");
  g_assert_cmpuint (fixture->page.heard.length, ==, 0);
}

/* It learns them from the `joined` of its return. */
static void
test_away (Fixture *fixture, gconstpointer data)
{
  go_away (&fixture->ada);
  peal_room_news_arrival (fixture->bob.member);
  peal_room_news_departure (fixture->bob.member, "left");
  g_assert_cmpuint (fixture->ada.heard.length, ==, 0);
  g_assert_null (peal_waiting_messages_pop (&fixture->ada.member->waiting));
}

static void
test_of_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PealMessage) joined = peal_room_news_of_room (fixture->ada.member);
  PealMember *bob;

  g_assert_cmpint (joined->kind, ==, PEAL_MESSAGE_JOINED);
  g_assert_cmpstr (joined->room, ==, "den");
  g_assert_cmpstr (joined->peer_id, ==, fixture->ada.member->id);
  g_assert_cmpstr (joined->resume, ==, fixture->ada.member->resume);
  g_assert_cmpuint (joined->members->len, ==, 1);
  bob = g_ptr_array_index (joined->members, 0);
  g_assert_cmpstr (bob->id, ==, fixture->bob.member->id);
}

static void
test_relay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PealMessage) text = peal_message_new (PEAL_MESSAGE_TEXT, "Ada");
  g_autoptr (PealMessage) waiting = NULL;

  peal_room_news_relay (fixture->ada.member, text);
  g_assert_cmpuint (fixture->bob.heard.length, ==, 1);
  g_assert_cmpuint (fixture->ada.heard.length, ==, 0);
  g_assert_cmpuint (fixture->page.heard.length, ==, 0);
  go_away (&fixture->bob);
  peal_room_news_relay (fixture->ada.member, text);
  waiting = peal_waiting_messages_pop (&fixture->bob.member->waiting);
  g_assert_true (waiting == text);
}

#define ADD(sentence, func) \
  g_test_add ("/room-news/" sentence, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("who-comes-is-told-to-those-who-do-as-they-are-told", test_arrival);
  ADD ("who-goes-is-told-with-the-reason", test_departure);
  ADD ("who-is-away-hears-of-nobody", test_away);
  ADD ("a-newcomer-is-told-of-those-it-may-know", test_of_room);
  ADD ("a-text-goes-to-all-who-know-its-sender-and-waits-for-who-is-away",
      test_relay);
  return g_test_run ();
}
