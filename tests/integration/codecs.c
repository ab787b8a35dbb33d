/*
 * Two members with codecs of their choice:
 *
 *   alice (red, 440 Hz) ──── CODEC ──── bob (blue, 880 Hz)
 */
#include <string.h>

#include "call-rig.h"

#define VP8_SOURCE                                                      \
  "videotestsrc is-live=true pattern=ball background-color=0xff0000ff " \
  "foreground-color=0xffffffff ! " PICTURE_CAPS " ! vp8enc deadline=1"
#define H264_SOURCE                                                       \
  "videotestsrc is-live=true pattern=ball background-color=0xffff0000 "   \
  "foreground-color=0xffffffff ! " PICTURE_CAPS ",format=I420 ! x264enc " \
  "tune=zerolatency speed-preset=ultrafast bitrate=500 ! "                \
  "video/x-h264,profile=constrained-baseline ! h264parse"

typedef struct {
  const gchar *properties;
  const gchar *depayloader; /* that both then have */
} Case;

static const Case cases[] = {
  { "video-codecs=H264", "rtph264depay" },
  { "video-codecs=VP8", "rtpvp8depay" },
  { "video-codecs=VP9", "rtpvp9depay" },
  { "audio-codecs=OPUS", "rtpopusdepay" },
  { "audio-codecs=PCMU", "rtppcmudepay" },
  { "audio-codecs=PCMA", "rtppcmadepay" },
  { "audio-codecs=G722", "rtpg722depay" },
};

static Member *
join (
    Room *room, const gchar *name, guint rgb, guint hz, const gchar *properties)
{
  MemberOptions options = {
    .name = name, .rgb = rgb, .hz = hz, .properties = properties
  };

  return member_join_with (room, &options);
}

static void
test_codec (gconstpointer data)
{
  const Case *codec = data;
  Room *room = room_open ();
  Member *alice = join (room, "alice", MEDIA_RED, 440, codec->properties);
  Member *bob = join (room, "bob", MEDIA_BLUE, 880, codec->properties);

  until (sees (bob, MEDIA_RED) && hears (bob, 440));
  until (sees (alice, MEDIA_BLUE) && hears (alice, 880));
  g_assert_cmpuint (count_factory (alice, codec->depayloader), ==, 1);
  g_assert_cmpuint (count_factory (bob, codec->depayloader), ==, 1);

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

/* Whoever offers, both decode the other's first choice or agree on one. */
static void
test_different_wishes (void)
{
  Room *room = room_open ();
  Member *alice = join (room, "alice", MEDIA_RED, 440, "video-codecs=H264,VP8");
  Member *bob = join (room, "bob", MEDIA_BLUE, 880, "video-codecs=VP8,H264");

  until (sees (bob, MEDIA_RED) && hears (bob, 440));
  until (sees (alice, MEDIA_BLUE) && hears (alice, 880));

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

static void
test_nothing_in_common (void)
{
  MemberOptions alice_options = {
    .name = "alice", .rgb = NO_CAMERA, .hz = 440, .video = H264_SOURCE
  };
  MemberOptions bob_options = {
    .name = "bob", .rgb = NO_CAMERA, .hz = 880, .video = VP8_SOURCE
  };
  Room *room = room_open ();
  Member *alice = member_join_with (room, &alice_options);
  Member *bob = member_join_with (room, &bob_options);
  const gchar *reason;

  until (hears (bob, 440));
  until (hears (alice, 880));
  /* bob, who came later, offered VP8, and to receive anything: one picture
   * gets through, and whose does not is told why. */
  until (sees (bob, MEDIA_RED));
  g_assert_true (is_black (alice));
  reason = last_field (bob, "peer-state", "name", "alice", "reason");
  g_assert_nonnull (strstr (reason, "it cannot decode VP8"));
  g_assert_null (last_field (alice, "peer-state", "name", "bob", "reason"));

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

static guint
get_webrtcbin_latency (Member *member)
{
  g_autoptr (GstIterator) iterator =
      gst_bin_iterate_elements (GST_BIN (member_get_call (member)));
  GValue item = G_VALUE_INIT;
  guint latency = G_MAXUINT;

  while (gst_iterator_next (iterator, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);

    if (g_str_has_prefix (GST_OBJECT_NAME (element), "webrtcbin"))
      g_object_get (element, "latency", &latency, NULL);
    g_value_reset (&item);
  }
  g_value_unset (&item);

  return latency;
}

static void
test_latency (void)
{
  Room *room = room_open ();
  Member *alice = join (room, "alice", MEDIA_RED, 440, "latency=20");
  Member *bob = join (room, "bob", MEDIA_BLUE, 880, "latency=400");

  until (sees (alice, MEDIA_BLUE) && hears (alice, 880));
  until (sees (bob, MEDIA_RED) && hears (bob, 440));
  g_assert_cmpuint (get_webrtcbin_latency (alice), ==, 20);
  g_assert_cmpuint (get_webrtcbin_latency (bob), ==, 400);

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/codecs/%s-carries-it", cases[i].properties);

    g_test_add_data_func (path, &cases[i], test_codec);
  }
  g_test_add_func (
      "/codecs/members-with-different-wishes-agree", test_different_wishes);
  g_test_add_func ("/codecs/a-pair-that-cannot-send-the-same-still-has-sound",
      test_nothing_in_common);
  g_test_add_func ("/codecs/latency-is-the-receive-buffer", test_latency);

  return g_test_run ();
}
