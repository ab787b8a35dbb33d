/*
 * Who may join which room, and who may say how much. Time is a number.
 */
#include "server/room-visitor.h"

#include "server/member-key.h"
#include "wire/peal-rooms.h"

#define START (100 * G_USEC_PER_SEC)

typedef struct {
  const gchar *sentence;
  const gchar *server_token;
  const gchar *query_token;
  const gchar *token; /* of the JOIN */
  const gchar *path_room;
  const gchar *room; /* of the JOIN */
  const gchar *code; /* NULL: it may */
  const gchar *joined;
} Case;

static const Case cases[] = {
  { "an-open-server-takes-everybody", NULL, NULL, NULL, NULL, "den", NULL,
      "den" },
  { "an-open-server-looks-at-no-token", NULL, "x", "y", NULL, "den", NULL,
      "den" },
  { "the-join-may-have-the-token", "secret", NULL, "secret", NULL, "den", NULL,
      "den" },
  { "the-query-may-have-the-token", "secret", "secret", NULL, NULL, "den", NULL,
      "den" },
  { "the-joins-token-counts-first", "secret", "secret", "wrong", NULL, "den",
      PEAL_ROOMS_UNAUTHORIZED, NULL },
  { "no-token-is-none", "secret", NULL, NULL, NULL, "den",
      PEAL_ROOMS_UNAUTHORIZED, NULL },
  { "who-has-no-token-is-told-nothing-of-the-room", "secret", NULL, NULL, NULL,
      "not a room", PEAL_ROOMS_UNAUTHORIZED, NULL },
  { "the-path-may-name-the-room", NULL, NULL, NULL, "den", NULL, NULL, "den" },
  { "the-joins-room-counts-first", NULL, NULL, NULL, "den", "attic", NULL,
      "attic" },
  { "a-room-has-to-be-named", NULL, NULL, NULL, NULL, NULL, PEAL_ROOMS_BAD_ROOM,
      NULL },
  { "the-paths-room-is-checked", NULL, NULL, NULL, "two words", NULL,
      PEAL_ROOMS_BAD_ROOM, NULL },
};

static PealRoomVisitor *
come (PealRoomTable *table, const Case *this)
{
  const PealRoomCaller caller = {
    .room = this->path_room, .token = this->query_token, .throttle_key = "here"
  };

  return peal_room_visitor_new (&caller, table, this->server_token);
}

static void
test_join (gconstpointer data)
{
  const Case *this = data;
  g_autoptr (PealRoomTable) table = peal_room_table_new (2, 2, START);
  g_autoptr (PealRoomVisitor) visitor = come (table, this);
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->token = g_strdup (this->token);
  join->room = g_strdup (this->room);
  g_assert_cmpstr (
      peal_room_visitor_check_join (visitor, join), ==, this->code);
  if (this->joined)
    g_assert_cmpstr (join->room, ==, this->joined);
}

/* What its dialect is told is what it gets, if it is to stay. */
static void
test_key (void)
{
  static const Case nobody = { NULL };
  g_autoptr (PealRoomTable) table = peal_room_table_new (2, 2, START);
  g_autoptr (PealRoomVisitor) visitor = come (table, &nobody);
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);
  g_autofree gchar *fresh = peal_room_visitor_make_key (visitor, join);
  g_autofree gchar *fresh_id = peal_member_key_to_id (fresh);
  g_autofree gchar *kept = NULL;
  g_autofree gchar *kept_id = NULL;
  const gchar *told = peal_room_visitor_get_context (visitor)->id;

  g_assert_cmpstr (fresh_id, !=, told);
  join->keeps_id = TRUE;
  kept = peal_room_visitor_make_key (visitor, join);
  kept_id = peal_member_key_to_id (kept);
  g_assert_cmpstr (kept_id, ==, told);
}

static void
test_away (void)
{
  static const Case open = { NULL };
  g_autoptr (PealRoomTable) table = peal_room_table_new (2, 2, START);
  g_autoptr (PealRoomVisitor) visitor = come (table, &open);
  const PealServerContext *context = peal_room_visitor_get_context (visitor);

  g_assert_true (context->is_authorized (context->owner, NULL));
  peal_room_visitor_send_away (visitor);
  g_assert_false (context->is_authorized (context->owner, NULL));
  g_assert_false (context->can_call (context->owner, "ada"));
}

static void
test_rate (void)
{
  static const Case open = { NULL };
  g_autoptr (PealRoomTable) table = peal_room_table_new (2, 2, START);
  g_autoptr (PealRoomVisitor) visitor = come (table, &open);
  g_autoptr (PealThrottle) messages = peal_throttle_new (1, 1);

  g_assert_true (peal_room_visitor_may_speak (visitor, messages, START));
  for (guint i = 0; i < PEAL_ROOM_VISITOR_MAX_REFUSED; i++)
    g_assert_false (peal_room_visitor_may_speak (visitor, messages, START));
  g_assert_false (peal_room_visitor_does_not_listen (visitor));
  g_assert_false (peal_room_visitor_may_speak (visitor, messages, START));
  g_assert_true (peal_room_visitor_does_not_listen (visitor));
  g_assert_true (peal_room_visitor_may_speak (
      visitor, messages, START + 2 * G_USEC_PER_SEC));
  g_assert_false (peal_room_visitor_does_not_listen (visitor));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path =
        g_strconcat ("/room-visitor/", cases[i].sentence, NULL);

    g_test_add_data_func (path, &cases[i], test_join);
  }
  g_test_add_func (
      "/room-visitor/the-id-that-its-dialect-was-told-may-stay", test_key);
  g_test_add_func ("/room-visitor/who-is-sent-away-may-nothing", test_away);
  g_test_add_func (
      "/room-visitor/who-goes-on-when-refused-does-not-listen", test_rate);
  return g_test_run ();
}
