/*
 * Who is at the other end? A webrtcbin of the test's own, whose descriptions
 * the test may change on the way, as somebody in between would:
 *
 *   alice (red) ── room ── stranger (RoomClient)
 *     └─── ICE, DTLS ───── webrtcbin (green, VP8)
 */
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "base/certificate-maker.h"
#include "session/fingerprint.h"
#include "session/ice-agent.h"
#include "stranger.h"
#include "wait.h"

#define CALM_MS 2000
#define SESSION "0123456789abcdef"
#define RTP_CAPS                                                            \
  "application/x-rtp,media=video,encoding-name=VP8,payload=100,clock-rate=" \
  "90000"
#define IMPOSTOR                                                         \
  "webrtcbin name=webrtc bundle-policy=max-bundle "                      \
  "videotestsrc is-live=true pattern=green ! " PICTURE_CAPS " ! vp8enc " \
  "deadline=1 keyframe-max-dist=15 ! rtpvp8pay pt=100 ! " RTP_CAPS       \
  " ! webrtc. audiotestsrc is-live=true volume=0.2 ! "                   \
  "audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay pt=111 ! "   \
  "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-"  \
  "rate=48000,encoding-params=(string)2 ! webrtc."

typedef struct {
  Room *room;
  Member *alice;
  Stranger *stranger;
  GstElement *pipeline;
  GstElement *webrtc;
  GAsyncQueue *candidates;       /* of "mline candidate" */
  GstWebRTCDataChannel *channel; /* the one it made, or NULL */
  gint received; /* buffers that came out of webrtcbin; atomic */
  gint heard;    /* texts that came out of a data channel; atomic */
  gboolean is_lying;
  gchar *session;
} Scene;

/* ---- the impostor -------------------------------------------------------- */

static void
on_ice_candidate (
    GstElement *webrtc, guint mline, const gchar *candidate, gpointer data)
{
  Scene *scene = data;

  g_async_queue_push (
      scene->candidates, g_strdup_printf ("%u %s", mline, candidate));
}

static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Scene *scene = data;

  g_atomic_int_inc (&scene->received);

  return GST_PAD_PROBE_DROP;
}

static void
on_pad_added (GstElement *webrtc, GstPad *pad, gpointer data)
{
  if (GST_PAD_DIRECTION (pad) == GST_PAD_SRC)
    gst_pad_add_probe (pad,
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_buffer,
        data, NULL);
}

static void
on_text (GstWebRTCDataChannel *channel, const gchar *text, gpointer data)
{
  Scene *scene = data;

  g_atomic_int_inc (&scene->heard);
}

/* Talks at once, before the other side can have checked anything. */
static void
on_open (GstWebRTCDataChannel *channel, gpointer data)
{
  gst_webrtc_data_channel_send_string_full (channel, "let me in", NULL);
}

static void
hear_channel (Scene *scene, GstWebRTCDataChannel *channel)
{
  g_signal_connect (channel, "on-open", G_CALLBACK (on_open), scene);
  g_signal_connect (channel, "on-message-string", G_CALLBACK (on_text), scene);
}

static void
on_data_channel (
    GstElement *webrtc, GstWebRTCDataChannel *channel, gpointer data)
{
  hear_channel (data, channel);
}

static void
make_channel (Scene *scene)
{
  g_signal_emit_by_name (
      scene->webrtc, "create-data-channel", "chat", NULL, &scene->channel);
  hear_channel (scene, scene->channel);
}

/* The payload types are those of our codec table: an answerer has to send
 * what the offer says. */
static void
make_impostor (Scene *scene)
{
  g_autoptr (GError) error = NULL;

  scene->candidates = g_async_queue_new_full (g_free);
  scene->pipeline = gst_parse_launch (IMPOSTOR, &error);
  g_assert_no_error (error);
  scene->webrtc = gst_bin_get_by_name (GST_BIN (scene->pipeline), "webrtc");
  peal_ice_agent_set_up (
      scene->webrtc, FALSE); /* it leaves the network alone */
  g_signal_connect (
      scene->webrtc, "on-ice-candidate", G_CALLBACK (on_ice_candidate), scene);
  g_signal_connect (
      scene->webrtc, "pad-added", G_CALLBACK (on_pad_added), scene);
  g_signal_connect (
      scene->webrtc, "on-data-channel", G_CALLBACK (on_data_channel), scene);
  gst_element_set_state (scene->pipeline, GST_STATE_PLAYING);
}

/* The last digits of each fingerprint become others. */
static gchar *
lie (const gchar *sdp)
{
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);

  for (guint i = 0; lines[i]; i++) {
    gsize length = strlen (lines[i]);

    if (g_str_has_prefix (lines[i], "a=fingerprint:"))
      lines[i][length - 1] = lines[i][length - 1] == '0' ? '1' : '0';
  }

  return g_strjoinv ("\r\n", lines);
}

static GstWebRTCSessionDescription *
describe (Scene *scene, const gchar *signal, const gchar *field)
{
  g_autoptr (GstPromise) promise = gst_promise_new ();
  GstWebRTCSessionDescription *description = NULL;

  g_signal_emit_by_name (scene->webrtc, signal, NULL, promise);
  g_assert_cmpint (gst_promise_wait (promise), ==, GST_PROMISE_RESULT_REPLIED);
  g_assert_true (gst_structure_get (gst_promise_get_reply (promise), field,
      GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL));

  return description;
}

static void
set_local_and_say (
    Scene *scene, const gchar *type, GstWebRTCSessionDescription *description)
{
  g_autoptr (GstPromise) promise = gst_promise_new ();
  g_autofree gchar *honest = gst_sdp_message_as_text (description->sdp);
  g_autofree gchar *lied = lie (honest);

  g_signal_emit_by_name (
      scene->webrtc, "set-local-description", description, promise);
  gst_promise_wait (promise);
  stranger_say (
      scene->stranger, type, scene->session, scene->is_lying ? lied : honest);
}

static void
set_remote (Scene *scene, GstWebRTCSDPType type)
{
  g_autoptr (GstPromise) promise = gst_promise_new ();
  g_autoptr (GstWebRTCSessionDescription) description = NULL;
  GstSDPMessage *message = NULL;

  g_assert_cmpint (
      gst_sdp_message_new_from_text (scene->stranger->sdp, &message), ==,
      GST_SDP_OK);
  description = gst_webrtc_session_description_new (type, message);
  g_signal_emit_by_name (
      scene->webrtc, "set-remote-description", description, promise);
  gst_promise_wait (promise);
}

static void
answer (Scene *scene)
{
  g_autoptr (GstWebRTCSessionDescription) description = NULL;

  until (stranger_listen (scene->stranger, "offer"));
  scene->session = g_strdup (scene->stranger->session);
  set_remote (scene, GST_WEBRTC_SDP_TYPE_OFFER);
  description = describe (scene, "create-answer", "answer");
  set_local_and_say (scene, "answer", description);
}

static gboolean
has_caps (Scene *scene)
{
  g_autoptr (GstPad) video =
      gst_element_get_static_pad (scene->webrtc, "sink_0");
  g_autoptr (GstPad) audio =
      gst_element_get_static_pad (scene->webrtc, "sink_1");

  return gst_pad_has_current_caps (video) && gst_pad_has_current_caps (audio);
}

static void
offer (Scene *scene)
{
  g_autoptr (GstWebRTCSessionDescription) description = NULL;

  until (has_caps (scene));
  make_channel (scene);
  scene->session = g_strdup (SESSION);
  description = describe (scene, "create-offer", "offer");
  set_local_and_say (scene, "offer", description);
  until (stranger_listen (scene->stranger, "answer"));
  set_remote (scene, GST_WEBRTC_SDP_TYPE_ANSWER);
}

/* Says our candidates; those of alice are not needed: she finds us. */
static void
say_candidates (Scene *scene)
{
  g_autofree gchar *text = NULL;

  while ((text = g_async_queue_try_pop (scene->candidates))) {
    g_auto (GStrv) parts = g_strsplit (text, " ", 2);

    stranger_say_candidate (scene->stranger, scene->session, parts[1],
        (guint)g_ascii_strtoull (parts[0], NULL, 10));
    g_clear_pointer (&text, g_free);
  }
}

/* ---- scenes -------------------------------------------------------------- */

static void
given (Scene *scene, gboolean is_offering, gboolean is_lying)
{
  MemberOptions alice = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440, .watches_remotes = TRUE
  };

  *scene = (Scene){ .is_lying = is_lying };
  scene->room = room_open ();
  scene->alice = member_join_with (scene->room, &alice);
  until (has_event (scene->alice, "signalling-state", "state", "joined"));
  scene->stranger = stranger_join (scene->room, "alice", is_offering);
  make_impostor (scene);
  if (is_offering)
    offer (scene);
  else
    answer (scene);
}

static gboolean
is_said_and (Scene *scene, gboolean condition)
{
  say_candidates (scene);

  return condition;
}

static void
then_it_ends (Scene *scene)
{
  gst_element_set_state (scene->pipeline, GST_STATE_NULL);
  g_clear_object (&scene->channel);
  gst_object_unref (scene->webrtc);
  gst_object_unref (scene->pipeline);
  g_async_queue_unref (scene->candidates);
  stranger_leave (scene->stranger);
  member_leave (scene->alice);
  room_close (scene->room);
  g_free (scene->session);
}

static void
say (Member *member, const gchar *text)
{
  gboolean is_sent = FALSE;

  g_signal_emit_by_name (
      member_get_call (member), "send-message", NULL, text, &is_sent);
  g_assert_true (is_sent);
}

static void
test_honest (gconstpointer is_offering)
{
  Scene scene;

  given (&scene, is_offering != NULL, FALSE);
  until (is_said_and (&scene, is_connected_to (scene.alice, "stranger")));
  until (g_atomic_int_get (&scene.received) > 10);
  until (has_pad (scene.alice, "remote_video_0"));
  until (has_event (scene.alice, "message", "text", "let me in"));
  say (scene.alice, "welcome");
  until (g_atomic_int_get (&scene.heard) > 0);
  then_it_ends (&scene);
}

static void
test_lying (gconstpointer is_offering)
{
  Scene scene;
  const gchar *reason;

  given (&scene, is_offering != NULL, TRUE);
  say (scene.alice, "a secret");
  until (is_said_and (&scene,
      has_event (
          scene.alice, "peer-state", "name", "stranger", "state", "failed")));
  reason = last_field (scene.alice, "peer-state", "state", "failed", "reason");
  g_assert_nonnull (strstr (reason, "certificate"));
  run_for_ms (CALM_MS);
  g_assert_cmpint (g_atomic_int_get (&scene.received), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&scene.heard), ==, 0);
  g_assert_cmpuint (count_events (scene.alice, "message", NULL), ==, 0);
  g_assert_false (has_pad (scene.alice, "remote_video_0"));
  g_assert_false (has_pad (scene.alice, "remote_audio_0"));
  g_assert_cmpuint (count_events (scene.alice, "track-added", NULL), ==, 0);
  g_assert_cmpuint (
      count_events (scene.alice, "peer-state", "state", "connected", NULL), ==,
      0);
  g_assert_true (is_black (scene.alice));
  then_it_ends (&scene);
}

/* ---- a certificate of one's own ------------------------------------------ */

static gchar *
make_pem (void)
{
  gchar *pem = peal_certificate_maker_new_anonymous (
      g_get_real_time () / G_USEC_PER_SEC, NULL);

  g_assert_nonnull (pem);

  return pem;
}

static gchar *
get_fingerprint (Room *room, const gchar *pem)
{
  MemberOptions options = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };
  Member *alice = member_new (room, &options);
  Stranger *stranger;
  const gchar *begin;
  gchar *fingerprint;

  g_object_set (member_get_call (alice), "certificate", pem, NULL);
  member_play (alice);
  until (has_event (alice, "signalling-state", "state", "joined"));
  stranger = stranger_join (room, "alice", FALSE);
  until (stranger_listen (stranger, "offer"));
  begin = strstr (stranger->sdp, "a=fingerprint:") + strlen ("a=fingerprint:");
  fingerprint = g_strndup (begin, strcspn (begin, "\r\n"));
  stranger_leave (stranger);
  member_leave (alice);

  return fingerprint;
}

static void
test_own_certificate (void)
{
  Room *room = room_open ();
  g_autofree gchar *pem = make_pem ();
  g_autofree gchar *first = get_fingerprint (room, pem);
  g_autofree gchar *second = get_fingerprint (room, pem);
  const gchar *fingerprints[] = { first, NULL };

  g_assert_cmpstr (first, ==, second);
  g_assert_true (peal_fingerprint_matches (pem, fingerprints));
  room_close (room);
}

static void
test_no_certificate (void)
{
  Room *room = room_open ();
  g_autofree gchar *first = get_fingerprint (room, NULL);
  g_autofree gchar *second = get_fingerprint (room, NULL);

  g_assert_cmpstr (first, !=, second);
  room_close (room);
}

static void
test_call_with_own_certificates (void)
{
  MemberOptions alice_options = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440
  };
  MemberOptions bob_options = { .name = "bob", .rgb = MEDIA_BLUE, .hz = 880 };
  Room *room = room_open ();
  g_autofree gchar *alice_pem = make_pem ();
  g_autofree gchar *bob_pem = make_pem ();
  Member *alice = member_new (room, &alice_options);
  Member *bob = member_new (room, &bob_options);

  g_object_set (member_get_call (alice), "certificate", alice_pem, NULL);
  g_object_set (member_get_call (bob), "certificate", bob_pem, NULL);
  member_play (alice);
  member_play (bob);
  until (sees (bob, MEDIA_RED) && hears (bob, 440));
  until (sees (alice, MEDIA_BLUE) && hears (alice, 880));

  member_leave (alice);
  member_leave (bob);
  room_close (room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_data_func (
      "/certificates/an-honest-answer-connects", NULL, test_honest);
  g_test_add_data_func ("/certificates/an-honest-offer-connects",
      GUINT_TO_POINTER (TRUE), test_honest);
  g_test_add_data_func (
      "/certificates/a-lying-answer-gets-and-gives-nothing", NULL, test_lying);
  g_test_add_data_func ("/certificates/a-lying-offer-gets-and-gives-nothing",
      GUINT_TO_POINTER (TRUE), test_lying);
  g_test_add_func (
      "/certificates/one-s-own-is-kept-from-run-to-run", test_own_certificate);
  g_test_add_func (
      "/certificates/without-one-nobody-is-known-again", test_no_certificate);
  g_test_add_func (
      "/certificates/two-with-their-own-call", test_call_with_own_certificates);

  return g_test_run ();
}
