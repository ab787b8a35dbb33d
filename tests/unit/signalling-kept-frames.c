/*
 * What is said while away: kept in order, within bounds.
 */
#include "base/error.h"
#include "signalling/kept-frames.h"

static void
test_order (void)
{
  PealKeptFrames kept;
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;

  peal_kept_frames_init (&kept);
  g_assert_true (peal_kept_frames_push (&kept, "one", NULL));
  g_assert_true (peal_kept_frames_push (&kept, "two", NULL));
  first = peal_kept_frames_pop (&kept);
  second = peal_kept_frames_pop (&kept);
  g_assert_cmpstr (first, ==, "one");
  g_assert_cmpstr (second, ==, "two");
  g_assert_null (peal_kept_frames_pop (&kept));
}

static void
fill (PealKeptFrames *kept, const gchar *frame, guint expected)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (peal_kept_frames_push (kept, frame, &error))
    n++;
  g_assert_cmpuint (n, ==, expected);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

static void
test_bounds (void)
{
  PealKeptFrames kept;
  g_autofree gchar *large = g_strnfill (64 * 1024, 'x');

  peal_kept_frames_init (&kept);
  fill (&kept, "", PEAL_KEPT_FRAMES_MAX);
  peal_kept_frames_clear (&kept);
  fill (&kept, large, PEAL_KEPT_FRAMES_MAX_BYTES / (64 * 1024));
  g_free (peal_kept_frames_pop (&kept));
  g_assert_true (peal_kept_frames_push (&kept, large, NULL));
  peal_kept_frames_clear (&kept);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kept-frames/come-back-in-order", test_order);
  g_test_add_func ("/kept-frames/are-bounded-by-count-and-bytes", test_bounds);

  return g_test_run ();
}
