/*
 * Viewers for whom a key frame is made before they can see it: what may happen
 * until then. All in VP8, on a track that sends real media.
 */
#include <gst/gst.h>

#include "media-check.h"
#include "media/track.h"
#include "track-rig.h"
#include "wait.h"

#define SMALL_CAMERA                                              \
  "videotestsrc is-live=true pattern=red ! capsfilter name=size " \
  "caps=video/x-raw,width=320,height=240,framerate=30/1 ! identity"

static GstElement *
get_fan_out (Rig *rig)
{
  return gst_bin_get_by_name (GST_BIN (rig->track), "fan-out-VP8");
}

/* A source that runs, and a key frame made for @viewer. */
static void
when_it_is_expected (Viewer *viewer)
{
  g_autoptr (GstElement) fan_out = get_fan_out (viewer->rig);
  static Counter camera, ahead; /* they outlive their probes */

  ahead = (Counter){ 0 };
  count_on (viewer->rig->track, "sink", &camera);
  wait_for_twenty (&camera.n_buffers);
  count_on (fan_out, "sink", &ahead);
  peal_track_branch_expect_open (viewer->branch);
  wait_for (has_key, &ahead);
  g_assert_cmpint (g_atomic_int_get (&viewer->n_buffers), ==, 0);
}

/* Both have the one that was made for the first. */
static void
test_two (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_joins (rig, "VP8");
  Viewer *bob = when_somebody_joins (rig, "VP8");
  Counter for_alice = { 0 }, for_bob = { 0 };

  count_encoded (alice, &for_alice);
  count_encoded (bob, &for_bob);
  when_it_is_expected (alice);
  peal_track_branch_expect_open (bob->branch);
  peal_track_branch_set_open (alice->branch, TRUE);
  peal_track_branch_set_open (bob->branch, TRUE);
  g_assert_true (sees (alice, MEDIA_RED));
  g_assert_true (sees (bob, MEDIA_RED));
  g_assert_cmpint (for_alice.n_deltas_before_key, ==, 0);
  g_assert_cmpint (for_bob.n_deltas_before_key, ==, 0);
  when_it_leaves (alice);
  when_it_leaves (bob);
  then_it_ends (rig);
}

/* As one that goes while its handshake is under way. */
static void
test_leaves (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, RED_CAMERA);
  Viewer *alice = when_somebody_joins (rig, "VP8");
  Viewer *bob = when_somebody_joins (rig, "VP8");
  Counter for_bob = { 0 };

  count_encoded (bob, &for_bob);
  when_it_is_expected (alice);
  when_it_leaves (alice);
  peal_track_branch_set_open (bob->branch, TRUE);
  g_assert_true (sees (bob, MEDIA_RED));
  g_assert_cmpint (for_bob.n_deltas_before_key, ==, 0);
  when_it_leaves (bob);
  then_it_ends (rig);
}

/* What was made ahead is of the old size, and is followed by the new one. */
static void
test_size (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, SMALL_CAMERA);
  Viewer *alice = when_somebody_joins (rig, "VP8");
  g_autoptr (GstElement) filter =
      gst_bin_get_by_name (GST_BIN (rig->source), "size");
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("video/x-raw,width=640,height=360,framerate=30/1");
  Counter passed = { 0 };

  count_encoded (alice, &passed);
  when_it_is_expected (alice);
  g_object_set (filter, "caps", caps, NULL);
  peal_track_branch_set_open (alice->branch, TRUE);
  g_assert_true (media_wait_for_size (alice->appsink, 640, 360, TIMEOUT_MS));
  g_assert_cmpint (passed.n_deltas_before_key, ==, 0);
  when_it_leaves (alice);
  then_it_ends (rig);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expected/two-share-what-was-made-for-one", test_two);
  g_test_add_func ("/expected/one-that-leaves-harms-nobody", test_leaves);
  g_test_add_func ("/expected/the-size-may-change-before-it-comes", test_size);
  return g_test_run ();
}
