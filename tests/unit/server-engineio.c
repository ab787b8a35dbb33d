/*
 * The heartbeat of Engine.IO 4, as engine.io-protocol's suite wants it: pings
 * of the server, pongs of the client, and an end for who is silent; and the
 * size of what it takes, which is what it promised. Intervals are short here.
 *
 *   client (WebSocket, or long polls) --- server, all in this thread
 */
#include <string.h>

#include "room-client.h"
#include "server-here.h"
#include "wait.h"

#define PING_INTERVAL_MS 100
#define PING_TIMEOUT_MS 150
#define PINGS_WANTED 5             /* later than the first one's timeout */
#define CONNECT_PATIENCE_MS 100000 /* ten times what the server has */

typedef struct {
  PealServerLimits limits;
  PealServer *server;
  gchar *base;
  SoupSession *session;
  SoupWebsocketConnection *socket;
  gboolean answers;
  guint n_pings;
  gsize promised_bytes;
  gboolean is_closed;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->limits = (PealServerLimits)PEAL_SERVER_LIMITS_INIT;
  fixture->limits.engineio_ping_interval_ms = PING_INTERVAL_MS;
  fixture->limits.engineio_ping_timeout_ms = PING_TIMEOUT_MS * wait_slowness ();
}

static void
start (Fixture *fixture)
{
  fixture->server = server_here_new (NULL, &fixture->limits);
  fixture->base = g_strdup_printf ("127.0.0.1:%u/socket.io/?EIO=4&transport=",
      peal_server_get_port (fixture->server));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->socket);
  g_clear_object (&fixture->session);
  server_here_free (fixture->server);
  g_free (fixture->base);
}

static gsize
read_promise (const gchar *open)
{
  g_autoptr (JsonNode) handshake = json_from_string (open + 1, NULL);

  g_assert_nonnull (handshake);
  return (gsize)json_object_get_int_member (
      json_node_get_object (handshake), "maxPayload");
}

static void
on_message (
    SoupWebsocketConnection *socket, gint type, GBytes *frame, Fixture *fixture)
{
  gsize length;
  const gchar *text = g_bytes_get_data (frame, &length);

  if (text[0] == '0')
    fixture->promised_bytes = read_promise (text);
  if (length != 1 || text[0] != '2')
    return;
  fixture->n_pings++;
  if (fixture->answers)
    soup_websocket_connection_send_text (socket, "3");
}

static void
on_closed (SoupWebsocketConnection *socket, Fixture *fixture)
{
  fixture->is_closed = TRUE;
}

static void
on_connected (GObject *session, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;

  fixture->socket = soup_session_websocket_connect_finish (
      SOUP_SESSION (session), result, &error);
  g_assert_no_error (error);
  g_signal_connect (
      fixture->socket, "message", G_CALLBACK (on_message), fixture);
  g_signal_connect (fixture->socket, "closed", G_CALLBACK (on_closed), fixture);
}

static gboolean
is_connected (gpointer data)
{
  return ((Fixture *)data)->socket != NULL;
}

static gboolean
is_promised (gpointer data)
{
  return ((Fixture *)data)->promised_bytes > 0;
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *)data)->is_closed;
}

static gboolean
is_pinged (gpointer data)
{
  return ((Fixture *)data)->n_pings >= PINGS_WANTED;
}

static gboolean
is_pinged_or_closed (gpointer data)
{
  return is_pinged (data) || is_closed (data);
}

static void
connect_socket (Fixture *fixture)
{
  g_autofree gchar *url =
      g_strconcat ("ws://", fixture->base, "websocket", NULL);
  g_autoptr (SoupMessage) handshake = soup_message_new ("GET", url);

  fixture->session = soup_session_new ();
  soup_session_websocket_connect_async (fixture->session, handshake, NULL, NULL,
      G_PRIORITY_DEFAULT, NULL, on_connected, fixture);
  wait_for (is_connected, fixture);
}

static void
test_pong_keeps (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  fixture->answers = TRUE;
  connect_socket (fixture);
  soup_websocket_connection_send_text (fixture->socket, "40");
  wait_for (is_pinged_or_closed, fixture);
  g_assert_false (fixture->is_closed);
}

static void
test_silence_closes (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  connect_socket (fixture);
  soup_websocket_connection_send_text (fixture->socket, "40");
  wait_for (is_closed, fixture);
  g_assert_cmpuint (fixture->n_pings, ==, 1);
}

static void
test_no_connect (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  fixture->answers = TRUE;
  connect_socket (fixture);
  g_assert_true (wait_until (is_closed, fixture, CONNECT_PATIENCE_MS));
}

static gchar *
open_polling (Fixture *fixture)
{
  g_autofree gchar *url =
      g_strconcat ("http://", fixture->base, "polling", NULL);
  g_autoptr (RoomAnswer) answer = room_http_ask ("GET", url, NULL, NULL);
  g_autoptr (JsonNode) open = NULL;

  g_assert_cmpint (answer->body[0], ==, '0');
  fixture->promised_bytes = read_promise (answer->body);
  open = json_from_string (answer->body + 1, NULL);
  g_assert_nonnull (open);
  return g_strconcat (url, "&sid=",
      json_object_get_string_member (json_node_get_object (open), "sid"), NULL);
}

static void
test_polls (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autoptr (RoomAnswer) ping = NULL;
  g_autoptr (RoomAnswer) end = NULL;
  g_autoptr (RoomAnswer) after = NULL;

  start (fixture);
  url = open_polling (fixture);
  ping = room_http_ask ("GET", url, NULL, NULL);
  g_assert_cmpstr (ping->body, ==, "2");
  end = room_http_ask ("GET", url, NULL, NULL);
  g_assert_cmpstr (end->body, !=, "2");
  after = room_http_ask ("GET", url, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (after->message), ==, 400);
}

/* An event that nobody knows, as long as that with all that Engine.IO adds. */
static gchar *
make_event (gsize bytes)
{
  g_autofree gchar *filling =
      g_strnfill (bytes - strlen ("42[\"hm\",\"\"]"), 'x');
  gchar *event = g_strdup_printf ("42[\"hm\",\"%s\"]", filling);

  g_assert_cmpuint (strlen (event), ==, bytes);
  return event;
}

static void
say_event (Fixture *fixture, gsize excess_bytes)
{
  g_autofree gchar *event = NULL;

  start (fixture);
  fixture->answers = TRUE;
  connect_socket (fixture);
  soup_websocket_connection_send_text (fixture->socket, "40");
  wait_for (is_promised, fixture);
  event = make_event (fixture->promised_bytes + excess_bytes);
  soup_websocket_connection_send_text (fixture->socket, event);
  wait_for (is_pinged_or_closed, fixture);
}

static void
test_as_promised (Fixture *fixture, gconstpointer data)
{
  say_event (fixture, 0);
  g_assert_false (fixture->is_closed);
}

static void
test_more_than_promised (Fixture *fixture, gconstpointer data)
{
  say_event (fixture, 1);
  g_assert_true (fixture->is_closed);
  g_assert_cmpuint (
      soup_websocket_connection_get_close_code (fixture->socket), ==, 1009);
}

static guint
post_event (const gchar *url, gsize bytes)
{
  g_autofree gchar *event = make_event (bytes);
  g_autoptr (RoomAnswer) answer = room_http_post (url, event);

  g_assert_no_error (answer->error);
  return soup_message_get_status (answer->message);
}

static void
test_posts (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autoptr (RoomAnswer) joined = NULL;

  start (fixture);
  url = open_polling (fixture);
  joined = room_http_post (url, "40");
  g_assert_cmpstr (joined->body, ==, "ok");
  g_assert_cmpuint (post_event (url, fixture->promised_bytes), ==, 200);
  g_assert_cmpuint (post_event (url, fixture->promised_bytes + 1), ==, 413);
}

#define ADD(sentence, function)                                              \
  g_test_add ("/server-engineio/" sentence, Fixture, NULL, set_up, function, \
      tear_down)

gint
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-client-that-answers-pings-stays", test_pong_keeps);
  ADD ("a-client-that-answers-no-ping-is-closed", test_silence_closes);
  ADD ("a-client-that-does-not-connect-to-a-namespace-is-closed",
      test_no_connect);
  ADD ("a-client-that-only-polls-and-answers-no-ping-is-forgotten", test_polls);
  ADD ("a-message-of-the-promised-size-is-taken", test_as_promised);
  ADD ("a-byte-more-than-promised-ends-a-socket", test_more_than_promised);
  ADD ("a-byte-more-than-promised-is-refused-of-a-poll", test_posts);
  return g_test_run ();
}
