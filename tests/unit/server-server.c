/*
 * The room server over real sockets: rooms, messages, ends of connections.
 *
 *   alice ---+
 *            +--- server (room "lobby"), all in this thread
 *   bob   ---+
 */
#include <string.h>

#include "room-client.h"
#include "server-here.h"
#include "wait.h"

typedef struct {
  PealServer *server;
  gchar *uri;    /* ws://…/ws */
  gchar *origin; /* http://… */
  GString *comings;
} Fixture;

static void
on_coming (PealServer *server, const gchar *room, const gchar *id,
    const gchar *name, GString *comings)
{
  g_string_append_printf (comings, "+%s/%s ", room, name);
}

static void
on_going (PealServer *server, const gchar *room, const gchar *id,
    const gchar *name, GString *comings)
{
  g_string_append_printf (comings, "-%s/%s ", room, name);
}

static void
start (Fixture *fixture, PealServerOptions *options,
    const PealServerLimits *limits)
{
  fixture->server = server_here_new (options, limits);
  fixture->uri = peal_server_dup_signalling_uri (fixture->server, "ws");
  fixture->origin = g_strdup_printf (
      "http://127.0.0.1:%u", peal_server_get_port (fixture->server));
  fixture->comings = g_string_new (NULL);
  g_signal_connect (fixture->server, "member-joined", G_CALLBACK (on_coming),
      fixture->comings);
  g_signal_connect (
      fixture->server, "member-left", G_CALLBACK (on_going), fixture->comings);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  server_here_free (fixture->server);
  g_free (fixture->uri);
  g_free (fixture->origin);
  g_string_free (fixture->comings, TRUE);
}

static gchar *
get_id (JsonObject *joined)
{
  return g_strdup (json_object_get_string_member (joined, "id"));
}

static JsonObject *
only_peer (JsonObject *joined)
{
  JsonArray *peers = json_object_get_array_member (joined, "peers");

  g_assert_cmpuint (json_array_get_length (peers), ==, 1);
  return json_array_get_object_element (peers, 0);
}

static gchar *
join (RoomClient *client, const gchar *name)
{
  room_client_say (client, "{'type':'join','room':'lobby','name':'%s'}", name);
  return get_id (room_client_hear (client, "joined"));
}

static void
test_join (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *alice_id = join (alice, "Alice");
  JsonObject *peer;

  room_client_say (bob,
      "{'type':'join','room':'lobby','name':'Bob',"
      "'meta':{'colour':'red'}}");
  peer = only_peer (room_client_hear (bob, "joined"));
  g_assert_cmpstr (json_object_get_string_member (peer, "id"), ==, alice_id);
  g_assert_cmpstr (json_object_get_string_member (peer, "name"), ==, "Alice");
  g_assert_false (json_object_get_boolean_member (peer, "offers"));

  peer = json_object_get_object_member (
      room_client_hear (alice, "peer-joined"), "peer");
  g_assert_cmpstr (json_object_get_string_member (peer, "name"), ==, "Bob");
  g_assert_true (json_object_get_boolean_member (peer, "offers"));
  g_assert_cmpstr (json_object_get_string_member (
                       json_object_get_object_member (peer, "meta"), "colour"),
      ==, "red");
  g_assert_cmpstr (fixture->comings->str, ==, "+lobby/Alice +lobby/Bob ");
}

static void
test_path_room (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *uri = g_strconcat (fixture->uri, "/hall", NULL);
  g_autoptr (RoomClient) alice = room_client_new (uri);

  room_client_say (alice, "{'type':'join'}");
  g_assert_cmpstr (json_object_get_string_member (
                       room_client_hear (alice, "joined"), "room"),
      ==, "hall");
}

static void
test_relay_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *alice_id = join (alice, "Alice");
  g_autofree gchar *bob_id = join (bob, "Bob");

  room_client_hear (alice, "peer-joined");
  for (guint i = 0; i < 300; i++)
    room_client_say (
        bob, "{'type':'message','to':'%s','body':%u}", alice_id, i);
  for (guint i = 0; i < 300; i++) {
    JsonObject *message = room_client_hear (alice, "message");

    g_assert_cmpint (json_object_get_int_member (message, "body"), ==, i);
    g_assert_cmpstr (
        json_object_get_string_member (message, "from"), ==, bob_id);
    g_assert_false (json_object_has_member (message, "to"));
  }
}

static void
test_offer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *alice_id = join (alice, "Alice");
  g_autofree gchar *bob_id = join (bob, "Bob");
  JsonObject *offer;

  room_client_say (bob,
      "{'type':'offer','to':'%s','session':'12345678','sdp':'v=0'}", alice_id);
  room_client_hear (alice, "peer-joined");
  offer = room_client_hear (alice, "offer");
  g_assert_cmpstr (json_object_get_string_member (offer, "sdp"), ==, "v=0");
  g_assert_cmpstr (json_object_get_string_member (offer, "from"), ==, bob_id);
}

static void
test_other_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) eve = room_client_new (fixture->uri);
  g_autofree gchar *alice_id = join (alice, "Alice");

  room_client_say (eve, "{'type':'join','room':'other'}");
  room_client_hear (eve, "joined");
  room_client_say (eve, "{'type':'message','to':'%s','body':'psst'}", alice_id);
  room_client_hear_error (eve, "unknown-peer");
  room_client_say (eve, "{'type':'message','body':'hello all'}");
  room_client_hear_nothing (eve);
  room_client_hear_nothing (alice);
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autofree gchar *id = NULL;

  room_client_say (alice, "{'type':'message','body':1}");
  room_client_hear_error (alice, "not-joined");
  room_client_say (alice, "{'type':'join'}");
  room_client_hear_error (alice, "bad-room");
  room_client_say (alice, "{'type':'join','room':'a b'}");
  room_client_hear_error (alice, "bad-room");
  room_client_say (alice, "{'type':'join','room':'r','name':[]}");
  room_client_hear_error (alice, "bad-name");
  room_client_say (alice, "nonsense");
  room_client_hear_error (alice, "bad-message");
  room_client_say (alice, "{'type':'dance'}");
  room_client_hear_error (alice, "unknown-type");
  soup_websocket_connection_send_binary (alice->socket, "{}", 2);
  room_client_hear_error (alice, "bad-message");
  id = join (alice, "Alice");
  room_client_say (alice, "{'type':'join','room':'lobby'}");
  room_client_hear_error (alice, "already-joined");
  room_client_say (alice, "{'type':'bye','to':'nobody'}");
  room_client_hear_error (alice, "unknown-peer");
  room_client_say (alice, "{'type':'message','to':'%s','body':1}", id);
  room_client_hear_error (alice, "unknown-peer");
  room_client_hear_nothing (alice);
}

static void
test_deep_json (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autofree gchar *deep = g_strnfill (60000, '[');

  room_client_say_text (alice, deep);
  room_client_hear_error (alice, "bad-message");
  room_client_hear_nothing (alice);
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autofree gchar *large = g_strnfill (70000, 'x');

  room_client_say_text (alice, large);
  room_client_hear_error (alice, "too-large");
  g_assert_cmpuint (room_client_wait_closed (alice), ==, 1009);
}

static void
test_far_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *large = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree gchar *id = join (bob, "Bob");

  room_client_say_text (alice, large);
  room_client_wait_closed (alice);
  room_client_hear_nothing (bob);
}

static void
test_growing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *alice_id = join (alice, "Alice");
  g_autofree gchar *bob_id = join (bob, "Bob");
  g_autofree gchar *filling = g_strnfill (30000, '\x7f');

  room_client_hear (alice, "peer-joined");
  room_client_say (
      bob, "{'type':'message','to':'%s','body':'%s'}", alice_id, filling);
  room_client_hear_error (bob, "too-large");
  room_client_hear_nothing (alice);
}

static void
test_clean_close (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *alice_id = join (alice, "Alice");
  g_autofree gchar *bob_id = join (bob, "Bob");

  room_client_close (alice, SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
  g_assert_cmpstr (
      json_object_get_string_member (room_client_hear (bob, "peer-left"), "id"),
      ==, alice_id);
  g_assert_cmpstr (
      fixture->comings->str, ==, "+lobby/Alice +lobby/Bob -lobby/Alice ");
}

static void
test_bye (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *alice_id = join (alice, "Alice");
  g_autofree gchar *bob_id = join (bob, "Bob");
  g_autofree gchar *new_id = NULL;

  room_client_hear (alice, "peer-joined");
  room_client_say (alice, "{'type':'bye','reason':'lunch'}");
  g_assert_cmpstr (json_object_get_string_member (
                       room_client_hear (bob, "peer-left"), "reason"),
      ==, "lunch");
  new_id = join (alice, "Alice");
  g_assert_cmpstr (new_id, !=, alice_id);
}

/* Until the server has noticed that one socket is gone. */
static void
wait_for_detached (Fixture *fixture)
{
  g_autofree gchar *url = g_strconcat (fixture->origin, "/metrics", NULL);
  gint64 end_us = g_get_monotonic_time () + WAIT_DEFAULT_MS * 1000;
  gboolean is_seen = FALSE;

  while (!is_seen && g_get_monotonic_time () < end_us) {
    g_autoptr (RoomAnswer) answer = room_http_ask ("GET", url, NULL, NULL);

    g_assert_no_error (answer->error);
    is_seen = strstr (answer->body, "\npeal_members_detached 1\n") != NULL;
  }
  g_assert_true (is_seen);
}

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  RoomClient *alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) again = NULL;
  g_autoptr (RoomClient) bob = room_client_new (fixture->uri);
  g_autofree gchar *key = NULL;
  g_autofree gchar *id = NULL;
  g_autofree gchar *bob_id = NULL;
  JsonObject *joined;

  room_client_say (alice, "{'type':'join','room':'lobby','name':'Alice'}");
  joined = room_client_hear (alice, "joined");
  key = g_strdup (json_object_get_string_member (joined, "resume"));
  id = get_id (joined);
  bob_id = join (bob, "Bob");

  room_client_cut (alice);
  room_client_free (alice);
  wait_for_detached (fixture);
  room_client_say (bob, "{'type':'message','to':'%s','body':'wait'}", id);
  room_client_hear_nothing (bob);

  again = room_client_new (fixture->uri);
  room_client_say (again, "{'type':'join','room':'lobby','resume':'%s'}", key);
  joined = room_client_hear (again, "joined");
  g_assert_cmpstr (json_object_get_string_member (joined, "id"), ==, id);
  g_assert_cmpstr (
      json_object_get_string_member (only_peer (joined), "id"), ==, bob_id);
  g_assert_true (json_object_get_boolean_member (only_peer (joined), "offers"));
  room_client_hear (again, "message");
  room_client_hear_nothing (bob);
}

static void
test_take_over (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autoptr (RoomClient) again = room_client_new (fixture->uri);
  g_autofree gchar *key = NULL;
  g_autofree gchar *id = NULL;
  JsonObject *joined;

  room_client_say (alice, "{'type':'join','room':'lobby'}");
  joined = room_client_hear (alice, "joined");
  key = g_strdup (json_object_get_string_member (joined, "resume"));
  id = get_id (joined);

  room_client_say (again, "{'type':'join','room':'lobby','resume':'%s'}", key);
  joined = room_client_hear (again, "joined");
  g_assert_cmpstr (json_object_get_string_member (joined, "id"), ==, id);
  g_assert_cmpuint (room_client_wait_closed (alice), ==, 1000);
  room_client_say (again, "{'type':'message','body':1}");
  room_client_hear_nothing (again);
}

static void
test_shutdown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = room_client_new (fixture->uri);
  g_autofree gchar *id = join (alice, "Alice");

  peal_server_stop (fixture->server);
  room_client_hear_error (alice, "shutting-down");
  g_assert_cmpuint (room_client_wait_closed (alice), ==, 1001);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();
  Fixture second = { 0 };
  g_autofree gchar *key = NULL;
  g_autofree gchar *id = NULL;
  JsonObject *joined;

  {
    g_autoptr (RoomClient) alice = room_client_new (fixture->uri);

    room_client_say (alice, "{'type':'join','room':'lobby'}");
    joined = room_client_hear (alice, "joined");
    key = g_strdup (json_object_get_string_member (joined, "resume"));
    id = get_id (joined);
  }
  start (&second, options, NULL);
  {
    g_autoptr (RoomClient) alice = room_client_new (second.uri);

    room_client_say (
        alice, "{'type':'join','room':'lobby','resume':'%s'}", key);
    joined = room_client_hear (alice, "joined");
    g_assert_cmpstr (json_object_get_string_member (joined, "id"), ==, id);
  }
  tear_down (&second, NULL);
}

#define ADD(name, func) \
  g_test_add ("/server/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("members-of-a-room-see-each-other-and-the-newcomer-offers", test_join);
  ADD ("the-path-names-the-room-when-join-does-not", test_path_room);
  ADD ("messages-arrive-in-the-order-they-were-sent", test_relay_order);
  ADD ("an-offer-arrives-with-its-sender", test_offer);
  ADD ("nothing-passes-between-rooms", test_other_room);
  ADD ("each-mistake-gets-its-error-and-the-connection-stays", test_errors);
  ADD ("deep-json-gets-an-error-and-the-connection-stays", test_deep_json);
  ADD ("a-frame-over-64-kib-gets-an-error-and-close-1009", test_too_large);
  ADD ("a-frame-of-2-mib-costs-only-its-sender-the-connection",
      test_far_too_large);
  ADD ("a-message-that-would-grow-too-large-is-refused", test_growing);
  ADD ("who-closes-properly-has-left", test_clean_close);
  ADD ("who-says-bye-has-left-and-may-join-again", test_bye);
  ADD ("who-lost-the-socket-is-back-with-the-same-id-and-what-waited",
      test_resume);
  ADD ("a-resume-key-takes-over-from-a-socket-that-still-stands",
      test_take_over);
  ADD ("members-hear-that-the-server-goes-away", test_shutdown);
  ADD ("a-server-started-again-gives-the-same-id-back", test_restart);
  return g_test_run ();
}
