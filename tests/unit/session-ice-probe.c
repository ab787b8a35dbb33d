/*
 * What STUN and TURN servers say when they are asked whether they would serve
 * us: a real coturn on the loopback, and ports where nobody or nothing is.
 */
#include "session/ice-probe.h"

#include <stdio.h>
#include <string.h>

#include "wait.h"

typedef struct {
  GSubprocess *process;
  gchar *folder;
  guint port;
} Turn;

typedef struct {
  gboolean is_told;
  gchar *fault;
} Verdict;

static GSocket *
bind_socket (GSocketType type, guint *port)
{
  g_autoptr (GInetAddress) host =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (host, 0);
  g_autoptr (GSocketAddress) address = NULL;
  GSocket *socket = g_socket_new (
      G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  address = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return socket;
}

static guint
find_port (void)
{
  guint port = 0;
  g_autoptr (GSocket) socket = bind_socket (G_SOCKET_TYPE_STREAM, &port);

  return port;
}

/* ---- coturn, ready when it says so */

static void
wait_until_ready (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  gboolean is_ready = FALSE;

  while (!is_ready) {
    g_autofree gchar *line =
        g_data_input_stream_read_line (lines, NULL, NULL, NULL);

    g_assert_nonnull (line);
    is_ready = strstr (line, "Total General servers") != NULL;
  }
  /* Nobody reads on: it must not block there. */
  g_filter_input_stream_set_close_base_stream (
      G_FILTER_INPUT_STREAM (lines), FALSE);
}

static void
set_up (Turn *self, gconstpointer data)
{
  g_autofree gchar *port = NULL;
  g_autofree gchar *database = NULL;
  g_autofree gchar *pid_file = NULL;
  g_autoptr (GError) error = NULL;

  self->port = find_port ();
  self->folder = g_dir_make_tmp ("peal-turn-XXXXXX", NULL);
  port = g_strdup_printf ("--listening-port=%u", self->port);
  database = g_strdup_printf ("--userdb=%s/db", self->folder);
  pid_file = g_strdup_printf ("--pidfile=%s/pid", self->folder);
  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
      "turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "--lt-cred-mech",
      "--user=bob:secret", "--realm=peal.test", "--listening-ip=127.0.0.1",
      "--relay-ip=127.0.0.1", "--log-file=stdout", port, database, pid_file,
      NULL);
  g_assert_no_error (error);
  wait_until_ready (self->process);
}

static void
tear_down (Turn *self, gconstpointer data)
{
  static const gchar *const names[] = { "db", "pid" };

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *path = g_build_filename (self->folder, names[i], NULL);

    remove (path);
  }
  remove (self->folder);
  g_free (self->folder);
}

/* ---- asking */

static void
on_done (const gchar *fault, gpointer data)
{
  Verdict *verdict = data;

  g_assert_false (verdict->is_told);
  verdict->is_told = TRUE;
  verdict->fault = g_strdup (fault);
}

static gchar *
ask (const gchar *pattern, guint port)
{
  g_autofree gchar *text = g_strdup_printf ("%u", port);
  g_auto (GStrv) parts = g_strsplit (pattern, "PORT", 2);
  g_autofree gchar *uri = g_strjoinv (text, parts);
  Verdict verdict = { 0 };
  PealIceProbe *probe = peal_ice_probe_new (uri, on_done, &verdict);

  while (!verdict.is_told)
    g_main_context_iteration (NULL, TRUE);
  peal_ice_probe_free (probe);
  return verdict.fault;
}

static void
who_knows_the_password_is_served (Turn *self, gconstpointer data)
{
  static const gchar *const uris[] = {
    "turn://bob:secret@127.0.0.1:PORT",
    "turn://bob:secret@127.0.0.1:PORT?transport=tcp",
    "stun://127.0.0.1:PORT",
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autofree gchar *fault = ask (uris[i], self->port);

    g_assert_cmpstr (fault, ==, NULL);
  }
}

static void
a_wrong_password_is_told_without_naming_it (Turn *self, gconstpointer data)
{
  static const gchar *const uris[] = {
    "turn://bob:mistaken@127.0.0.1:PORT?transport=udp",
    "turn://bob:mistaken@127.0.0.1:PORT?transport=tcp",
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autofree gchar *fault = ask (uris[i], self->port);

    g_assert_nonnull (strstr (fault, "refused user 'bob': wrong credentials?"));
    g_assert_nonnull (strstr (fault, "TURN server turn:127.0.0.1:"));
    g_assert_null (strstr (fault, "mistaken"));
  }
}

static void
nobody_there_is_told (void)
{
  guint port = find_port ();
  g_autofree gchar *udp = ask ("stun://127.0.0.1:PORT", port);
  g_autofree gchar *tcp =
      ask ("turn://bob:secret@127.0.0.1:PORT?transport=tcp", port);

  g_assert_nonnull (strstr (udp, "STUN server"));
  g_assert_nonnull (strstr (udp, "cannot be reached"));
  g_assert_nonnull (strstr (tcp, "cannot be reached"));
}

static void
silence_is_told_after_three_seconds (void)
{
  guint port = 0;
  g_autoptr (GSocket) silent = bind_socket (G_SOCKET_TYPE_DATAGRAM, &port);
  g_autofree gchar *fault = ask ("turn://bob:secret@127.0.0.1:PORT", port);

  g_assert_nonnull (strstr (fault, "does not answer"));
}

static void
who_is_freed_says_nothing (void)
{
  guint port = find_port ();
  g_autofree gchar *uri = g_strdup_printf ("stun://127.0.0.1:%u", port);
  Verdict verdict = { 0 };

  peal_ice_probe_free (peal_ice_probe_new (uri, on_done, &verdict));
  run_for_ms (100);
  g_assert_false (verdict.is_told);
}

int
main (int argc, char **argv)
{
  g_autofree gchar *turnserver = NULL;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice-probe/nobody-there-is-told", nobody_there_is_told);
  g_test_add_func ("/ice-probe/silence-is-told-after-three-seconds",
      silence_is_told_after_three_seconds);
  g_test_add_func (
      "/ice-probe/who-is-freed-says-nothing", who_is_freed_says_nothing);
  turnserver = g_find_program_in_path ("turnserver");
  if (turnserver) {
    g_test_add ("/ice-probe/who-knows-the-password-is-served", Turn, NULL,
        set_up, who_knows_the_password_is_served, tear_down);
    g_test_add ("/ice-probe/a-wrong-password-is-told-without-naming-it", Turn,
        NULL, set_up, a_wrong_password_is_told_without_naming_it, tear_down);
  }
  return g_test_run ();
}
