/*
 * A source that is encoded already goes through as it is:
 *
 *   alice: videotestsrc ! x264enc ! h264parse ! pealbin ──── bob, then carol
 */
#include "call-rig.h"
#include "wait.h"

#define PICTURE_LIMIT_MS 1000 /* the promise, from connected on */

/* No key frame but the first, unless one is asked for. */
#define H264_SOURCE(profile)                                                \
  "videotestsrc is-live=true pattern=ball background-color=0xffff0000 "     \
  "foreground-color=0xffffffff ! " PICTURE_CAPS ",format=I420 ! x264enc "   \
  "tune=zerolatency speed-preset=ultrafast bitrate=500 key-int-max=9999 ! " \
  "video/x-h264,profile=" profile " ! h264parse"

static gdouble
get_stat (Member *member, const gchar *field)
{
  g_autoptr (GstStructure) stats = NULL;
  const GstStructure *row;
  gdouble value = -1;
  gint index = -1;

  g_object_get (member_get_call (member), "stats", &stats, NULL);
  for (gint i = 0; i < gst_structure_n_fields (stats); i++) {
    row = gst_value_get_structure (gst_structure_get_value (
        stats, gst_structure_nth_field_name (stats, (guint)i)));
    if (g_strcmp0 (gst_structure_get_string (row, "name"), "alice") == 0)
      index = i;
  }
  g_assert_cmpint (index, >=, 0);
  row = gst_value_get_structure (gst_structure_get_value (
      stats, gst_structure_nth_field_name (stats, (guint)index)));
  g_assert_true (gst_structure_get_double (row, field, &value));

  return value;
}

static void
test_passthrough (void)
{
  MemberOptions options = { .name = "alice",
    .rgb = NO_CAMERA,
    .hz = 440,
    .video = H264_SOURCE ("constrained-baseline") };
  Room *room = room_open ();
  Member *alice = member_join_with (room, &options);
  Member *bob = member_join (room, "bob", MEDIA_BLUE, 880);
  Member *carol;

  until (sees (bob, MEDIA_RED));
  until (sees (alice, MEDIA_BLUE));
  g_assert_cmpuint (count_elements (alice, "Encoder", "Video"), ==, 0);
  g_assert_cmpuint (count_elements (alice, "Encoder", "Audio"), ==, 1);

  carol = member_join (room, "carol", NO_CAMERA, NO_MICROPHONE);
  until (sees (carol, MEDIA_RED));
  g_assert_cmpfloat (
      get_stat (carol, "first-picture-ms") - get_stat (carol, "setup-ms"), <=,
      PICTURE_LIMIT_MS * wait_slowness ());
  g_assert_cmpuint (count_elements (alice, "Encoder", "Video"), ==, 0);

  member_leave (carol);
  member_leave (bob);
  member_leave (alice);
  room_close (room);
}

/* What cameras give: not the profile that the offer has to name. */
static void
test_profile (gconstpointer source)
{
  MemberOptions options = {
    .name = "alice", .rgb = NO_CAMERA, .hz = NO_MICROPHONE, .video = source
  };
  Room *room = room_open ();
  Member *alice = member_join_with (room, &options);
  Member *bob = member_join (room, "bob", NO_CAMERA, NO_MICROPHONE);

  until (sees (bob, MEDIA_RED));
  g_assert_cmpuint (count_elements (alice, "Encoder", "Video"), ==, 0);

  member_leave (bob);
  member_leave (alice);
  room_close (room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func (
      "/passthrough/h264-has-no-encoder-and-a-later-joiner-has-a-picture-soon",
      test_passthrough);
  g_test_add_data_func ("/passthrough/h264-of-main-profile-is-seen",
      H264_SOURCE ("main"), test_profile);
  g_test_add_data_func ("/passthrough/h264-of-high-profile-is-seen",
      H264_SOURCE ("high"), test_profile);

  return g_test_run ();
}
