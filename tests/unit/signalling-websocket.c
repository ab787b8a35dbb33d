/*
 * The WebSocket client against a real server: libsoup's, on a thread of its
 * own that a test can hold up.
 */
#include <libsoup/soup.h>

#include "base/error.h"
#include "base/loop-thread.h"
#include "signalling/websocket.h"
#include "soup-door.h"
#include "wait.h"

typedef struct {
  PealLoopThread *loop;
  SoupServer *server; /* on the loop, as are the next four */
  SoupWebsocketConnection *connection;
  gchar *origin;
  guint n_frames;
  gboolean is_in_order;
  guint port;
  gint close_code; /* atomic */
  GMutex hold;     /* held: the server stands still */

  PealWebsocket *websocket;
  guint n_opened;
  GPtrArray *texts;
  guint n_closed;
  guint code;
  GError *error;
} Fixture;

/* --- the server's side --- */

static void
on_server_message (SoupWebsocketConnection *connection, gint type,
    GBytes *bytes, gpointer data)
{
  Fixture *fixture = data;
  const gchar *text = g_bytes_get_data (bytes, NULL);

  if (g_str_equal (text, "echo"))
    soup_websocket_connection_send_text (connection, "echo");
  else if (g_str_equal (text, "binary")) {
    soup_websocket_connection_send_binary (connection, "\x01\x02", 2);
    soup_websocket_connection_send_text (connection, "after binary");
  } else if (g_str_equal (text, "huge")) {
    g_autofree gchar *huge = g_strnfill (200 * 1024, 'x');

    soup_websocket_connection_send_text (connection, huge);
  } else if (g_str_equal (text, "go away")) {
    soup_websocket_connection_close (connection, 1001, "shutting down");
  } else if (g_ascii_strtoull (text, NULL, 10) != fixture->n_frames++) {
    fixture->is_in_order = FALSE;
  }
}

static void
on_server_closed (SoupWebsocketConnection *connection, gpointer data)
{
  g_atomic_int_set (&((Fixture *)data)->close_code,
      soup_websocket_connection_get_close_code (connection));
}

static void
on_server_connection (SoupServer *server, SoupServerMessage *message,
    const gchar *path, SoupWebsocketConnection *connection, gpointer data)
{
  Fixture *fixture = data;

  fixture->connection = g_object_ref (connection);
  fixture->origin = g_strdup (soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Origin"));
  g_signal_connect (
      connection, "message", G_CALLBACK (on_server_message), fixture);
  g_signal_connect (
      connection, "closed", G_CALLBACK (on_server_closed), fixture);
}

static void
on_busy (SoupServer *server, SoupServerMessage *message, const gchar *path,
    GHashTable *query, gpointer data)
{
  soup_server_message_set_status (message, 503, NULL);
}

static void
start_server (gpointer data)
{
  Fixture *fixture = data;

  fixture->server = soup_server_new (NULL, NULL);
  fixture->is_in_order = TRUE;
  soup_server_add_websocket_handler (
      fixture->server, "/ws", NULL, NULL, on_server_connection, fixture, NULL);
  soup_server_add_handler (fixture->server, "/busy", on_busy, NULL, NULL);
  fixture->port = soup_door_open (fixture->server, 0);
}

static void
stop_server (gpointer data)
{
  Fixture *fixture = data;

  if (fixture->connection)
    g_signal_handlers_disconnect_by_data (fixture->connection, fixture);
  g_clear_object (&fixture->connection);
  soup_door_close (fixture->server);
  g_clear_object (&fixture->server);
}

static void
stand_still (gpointer data)
{
  Fixture *fixture = data;

  g_mutex_lock (&fixture->hold);
  g_mutex_unlock (&fixture->hold);
}

/* --- the client's side --- */

static void
on_opened (PealWebsocket *websocket, gpointer data)
{
  ((Fixture *)data)->n_opened++;
}

static void
on_text (PealWebsocket *websocket, GBytes *bytes, gpointer data)
{
  Fixture *fixture = data;
  gsize length;
  const gchar *text = g_bytes_get_data (bytes, &length);

  g_ptr_array_add (fixture->texts, g_strndup (text, length));
}

static void
on_closed (PealWebsocket *websocket, guint code, GError *error, gpointer data)
{
  Fixture *fixture = data;

  fixture->n_closed++;
  fixture->code = code;
  fixture->error = g_error_copy (error);
}

static gboolean
is_open (gpointer data)
{
  return ((Fixture *)data)->n_opened == 1;
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *)data)->n_closed == 1;
}

static gboolean
has_text (gpointer data)
{
  return ((Fixture *)data)->texts->len > 0;
}

static gboolean
has_closed_there (gpointer data)
{
  return g_atomic_int_get (&((Fixture *)data)->close_code) != 0;
}

static void
make_client (
    Fixture *fixture, const gchar *scheme, guint port, const gchar *path)
{
  g_autofree gchar *uri =
      g_strdup_printf ("%s://127.0.0.1:%u%s", scheme, port, path);

  fixture->websocket = peal_websocket_new (uri, NULL, NULL);
  g_signal_connect (
      fixture->websocket, "opened", G_CALLBACK (on_opened), fixture);
  g_signal_connect (fixture->websocket, "text", G_CALLBACK (on_text), fixture);
  g_signal_connect (
      fixture->websocket, "closed", G_CALLBACK (on_closed), fixture);
}

static void
open_client (Fixture *fixture)
{
  make_client (fixture, "ws", fixture->port, "/ws");
  peal_websocket_set_times (fixture->websocket, 10, 1);
  peal_websocket_connect (fixture->websocket);
  wait_for (is_open, fixture);
}

static void
send (Fixture *fixture, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  peal_websocket_send_text (fixture->websocket, text, &error);
  g_assert_no_error (error);
}

static void
drop_client (Fixture *fixture)
{
  if (fixture->websocket) {
    g_signal_handlers_disconnect_by_data (fixture->websocket, fixture);
    peal_websocket_close (fixture->websocket, 1000, NULL);
  }
  g_clear_object (&fixture->websocket);
  g_clear_error (&fixture->error);
  fixture->n_opened = 0;
  fixture->n_closed = 0;
}

/* Lets clients connect and never says a word. libsoup's server would warn of
 * a client that is gone before it looks. */
static GSocketListener *
make_silent_listener (guint *port)
{
  GSocketListener *listener = g_socket_listener_new ();

  *port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_assert_cmpuint (*port, !=, 0);
  return listener;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_mutex_init (&fixture->hold);
  fixture->texts = g_ptr_array_new_with_free_func (g_free);
  fixture->loop = peal_loop_thread_new ("test-server");
  peal_loop_thread_call (fixture->loop, start_server, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  drop_client (fixture);
  peal_loop_thread_call (fixture->loop, stop_server, fixture);
  peal_loop_thread_stop (fixture->loop);
  peal_loop_thread_free (fixture->loop);
  g_ptr_array_unref (fixture->texts);
  g_free (fixture->origin);
  g_mutex_clear (&fixture->hold);
}

/* --- text --- */

static void
test_echo (Fixture *fixture, gconstpointer data)
{
  open_client (fixture);
  send (fixture, "echo");
  wait_for (has_text, fixture);
  g_assert_cmpstr (g_ptr_array_index (fixture->texts, 0), ==, "echo");
  g_assert_null (fixture->origin);
}

static void
test_binary (Fixture *fixture, gconstpointer data)
{
  open_client (fixture);
  send (fixture, "binary");
  wait_for (has_text, fixture);
  g_assert_cmpstr (g_ptr_array_index (fixture->texts, 0), ==, "after binary");
}

static void
test_huge (Fixture *fixture, gconstpointer data)
{
  open_client (fixture);
  send (fixture, "huge");
  wait_for (is_closed, fixture);
  g_assert_cmpuint (fixture->texts->len, ==, 0);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

static void
test_not_utf8 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  open_client (fixture);
  g_assert_false (
      peal_websocket_send_text (fixture->websocket, "\xff\xfe", &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_BUG);
}

static void
check_order (gpointer data)
{
  g_assert_true (((Fixture *)data)->is_in_order);
}

static guint
fill_up (Fixture *fixture)
{
  g_autofree gchar *padding = g_strnfill (8000, ' ');

  for (guint i = 0; i < 20000; i++) {
    g_autofree gchar *text = g_strdup_printf ("%u%s", i, padding);
    g_autoptr (GError) error = NULL;

    if (!peal_websocket_send_text (fixture->websocket, text, &error)) {
      g_assert_error (error, PEAL_ERROR, PEAL_ERROR_RETRY);
      return i;
    }
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }

  return 0;
}

typedef struct {
  Fixture *fixture;
  guint n;
} Frames;

static gboolean
are_all_there (gpointer data)
{
  Frames *frames = data;

  peal_loop_thread_call (frames->fixture->loop, check_order, frames->fixture);
  return frames->fixture->n_frames >= frames->n;
}

static void
test_slow_reader (Fixture *fixture, gconstpointer data)
{
  Frames frames = { fixture, 0 };

  open_client (fixture);
  g_mutex_lock (&fixture->hold);
  peal_loop_thread_post (fixture->loop, stand_still, fixture, NULL);
  frames.n = fill_up (fixture);
  g_mutex_unlock (&fixture->hold);

  g_assert_cmpuint (frames.n, >, 100);
  wait_for (are_all_there, &frames);
}

/* --- the end --- */

static void
test_server_goes_away (Fixture *fixture, gconstpointer data)
{
  open_client (fixture);
  send (fixture, "go away");
  wait_for (is_closed, fixture);
  g_assert_cmpuint (fixture->code, ==, 1001);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

static void
test_dead_server (Fixture *fixture, gconstpointer data)
{
  open_client (fixture);
  g_mutex_lock (&fixture->hold);
  peal_loop_thread_post (fixture->loop, stand_still, fixture, NULL);
  wait_for (is_closed, fixture);
  g_mutex_unlock (&fixture->hold);
  g_assert_nonnull (strstr (fixture->error->message, "does not answer"));
}

static void
test_quiet_server (Fixture *fixture, gconstpointer data)
{
  open_client (fixture);
  run_for_ms (4500);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  open_client (fixture);
  send (fixture, "echo");
  peal_websocket_close (fixture->websocket, 1000, "enough");
  g_clear_object (&fixture->websocket);
  wait_for (has_closed_there, fixture);
  g_assert_cmpint (g_atomic_int_get (&fixture->close_code), ==, 1000);
  g_assert_cmpuint (fixture->texts->len, ==, 0);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
}

static void
test_close_while_connecting (Fixture *fixture, gconstpointer data)
{
  guint port;
  g_autoptr (GSocketListener) listener = make_silent_listener (&port);

  make_client (fixture, "ws", port, "/ws");
  peal_websocket_connect (fixture->websocket);
  peal_websocket_close (fixture->websocket, 1000, NULL);
  run_for_ms (100);
  g_assert_cmpuint (fixture->n_opened + fixture->n_closed, ==, 0);
  g_socket_listener_close (listener);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

static void
test_close_frees (Fixture *fixture, gconstpointer data)
{
  gpointer websocket;

  open_client (fixture);
  websocket = fixture->websocket;
  g_object_add_weak_pointer (websocket, &websocket);
  g_mutex_lock (&fixture->hold);
  peal_loop_thread_post (fixture->loop, stand_still, fixture, NULL);
  drop_client (fixture);
  g_assert_nonnull (websocket);
  g_assert_true (wait_until (is_gone, &websocket, 2000));
  g_mutex_unlock (&fixture->hold);
}

/* --- on a loop thread that ends at once --- */

typedef struct {
  guint port;
  gpointer websocket; /* weak */
  gint is_open;       /* atomic */
} Guest;

static void
on_guest_opened (PealWebsocket *websocket, gpointer data)
{
  g_atomic_int_set (&((Guest *)data)->is_open, TRUE);
}

static void
connect_guest (gpointer data)
{
  Guest *guest = data;
  g_autofree gchar *uri = g_strdup_printf ("ws://127.0.0.1:%u/ws", guest->port);

  guest->websocket = peal_websocket_new (uri, NULL, NULL);
  g_object_add_weak_pointer (guest->websocket, &guest->websocket);
  g_signal_connect (
      guest->websocket, "opened", G_CALLBACK (on_guest_opened), guest);
  peal_websocket_connect (guest->websocket);
}

static void
close_guest (gpointer data)
{
  Guest *guest = data;
  PealWebsocket *websocket = guest->websocket;

  peal_websocket_close (websocket, 1000, NULL);
  g_object_unref (websocket);
}

static gboolean
is_guest_open (gpointer data)
{
  return g_atomic_int_get (&((Guest *)data)->is_open);
}

static void
test_thread_ends (Fixture *fixture, gconstpointer data)
{
  Guest guest = { .port = fixture->port };
  PealLoopThread *loop = peal_loop_thread_new ("test-client");

  peal_loop_thread_call (loop, connect_guest, &guest);
  wait_for (is_guest_open, &guest);
  peal_loop_thread_call (loop, close_guest, &guest);
  peal_loop_thread_stop (loop);
  peal_loop_thread_free (loop);
  g_assert_null (guest.websocket);
  wait_for (has_closed_there, fixture);
  g_assert_cmpint (g_atomic_int_get (&fixture->close_code), ==, 1000);
}

static void
test_thread_ends_early (Fixture *fixture, gconstpointer data)
{
  Guest guest = { 0 };
  g_autoptr (GSocketListener) listener = make_silent_listener (&guest.port);
  PealLoopThread *loop = peal_loop_thread_new ("test-client");

  peal_loop_thread_call (loop, connect_guest, &guest);
  peal_loop_thread_call (loop, close_guest, &guest);
  peal_loop_thread_stop (loop);
  peal_loop_thread_free (loop);
  g_assert_null (guest.websocket);
  g_socket_listener_close (listener);
}

/* --- attempts that fail --- */

static void
assert_fails (Fixture *fixture, const gchar *scheme, guint port,
    const gchar *path, PealError code, const gchar *words)
{
  make_client (fixture, scheme, port, path);
  peal_websocket_set_times (fixture->websocket, 1, 15);
  peal_websocket_connect (fixture->websocket);
  wait_for (is_closed, fixture);
  g_test_message ("%s", fixture->error->message);
  g_assert_error (fixture->error, PEAL_ERROR, (gint)code);
  g_assert_nonnull (strstr (fixture->error->message, words));
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  guint port;
  g_autoptr (GSocketListener) listener = make_silent_listener (&port);

  g_socket_listener_close (listener);
  assert_fails (
      fixture, "ws", port, "/ws", PEAL_ERROR_RETRY, "connection refused");
  g_assert_nonnull (
      strstr (fixture->error->message, "cannot reach 127.0.0.1:"));
}

static void
test_silent (Fixture *fixture, gconstpointer data)
{
  guint port;
  g_autoptr (GSocketListener) listener = make_silent_listener (&port);

  assert_fails (
      fixture, "ws", port, "/ws", PEAL_ERROR_RETRY, "no answer within 1 s");
  g_socket_listener_close (listener);
}

static void
test_no_signalling (Fixture *fixture, gconstpointer data)
{
  assert_fails (fixture, "ws", fixture->port, "/elsewhere", PEAL_ERROR_REFUSED,
      "there is no signalling server at 127.0.0.1:");
  g_assert_nonnull (strstr (fixture->error->message, "/elsewhere"));
  g_assert_nonnull (strstr (fixture->error->message, "404"));
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  assert_fails (fixture, "ws", fixture->port, "/busy", PEAL_ERROR_RETRY, "503");
}

static void
test_no_tls (Fixture *fixture, gconstpointer data)
{
  assert_fails (fixture, "wss", fixture->port, "/ws", PEAL_ERROR_RETRY,
      "is it a ws:// server");
}

#define ADD(path, func) \
  g_test_add ("/websocket/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("text-goes-both-ways-and-no-origin-is-sent", test_echo);
  ADD ("a-binary-frame-is-ignored", test_binary);
  ADD ("a-frame-too-large-ends-the-connection", test_huge);
  ADD ("text-that-is-not-utf8-is-not-sent", test_not_utf8);
  ADD (
      "a-slow-reader-fills-a-bounded-queue-that-keeps-order", test_slow_reader);
  ADD ("a-server-that-goes-away-says-so", test_server_goes_away);
  ADD ("a-dead-server-is-noticed", test_dead_server);
  ADD ("a-quiet-server-that-lives-is-kept", test_quiet_server);
  ADD ("a-close-reaches-the-server-and-is-silent-here", test_close);
  ADD ("a-close-while-connecting-is-silent", test_close_while_connecting);
  ADD ("a-close-towards-a-dead-server-ends-soon", test_close_frees);
  ADD ("a-thread-that-ends-lets-it-close-first", test_thread_ends);
  ADD ("a-thread-that-ends-while-it-connects-leaves-nothing",
      test_thread_ends_early);
  ADD ("an-unreachable-server-is-worth-a-retry", test_unreachable);
  ADD ("a-silent-server-meets-a-time-limit", test_silent);
  ADD ("a-web-server-without-signalling-is-named", test_no_signalling);
  ADD ("a-busy-server-is-worth-a-retry", test_busy);
  ADD ("a-plain-server-asked-for-tls-gives-a-hint", test_no_tls);

  return g_test_run ();
}
