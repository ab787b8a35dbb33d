/*
 * Raw clients of the server over real sockets, beside members that speak Peal
 * rooms:
 *
 *   raw (no ids) ---+
 *                   +--- server (room "lobby"), all in this thread
 *   alice (Peal) ---+
 */
#include <string.h>

#include "room-client.h"
#include "server-here.h"
#include "wait.h"

#define OFFER "v=0\\r\\no=- 4711 2 IN IP4 127.0.0.1\\r\\n"

typedef struct {
  PealServer *server;
  gchar *base; /* ws://… */
} Fixture;

static void
start (Fixture *fixture, const gchar *token)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  options->token = g_strdup (token);
  fixture->server = server_here_new (options, NULL);
  fixture->base = g_strdup_printf (
      "ws://127.0.0.1:%u", peal_server_get_port (fixture->server));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  start (fixture, data);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  server_here_free (fixture->server);
  g_free (fixture->base);
}

static RoomClient *
open_at (Fixture *fixture, const gchar *path)
{
  g_autofree gchar *url = g_strconcat (fixture->base, path, NULL);

  return room_client_new (url);
}

static RoomClient *
join_as_peal (Fixture *fixture)
{
  RoomClient *alice = open_at (fixture, "/ws/lobby");

  room_client_say (
      alice, "{'type':'join','name':'Alice','prefersOffering':true}");
  room_client_hear (alice, "joined");
  return alice;
}

static const gchar *
get_text (JsonObject *object, const gchar *name)
{
  return json_object_get_string_member (object, name);
}

static void
say_offer (RoomClient *raw)
{
  room_client_say (raw, "{'type':'offer','sdp':'" OFFER "'}");
}

/* Alice answers the offer that she hears, and the raw client hears that. */
static void
assert_call (RoomClient *alice, RoomClient *raw)
{
  JsonObject *offer;
  g_autofree gchar *from = NULL;
  g_autofree gchar *session = NULL;
  JsonObject *candidate;

  g_assert_true (json_object_get_boolean_member (
      json_object_get_object_member (
          room_client_hear (alice, "peer-joined"), "peer"),
      "offers"));
  offer = room_client_hear (alice, "offer");
  from = g_strdup (get_text (offer, "from"));
  session = g_strdup (get_text (offer, "session"));
  room_client_say (alice,
      "{'type':'answer','to':'%s','session':'%s','sdp':'v=0'}", from, session);
  room_client_say (alice,
      "{'type':'candidate','to':'%s','session':'%s',"
      "'candidate':{'candidate':'candidate:1','sdpMid':'0'}}",
      from, session);
  g_assert_cmpstr (
      get_text (room_client_hear (raw, "answer"), "sdp"), ==, "v=0");
  candidate = json_object_get_object_member (
      room_client_hear (raw, "candidate"), "candidate");
  g_assert_cmpstr (get_text (candidate, "candidate"), ==, "candidate:1");
}

static void
test_offer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = join_as_peal (fixture);
  g_autoptr (RoomClient) raw = open_at (fixture, "/relay/lobby");

  say_offer (raw);
  assert_call (alice, raw);
  room_client_cut (raw);
  room_client_hear (alice, "peer-left");
}

static void
test_first_frame (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = join_as_peal (fixture);
  g_autoptr (RoomClient) raw = open_at (fixture, "/ws");

  say_offer (raw);
  assert_call (alice, raw);
  room_client_cut (raw);
  room_client_hear (alice, "peer-left");
}

static void
test_asked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = join_as_peal (fixture);
  g_autoptr (RoomClient) raw = open_at (fixture, "/relay/lobby");
  JsonObject *peer = json_object_get_object_member (
      room_client_hear (alice, "peer-joined"), "peer");
  JsonObject *answer;

  g_assert_false (json_object_get_boolean_member (peer, "offers"));
  room_client_say (alice,
      "{'type':'offer','to':'%s','session':'12345678','sdp':'v=0'}",
      get_text (peer, "id"));
  room_client_hear (raw, "offer");
  room_client_say (raw, "{'type':'answer','sdp':'" OFFER "'}");
  room_client_say (raw,
      "{'type':'candidate','candidate':{'candidate':'candidate:2',"
      "'sdpMid':'0','sdpMLineIndex':0}}");
  answer = room_client_hear (alice, "answer");
  g_assert_cmpstr (get_text (answer, "session"), ==, "12345678");
  g_assert_cmpstr (get_text (room_client_hear (alice, "candidate"), "session"),
      ==, "12345678");
}

static void
test_raw_to_raw (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) one = open_at (fixture, "/relay/lobby");
  g_autoptr (RoomClient) two = NULL;
  g_autoptr (RoomClient) three = NULL;

  say_offer (one);
  two = open_at (fixture, "/relay/lobby");
  three = open_at (fixture, "/relay/lobby");
  room_client_hear (two, "offer");
  room_client_say (two, "{'type':'answer','sdp':'v=0'}");
  room_client_hear (one, "answer");
  g_assert_cmpuint (three->n_heard, ==, 0);
}

static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = join_as_peal (fixture);
  g_autoptr (RoomClient) raw = open_at (fixture, "/relay/lobby");

  room_client_say (raw, "nonsense");
  room_client_say (raw, "{'type':'dance'}");
  room_client_say (raw, "{'type':'bye'}");
  room_client_say (raw, "[]");
  soup_websocket_connection_send_binary (raw->socket, "{}", 2);
  say_offer (raw);
  assert_call (alice, raw);
}

static void
test_no_path (Fixture *fixture, gconstpointer data)
{
  static const gchar *const paths[] = { "/other", "/wsx", "/relayed/lobby" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree gchar *url = g_strconcat (fixture->base, paths[i], NULL);
    g_autoptr (RoomClient) client = room_client_open (url, NULL, NULL);

    g_assert_null (client->socket);
    g_assert_nonnull (client->error);
  }
}

static void
test_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) right = open_at (fixture, "/relay/lobby?token=s3cret");
  g_autoptr (RoomClient) other = NULL;
  g_autoptr (RoomClient) wrong = open_at (fixture, "/relay/lobby?token=guess");
  g_autoptr (RoomClient) none = open_at (fixture, "/relay/lobby");
  g_autoptr (RoomClient) peal = open_at (fixture, "/ws/lobby?token=s3cret");

  room_client_hear_error (wrong, "unauthorized");
  g_assert_cmpuint (room_client_wait_closed (wrong), ==, 1008);
  room_client_hear_error (none, "unauthorized");
  g_assert_cmpuint (room_client_wait_closed (none), ==, 1008);
  room_client_say (peal, "{'type':'join'}");
  room_client_hear (peal, "joined");
  say_offer (right);
  room_client_hear (peal, "peer-joined");
}

static void
add (const gchar *path, const gchar *token,
    void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, token, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/relay/a-raw-client-offers-and-is-answered", NULL, test_offer);
  add ("/relay/on-the-path-of-peal-rooms-its-first-message-tells", NULL,
      test_first_frame);
  add ("/relay/a-raw-client-that-waits-gets-an-offer", NULL, test_asked);
  add ("/relay/raw-clients-meet-and-a-third-hears-nothing", NULL,
      test_raw_to_raw);
  add ("/relay/nonsense-is-ignored", NULL, test_nonsense);
  add ("/relay/other-paths-speak-nothing", NULL, test_no_path);
  add ("/relay/a-token-is-wanted-in-the-query", "s3cret", test_token);
  return g_test_run ();
}
