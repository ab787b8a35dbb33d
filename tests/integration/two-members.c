/*
 * A call of two through the room server, checked by what each side sees and
 * hears, on the mixes and on the pads of its own.
 *
 *   alice (red, 440 Hz) ── room ── bob (blue, 880 Hz)
 *         └────────────── media ──────────────┘
 */
#include "call-rig.h"

/* Chosen: that all of them have the same outcome has a chance of 3 %. */
#define N_LOTS 6

static Member *
join_watching (Room *room, const gchar *name, guint rgb, guint hz)
{
  MemberOptions options = {
    .name = name, .rgb = rgb, .hz = hz, .watches_remotes = TRUE
  };

  return member_join_with (room, &options);
}

static void
test_mixes (void)
{
  Room *room = room_open ();
  Member *alice = member_join (room, "alice", MEDIA_RED, 440);
  Member *bob = member_join (room, "bob", MEDIA_BLUE, 880);

  until (sees (bob, MEDIA_RED));
  until (hears (bob, 440));
  until (sees (alice, MEDIA_BLUE));
  until (hears (alice, 880));
  g_assert_false (sees (alice, MEDIA_RED));
  g_assert_false (hears (bob, 880));

  member_leave (alice);
  until (is_black (bob));
  until (hears_silence (bob));
  member_leave (bob);
  room_close (room);
}

static void
test_listeners (void)
{
  Room *room = room_open ();
  Member *alice = member_join (room, "alice", NO_CAMERA, NO_MICROPHONE);
  Member *bob = member_join (room, "bob", NO_CAMERA, NO_MICROPHONE);
  Member *carol;

  until (is_connected_to (bob, "alice"));
  until (is_connected_to (alice, "bob"));
  carol = member_join (room, "carol", MEDIA_RED, 440);
  until (sees (alice, MEDIA_RED) && hears (alice, 440));
  until (sees (bob, MEDIA_RED) && hears (bob, 440));
  g_assert_false (has_event (alice, "peer-state", "state", "failed"));

  member_leave (carol);
  member_leave (bob);
  member_leave (alice);
  room_close (room);
}

static void
assert_pad_is_of (Member *member, const gchar *pad_name, const gchar *name)
{
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (member_get_call (member), pad_name);
  g_autofree gchar *peer_id = NULL;
  g_autofree gchar *peer_name = NULL;

  g_assert_nonnull (pad);
  g_object_get (pad, "peer-id", &peer_id, "peer-name", &peer_name, NULL);
  g_assert_cmpstr (peer_name, ==, name);
  g_assert_cmpstr (
      peer_id, ==, last_field (member, "peer-joined", "name", name, "id"));
}

static void
test_remote_pads (void)
{
  Room *room = room_open ();
  Member *alice = join_watching (room, "alice", MEDIA_RED, 440);
  Member *bob = join_watching (room, "bob", MEDIA_BLUE, 880);

  until (sees_on (bob, "remote_video_0", MEDIA_RED));
  until (hears_on (bob, "remote_audio_0", 440));
  until (sees_on (alice, "remote_video_0", MEDIA_BLUE));
  until (hears_on (alice, "remote_audio_0", 880));
  assert_pad_is_of (bob, "remote_video_0", "alice");
  assert_pad_is_of (bob, "remote_audio_0", "alice");
  assert_pad_is_of (alice, "remote_video_0", "bob");

  member_leave (alice);
  until (!has_pad (bob, "remote_video_0"));
  until (!has_pad (bob, "remote_audio_0"));
  member_leave (bob);
  room_close (room);
}

static void
test_only_remote_pads (void)
{
  MemberOptions options = { .name = "bob",
    .rgb = NO_CAMERA,
    .hz = NO_MICROPHONE,
    .has_no_mix = TRUE,
    .watches_remotes = TRUE };
  Room *room = room_open ();
  Member *bob = member_join_with (room, &options);
  Member *alice = member_join (room, "alice", MEDIA_RED, 440);

  until (sees_on (bob, "remote_video_0", MEDIA_RED));
  until (hears_on (bob, "remote_audio_0", 440));
  g_assert_true (is_black (alice));

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

static void
assert_told_twice (Member *member, const gchar *event)
{
  until (count_events (member, event, NULL) > 0);
  g_assert_cmpuint (
      count_events (member, event, NULL), ==, count_signals (member, event));
}

static void
test_announcements (void)
{
  Room *room = room_open ();
  Member *alice = member_join (room, "alice", MEDIA_RED, 440);
  Member *bob;

  until (has_event (alice, "signalling-state", "state", "joined"));
  g_assert_true (has_event (alice, "signalling-state", "state", "connecting"));

  bob = member_join (room, "bob", MEDIA_BLUE, 880);
  until (has_event (alice, "peer-joined", "name", "bob"));
  until (is_connected_to (alice, "bob"));
  until (has_event (alice, "peer-state", "name", "bob", "state", "connecting"));
  until (has_event (alice, "track-added", "name", "bob", "kind", "video", "pad",
      "remote_video_0"));
  until (has_event (alice, "track-added", "name", "bob", "kind", "audio", "pad",
      "remote_audio_0"));

  member_leave (bob);
  until (has_event (alice, "peer-left", "name", "bob"));
  until (has_event (alice, "track-removed", "pad", "remote_video_0"));
  g_assert_cmpuint (count_events (alice, "peer-joined", NULL), ==, 1);
  assert_told_twice (alice, "signalling-state");
  assert_told_twice (alice, "peer-joined");
  assert_told_twice (alice, "peer-state");
  assert_told_twice (alice, "track-added");
  assert_told_twice (alice, "peer-left");
  member_leave (alice);
  room_close (room);
}

static void
assert_rows (Member *member)
{
  g_autoptr (GstStructure) stats = NULL;
  const GstStructure *row;
  guint64 frames = 0;
  guint width = 0;
  gdouble setup_ms = 0;

  g_object_get (member_get_call (member), "stats", &stats, NULL);
  g_assert_cmpint (gst_structure_n_fields (stats), ==, 1);
  row = gst_value_get_structure (
      gst_structure_get_value (stats, gst_structure_nth_field_name (stats, 0)));
  g_assert_true (gst_structure_get (row, "video-frames", G_TYPE_UINT64, &frames,
      "video-width", G_TYPE_UINT, &width, "setup-ms", G_TYPE_DOUBLE, &setup_ms,
      NULL));
  g_assert_cmpuint (frames, >, 0);
  g_assert_cmpuint (width, ==, 320);
  g_assert_cmpfloat (setup_ms, >, 0);
}

static void
test_stats (void)
{
  Room *room = room_open ();
  Member *alice = member_join (room, "alice", MEDIA_RED, 440);
  Member *bob = member_join (room, "bob", MEDIA_BLUE, 880);

  until (sees (bob, MEDIA_RED));
  until (hears (bob, 440));
  assert_rows (bob);
  until (count_connected (alice) == 1);

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

static GstPadProbeReturn
on_list (GstPad *pad, GstPadProbeInfo *info, gpointer counter)
{
  g_atomic_int_inc ((gint *)counter);
  return GST_PAD_PROBE_OK;
}

static void
count_lists (const GValue *item, gpointer counter)
{
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPad) src = NULL;

  if (!factory || !g_str_equal (GST_OBJECT_NAME (factory), "rtpfunnel"))
    return;
  src = gst_element_get_static_pad (element, "src");
  gst_pad_add_probe (
      src, GST_PAD_PROBE_TYPE_BUFFER_LIST, on_list, counter, NULL);
}

/* Once a picture, not once a packet: that is most of what a viewer costs. Each
 * picture of noise needs many. */
static void
test_lists (void)
{
  Room *room = room_open ();
  MemberOptions noise = { .name = "alice",
    .rgb = MEDIA_RED,
    .video = "videotestsrc is-live=true pattern=snow ! " PICTURE_CAPS };
  Member *alice = member_join_with (room, &noise);
  Member *bob = member_join (room, "bob", NO_CAMERA, NO_MICROPHONE);
  g_autoptr (GstIterator) elements = NULL;
  gint n_lists = 0;

  until (has_pad (bob, "remote_video_0"));
  elements = gst_bin_iterate_recurse (GST_BIN (member_get_pipeline (alice)));
  gst_iterator_foreach (elements, count_lists, &n_lists);
  until (g_atomic_int_get (&n_lists) >= 10);

  member_leave (bob);
  member_leave (alice);
  room_close (room);
}

/* Who offers is by lot; the one that sends one picture, or none, must then give
 * the turn to the other. */
static void
test_two_pictures (void)
{
  Room *room = room_open ();
  MemberOptions options = { .name = "alice",
    .rgb = MEDIA_RED,
    .hz = 440,
    .tail = " videotestsrc is-live=true pattern=ball "
            "background-color=0xff00ff00 foreground-color=0xffffffff "
            "! " PICTURE_CAPS " ! call." };
  Member *alice = member_join_with (room, &options);

  for (guint i = 0; i < N_LOTS; i++) {
    Member *bob = member_join (room, "bob", MEDIA_BLUE, 880);

    until (sees (bob, MEDIA_RED) && sees (bob, MEDIA_GREEN));
    until (sees (alice, MEDIA_BLUE) && hears (alice, 880) && hears (bob, 440));
    member_leave (bob);
  }
  member_leave (alice);
  room_close (room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func ("/two/each-sees-and-hears-the-other-in-its-mix", test_mixes);
  g_test_add_func (
      "/two/each-sees-and-hears-the-other-on-remote-pads", test_remote_pads);
  g_test_add_func ("/two/one-that-sends-nothing-and-mixes-nothing-receives",
      test_only_remote_pads);
  g_test_add_func ("/two/what-happens-is-a-signal-and-a-message-on-the-bus",
      test_announcements);
  g_test_add_func (
      "/two/both-pictures-of-one-arrive-whoever-offers", test_two_pictures);
  g_test_add_func ("/two/that-only-listen-stay-connected", test_listeners);
  g_test_add_func ("/two/statistics-count-what-came", test_stats);
  g_test_add_func (
      "/two/a-picture-stays-in-one-piece-up-to-the-socket", test_lists);

  return g_test_run ();
}
