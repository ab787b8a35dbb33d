/*
 * The certificate that is kept read: dtlsdec's own log says when one is read.
 */
#include <gst/gst.h>

#include "base/certificate-maker.h"
#include "session/dtls-keeper.h"

static gint n_read; /* atomic */

static void
on_log (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer data)
{
  if (g_str_equal (gst_debug_category_get_name (category), "dtlsdec") &&
      strstr (gst_debug_message_get (message), "created new") &&
      !strstr (gst_debug_message_get (message), "generated"))
    g_atomic_int_inc (&n_read);
}

static gchar *
make_certificate (void)
{
  g_autoptr (GError) error = NULL;
  gchar *pem = peal_certificate_maker_new_anonymous (
      g_get_real_time () / G_USEC_PER_SEC, &error);

  g_assert_no_error (error);
  g_atomic_int_set (&n_read, 0);
  return pem;
}

/* What a connection does with it, from beginning to end. */
static void
use (const gchar *pem)
{
  GstElement *dtls = gst_element_factory_make ("dtlsdec", NULL);
  g_autofree gchar *shown = NULL;

  gst_object_ref_sink (dtls);
  g_object_set (dtls, "pem", pem, NULL);
  g_object_get (dtls, "pem", &shown, NULL);
  g_assert_true (g_str_has_prefix (pem, shown) || strstr (pem, shown));
  gst_object_unref (dtls);
}

static void
test_read_once (void)
{
  g_autofree gchar *pem = make_certificate ();
  PealDtlsKeeper *keeper = peal_dtls_keeper_new (pem);

  for (guint i = 0; g_atomic_int_get (&n_read) == 0; i++)
    g_thread_yield ();
  use (pem);
  use (pem);
  g_assert_cmpint (g_atomic_int_get (&n_read), ==, 1);
  peal_dtls_keeper_free (keeper);
}

static void
test_let_go (void)
{
  g_autofree gchar *pem = make_certificate ();

  peal_dtls_keeper_free (peal_dtls_keeper_new (pem));
  g_assert_cmpint (g_atomic_int_get (&n_read), ==, 1);
  use (pem);
  g_assert_cmpint (g_atomic_int_get (&n_read), ==, 2);
}

int
main (int argc, char **argv)
{
  /* GStreamer's own logger, whose list leaks when it is taken out. */
  g_setenv ("GST_DEBUG_FILE", "/dev/null", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  gst_debug_set_threshold_for_name ("dtlsdec", GST_LEVEL_DEBUG);
  gst_debug_add_log_function (on_log, NULL, NULL);

  g_test_add_func (
      "/dtls-keeper/connections-find-it-read-once-for-all", test_read_once);
  g_test_add_func (
      "/dtls-keeper/freed-at-once-it-is-made-and-let-go", test_let_go);

  return g_test_run ();
}
