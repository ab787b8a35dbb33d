/*
 * Which certificates the WebSocket client believes, against Peal's own server:
 * one that the server made itself, and ones that an authority of ours issued.
 *
 * The authority's files are made anew by the openssl program; without it the
 * tests that need them are skipped.
 */
#include <glib/gstdio.h>

#include "base/error.h"
#include "server-here.h"
#include "signalling/websocket.h"
#include "wait.h"

typedef struct {
  gchar *directory;
  PealServer *server;
  PealServer *other;
  PealWebsocket *websocket;
  gboolean is_open;
  GError *error;
} Fixture;

/* --- files --- */

static void
run_openssl (Fixture *fixture, const gchar *arguments)
{
  g_autofree gchar *line = g_strconcat ("openssl ", arguments, NULL);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  gint status;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  g_spawn_sync (fixture->directory, argv, NULL,
      G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
          G_SPAWN_STDERR_TO_DEV_NULL,
      NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

/* An authority (ca.pem), and a server's certificate from it (leaf.pem). */
static void
issue (Fixture *fixture, const gchar *alternative_name)
{
  g_autofree gchar *extension_file =
      g_build_filename (fixture->directory, "extension", NULL);
  g_autofree gchar *extension =
      g_strdup_printf ("subjectAltName=%s\n", alternative_name);

  g_assert_true (g_file_set_contents (extension_file, extension, -1, NULL));
  run_openssl (fixture,
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
      " -subj /CN=authority -keyout ca.key -out ca.pem");
  run_openssl (fixture,
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
      " -subj /CN=leaf -keyout leaf.key -out leaf.csr");
  run_openssl (fixture,
      "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial"
      " -days 2 -extfile extension -out leaf.pem");
}

static gboolean
has_openssl (void)
{
  g_autofree gchar *program = g_find_program_in_path ("openssl");

  if (!program)
    g_test_skip ("needs the openssl program");
  return program != NULL;
}

static void
remove_directory (const gchar *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (directory, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      remove_directory (path);
    else
      g_unlink (path);
  }
  g_rmdir (directory);
}

/* --- servers --- */

static PealServer *
start_self_signed (Fixture *fixture, const gchar *name)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  options->tls_auto = TRUE;
  options->tls_directory = g_build_filename (fixture->directory, name, NULL);
  return server_here_new (options, NULL);
}

static PealServer *
start_issued (Fixture *fixture)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  options->tls_certificate_file =
      g_build_filename (fixture->directory, "leaf.pem", NULL);
  options->tls_key_file =
      g_build_filename (fixture->directory, "leaf.key", NULL);
  return server_here_new (options, NULL);
}

static void
stop (PealServer *server)
{
  peal_server_stop (server);
  g_object_unref (server);
}

/* --- the client --- */

static void
on_opened (PealWebsocket *websocket, gpointer data)
{
  ((Fixture *)data)->is_open = TRUE;
}

static void
on_closed (PealWebsocket *websocket, guint code, GError *error, gpointer data)
{
  ((Fixture *)data)->error = g_error_copy (error);
}

static gboolean
is_decided (gpointer data)
{
  Fixture *fixture = data;

  return fixture->is_open || fixture->error;
}

static void
try_out (Fixture *fixture, const gchar *scheme, const gchar *tls_ca_file)
{
  g_autofree gchar *uri = g_strdup_printf (
      "%s://127.0.0.1:%u/ws", scheme, peal_server_get_port (fixture->server));

  fixture->websocket = peal_websocket_new (uri, NULL, tls_ca_file);
  g_signal_connect (
      fixture->websocket, "opened", G_CALLBACK (on_opened), fixture);
  g_signal_connect (
      fixture->websocket, "closed", G_CALLBACK (on_closed), fixture);
  peal_websocket_connect (fixture->websocket);
  g_assert_false (is_decided (fixture));
  wait_for (is_decided, fixture);
  if (fixture->error)
    g_test_message ("%s", fixture->error->message);
}

static void
try_with_authority (Fixture *fixture)
{
  g_autofree gchar *file =
      g_build_filename (fixture->directory, "ca.pem", NULL);

  fixture->server = start_issued (fixture);
  try_out (fixture, "wss", file);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("peal-tls-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->websocket) {
    g_signal_handlers_disconnect_by_data (fixture->websocket, fixture);
    peal_websocket_close (fixture->websocket, 1000, NULL);
  }
  g_clear_object (&fixture->websocket);
  g_clear_pointer (&fixture->server, stop);
  g_clear_pointer (&fixture->other, stop);
  g_clear_error (&fixture->error);
  remove_directory (fixture->directory);
  g_free (fixture->directory);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  fixture->server = start_self_signed (fixture, "own");
  try_out (fixture, "wss", NULL);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->error->message, "tls-ca-file"));
  g_assert_nonnull (strstr (
      fixture->error->message, peal_server_get_fingerprint (fixture->server)));
}

static void
test_pinned (Fixture *fixture, gconstpointer data)
{
  fixture->server = start_self_signed (fixture, "own");
  try_out (fixture, "wss", peal_server_get_certificate_file (fixture->server));
  g_assert_no_error (fixture->error);
}

static void
test_other (Fixture *fixture, gconstpointer data)
{
  fixture->server = start_self_signed (fixture, "own");
  fixture->other = start_self_signed (fixture, "other");
  try_out (fixture, "wss", peal_server_get_certificate_file (fixture->other));
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
}

static void
test_issued (Fixture *fixture, gconstpointer data)
{
  if (!has_openssl ())
    return;
  issue (fixture, "IP:127.0.0.1");
  try_with_authority (fixture);
  g_assert_no_error (fixture->error);
}

static void
test_issued_for_another (Fixture *fixture, gconstpointer data)
{
  if (!has_openssl ())
    return;
  issue (fixture, "DNS:elsewhere.example");
  try_with_authority (fixture);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->error->message, "another host name"));
}

static void
test_pinned_for_another (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *file =
      g_build_filename (fixture->directory, "leaf.pem", NULL);

  if (!has_openssl ())
    return;
  issue (fixture, "DNS:elsewhere.example");
  fixture->server = start_issued (fixture);
  try_out (fixture, "wss", file);
  g_assert_no_error (fixture->error);
}

static void
test_bad_file (Fixture *fixture, gconstpointer data)
{
  fixture->server = start_self_signed (fixture, "own");
  try_out (fixture, "wss", "/nonexistent.pem");
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_USAGE);
  g_assert_nonnull (strstr (fixture->error->message, "/nonexistent.pem"));
}

static void
test_plain (Fixture *fixture, gconstpointer data)
{
  fixture->server = start_self_signed (fixture, "own");
  try_out (fixture, "ws", NULL);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_RETRY);
  g_assert_nonnull (strstr (fixture->error->message, "is it a wss:// server"));
}

#define ADD(path, func) \
  g_test_add ("/tls-trust/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("an-unknown-certificate-is-refused-with-its-fingerprint", test_unknown);
  ADD ("a-certificate-in-the-file-is-believed", test_pinned);
  ADD ("another-certificate-in-the-file-does-not-help", test_other);
  ADD ("a-certificate-from-an-authority-in-the-file-is-believed", test_issued);
  ADD ("such-a-certificate-for-another-name-is-refused",
      test_issued_for_another);
  ADD ("a-pinned-certificate-for-another-name-is-believed",
      test_pinned_for_another);
  ADD ("a-file-without-certificates-is-named", test_bad_file);
  ADD ("a-tls-server-asked-without-tls-gives-a-hint", test_plain);

  return g_test_run ();
}
