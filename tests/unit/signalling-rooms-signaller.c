/*
 * What the contract does not reach: a server that behaves as this script says.
 *
 * The server is libsoup's, on the test's own context. It answers the n-th join
 * with the n-th reply; "close N" stands for closing with that code, and
 * "silence" for nothing.
 */
#include <libsoup/soup.h>

#include "base/error.h"
#include "signalling/rooms-signaller.h"
#include "soup-door.h"
#include "wait.h"

#define JOINED_A                                                            \
  "{\"type\":\"joined\",\"room\":\"lobby\",\"id\":\"a\",\"resume\":\"k1\"," \
  "\"peers\":[],\"iceServers\":[]}"
#define JOINED_B                                                            \
  "{\"type\":\"joined\",\"room\":\"lobby\",\"id\":\"b\",\"resume\":\"k2\"," \
  "\"peers\":[],\"iceServers\":[]}"
#define FULL "{\"type\":\"error\",\"code\":\"room-full\",\"message\":\"full\"}"
#define BAD_NAME "{\"type\":\"error\",\"code\":\"bad-name\",\"message\":\"no\"}"

typedef struct {
  SoupServer *server;
  guint port;
  SoupWebsocketConnection *connection;
  const gchar *const *replies;
  guint n_joins;
  GPtrArray *frames; /* what the server heard */

  PealSignaller *signaller;
  guint n_joined;
  GError *error;
} Fixture;

static void
reply (SoupWebsocketConnection *connection, const gchar *text)
{
  if (g_str_has_prefix (text, "close "))
    soup_websocket_connection_close (
        connection, (gushort)g_ascii_strtoull (text + 6, NULL, 10), NULL);
  else if (!g_str_equal (text, "silence"))
    soup_websocket_connection_send_text (connection, text);
}

static void
on_frame (SoupWebsocketConnection *connection, gint type, GBytes *bytes,
    gpointer data)
{
  Fixture *fixture = data;
  const gchar *text = g_bytes_get_data (bytes, NULL);

  g_ptr_array_add (fixture->frames, g_strdup (text));
  if (strstr (text, "\"join\"") && fixture->replies[fixture->n_joins])
    reply (connection, fixture->replies[fixture->n_joins++]);
}

static void
on_connection (SoupServer *server, SoupServerMessage *message,
    const gchar *path, SoupWebsocketConnection *connection, gpointer data)
{
  Fixture *fixture = data;

  g_set_object (&fixture->connection, connection);
  g_signal_connect (connection, "message", G_CALLBACK (on_frame), fixture);
}

static void
start_server (Fixture *fixture, guint port)
{
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_websocket_handler (
      fixture->server, "/ws", NULL, NULL, on_connection, fixture, NULL);
  fixture->port = soup_door_open (fixture->server, port);
}

static void
stop_server (Fixture *fixture)
{
  if (fixture->connection)
    g_signal_handlers_disconnect_by_data (fixture->connection, fixture);
  g_clear_object (&fixture->connection);
  if (fixture->server)
    soup_door_close (fixture->server);
  g_clear_object (&fixture->server);
}

static void
on_message (PealSignaller *signaller, PealMessage *message, gpointer data)
{
  if (message->kind == PEAL_MESSAGE_JOINED)
    ((Fixture *)data)->n_joined++;
}

static void
on_state (PealSignaller *signaller, PealSignallingState state, GError *error,
    gpointer data)
{
  Fixture *fixture = data;

  g_clear_error (&fixture->error);
  fixture->error = error ? g_error_copy (error) : NULL;
}

static void
start_client (Fixture *fixture, gboolean no_retry)
{
  g_autofree gchar *uri =
      g_strdup_printf ("ws://127.0.0.1:%u/lobby?token=secret", fixture->port);
  g_autoptr (PealSignallerConfig) config = peal_signaller_config_new (uri);
  g_autoptr (GError) error = NULL;

  config->no_retry = no_retry;
  fixture->signaller = peal_rooms_signaller_new (config, &error);
  g_assert_no_error (error);
  g_signal_connect (
      fixture->signaller, "message", G_CALLBACK (on_message), fixture);
  g_signal_connect (
      fixture->signaller, "state-changed", G_CALLBACK (on_state), fixture);
  peal_signaller_start (fixture->signaller);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->frames = g_ptr_array_new_with_free_func (g_free);
  start_server (fixture, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->signaller)
    peal_signaller_stop (fixture->signaller);
  g_clear_object (&fixture->signaller);
  stop_server (fixture);
  g_clear_error (&fixture->error);
  g_ptr_array_unref (fixture->frames);
}

static PealSignallingState
state_of (gpointer data)
{
  return peal_signaller_get_state (((Fixture *)data)->signaller);
}

static gboolean
has_joined_once (gpointer data)
{
  return ((Fixture *)data)->n_joined == 1;
}

static gboolean
has_joined_twice (gpointer data)
{
  return ((Fixture *)data)->n_joined == 2;
}

static gboolean
has_failed (gpointer data)
{
  return state_of (data) == PEAL_SIGNALLING_FAILED;
}

static gboolean
is_away (gpointer data)
{
  return state_of (data) == PEAL_SIGNALLING_RECONNECTING;
}

static gboolean
is_text_heard (gpointer data)
{
  Fixture *fixture = data;
  GPtrArray *frames = fixture->frames;

  return frames->len > 0 &&
      strstr (g_ptr_array_index (frames, frames->len - 1), "\"message\"");
}

static void
say_hello (Fixture *fixture)
{
  JsonNode *body = json_node_init_string (json_node_alloc (), "hello");
  g_autoptr (PealMessage) message = peal_message_new_text (NULL, body);
  g_autoptr (GError) error = NULL;

  peal_signaller_send (fixture->signaller, message, &error);
  g_assert_no_error (error);
  json_node_unref (body);
}

static void
test_no_retry (Fixture *fixture, gconstpointer data)
{
  stop_server (fixture);
  start_client (fixture, TRUE);
  wait_for (has_failed, fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
  g_assert_nonnull (strstr (fixture->error->message, "cannot reach"));
  g_assert_null (strstr (fixture->error->message, "secret"));
}

static void
test_server_comes_later (Fixture *fixture, gconstpointer data)
{
  const gchar *const replies[] = { JOINED_A, NULL };
  guint port = fixture->port;

  fixture->replies = replies;
  stop_server (fixture);
  start_client (fixture, FALSE);
  wait_for (is_away, fixture);
  g_assert_nonnull (strstr (fixture->error->message, "cannot reach"));
  start_server (fixture, port);
  wait_for (has_joined_once, fixture);
}

static void
test_full_at_first (Fixture *fixture, gconstpointer data)
{
  const gchar *const replies[] = { FULL, NULL };

  fixture->replies = replies;
  start_client (fixture, FALSE);
  wait_for (has_failed, fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
}

static void
test_full_at_return (Fixture *fixture, gconstpointer data)
{
  const gchar *const replies[] = { JOINED_A, FULL, JOINED_B, NULL };

  fixture->replies = replies;
  start_client (fixture, FALSE);
  wait_for (has_joined_once, fixture);
  reply (fixture->connection, "close 1001");
  wait_for (has_joined_twice, fixture);
  g_assert_cmpuint (fixture->n_joins, ==, 3);
}

static void
test_bad_name (Fixture *fixture, gconstpointer data)
{
  const gchar *const replies[] = { BAD_NAME, NULL };

  fixture->replies = replies;
  start_client (fixture, FALSE);
  wait_for (has_failed, fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
}

static void
test_resume_key (Fixture *fixture, gconstpointer data)
{
  const gchar *const replies[] = { JOINED_A, JOINED_A, NULL };

  fixture->replies = replies;
  start_client (fixture, FALSE);
  wait_for (has_joined_once, fixture);
  g_assert_null (strstr (g_ptr_array_index (fixture->frames, 0), "resume"));
  reply (fixture->connection, "close 1001");
  wait_for (is_away, fixture);
  say_hello (fixture);
  wait_for (has_joined_twice, fixture);
  g_assert_nonnull (
      strstr (g_ptr_array_index (fixture->frames, 1), "\"resume\":\"k1\""));
  wait_for (is_text_heard, fixture);
}

static void
test_new_id (Fixture *fixture, gconstpointer data)
{
  const gchar *const replies[] = { JOINED_A, JOINED_B, NULL };

  fixture->replies = replies;
  start_client (fixture, FALSE);
  wait_for (has_joined_once, fixture);
  reply (fixture->connection, "close 1001");
  wait_for (is_away, fixture);
  say_hello (fixture);
  wait_for (has_joined_twice, fixture);
  run_for_ms (50);
  g_assert_cmpuint (fixture->frames->len, ==, 2);
}

static void
test_rubbish (Fixture *fixture, gconstpointer data)
{
  const gchar *const replies[] = { JOINED_A, NULL };
  const gchar *const rubbish[] = { "", "[]", "{", "{\"type\":7}",
    "{\"type\":\"quux\"}", "{\"type\":\"joined\"}",
    "{\"type\":\"offer\",\"from\":[],\"sdp\":{}}" };

  fixture->replies = replies;
  start_client (fixture, FALSE);
  wait_for (has_joined_once, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++)
    reply (fixture->connection, rubbish[i]);
  run_for_ms (50);
  say_hello (fixture);
  wait_for (is_text_heard, fixture);
  g_assert_cmpint (state_of (fixture), ==, PEAL_SIGNALLING_JOINED);
}

#define ADD(path, func) \
  g_test_add ("/rooms-signaller/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("without-retry-an-unreachable-server-is-a-failure", test_no_retry);
  ADD ("a-server-that-comes-later-is-found", test_server_comes_later);
  ADD ("a-full-room-is-a-failure-at-first", test_full_at_first);
  ADD ("a-full-room-is-tried-again-by-who-was-in-it", test_full_at_return);
  ADD ("a-bad-name-is-a-failure", test_bad_name);
  ADD ("the-resume-key-is-shown-and-what-was-kept-is-said", test_resume_key);
  ADD ("with-a-new-id-what-was-kept-is-dropped", test_new_id);
  ADD ("rubbish-from-the-server-changes-nothing", test_rubbish);

  return g_test_run ();
}
