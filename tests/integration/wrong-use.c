/*
 * What a user can get wrong: each time exactly one error with clear words, and
 * no critical.
 *
 *   room (or none) ── mallory, whose bus is read
 */
#include <string.h>

#include "call-rig.h"
#include "text-file.h"
#include "wait.h"

#define AFTERWARDS_MS 500 /* for a second error to come, which must not */

typedef struct {
  const gchar *sentence;
  const gchar *uri; /* NULL: none */
  const gchar *properties;
  const gchar *words; /* part of the error's text */
} Case;

static const Case cases[] = {
  { "an-unknown-scheme-lists-the-known-ones", "http://127.0.0.1/lobby", NULL,
      "ws" },
  { "no-uri-says-what-to-set", NULL, NULL, "set uri" },
  { "an-unreachable-server-is-named", "ws://127.0.0.1:1/lobby", "no-retry=true",
      "127.0.0.1" },
  { "an-unknown-video-codec-is-named", "ws://127.0.0.1:1/lobby",
      "video-codecs=VP8,THEORA", "THEORA" },
  { "an-audio-codec-is-no-video-codec", "ws://127.0.0.1:1/lobby",
      "video-codecs=OPUS", "OPUS" },
  { "a-certificate-that-is-not-there-is-named", "ws://127.0.0.1:1/lobby",
      "certificate=/nonexistent.pem", "certificate" },
  { "a-certificate-without-a-key-is-refused", "ws://127.0.0.1:1/lobby",
      "certificate=\"-----BEGIN\\ CERTIFICATE-----\"", "private key" },
  { "an-unknown-policy-is-refused", "ws://127.0.0.1:1/lobby",
      "ice-transport-policy=none", "ice-transport-policy" },
  { "a-stun-server-that-is-none-is-named", "ws://127.0.0.1:1/lobby",
      "stun-server=http://x", "http://x" },
  { "bitrates-must-be-in-order", "ws://127.0.0.1:1/lobby",
      "min-bitrate=200000 max-bitrate=100000", "min-bitrate" },
  { "an-address-to-serve-at-must-be-one", NULL, "serve=nonsense:port",
      "nonsense" },
};

static void
then_one_error (Member *member, const gchar *words)
{
  until (count_errors (member) > 0);
  run_for_ms (AFTERWARDS_MS);
  g_assert_cmpuint (count_errors (member), ==, 1);
  if (!strstr (get_error (member), words))
    g_error ("'%s' does not name '%s'", get_error (member), words);
}

static void
test_case (gconstpointer data)
{
  const Case *wrong = data;
  MemberOptions options = { .name = "mallory",
    .rgb = MEDIA_RED,
    .hz = 440,
    .uri = wrong->uri,
    .properties = wrong->properties,
    .may_fail = TRUE };
  Member *mallory = member_join_with (NULL, &options);

  then_one_error (mallory, wrong->words);
  member_leave (mallory);
}

static Member *
join_failing (Room *room, const gchar *properties)
{
  MemberOptions options = { .name = "mallory",
    .rgb = MEDIA_RED,
    .hz = 440,
    .properties = properties,
    .may_fail = TRUE };

  return member_join_with (room, &options);
}

static void
test_token (void)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();
  Room *room;
  Member *alice, *mallory;

  options->token_file = text_file_write ("open-sesame");
  room = room_open_with (options);
  mallory = join_failing (room, "token=wrong");
  then_one_error (mallory, "token");
  member_leave (mallory);
  mallory = join_failing (room, NULL);
  then_one_error (mallory, "token");
  member_leave (mallory);

  alice = join_failing (room, "token=open-sesame");
  until (has_event (alice, "signalling-state", "state", "joined"));
  g_assert_cmpuint (count_errors (alice), ==, 0);
  member_leave (alice);
  room_close (room);
  text_file_remove (g_steal_pointer (&options->token_file));
}

static void
test_full (void)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();
  Room *room;
  Member *alice, *bob, *mallory;

  options->max_members = 2;
  room = room_open_with (options);
  alice = member_join (room, "alice", MEDIA_RED, 440);
  bob = member_join (room, "bob", MEDIA_BLUE, 880);
  until (sees (bob, MEDIA_RED));
  mallory = join_failing (room, NULL);
  then_one_error (mallory, "full");
  member_leave (mallory);
  until (sees (bob, MEDIA_RED) && sees (alice, MEDIA_BLUE));

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

static void
test_port_taken (void)
{
  Room *room = room_open ();
  g_autofree gchar *serve =
      g_strdup_printf ("serve=127.0.0.1:%u", room_get_port (room));
  g_autofree gchar *port = g_strdup_printf ("%u", room_get_port (room));
  MemberOptions options = { .name = "mallory",
    .rgb = MEDIA_RED,
    .hz = 440,
    .properties = serve,
    .may_fail = TRUE };
  Member *mallory = member_join_with (NULL, &options);

  then_one_error (mallory, port);
  member_leave (mallory);
  room_close (room);
}

static void
on_state (
    GstElement *call, const gchar *state, const gchar *error, gpointer failures)
{
  if (g_str_equal (state, "failed"))
    g_atomic_int_inc ((gint *)failures);
}

/* gst-launch-1.0 runs on after an error that it hears of before PLAYING. */
static void
test_failed_before_playing (void)
{
  g_autoptr (GstElement) pipeline = gst_pipeline_new (NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstElement *call = gst_element_factory_make ("pealbin", NULL);
  g_autoptr (GstMessage) error = NULL;
  gint failures = 0;

  g_object_set (call, "uri", "ws://127.0.0.1:1/lobby", "no-retry", TRUE, NULL);
  g_signal_connect (call, "signalling-state", G_CALLBACK (on_state), &failures);
  gst_bin_add (GST_BIN (pipeline), call);
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  until (g_atomic_int_get (&failures) > 0);
  error = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_null (error);
  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING), ==,
      GST_STATE_CHANGE_FAILURE);
  error = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (error);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

typedef struct {
  const gchar *sentence;
  const gchar *behind; /* the call */
  GstMessageType type;
  const gchar *words;
} Link;

static const Link links[] = {
  { "a-mix-of-a-rate-that-it-cannot-have-is-an-error",
      "call.mix_video ! video/x-raw,framerate=0/1 ! fakesink",
      GST_MESSAGE_ERROR, "videorate" },
  { "a-mix-of-a-format-that-it-cannot-have-is-an-error",
      "call.mix_audio ! audio/x-raw,format=U8 ! fakesink", GST_MESSAGE_ERROR,
      "audioconvert" },
  { "a-mix-that-is-to-be-encoded-already-is-told",
      "call.mix_video ! video/x-h264 ! fakesink", GST_MESSAGE_WARNING,
      "mix_video is not linked" },
};

/* gst-launch-1.0 would wait for ever for a pad that comes later. */
static void
test_link (gconstpointer data)
{
  const Link *link = data;
  g_autofree gchar *line = g_strconcat (
      "pealbin name=call serve=127.0.0.1:0 room=den ", link->behind, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, link->type);
  if (link->type == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  g_assert_nonnull (strstr (error->message, link->words));
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/wrong-use/%s", cases[i].sentence);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/wrong-use/%s", links[i].sentence);

    g_test_add_data_func (path, &links[i], test_link);
  }
  g_test_add_func ("/wrong-use/a-wrong-token-is-an-error", test_token);
  g_test_add_func (
      "/wrong-use/a-full-room-is-an-error-for-the-newcomer-only", test_full);
  g_test_add_func (
      "/wrong-use/a-port-that-is-served-already-is-named", test_port_taken);
  g_test_add_func ("/wrong-use/a-failure-before-playing-is-told-with-it",
      test_failed_before_playing);

  return g_test_run ();
}
