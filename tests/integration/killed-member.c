/*
 * One of three is a process of its own, and is killed:
 *
 *   alice (red) ──── bob (blue)
 *       └── carol (green, gst-launch-1.0) ──┘      SIGKILL
 */
#include "call-rig.h"
#include "wait.h"

#define LEFT_LIMIT_MS 10000 /* the promise */
#define CALM_MS 2000
#define ICE_LIMIT_MS 70000 /* chosen: 45 to 50 s are what libnice takes */

static void
test_killed (void)
{
  MemberOptions options = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440, .watches_remotes = TRUE
  };
  Room *room = room_open ();
  Member *alice = member_join_with (room, &options);
  Member *bob = member_join (room, "bob", MEDIA_BLUE, 880);
  GSubprocess *carol = child_join (room, "carol", MEDIA_GREEN, 1320);
  Flow *mix, *video;
  gint64 killed_us;

  until (sees (alice, MEDIA_BLUE) && sees (alice, MEDIA_GREEN));
  until (sees (bob, MEDIA_RED) && sees (bob, MEDIA_GREEN));
  mix = member_watch (alice, "mix_video");
  video = member_watch (alice, pad_of (alice, "video", "bob"));
  room_reset_stalls (room);

  killed_us = g_get_monotonic_time ();
  child_kill (carol);
  until (has_event (alice, "peer-left", "name", "carol"));
  until (has_event (bob, "peer-left", "name", "carol"));
  g_assert_cmpint ((g_get_monotonic_time () - killed_us) / 1000, <,
      LEFT_LIMIT_MS * wait_slowness ());
  run_for_ms (CALM_MS);
  assert_no_gap (room, mix);
  assert_no_gap (room, video);

  carol = child_join (room, "carol", MEDIA_GREEN, 1320);
  until (sees (alice, MEDIA_BLUE) && sees (alice, MEDIA_GREEN));
  until (sees (bob, MEDIA_RED) && hears (bob, 1320));

  child_kill (carol);
  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

/* Nobody tells alice but ICE. */
static void
test_killed_without_media (void)
{
  MemberOptions options = { .name = "alice", .rgb = NO_CAMERA };
  Room *room = room_open ();
  Member *alice = member_join_with (room, &options);
  GSubprocess *bob = child_join (room, "bob", NO_CAMERA, NO_MICROPHONE);
  gint64 limit_us, killed_us;

  until (is_connected_to (alice, "bob"));
  room_stop (room);
  child_kill (bob);
  limit_us = until_begin (ICE_LIMIT_MS);
  killed_us = g_get_monotonic_time ();
  while (is_connected_to (alice, "bob"))
    g_assert_true (until_step (limit_us));
  g_test_message ("noticed after %.1f s",
      (gdouble)(g_get_monotonic_time () - killed_us) / G_USEC_PER_SEC);

  member_leave (alice);
  room_close (room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func (
      "/killed/the-others-go-on-without-a-gap-and-it-can-return", test_killed);
  g_test_add_func (
      "/killed/ice-notices-one-without-media", test_killed_without_media);

  return g_test_run ();
}
