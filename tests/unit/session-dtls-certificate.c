/*
 * A certificate that comes while DTLS's elements are being raised already.
 *
 *   alice-out ──► bob-in      bob-out ──► alice-in
 */
#include <gst/gst.h>

#include "base/certificate-maker.h"
#include "session/dtls-certificate.h"
#include "wait.h"

/* A race is lost in some of them; fewer where everything is slow. */
#define N_ROUNDS (3000 / wait_slowness ())

typedef struct {
  GstElement *pipeline;
  gchar *certificate;
} Pair;

/* The ids are new each time, as webrtcbin's are: GStreamer keeps one table of
 * them, out of which a connection takes its id when its last user lets go. */
static void
given_a_pair (Pair *pair)
{
  static guint n_pairs;
  g_autofree gchar *line = NULL;

  n_pairs++;
  line = g_strdup_printf (
      "dtlsenc name=alice-out connection-id=alice-%u is-client=true ! "
      "dtlsdec name=bob-in connection-id=bob-%u "
      "dtlsenc name=bob-out connection-id=bob-%u ! "
      "dtlsdec name=alice-in connection-id=alice-%u",
      n_pairs, n_pairs, n_pairs, n_pairs);
  pair->certificate = peal_certificate_maker_new_anonymous (
      g_get_real_time () / G_USEC_PER_SEC, NULL);
  pair->pipeline = gst_parse_launch (line, NULL);
}

static GstElement *
get (Pair *pair, const gchar *name)
{
  return gst_bin_get_by_name (GST_BIN (pair->pipeline), name);
}

static void
then_it_ends (Pair *pair)
{
  gst_element_set_state (pair->pipeline, GST_STATE_NULL);
  gst_object_unref (pair->pipeline);
  g_free (pair->certificate);
}

static gboolean
knows_its_peer (gpointer decoder)
{
  g_autofree gchar *pem = NULL;
  g_autoptr (GstBuffer) key = NULL;

  g_object_get (decoder, "peer-pem", &pem, "decoder-key", &key, NULL);

  return pem && key;
}

/* Who answers has to stand before the first word. */
static void
when_they_connect (Pair *pair)
{
  g_autoptr (GstElement) alice = get (pair, "alice-in");
  g_autoptr (GstElement) bob = get (pair, "bob-in");
  g_autoptr (GstElement) caller = get (pair, "alice-out");

  gst_element_set_locked_state (caller, TRUE);
  gst_element_set_state (pair->pipeline, GST_STATE_PLAYING);
  gst_element_set_locked_state (caller, FALSE);
  gst_element_sync_state_with_parent (caller);
  wait_for (knows_its_peer, alice);
  wait_for (knows_its_peer, bob);
}

static void
test_early (void)
{
  Pair pair;
  g_autoptr (GstElement) decoder = NULL;

  given_a_pair (&pair);
  decoder = get (&pair, "alice-in");
  peal_dtls_certificate_set (decoder, pair.certificate);
  when_they_connect (&pair);
  then_it_ends (&pair);
}

static void
test_late (void)
{
  Pair pair;
  g_autoptr (GstElement) decoder = NULL;

  given_a_pair (&pair);
  decoder = get (&pair, "alice-in");
  gst_element_set_state (decoder, GST_STATE_PAUSED);
  peal_dtls_certificate_set (decoder, pair.certificate);
  g_assert_cmpint (GST_STATE (decoder), ==, GST_STATE_PAUSED);
  when_they_connect (&pair);
  then_it_ends (&pair);
}

/* ---- at once ---- */

typedef struct {
  GstElement *decoder;
  gint is_over; /* atomic */
} Raising;

static gpointer
raise_and_lower (gpointer data)
{
  Raising *raising = data;

  for (gint64 i = 0; i < N_ROUNDS; i++) {
    gst_element_set_state (raising->decoder, GST_STATE_PAUSED);
    gst_element_set_state (raising->decoder, GST_STATE_NULL);
  }
  g_atomic_int_set (&raising->is_over, TRUE);

  return NULL;
}

static void
test_at_once (void)
{
  Pair pair;
  Raising raising = { 0 };
  g_autoptr (GstElement) decoder = NULL;
  GThread *thread;

  given_a_pair (&pair);
  decoder = get (&pair, "alice-in");
  raising.decoder = decoder;
  thread = g_thread_new ("raising", raise_and_lower, &raising);
  while (!g_atomic_int_get (&raising.is_over))
    peal_dtls_certificate_set (decoder, pair.certificate);
  g_thread_join (thread);
  when_they_connect (&pair);
  then_it_ends (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func (
      "/dtls-certificate/one-that-comes-before-the-start-is-shown", test_early);
  g_test_add_func (
      "/dtls-certificate/one-that-comes-late-loses-no-keys", test_late);
  g_test_add_func ("/dtls-certificate/one-that-comes-just-then-breaks-nothing",
      test_at_once);
  return g_test_run ();
}
