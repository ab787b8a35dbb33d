/*
 * The reference of ./dev bench setup: two webrtcbins with their defaults in one
 * process, which hand each other descriptions and candidates at once.
 *
 *   bench-pair PICTURES
 *
 * Each sends PICTURES (mapped-camera.c), 720p30, in VP8. For each line on
 * standard input it makes one connection and prints
 * `{"connected_us":C,"picture_us":P}`: from the wish to offer until both sides
 * are connected, and until the answerer has decoded a picture.
 *
 * Threads: callbacks run on webrtcbin's; what they note is atomic, the main
 * thread waits for it.
 */
#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>
#include <stdio.h>

#include "mapped-camera.h"

#define SIDE                                                                  \
  "appsrc name=camera ! identity sync=true ! "                                \
  "vp8enc deadline=1 cpu-used=8 target-bitrate=2000000 keyframe-max-dist=30 " \
  "! "                                                                        \
  "rtpvp8pay picture-id-mode=15-bit ! "                                       \
  "application/x-rtp,media=video,encoding-name=VP8,payload=96 ! "             \
  "webrtcbin name=webrtc bundle-policy=max-bundle"

typedef struct _Side Side;

struct _Side {
  GstElement *pipeline;
  GstElement *webrtc;
  Side *other;
  gint64 connected_us; /* guarded by lock, as all times */
  gint64 picture_us;
};

static GMutex lock;
static GCond changed;

static void
note (gint64 *time_us)
{
  g_mutex_lock (&lock);
  if (!*time_us)
    *time_us = g_get_monotonic_time ();
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

static void
wait_for (gint64 *time_us)
{
  g_mutex_lock (&lock);
  while (!*time_us)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);
}

static void
on_state (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  GstWebRTCPeerConnectionState state;
  Side *self = data;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    note (&self->connected_us);
}

static GstPadProbeReturn
on_picture (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Side *self = data;

  note (&self->picture_us);
  return GST_PAD_PROBE_REMOVE;
}

static void
on_pad (GstElement *webrtc, GstPad *pad, gpointer data)
{
  Side *self = data;
  GstElement *chain = gst_parse_bin_from_description (
      "rtpvp8depay ! vp8dec ! fakesink name=seen async=false sync=false", TRUE,
      NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (chain), "seen");
  g_autoptr (GstPad) seen = gst_element_get_static_pad (sink, "sink");
  g_autoptr (GstPad) in = gst_element_get_static_pad (chain, "sink");

  gst_pad_add_probe (seen, GST_PAD_PROBE_TYPE_BUFFER, on_picture, self, NULL);
  gst_bin_add (GST_BIN (self->pipeline), chain);
  gst_pad_link (pad, in);
  gst_element_sync_state_with_parent (chain);
}

static void
on_candidate (GstElement *webrtc, guint mline, const gchar *text, gpointer data)
{
  Side *self = data;

  g_signal_emit_by_name (self->other->webrtc, "add-ice-candidate", mline, text);
}

static void
on_answer (GstPromise *promise, gpointer data)
{
  Side *self = data;
  g_autoptr (GstWebRTCSessionDescription) answer = NULL;

  gst_structure_get (gst_promise_get_reply (promise), "answer",
      GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &answer, NULL);
  g_signal_emit_by_name (self->webrtc, "set-local-description", answer, NULL);
  g_signal_emit_by_name (
      self->other->webrtc, "set-remote-description", answer, NULL);
  gst_promise_unref (promise);
}

static void
on_offer (GstPromise *promise, gpointer data)
{
  Side *self = data;
  g_autoptr (GstWebRTCSessionDescription) offer = NULL;

  gst_structure_get (gst_promise_get_reply (promise), "offer",
      GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
  g_signal_emit_by_name (self->webrtc, "set-local-description", offer, NULL);
  g_signal_emit_by_name (
      self->other->webrtc, "set-remote-description", offer, NULL);
  g_signal_emit_by_name (self->other->webrtc, "create-answer", NULL,
      gst_promise_new_with_change_func (on_answer, self->other, NULL));
  gst_promise_unref (promise);
}

static gboolean
has_caps (Side *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->webrtc, "sink_0");
  g_autoptr (GstCaps) caps = pad ? gst_pad_get_current_caps (pad) : NULL;

  return caps != NULL;
}

static void
start (Side *self, Side *other, GMappedFile *pictures)
{
  self->other = other;
  self->pipeline = gst_parse_launch (SIDE, NULL);
  mapped_camera_set_up (self->pipeline, pictures);
  self->webrtc = gst_bin_get_by_name (GST_BIN (self->pipeline), "webrtc");
  g_signal_connect (
      self->webrtc, "notify::connection-state", G_CALLBACK (on_state), self);
  g_signal_connect (
      self->webrtc, "on-ice-candidate", G_CALLBACK (on_candidate), self);
  g_signal_connect (self->webrtc, "pad-added", G_CALLBACK (on_pad), self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  /* The wish to offer comes when the camera runs. */
  while (!has_caps (self))
    g_thread_yield ();
}

static void
end (Side *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->webrtc);
  gst_object_unref (self->pipeline);
}

static void
measure (GMappedFile *pictures)
{
  Side alice = { 0 }, bob = { 0 };
  gint64 start_us;

  start (&alice, &bob, pictures);
  start (&bob, &alice, pictures);
  start_us = g_get_monotonic_time ();
  g_signal_emit_by_name (alice.webrtc, "create-offer", NULL,
      gst_promise_new_with_change_func (on_offer, &alice, NULL));
  wait_for (&alice.connected_us);
  wait_for (&bob.connected_us);
  wait_for (&bob.picture_us);
  g_print ("{\"connected_us\":%" G_GINT64_FORMAT
           ",\"picture_us\":%" G_GINT64_FORMAT "}\n",
      MAX (alice.connected_us, bob.connected_us) - start_us,
      bob.picture_us - start_us);
  end (&alice);
  end (&bob);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) pictures = NULL;
  gchar line[16];

  gst_init (&argc, &argv);
  g_assert (argc == 2);
  pictures = g_mapped_file_new (argv[1], FALSE, &error);
  g_assert_no_error (error);
  while (fgets (line, sizeof (line), stdin))
    measure (pictures);
  return 0;
}
