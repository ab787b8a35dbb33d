/*
 * Engine.IO's client against a server that behaves as each story says.
 * tests/interop has real servers; here is what they do not do.
 *
 * The server is libsoup's, on the test's own context.
 */
#include <libsoup/soup.h>

#include "base/error.h"
#include "signalling/engineio-transport.h"
#include "soup-door.h"
#include "wait.h"

#define HANDSHAKE(interval)                                      \
  "0{\"sid\":\"a b\",\"upgrades\":[],\"pingInterval\":" interval \
  ",\"pingTimeout\":20000,\"maxPayload\":1000000}"
#define QUICK_HANDSHAKE \
  "0{\"sid\":\"a\",\"upgrades\":[],\"pingInterval\":100,\"pingTimeout\":100}"

typedef struct {
  SoupServer *server;
  gboolean has_websocket;
  SoupWebsocketConnection *connection;
  const gchar *greeting; /* over the WebSocket */
  const gchar *polled;   /* to the first GET; NULL: 404 */
  const gchar *polled_then;
  const gchar *polled_always; /* after that; NULL: it waits */
  guint n_polls;
  SoupServerMessage *held; /* a GET that waits */
  GString *heard;          /* what the server heard, a line each */

  PealClientTransport *transport;
  guint n_opened;
  GString *texts;
  GError *error;
} Fixture;

static void
on_frame (SoupWebsocketConnection *connection, gint type, GBytes *bytes,
    gpointer data)
{
  Fixture *fixture = data;

  g_string_append_printf (
      fixture->heard, "%s\n", (const gchar *)g_bytes_get_data (bytes, NULL));
}

static void
on_connection (SoupServer *server, SoupServerMessage *message,
    const gchar *path, SoupWebsocketConnection *connection, gpointer data)
{
  Fixture *fixture = data;

  g_set_object (&fixture->connection, connection);
  g_signal_connect (connection, "message", G_CALLBACK (on_frame), fixture);
  if (fixture->greeting)
    soup_websocket_connection_send_text (connection, fixture->greeting);
}

static void
reply (SoupServerMessage *message, guint status, const gchar *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (
      message, "text/plain", SOUP_MEMORY_COPY, body, strlen (body));
}

static void
on_poll (Fixture *fixture, SoupServerMessage *message, gboolean has_sid)
{
  const gchar *body = has_sid ? fixture->polled_then : fixture->polled;

  fixture->n_polls++;
  if (has_sid && !body)
    body = fixture->polled_always;
  if (body) {
    reply (message, SOUP_STATUS_OK, body);
    if (has_sid)
      fixture->polled_then = NULL;
  } else if (has_sid) {
    g_set_object (&fixture->held, message);
    soup_server_message_pause (message);
  } else {
    reply (message, SOUP_STATUS_NOT_FOUND, "");
  }
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const gchar *path,
    GHashTable *query, gpointer data)
{
  Fixture *fixture = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (g_strcmp0 (g_hash_table_lookup (query, "transport"), "polling") != 0) {
    if (!fixture->has_websocket)
      reply (message, SOUP_STATUS_BAD_REQUEST, "");
  } else if (g_str_equal (soup_server_message_get_method (message), "POST")) {
    g_string_append_printf (
        fixture->heard, "%.*s\n", (gint)body->length, body->data);
    reply (message, SOUP_STATUS_OK, "ok");
  } else {
    on_poll (fixture, message, g_hash_table_contains (query, "sid"));
  }
}

static void
on_opened (PealClientTransport *transport, gpointer data)
{
  ((Fixture *)data)->n_opened++;
}

static void
on_text (PealClientTransport *transport, GBytes *bytes, gpointer data)
{
  gsize length;
  const gchar *text = g_bytes_get_data (bytes, &length);

  g_string_append_printf (
      ((Fixture *)data)->texts, "%.*s\n", (gint)length, text);
}

static void
on_closed (
    PealClientTransport *transport, guint code, GError *error, gpointer data)
{
  Fixture *fixture = data;

  g_assert_null (fixture->error);
  fixture->error = g_error_copy (error);
}

static void
connect_to (Fixture *fixture, const gchar *uri, guint handshake_limit_ms)
{
  fixture->transport = peal_engineio_transport_new (uri, NULL);
  peal_engineio_transport_set_handshake_limit (
      PEAL_ENGINEIO_TRANSPORT (fixture->transport), handshake_limit_ms);
  g_signal_connect (
      fixture->transport, "opened", G_CALLBACK (on_opened), fixture);
  g_signal_connect (fixture->transport, "text", G_CALLBACK (on_text), fixture);
  g_signal_connect (
      fixture->transport, "closed", G_CALLBACK (on_closed), fixture);
  peal_client_transport_connect (fixture->transport);
}

static void
start (Fixture *fixture, gboolean has_websocket)
{
  g_autofree gchar *uri = NULL;

  fixture->has_websocket = has_websocket;
  if (has_websocket)
    soup_server_add_websocket_handler (fixture->server, "/socket.io/", NULL,
        NULL, on_connection, fixture, NULL);
  uri = g_strdup_printf (
      "ws://127.0.0.1:%u/socket.io/", soup_door_open (fixture->server, 0));
  connect_to (fixture, uri, 10000);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (
      fixture->server, "/socket.io/", on_request, fixture, NULL);
  fixture->heard = g_string_new (NULL);
  fixture->texts = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->transport)
    peal_client_transport_close (fixture->transport, 1000, NULL);
  g_clear_object (&fixture->transport);
  if (fixture->connection)
    g_signal_handlers_disconnect_by_data (fixture->connection, fixture);
  g_clear_object (&fixture->connection);
  g_clear_object (&fixture->held);
  soup_door_close (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_error (&fixture->error);
  g_string_free (fixture->heard, TRUE);
  g_string_free (fixture->texts, TRUE);
}

static gboolean
is_open (gpointer data)
{
  return ((Fixture *)data)->n_opened == 1;
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *)data)->error != NULL;
}

static gboolean
has_heard_pong (gpointer data)
{
  return strstr (((Fixture *)data)->heard->str, "3\n") != NULL;
}

static gboolean
has_heard_hello (gpointer data)
{
  return strstr (((Fixture *)data)->heard->str, "4hello") != NULL;
}

static gboolean
has_heard_close (gpointer data)
{
  return g_str_has_suffix (((Fixture *)data)->heard->str, "1\n");
}

static gboolean
has_text (gpointer data)
{
  return g_str_equal (((Fixture *)data)->texts->str, "one\ntwo\n");
}

static void
test_websocket (Fixture *fixture, gconstpointer data)
{
  fixture->greeting = HANDSHAKE ("25000");
  start (fixture, TRUE);
  wait_for (is_open, fixture);
  soup_websocket_connection_send_text (fixture->connection, "2");
  wait_for (has_heard_pong, fixture);
  soup_websocket_connection_send_text (fixture->connection, "nonsense");
  soup_websocket_connection_send_text (fixture->connection, "4one");
  soup_websocket_connection_send_text (fixture->connection, "6");
  soup_websocket_connection_send_text (fixture->connection, "4two");
  wait_for (has_text, fixture);
  g_assert_true (
      peal_client_transport_send_text (fixture->transport, "hello", NULL));
  wait_for (has_heard_hello, fixture);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  fixture->greeting = QUICK_HANDSHAKE;
  start (fixture, TRUE);
  wait_for (is_closed, fixture);
  g_assert_cmpuint (fixture->n_opened, ==, 1);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

static void
test_bad_handshake (Fixture *fixture, gconstpointer data)
{
  fixture->greeting = "0{\"sid\":7}";
  start (fixture, TRUE);
  wait_for (is_closed, fixture);
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
test_server_closes (Fixture *fixture, gconstpointer data)
{
  fixture->greeting = HANDSHAKE ("25000");
  start (fixture, TRUE);
  wait_for (is_open, fixture);
  soup_websocket_connection_send_text (fixture->connection, "1");
  wait_for (is_closed, fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

static void
test_polling (Fixture *fixture, gconstpointer data)
{
  fixture->polled = HANDSHAKE ("25000");
  fixture->polled_then = "4one\x1e"
                         "2\x1e"
                         "4two";
  start (fixture, FALSE);
  wait_for (is_open, fixture);
  wait_for (has_text, fixture);
  wait_for (has_heard_pong, fixture);
  g_assert_true (
      peal_client_transport_send_text (fixture->transport, "hello", NULL));
  wait_for (has_heard_hello, fixture);
  peal_client_transport_close (fixture->transport, 1000, NULL);
  wait_for (has_heard_close, fixture);
  g_assert_no_error (fixture->error);
}

static gboolean
has_polled_often (gpointer data)
{
  return ((Fixture *)data)->n_polls > 20;
}

/* The tenth of a second is half of what 20 rests take. */
static void
test_polling_noops (Fixture *fixture, gconstpointer data)
{
  gint64 begin_us = g_get_monotonic_time ();

  fixture->polled = HANDSHAKE ("25000");
  fixture->polled_always = "6";
  start (fixture, FALSE);
  wait_for (has_polled_often, fixture);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, 100 * 1000);
  g_assert_no_error (fixture->error);
  g_assert_true (
      peal_client_transport_send_text (fixture->transport, "hello", NULL));
  wait_for (has_heard_hello, fixture);
}

static void
test_polling_nonsense (Fixture *fixture, gconstpointer data)
{
  fixture->polled = HANDSHAKE ("25000");
  fixture->polled_then = "4one\x1e\x1e";
  start (fixture, FALSE);
  wait_for (is_closed, fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
  g_assert_cmpstr (fixture->texts->str, ==, "");
}

static void
test_polling_too_much (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *much = g_strnfill (2 * 1000 * 1000, '4');

  fixture->polled = HANDSHAKE ("25000");
  fixture->polled_then = much;
  start (fixture, FALSE);
  wait_for (is_closed, fixture);
  g_assert_nonnull (strstr (fixture->error->message, "too large"));
}

/* It accepts, and waits for words that are not TLS. */
static void
test_tls_to_no_tls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree gchar *uri =
      g_strdup_printf ("wss://127.0.0.1:%u/socket.io/", port);

  connect_to (fixture, uri, 1000);
  wait_for (is_closed, fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
  g_assert_nonnull (strstr (fixture->error->message, "is it a ws:// server"));
}

static void
test_nothing_there (Fixture *fixture, gconstpointer data)
{
  start (fixture, FALSE);
  wait_for (is_closed, fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->error->message, "no signalling server"));
}

static void
test_too_early (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start (fixture, TRUE);
  g_assert_false (
      peal_client_transport_send_text (fixture->transport, "hello", &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

#define ADD(path, func) \
  g_test_add (          \
      "/engineio-transport/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("over-a-websocket-messages-go-both-ways-and-pings-are-answered",
      test_websocket);
  ADD ("a-server-that-does-not-ping-is-lost", test_silence);
  ADD ("a-bad-handshake-is-the-end", test_bad_handshake);
  ADD ("a-server-may-end-it", test_server_closes);
  ADD ("without-a-websocket-it-polls-and-says-goodbye", test_polling);
  ADD ("a-server-that-has-nothing-to-say-at-once-is-not-asked-in-a-whirl",
      test_polling_noops);
  ADD ("nonsense-in-a-reply-is-the-end", test_polling_nonsense);
  ADD ("too-much-in-a-reply-is-the-end", test_polling_too_much);
  ADD ("where-neither-is-the-user-is-told-so", test_nothing_there);
  ADD (
      "where-tls-is-not-spoken-the-user-is-asked-about-it", test_tls_to_no_tls);
  ADD ("nothing-is-sent-too-early", test_too_early);
  return g_test_run ();
}
