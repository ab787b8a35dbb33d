/*
 * What the server shows browsers, and whom it lets in: the page, health,
 * metrics, TLS, token, origins, and what keeps it from starting.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "room-client.h"
#include "server-here.h"
#include "wait.h"

typedef struct {
  PealServerOptions *options;
  PealServer *server;
  gchar *directory;
  gchar *token_file;
  gchar *base; /* http(s)://127.0.0.1:PORT */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->options = peal_server_options_new ();
  fixture->options->listen = g_strdup ("0");
  fixture->directory = g_dir_make_tmp ("peal-server-XXXXXX", NULL);
  fixture->token_file = g_build_filename (fixture->directory, "token", NULL);
}

static void
remove_file (Fixture *fixture, const gchar *name)
{
  g_autofree gchar *path = g_build_filename (fixture->directory, name, NULL);

  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->server, server_here_free);
  peal_server_options_free (fixture->options);
  remove_file (fixture, "token");
  remove_file (fixture, "certificate.pem");
  remove_file (fixture, "key.pem");
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->token_file);
  g_free (fixture->base);
}

static void
start (Fixture *fixture)
{
  fixture->server = server_here_new (fixture->options, NULL);
  fixture->base = g_strdup_printf ("http%s://127.0.0.1:%u",
      peal_server_is_tls (fixture->server) ? "s" : "",
      peal_server_get_port (fixture->server));
}

static RoomAnswer *
ask (Fixture *fixture, const gchar *method, const gchar *path)
{
  g_autofree gchar *url = g_strconcat (fixture->base, path, NULL);
  RoomAnswer *answer = room_http_ask (method, url, NULL, NULL);

  g_assert_no_error (answer->error);
  return answer;
}

/* 404, or 400 where libsoup itself finds the path too odd. */
static void
check_refused (Fixture *fixture, const gchar *path)
{
  g_autoptr (RoomAnswer) answer = ask (fixture, "GET", path);
  guint status = soup_message_get_status (answer->message);

  g_test_message ("%s: %u", path, status);
  g_assert_true (status == 404 || status == 400);
}

static void
test_page (Fixture *fixture, gconstpointer data)
{
  static const gchar *const paths[] = { "/", "/lobby", "/web/index.html" };

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (RoomAnswer) answer = ask (fixture, "GET", paths[i]);

    g_assert_cmpuint (soup_message_get_status (answer->message), ==, 200);
    g_assert_cmpstr (room_answer_get_header (answer, "Content-Type"), ==,
        "text/html; charset=utf-8");
    g_assert_nonnull (strstr (answer->body, "<!doctype html>"));
    g_assert_nonnull (
        strstr (room_answer_get_header (answer, "Content-Security-Policy"),
            "default-src 'none'"));
    g_assert_cmpstr (room_answer_get_header (answer, "X-Content-Type-Options"),
        ==, "nosniff");
  }
}

static void
test_not_modified (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomAnswer) first = NULL;
  g_autoptr (RoomAnswer) second = NULL;
  g_autofree gchar *url = NULL;

  start (fixture);
  first = ask (fixture, "GET", "/");
  url = g_strconcat (fixture->base, "/", NULL);
  second = room_http_ask ("GET", url, NULL, "If-None-Match",
      room_answer_get_header (first, "ETag"), NULL);
  g_assert_cmpuint (soup_message_get_status (second->message), ==, 304);
}

static void
test_not_found (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  check_refused (fixture, "/web/nothing.js");
  check_refused (fixture, "/web/");
  check_refused (fixture, "/web/..%2findex.html");
  check_refused (fixture, "/web/%2e%2e/%2e%2e/index.html/x");
  check_refused (fixture, "/web//index.html");
  check_refused (fixture, "/web/.hidden");
  check_refused (fixture, "/web/index.html%00.js");
  check_refused (fixture, "/no%20room");
  check_refused (fixture, "/a/b");
  check_refused (fixture, "/ws");
}

static void
test_methods (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomAnswer) post = NULL;
  g_autoptr (RoomAnswer) head = NULL;

  start (fixture);
  post = ask (fixture, "POST", "/");
  g_assert_cmpuint (soup_message_get_status (post->message), ==, 405);
  head = ask (fixture, "HEAD", "/");
  g_assert_cmpuint (soup_message_get_status (head->message), ==, 200);
}

static void
test_health (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomAnswer) answer = NULL;

  start (fixture);
  answer = ask (fixture, "GET", "/healthz");
  g_assert_cmpstr (answer->body, ==, "ok\n");
}

static void
test_connection_end (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const gchar *method;
    const gchar *path;
    guint status;
  } requests[] = {
    { "GET", "/", 200 },
    { "HEAD", "/", 200 },
    { "POST", "/", 405 },
    { "GET", "/web/nothing.js", 404 },
    { "GET", "/ws", 400 },
    { "GET", "/healthz", 200 },
    { "GET", "/metrics", 200 },
    { "GET", "/socket.io/?EIO=4&transport=polling", 200 },
    { "GET", "/socket.io/?EIO=3&transport=polling", 400 },
    { "OPTIONS", "/socket.io/?EIO=4&transport=polling", 204 },
  };

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    g_autoptr (RoomAnswer) answer =
        ask (fixture, requests[i].method, requests[i].path);

    g_test_message ("%s %s", requests[i].method, requests[i].path);
    g_assert_cmpuint (
        soup_message_get_status (answer->message), ==, requests[i].status);
    g_assert_cmpstr (
        room_answer_get_header (answer, "Connection"), ==, "close");
  }
}

static RoomClient *
connect_from (Fixture *fixture, const gchar *origin)
{
  g_autofree gchar *url = g_strconcat (fixture->base, "/ws", NULL);

  return room_client_open (url, origin, NULL);
}

static void
test_metrics (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomAnswer) answer = NULL;
  g_autoptr (RoomClient) alice = NULL;

  start (fixture);
  alice = connect_from (fixture, NULL);
  room_client_say (alice, "{'type':'join','room':'lobby'}");
  room_client_hear (alice, "joined");
  answer = ask (fixture, "GET", "/metrics");
  g_assert_nonnull (strstr (answer->body, "\npeal_members 1\n"));
  g_assert_nonnull (strstr (answer->body, "\npeal_rooms 1\n"));
  g_assert_nonnull (strstr (answer->body, "\npeal_connections 1\n"));
  g_assert_nonnull (strstr (answer->body, "# TYPE peal_errors_total counter"));
  g_assert_null (strstr (answer->body, "lobby"));
}

static void
test_no_websocket (Fixture *fixture, gconstpointer data)
{
  static const gchar *const paths[] = { "/lobby", "/wss", "/web/main.js" };

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree gchar *url = g_strconcat (fixture->base, paths[i], NULL);
    g_autoptr (RoomAnswer) answer = room_http_ask ("GET", url, NULL, "Upgrade",
        "websocket", "Connection", "Upgrade", NULL);

    g_assert_no_error (answer->error);
    g_assert_cmpuint (soup_message_get_status (answer->message), ==, 404);
    g_assert_nonnull (strstr (answer->body, "/relay[/ROOM]"));
    g_assert_nonnull (strstr (answer->body, "/socket.io/"));
  }
}

static void
test_origins (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) own = NULL;
  g_autoptr (RoomClient) other = NULL;

  start (fixture);
  own = connect_from (fixture, fixture->base);
  g_assert_no_error (own->error);
  other = connect_from (fixture, "https://other.example");
  g_assert_nonnull (other->error);
  g_assert_cmpuint (soup_message_get_status (other->handshake), ==, 403);
}

static void
test_any_origin (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) other = NULL;

  fixture->options->any_origin = TRUE;
  start (fixture);
  other = connect_from (fixture, "https://other.example");
  g_assert_no_error (other->error);
}

static void
test_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) right = NULL;
  g_autoptr (RoomClient) wrong = NULL;
  g_autoptr (RoomClient) none = NULL;

  g_file_set_contents (fixture->token_file, "  open sesame \nmore\n", -1, NULL);
  fixture->options->token_file = g_strdup (fixture->token_file);
  start (fixture);

  right = connect_from (fixture, "https://other.example");
  room_client_say (right, "{'type':'join','room':'r','token':'open sesame'}");
  room_client_hear (right, "joined");
  wrong = connect_from (fixture, NULL);
  room_client_say (wrong, "{'type':'join','room':'r','token':'open'}");
  room_client_hear_error (wrong, "unauthorized");
  g_assert_cmpuint (room_client_wait_closed (wrong), ==, 1008);
  none = connect_from (fixture, NULL);
  room_client_say (none, "{'type':'join','room':'r'}");
  room_client_hear_error (none, "unauthorized");
  g_assert_cmpuint (room_client_wait_closed (none), ==, 1008);
}

static void
check_does_not_start (Fixture *fixture, const gchar *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealServer) server = peal_server_new (fixture->options);

  g_assert_false (peal_server_start (server, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_bad_token_file (Fixture *fixture, gconstpointer data)
{
  fixture->options->token_file = g_strdup (fixture->token_file);
  check_does_not_start (fixture, fixture->token_file);
  g_file_set_contents (fixture->token_file, "\nsecond line\n", -1, NULL);
  check_does_not_start (fixture, fixture->token_file);
}

static void
test_port_in_use (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *port = NULL;

  start (fixture);
  port = g_strdup_printf ("%u", peal_server_get_port (fixture->server));
  g_free (fixture->options->listen);
  fixture->options->listen = g_strdup (port);
  check_does_not_start (fixture, port);
}

static void
test_not_ours (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->options->listen);
  fixture->options->listen = g_strdup ("192.0.2.1:0");
  check_does_not_start (fixture, "192.0.2.1");
}

static void
test_bad_certificate (Fixture *fixture, gconstpointer data)
{
  fixture->options->tls_certificate_file = g_strdup ("/nowhere/cert.pem");
  check_does_not_start (fixture, "/nowhere/cert.pem");
  fixture->options->tls_key_file = g_strdup (fixture->token_file);
  check_does_not_start (fixture, "/nowhere/cert.pem");
}

static GTlsDatabase *
trust (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (
      peal_server_get_certificate_file (fixture->server), &error);

  g_assert_no_error (error);
  return database;
}

static void
test_tls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (RoomClient) trusting = NULL;
  g_autoptr (RoomClient) careful = NULL;
  g_autofree gchar *url = NULL;
  g_autofree gchar *uri = NULL;

  fixture->options->tls_auto = TRUE;
  fixture->options->tls_directory = g_strdup (fixture->directory);
  start (fixture);
  g_assert_true (g_str_has_prefix (fixture->base, "https://"));
  uri = peal_server_dup_signalling_uri (fixture->server, "lobby");
  g_assert_true (g_str_has_prefix (uri, "wss://127.0.0.1:"));
  g_assert_cmpuint (
      strlen (peal_server_get_fingerprint (fixture->server)), ==, 95);

  database = trust (fixture);
  url = g_strconcat (fixture->base, "/ws/hall", NULL);
  trusting = room_client_open (url, NULL, database);
  g_assert_no_error (trusting->error);
  room_client_say (trusting, "{'type':'join'}");
  room_client_hear (trusting, "joined");
  careful = room_client_open (url, NULL, NULL);
  g_assert_error (careful->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
}

static void
test_ice_servers (Fixture *fixture, gconstpointer data)
{
  const gchar *urls[] = { "turn:192.0.2.1:3478", NULL };
  g_autoptr (RoomClient) alice = NULL;
  JsonObject *server;

  fixture->options->ice_servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);
  g_ptr_array_add (fixture->options->ice_servers,
      peal_ice_server_new (urls, "user", "word"));
  start (fixture);
  alice = connect_from (fixture, NULL);
  room_client_say (alice, "{'type':'join','room':'r'}");
  server = json_array_get_object_element (
      json_object_get_array_member (
          room_client_hear (alice, "joined"), "iceServers"),
      0);
  g_assert_cmpstr (
      json_object_get_string_member (server, "credential"), ==, "word");
}

static void
test_loopback (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  g_assert_true (peal_server_is_loopback (fixture->server));
  g_assert_null (peal_server_get_fingerprint (fixture->server));
  g_assert_null (peal_server_get_certificate_file (fixture->server));
}

#define ADD(name, func) \
  g_test_add ("/server-http/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-page-is-at-the-root-and-at-every-room", test_page);
  ADD ("a-page-that-is-known-is-not-sent-again", test_not_modified);
  ADD ("nothing-but-the-page-s-files-can-be-named", test_not_found);
  ADD ("only-get-and-head-are-answered", test_methods);
  ADD ("health-is-ok", test_health);
  ADD ("every-answer-says-that-the-connection-ends", test_connection_end);
  ADD ("metrics-count-and-name-no-room", test_metrics);
  ADD ("a-websocket-elsewhere-is-told-where-there-are-some", test_no_websocket);
  ADD ("a-page-of-another-site-is-sent-away", test_origins);
  ADD ("a-page-of-another-site-may-come-in-when-told-so", test_any_origin);
  ADD ("with-a-token-only-those-who-know-it-come-in", test_token);
  ADD ("a-token-file-without-a-token-is-an-error", test_bad_token_file);
  ADD ("a-port-in-use-is-an-error-that-names-it", test_port_in_use);
  ADD ("an-address-of-another-machine-is-an-error", test_not_ours);
  ADD ("a-certificate-that-does-not-load-is-an-error", test_bad_certificate);
  ADD ("a-self-signed-certificate-works-for-who-trusts-it", test_tls);
  ADD ("ice-servers-are-handed-out", test_ice_servers);
  ADD ("without-an-address-it-is-for-this-machine-only", test_loopback);
  return g_test_run ();
}
