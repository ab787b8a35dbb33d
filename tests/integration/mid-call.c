/*
 * What can change while a call stands:
 *
 *   alice (red, 440 Hz) ──── bob (blue, 880 Hz)
 */
#include <glib/gstdio.h>
#include <gst/pbutils/pbutils.h>
#include <string.h>

#include "call-rig.h"
#include "wait.h"

#define MUTED_MS 8000 /* longer than a dead peer may stay */
#define RECORDING_MS 2000
#define FRESH_PICTURES 15 /* none of them from before */
#define FLAPS 30          /* more than the other side takes at once */

#define SIZED_CAMERA                                                      \
  "videotestsrc is-live=true pattern=ball background-color=0xffff0000 "   \
  "foreground-color=0xffffffff ! capsfilter name=size caps=" PICTURE_CAPS \
  " ! identity"
#define GREEN_CAMERA                                                    \
  "videotestsrc is-live=true pattern=ball background-color=0xff00ff00 " \
  "foreground-color=0xffffffff ! " PICTURE_CAPS " ! identity"
#define RECORDER                                                          \
  " matroskamux name=mux ! filesink name=file async=false location=%s "   \
  "call.mix_video ! " PICTURE_CAPS " ! vp8enc deadline=1 ! queue ! mux. " \
  "call.mix_audio ! opusenc ! queue ! mux."

typedef struct {
  Room *room;
  Member *alice;
  Member *bob;
} Call;

static void
given_a_call_with (Call *call, const MemberOptions *alice)
{
  MemberOptions bob = {
    .name = "bob", .rgb = MEDIA_BLUE, .hz = 880, .watches_remotes = TRUE
  };

  call->room = room_open ();
  call->alice = member_join_with (call->room, alice);
  call->bob = member_join_with (call->room, &bob);
  until (sees (call->bob, MEDIA_RED) && hears (call->bob, 440));
  until (is_connected_to (call->alice, "bob"));
}

static void
given_a_call (Call *call)
{
  MemberOptions alice = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };

  given_a_call_with (call, &alice);
  until (sees (call->alice, MEDIA_BLUE) && hears (call->alice, 880));
}

static void
then_it_ends (Call *call)
{
  member_leave (call->alice);
  member_leave (call->bob);
  room_close (call->room);
}

/* ---- mute ---------------------------------------------------------------- */

static gboolean
was_told_of_mute (Member *member, gboolean is_muted)
{
  const gchar *body = last_field (member, "message", NULL, NULL, "body");
  g_autofree gchar *audio =
      g_strdup_printf ("\"audio\":%s", is_muted ? "true" : "false");
  g_autofree gchar *video =
      g_strdup_printf ("\"video\":%s", is_muted ? "true" : "false");

  return body && strstr (body, "mute") && strstr (body, audio) &&
      strstr (body, video);
}

static gboolean
is_still (Member *member, Flow *flow)
{
  guint before = flow_get_count (flow);

  run_for_ms (500);

  return flow_get_count (flow) == before;
}

static void
test_mute (void)
{
  Call call;
  Flow *pictures;

  given_a_call (&call);
  pictures = member_watch (call.bob, pad_of (call.bob, "video", "alice"));
  forget_events (call.bob);
  forget_events (call.alice);
  g_object_set (member_get_call (call.alice), "mute-video", TRUE, "mute-audio",
      TRUE, NULL);
  until (hears_silence (call.bob));
  until (is_still (call.bob, pictures));
  until (was_told_of_mute (call.bob, TRUE));
  run_for_ms (MUTED_MS);
  g_assert_true (sees (call.alice, MEDIA_BLUE));
  g_assert_cmpuint (count_events (call.bob, "peer-state", NULL), ==, 0);
  g_assert_cmpuint (count_events (call.alice, "peer-state", NULL), ==, 0);

  g_object_set (member_get_call (call.alice), "mute-video", FALSE, "mute-audio",
      FALSE, NULL);
  until (sees (call.bob, MEDIA_RED) && hears (call.bob, 440));
  until (was_told_of_mute (call.bob, FALSE));
  then_it_ends (&call);
}

static void
test_muted_from_the_start (void)
{
  MemberOptions options = { .name = "alice",
    .rgb = MEDIA_RED,
    .hz = 440,
    .properties = "mute-audio=true mute-video=true" };
  Room *room = room_open ();
  Member *bob = member_join (room, "bob", MEDIA_BLUE, 880);
  Member *alice = member_join_with (room, &options);

  until (sees (alice, MEDIA_BLUE) && hears (alice, 880));
  until (was_told_of_mute (bob, TRUE));
  g_assert_false (sees (bob, MEDIA_RED) || hears (bob, 440));
  g_object_set (
      member_get_call (alice), "mute-video", FALSE, "mute-audio", FALSE, NULL);
  until (sees (bob, MEDIA_RED) && hears (bob, 440));

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

/* ---- messages, hanging up ------------------------------------------------ */

static gboolean
say (Member *member, const gchar *to, const gchar *text)
{
  gboolean is_sent = FALSE;

  g_signal_emit_by_name (
      member_get_call (member), "send-message", to, text, &is_sent);

  return is_sent;
}

static void
test_messages (void)
{
  Call call;
  const gchar *bob_id;

  given_a_call (&call);
  bob_id = last_field (call.alice, "peer-joined", "name", "bob", "id");
  g_assert_true (say (call.alice, NULL, "hello all"));
  g_assert_true (say (call.alice, bob_id, "{\"door\":\"open\"}"));
  g_assert_true (say (call.bob, NULL, "{\"kind\":\"chat\",\"text\":\"hi\"}"));
  g_assert_false (say (call.bob, "nobody", "x"));
  until (has_event (call.bob, "message", "name", "alice", "text", "hello all"));
  until (has_event (call.bob, "message", "body", "{\"door\":\"open\"}"));
  until (has_event (call.alice, "message", "name", "bob", "text", "hi"));
  then_it_ends (&call);
}

static void
test_hang_up (void)
{
  Call call;

  given_a_call (&call);
  g_signal_emit_by_name (member_get_call (call.alice), "hang-up", NULL);
  until (
      has_event (call.bob, "peer-state", "name", "alice", "state", "closed"));
  until (
      has_event (call.alice, "peer-state", "name", "bob", "state", "closed"));
  until (!sees (call.bob, MEDIA_RED) && hears_silence (call.bob));
  until (!sees (call.alice, MEDIA_BLUE) && hears_silence (call.alice));
  until (count_factory (call.alice, "webrtcbin") == 0);

  member_stop (call.alice);
  until (has_event (call.bob, "peer-left", "name", "alice"));
  member_play (call.alice);
  until (sees (call.bob, MEDIA_RED) && hears (call.alice, 880));
  then_it_ends (&call);
}

/* ---- pads and caps ------------------------------------------------------- */

static void
test_second_camera (void)
{
  Call call;
  GstElement *camera;

  given_a_call (&call);
  camera = member_add (call.alice, GREEN_CAMERA);
  g_assert_true (gst_element_link_pads (
      camera, "src", member_get_call (call.alice), "video_1"));
  gst_element_sync_state_with_parent (camera);
  until (sees_on (call.bob, "remote_video_1", MEDIA_GREEN));
  until (sees_on (call.bob, "remote_video_0", MEDIA_RED));
  until (sees (call.bob, MEDIA_RED) && sees (call.bob, MEDIA_GREEN));
  until (hears (call.bob, 440) && sees (call.alice, MEDIA_BLUE));
  then_it_ends (&call);
}

static void
test_removed_camera (void)
{
  Call call;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstElement) camera = NULL;

  given_a_call (&call);
  camera = member_get (call.alice, "camera");
  pad = gst_element_get_static_pad (member_get_call (call.alice), "video_0");
  gst_element_set_locked_state (camera, TRUE);
  gst_element_set_state (camera, GST_STATE_NULL);
  gst_element_release_request_pad (member_get_call (call.alice), pad);
  until (!sees (call.bob, MEDIA_RED));
  until (hears (call.bob, 440) && sees (call.alice, MEDIA_BLUE));
  member_stop (call.alice);
  then_it_ends (&call);
}

/* A switch that somebody plays with: each change would be a connection. */
static void
test_flapping (void)
{
  Call call;
  GstElement *element;
  Flow *pictures;
  guint before;

  given_a_call (&call);
  pictures = member_watch (call.bob, pad_of (call.bob, "video", "alice"));
  element = member_get_call (call.alice);
  for (guint i = 0; i < FLAPS; i++) {
    g_autoptr (GstPad) pad =
        gst_element_request_pad_simple (element, "video_%u");

    gst_element_release_request_pad (element, pad);
  }
  before = flow_get_count (pictures);
  until (flow_get_count (pictures) > before + FRESH_PICTURES);
  until (sees (call.bob, MEDIA_RED) && hears (call.bob, 440));
  until (sees (call.alice, MEDIA_BLUE) && hears (call.alice, 880));
  g_assert_false (has_event (call.bob, "peer-left"));
  then_it_ends (&call);
}

static void
test_mix_again (void)
{
  Call call;
  GstElement *element;
  g_autoptr (GstPad) old = NULL;
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) new = NULL;

  given_a_call (&call);
  element = member_get_call (call.alice);
  old = gst_element_get_static_pad (element, "mix_video");
  sink = gst_pad_get_peer (old);
  gst_pad_unlink (old, sink);
  gst_element_release_request_pad (element, old);
  new = gst_element_request_pad_simple (element, "mix_video");
  g_assert_cmpint (gst_pad_link (new, sink), ==, GST_PAD_LINK_OK);
  run_for_ms (500); /* what was seen before is old */
  until (sees (call.alice, MEDIA_BLUE) && hears (call.alice, 880));
  then_it_ends (&call);
}

/* ---- events -------------------------------------------------------------- */

/* What a player does to rewind its film. */
static void
test_seek (void)
{
  Call call;
  Flow *pictures;
  guint before;

  given_a_call (&call);
  pictures = member_watch (call.bob, pad_of (call.bob, "video", "alice"));
  g_assert_false (gst_element_seek_simple (
      member_get_pipeline (call.bob), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0));
  before = flow_get_count (pictures);
  until (flow_get_count (pictures) > before + FRESH_PICTURES);
  run_for_ms (500);
  until (sees (call.bob, MEDIA_RED) && hears (call.bob, 440));
  then_it_ends (&call);
}

static GstElement *
get_source (Member *member, const gchar *pad_name)
{
  g_autoptr (GstPad) sink =
      gst_element_get_static_pad (member_get_call (member), pad_name);
  g_autoptr (GstPad) source = gst_pad_get_peer (sink);

  return gst_pad_get_parent_element (source);
}

static void
end_source (Member *member, const gchar *pad_name)
{
  g_autoptr (GstElement) source = get_source (member, pad_name);

  gst_element_send_event (source, gst_event_new_eos ());
}

static void
replace_camera (Member *member, const gchar *description)
{
  g_autoptr (GstElement) old = get_source (member, "video_0");
  GstElement *camera;

  gst_element_set_locked_state (old, TRUE);
  gst_element_set_state (old, GST_STATE_NULL);
  gst_element_unlink (old, member_get_call (member));
  camera = member_add (member, description);
  g_assert_true (gst_element_link_pads (
      camera, "src", member_get_call (member), "video_0"));
  gst_element_sync_state_with_parent (camera);
}

/* A pipeline that only sends is at its end when all its sources are. */
static void
test_end_of_all (void)
{
  MemberOptions options = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440, .has_no_mix = TRUE
  };
  Call call;

  given_a_call_with (&call, &options);
  end_source (call.alice, "video_0");
  replace_camera (call.alice, GREEN_CAMERA);
  until (sees (call.bob, MEDIA_GREEN));
  end_source (call.alice, "video_0");
  until (!sees (call.bob, MEDIA_GREEN));
  g_assert_false (is_at_end (call.alice));
  g_assert_true (hears (call.bob, 440));
  end_source (call.alice, "audio_0");
  until (is_at_end (call.alice));
  then_it_ends (&call);
}

static void
set_size (Member *member, const gchar *text)
{
  g_autoptr (GstElement) filter = member_get (member, "size");
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  g_object_set (filter, "caps", caps, NULL);
}

static void
test_size (void)
{
  MemberOptions alice = {
    .name = "alice", .rgb = NO_CAMERA, .hz = 440, .video = SIZED_CAMERA
  };
  Call call;

  given_a_call_with (&call, &alice);
  until (is_size_on (call.bob, "remote_video_0", 320, 240));
  set_size (call.alice, "video/x-raw,width=480,height=272,framerate=15/1");
  until (is_size_on (call.bob, "remote_video_0", 480, 272));
  until (sees (call.bob, MEDIA_RED));
  set_size (call.alice, "video/x-raw,width=160,height=120,framerate=15/1");
  until (is_size_on (call.bob, "remote_video_0", 160, 120));
  until (sees (call.bob, MEDIA_RED) && hears (call.bob, 440));
  then_it_ends (&call);
}

/* ---- states -------------------------------------------------------------- */

static void
test_return (void)
{
  Call call;

  given_a_call (&call);
  for (guint i = 0; i < 3; i++) {
    member_stop (call.alice);
    until (is_black (call.bob));
    member_play (call.alice);
    until (sees (call.bob, MEDIA_RED) && hears (call.bob, 440));
    until (sees (call.alice, MEDIA_BLUE) && hears (call.alice, 880));
  }
  then_it_ends (&call);
}

static void
test_pause (void)
{
  Call call;

  given_a_call (&call);
  gst_element_set_state (member_get_pipeline (call.alice), GST_STATE_PAUSED);
  until (!sees (call.bob, MEDIA_RED));
  member_play (call.alice);
  until (sees (call.bob, MEDIA_RED) && hears (call.bob, 440));
  until (sees (call.alice, MEDIA_BLUE) && hears (call.alice, 880));
  then_it_ends (&call);
}

/* ---- recording ----------------------------------------------------------- */

static void
then_the_file_is_whole (const gchar *path)
{
  g_autofree gchar *uri = gst_filename_to_uri (path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstDiscoverer) discoverer =
      gst_discoverer_new (20 * GST_SECOND, &error);
  g_autoptr (GstDiscovererInfo) info =
      gst_discoverer_discover_uri (discoverer, uri, &error);
  GList *video, *audio;

  g_assert_no_error (error);
  video = gst_discoverer_info_get_video_streams (info);
  audio = gst_discoverer_info_get_audio_streams (info);
  g_assert_cmpuint (g_list_length (video), ==, 1);
  g_assert_cmpuint (g_list_length (audio), ==, 1);
  /* Known only when the end was written properly. */
  g_assert_cmpuint (
      gst_discoverer_info_get_duration (info), >=, 1 * GST_SECOND);
  g_assert_true (gst_discoverer_info_get_seekable (info));
  gst_discoverer_stream_info_list_free (video);
  gst_discoverer_stream_info_list_free (audio);
}

static void
test_recording (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("peal-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "call.mkv", NULL);
  g_autofree gchar *tail = g_strdup_printf (RECORDER, path);
  MemberOptions options = { .name = "carol",
    .rgb = MEDIA_GREEN,
    .hz = 1320,
    .has_no_mix = TRUE,
    .tail = tail };
  Room *room = room_open ();
  Member *alice = member_join (room, "alice", MEDIA_RED, 440);
  Member *carol = member_join_with (room, &options);

  until (sees (alice, MEDIA_GREEN) && is_connected_to (carol, "alice"));
  run_for_ms (RECORDING_MS);
  gst_element_send_event (member_get_pipeline (carol), gst_event_new_eos ());
  until (is_at_end (carol));
  member_leave (carol);
  then_the_file_is_whole (path);

  member_leave (alice);
  room_close (room);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func ("/mid-call/mute-stops-both-and-is-told", test_mute);
  g_test_add_func ("/mid-call/one-that-begins-muted-is-heard-later",
      test_muted_from_the_start);
  g_test_add_func ("/mid-call/messages-go-each-way", test_messages);
  g_test_add_func ("/mid-call/hanging-up-ends-it-for-both", test_hang_up);
  g_test_add_func ("/mid-call/a-second-camera-appears", test_second_camera);
  g_test_add_func (
      "/mid-call/a-camera-that-goes-leaves-the-rest", test_removed_camera);
  g_test_add_func (
      "/mid-call/pads-that-come-and-go-quickly-end-nothing", test_flapping);
  g_test_add_func ("/mid-call/a-mix-that-is-linked-anew-flows", test_mix_again);
  g_test_add_func ("/mid-call/a-seek-stops-no-mix", test_seek);
  g_test_add_func (
      "/mid-call/the-end-comes-when-all-sources-ended", test_end_of_all);
  g_test_add_func ("/mid-call/the-size-of-the-picture-may-change", test_size);
  g_test_add_func ("/mid-call/a-member-stops-and-plays-again", test_return);
  g_test_add_func ("/mid-call/a-member-pauses-and-plays-again", test_pause);
  g_test_add_func (
      "/mid-call/the-end-of-stream-closes-a-recording", test_recording);

  return g_test_run ();
}
