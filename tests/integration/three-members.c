/*
 * Three members, each connected with each:
 *
 *   alice (red, 440 Hz) ──── bob (blue, 880 Hz)
 *          └── carol (green, 1320 Hz) ──┘
 */
#include "call-rig.h"
#include "wait.h"

#define CALM_MS 2000 /* long enough for a gap to show */

typedef struct {
  Room *room;
  Member *alice;
  Member *bob;
  Member *carol;
} Three;

static gboolean
has_both (Member *member, guint rgb, guint hz, guint other_rgb, guint other_hz)
{
  return sees (member, rgb) && sees (member, other_rgb) && hears (member, hz) &&
      hears (member, other_hz);
}

static void
given_three (Three *three)
{
  MemberOptions options = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440, .watches_remotes = TRUE
  };

  three->room = room_open ();
  three->alice = member_join_with (three->room, &options);
  three->bob = member_join (three->room, "bob", MEDIA_BLUE, 880);
  three->carol = member_join (three->room, "carol", MEDIA_GREEN, 1320);
  until (has_both (three->alice, MEDIA_BLUE, 880, MEDIA_GREEN, 1320));
  until (has_both (three->bob, MEDIA_RED, 440, MEDIA_GREEN, 1320));
  until (has_both (three->carol, MEDIA_RED, 440, MEDIA_BLUE, 880));
}

static void
then_it_ends (Three *three)
{
  member_leave (three->carol);
  member_leave (three->bob);
  member_leave (three->alice);
  room_close (three->room);
}

static void
assert_encodes_once (Member *member)
{
  g_assert_cmpuint (count_connected (member), ==, 2);
  g_assert_cmpuint (count_factory (member, "webrtcbin"), ==, 2);
  g_assert_cmpuint (count_elements (member, "Encoder", "Video"), ==, 1);
  g_assert_cmpuint (count_elements (member, "Encoder", "Audio"), ==, 1);
}

static void
test_encoders (void)
{
  Three three;

  given_three (&three);
  assert_encodes_once (three.alice);
  assert_encodes_once (three.bob);
  assert_encodes_once (three.carol);
  then_it_ends (&three);
}

static void
test_leaving (void)
{
  Three three;
  Flow *mix, *video, *audio;

  given_three (&three);
  mix = member_watch (three.alice, "mix_video");
  video = member_watch (three.alice, pad_of (three.alice, "video", "bob"));
  audio = member_watch (three.alice, pad_of (three.alice, "audio", "bob"));
  room_reset_stalls (three.room);

  member_stop (three.carol);
  until (has_event (three.alice, "peer-left", "name", "carol"));
  until (!sees (three.alice, MEDIA_GREEN) && !hears (three.alice, 1320));
  run_for_ms (CALM_MS);
  g_assert_true (sees (three.alice, MEDIA_BLUE));
  g_assert_cmpuint (count_connected (three.alice), ==, 1);

  member_play (three.carol);
  until (has_both (three.alice, MEDIA_BLUE, 880, MEDIA_GREEN, 1320));
  until (has_both (three.bob, MEDIA_RED, 440, MEDIA_GREEN, 1320));
  until (has_both (three.carol, MEDIA_RED, 440, MEDIA_BLUE, 880));
  run_for_ms (CALM_MS);
  assert_no_gap (three.room, mix);
  assert_no_gap (three.room, video);
  assert_no_gap (three.room, audio);
  then_it_ends (&three);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func (
      "/three/all-are-in-each-grid-and-each-encodes-once", test_encoders);
  g_test_add_func (
      "/three/one-leaves-and-returns-and-the-others-have-no-gap", test_leaving);

  return g_test_run ();
}
