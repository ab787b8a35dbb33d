/*
 * Every protocol over TLS, with a server that makes its own certificate: who
 * is told of the certificate meets, who is not is told what is wrong. See
 * contract.h.
 */
#include "contract.h"

#include <glib/gstdio.h>

#include "base/error.h"
#include "wait.h"

static gchar *directory; /* of the certificate, which is made once */

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const BackendClass *klass = data;

  fixture->backend = klass->open_tls (klass, directory);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->member); i++)
    g_clear_pointer (&fixture->member[i], free_member);
  fixture->backend->klass->close (fixture->backend);
}

static void
test_agreed (Fixture *fixture, gconstpointer data)
{
  join (fixture, 0, "Alice");
  join (fixture, 1, "Bob");

  agree (fixture, "session1", "1");
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  Member *alice;

  fixture->backend->is_trusted = FALSE;
  alice = make_member (fixture->backend, "Alice", NULL, FALSE);
  fixture->member[0] = alice;
  peal_signaller_start (alice->signaller);
  wait_for (has_failed, alice);
  g_assert_error (alice->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
  g_assert_nonnull (strstr (alice->error->message, "tls-ca-file"));
  g_assert_nonnull (strstr (alice->error->message, "fingerprint"));
}

static void
add (const BackendClass *klass, const gchar *sentence,
    void (*run) (Fixture *fixture, gconstpointer data))
{
  g_autofree gchar *path =
      g_strdup_printf ("/tls/%s/%s", klass->name, sentence);

  g_test_add (path, Fixture, klass, set_up, run, tear_down);
}

static void
remove_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (directory, name, NULL);

    g_unlink (path);
  }
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("peal-tls-XXXXXX", NULL);
  for (const BackendClass *klass = server_backends; klass->name; klass++) {
    add (klass, "two-meet-and-agree", test_agreed);
    add (klass, "an-unknown-certificate-is-refused-in-clear-words",
        test_unknown);
  }
  result = g_test_run ();
  remove_files ();
  g_free (directory);
  return result;
}
