/*
 * The server ends in mid-call, with all that it knows, and comes back:
 *
 *   alice ── room ── bob          room: stopped, started on the same port
 *     └───── media ───┘           carol: a newcomer, afterwards
 */
#include "call-rig.h"
#include "wait.h"

#define OUTAGE_MS 3000
#define BACK_LIMIT_MS 15000 /* the promise */

static void
test_restart (void)
{
  MemberOptions options = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440, .watches_remotes = TRUE
  };
  Room *room = room_open ();
  Member *alice = member_join_with (room, &options);
  Member *bob = member_join (room, "bob", MEDIA_BLUE, 880);
  Member *carol;
  Flow *picture, *sound;
  gint64 started_us;

  until (sees (alice, MEDIA_BLUE) && hears (alice, 880));
  until (sees (bob, MEDIA_RED) && hears (bob, 440));
  picture = member_watch (alice, pad_of (alice, "video", "bob"));
  sound = member_watch (alice, pad_of (alice, "audio", "bob"));
  room_reset_stalls (room);
  forget_events (alice);
  forget_events (bob);

  room_stop (room);
  run_for_ms (OUTAGE_MS);
  room_start (room);
  started_us = g_get_monotonic_time ();
  until (has_event (alice, "signalling-state", "state", "joined"));
  until (has_event (bob, "signalling-state", "state", "joined"));
  g_assert_cmpint ((g_get_monotonic_time () - started_us) / 1000, <,
      BACK_LIMIT_MS * wait_slowness ());

  carol = member_join (room, "carol", MEDIA_GREEN, 1320);
  until (sees (carol, MEDIA_RED) && sees (carol, MEDIA_BLUE));
  until (sees (alice, MEDIA_BLUE) && sees (alice, MEDIA_GREEN));
  until (sees (bob, MEDIA_RED) && sees (bob, MEDIA_GREEN));
  g_assert_cmpuint (count_peers (alice, "bob"), ==, 1);
  g_assert_cmpuint (count_peers (bob, "alice"), ==, 1);
  g_assert_cmpuint (count_events (alice, "peer-left", NULL), ==, 0);
  g_assert_cmpuint (count_events (bob, "peer-left", NULL), ==, 0);
  assert_no_gap (room, picture);
  assert_no_gap (room, sound);

  member_leave (carol);
  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func (
      "/restart/pictures-never-stop-and-everybody-is-back-once", test_restart);

  return g_test_run ();
}
