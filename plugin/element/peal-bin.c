/*
 * The element pealbin. See peal-bin.h.
 *
 * Threads: pads, properties and states on the application's; signals fire on
 * the loop (announcer.h). Lock: the object lock guards `settings`; nothing is
 * called with it held.
 */
#include "element/peal-bin.h"

#include "base/pipeline-utils.h"
#include "element/announcer.h"
#include "element/call.h"
#include "element/inputs.h"
#include "element/outputs.h"
#include "element/report.h"
#include "element/requirements.h"
#include "element/settings.h"
#include "element/warm-up.h"
#include "media/track.h"
#include "session/receive-path.h"
#include "session/sctp.h"
#include "wire/app-body.h"

GST_DEBUG_CATEGORY_STATIC (peal_element_peal_bin_debug);
#define GST_CAT_DEFAULT peal_element_peal_bin_debug

enum {
  PROP_PEERS = PEAL_SETTINGS_FIRST_FREE_ID,
  PROP_STATS,
};

struct _PealBin {
  GstBin parent;

  PealSettings settings; /* guarded by the object lock */
  PealCall *call;
  PealInputs *inputs;
  GThread *warm_up;           /* from READY up */
  GThread *warm_up_for_peers; /* loop; nobody's once the call is closed */
};

G_DEFINE_FINAL_TYPE (PealBin, peal_bin, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE (pealbin, "pealbin", GST_RANK_NONE, PEAL_TYPE_BIN)

/* ---- inputs ---- */

/* On a streaming thread. */
static void
on_input_changed (GstElement *element)
{
  peal_call_review_tracks (PEAL_BIN (element)->call);
}

/* On a streaming thread: the last input ended. */
static void
on_inputs_ended (GstElement *element)
{
  if (GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK))
    gst_element_post_message (
        element, gst_message_new_eos (GST_OBJECT (element)));
}

static void
copy_settings (PealBin *self, PealSettings *settings)
{
  GST_OBJECT_LOCK (self);
  peal_settings_copy (&self->settings, settings);
  GST_OBJECT_UNLOCK (self);
}

static void
apply_settings (PealBin *self)
{
  g_auto (PealSettings) settings = { 0 };
  g_autoptr (GPtrArray) tracks = peal_inputs_list_tracks (self->inputs);

  copy_settings (self, &settings);
  for (guint i = 0; i < tracks->len; i++)
    peal_inputs_apply (g_ptr_array_index (tracks, i), &settings);
}

/* With nothing coming out of us, the end of all inputs is the end. */
static void
update_flags (PealBin *self, gboolean has_outputs)
{
  if (!peal_inputs_is_empty (self->inputs) && !has_outputs)
    GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
  else
    GST_OBJECT_FLAG_UNSET (self, GST_ELEMENT_FLAG_SINK);
}

static gboolean
has_mix (PealBin *self)
{
  g_autoptr (GstPad) video =
      gst_element_get_static_pad (GST_ELEMENT (self), "mix_video");
  g_autoptr (GstPad) audio =
      gst_element_get_static_pad (GST_ELEMENT (self), "mix_audio");

  return video || audio;
}

static GstPad *
add_input (PealBin *self, PealMediaKind kind, GstPadTemplate *template,
    const gchar *name)
{
  GstPad *pad = peal_inputs_add (self->inputs, kind, template, name);

  if (!pad)
    return NULL;

  apply_settings (self);
  gst_element_add_pad (GST_ELEMENT (self), pad);
  peal_call_add_track (self->call, peal_inputs_get_track (pad));

  return pad;
}

/* ---- pads ---- */

static GstPad *
peal_bin_request_new_pad (GstElement *element, GstPadTemplate *template,
    const gchar *name, const GstCaps *caps)
{
  PealBin *self = PEAL_BIN (element);
  PealMediaKind kind =
      g_strrstr (GST_PAD_TEMPLATE_NAME_TEMPLATE (template), "video")
      ? PEAL_MEDIA_VIDEO
      : PEAL_MEDIA_AUDIO;
  GstPad *pad;

  if (GST_PAD_TEMPLATE_DIRECTION (template) == GST_PAD_SINK)
    pad = add_input (self, kind, template, name);
  else
    pad = peal_call_request_mix (self->call, kind);
  update_flags (self, has_mix (self));

  return pad;
}

static void
peal_bin_release_pad (GstElement *element, GstPad *pad)
{
  PealBin *self = PEAL_BIN (element);

  if (GST_PAD_DIRECTION (pad) == GST_PAD_SINK) {
    peal_call_remove_track (self->call, peal_inputs_get_track (pad));
    peal_inputs_remove (self->inputs, pad);
  } else {
    peal_call_release_mix (self->call, pad);
  }
  update_flags (self, has_mix (self));
}

/* ---- states ---- */

static gboolean
has_input (PealBin *self, PealMediaKind kind)
{
  g_autoptr (GPtrArray) tracks = peal_inputs_list_tracks (self->inputs);

  for (guint i = 0; i < tracks->len; i++) {
    if (peal_track_get_kind (g_ptr_array_index (tracks, i)) == kind)
      return TRUE;
  }
  return FALSE;
}

static gboolean
prepare (PealBin *self)
{
  if (!peal_requirements_check (GST_ELEMENT (self)))
    return FALSE;

  self->warm_up = peal_warm_up_start (
      has_input (self, PEAL_MEDIA_VIDEO), has_input (self, PEAL_MEDIA_AUDIO));
  peal_call_open (self->call);

  return TRUE;
}

static void
unprepare (PealBin *self)
{
  peal_call_close (self->call);
  g_clear_pointer (&self->warm_up, g_thread_join);
  g_clear_pointer (&self->warm_up_for_peers, g_thread_join);
}

/* Thread: loop. */
static void
on_peer_joined (PealBin *self)
{
  if (!self->warm_up_for_peers)
    self->warm_up_for_peers = peal_warm_up_start_for_peers ();
}

static gboolean
start (PealBin *self)
{
  g_auto (PealSettings) settings = { 0 };
  g_autoptr (GPtrArray) tracks = peal_inputs_list_tracks (self->inputs);
  g_autoptr (GError) error = NULL;

  copy_settings (self, &settings);
  peal_inputs_rewind (self->inputs);
  if (peal_settings_check (&settings, &error) &&
      peal_call_start (self->call, &settings, tracks, &error))
    return TRUE;

  peal_announcer_error (GST_ELEMENT (self), error);

  return FALSE;
}

static gboolean
before_change (PealBin *self, GstStateChange change)
{
  if (change == GST_STATE_CHANGE_NULL_TO_READY)
    return prepare (self);
  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    return peal_call_play (self->call);
  if (change == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    peal_call_settle (self->call);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    peal_call_stop (self->call);

  return TRUE;
}

static GstStateChangeReturn
after_change (PealBin *self, GstStateChange change, GstStateChangeReturn result)
{
  switch (change) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      if (start (self))
        return GST_STATE_CHANGE_NO_PREROLL;
      GST_ELEMENT_CLASS (peal_bin_parent_class)
          ->change_state (GST_ELEMENT (self), GST_STATE_CHANGE_PAUSED_TO_READY);
      return GST_STATE_CHANGE_FAILURE;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      return GST_STATE_CHANGE_NO_PREROLL;
    case GST_STATE_CHANGE_READY_TO_NULL:
      unprepare (self);
      return result;
    default:
      return result;
  }
}

static GstStateChangeReturn
peal_bin_change_state (GstElement *element, GstStateChange change)
{
  PealBin *self = PEAL_BIN (element);
  GstStateChangeReturn result;

  if (peal_call_is_current (self->call)) {
    g_critical ("pealbin: its state cannot be changed from one of its own "
                "signals; use gst_element_call_async()");
    return GST_STATE_CHANGE_FAILURE;
  }
  if (!before_change (self, change))
    return GST_STATE_CHANGE_FAILURE;

  result =
      GST_ELEMENT_CLASS (peal_bin_parent_class)->change_state (element, change);
  if (result == GST_STATE_CHANGE_FAILURE)
    return result;

  return after_change (self, change, result);
}

/* gst-launch-1.0 -e and others end a live pipeline with this. */
static gboolean
peal_bin_send_event (GstElement *element, GstEvent *event)
{
  PealBin *self = PEAL_BIN (element);

  if (GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return GST_ELEMENT_CLASS (peal_bin_parent_class)
        ->send_event (element, event);

  gst_event_unref (event);
  peal_call_send_eos (self->call);
  if (GST_OBJECT_FLAG_IS_SET (self, GST_ELEMENT_FLAG_SINK))
    gst_element_post_message (element, gst_message_new_eos (GST_OBJECT (self)));

  return TRUE;
}

/* ---- messages of our children ---- */

/* A data channel that breaks costs nothing but itself. */
static void
take_peer_error (PealBin *self, const gchar *id, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  if (peal_sctp_is_element (GST_MESSAGE_SRC (message))) {
    GST_INFO_OBJECT (self, "data channel of peer %s: %s", id, error->message);
    return;
  }
  GST_WARNING_OBJECT (
      self, "an element of peer %s failed: %s", id, error->message);
  peal_call_fail_peer (self->call, id, error);
}

/* Of a peer's elements only what concerns latency and states in progress goes
 * up: other messages would keep dead webrtcbins alive on an unread bus, and an
 * error would end the pipeline. */
static gboolean
is_for_parents (GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_LATENCY:
      return !peal_receive_path_is_jitter_buffer (GST_MESSAGE_SRC (message));
    case GST_MESSAGE_ASYNC_START:
    case GST_MESSAGE_ASYNC_DONE:
    case GST_MESSAGE_NEED_CONTEXT:
    case GST_MESSAGE_HAVE_CONTEXT:
    case GST_MESSAGE_CLOCK_LOST:
      return TRUE;
    default:
      return FALSE;
  }
}

static void
peal_bin_handle_message (GstBin *bin, GstMessage *message)
{
  PealBin *self = PEAL_BIN (bin);
  g_autofree gchar *id =
      peal_pipeline_dup_owner (GST_MESSAGE_SRC (message), GST_OBJECT (bin));

  if (id && GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    take_peer_error (self, id, message);
    gst_message_unref (message);
  } else if ((id && !is_for_parents (message)) ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    gst_message_unref (message);
  } else {
    GST_BIN_CLASS (peal_bin_parent_class)->handle_message (bin, message);
  }
}

/* ---- actions ---- */

static gboolean
send_message (PealBin *self, const gchar *id, const gchar *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return peal_call_send_message (self->call, id, text);
}

static void
hang_up (PealBin *self, const gchar *id)
{
  peal_call_hang_up (self->call, id);
}

static void
request_key_frame (PealBin *self, const gchar *id)
{
  peal_call_request_key_frame (self->call, id);
}

static void
install_actions (GType type)
{
  GSignalFlags flags = G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION;

  /* Thread: any, no lock held. Id or NULL for all; text, or a JSON object or
   * array, of at most 64 KiB. It goes over the peer's data channel, or through
   * the room where that is not open. Returns whether it was accepted, with
   * NULL for at least one. */
  g_signal_new_class_handler ("send-message", type, flags,
      G_CALLBACK (send_message), NULL, NULL, NULL, G_TYPE_BOOLEAN, 2,
      G_TYPE_STRING, G_TYPE_STRING);
  /* Thread: any, no lock held. Id or NULL for all. */
  g_signal_new_class_handler ("hang-up", type, flags, G_CALLBACK (hang_up),
      NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /* Thread: any, no lock held. Id or NULL for all. */
  g_signal_new_class_handler ("request-key-frame", type, flags,
      G_CALLBACK (request_key_frame), NULL, NULL, NULL, G_TYPE_NONE, 1,
      G_TYPE_STRING);
}

/* ---- properties ---- */

static void
peal_bin_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PealBin *self = PEAL_BIN (object);
  g_auto (PealSettings) settings = { 0 };
  gboolean is_known;

  GST_OBJECT_LOCK (self);
  is_known = peal_settings_set (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!is_known) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }

  apply_settings (self);
  if (g_str_has_prefix (pspec->name, "mute-")) {
    copy_settings (self, &settings);
    peal_call_set_muted (self->call, settings.mute_audio, settings.mute_video);
  }
}

static void
peal_bin_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PealBin *self = PEAL_BIN (object);
  gboolean is_known;

  if (id == PROP_PEERS || id == PROP_STATS) {
    g_value_take_boxed (
        value, peal_call_make_report (self->call, id == PROP_STATS));
    return;
  }

  GST_OBJECT_LOCK (self);
  is_known = peal_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!is_known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* ---- class ---- */

static void
peal_bin_finalize (GObject *object)
{
  PealBin *self = PEAL_BIN (object);

  peal_inputs_free (self->inputs);
  peal_call_free (self->call);
  peal_settings_clear (&self->settings);

  G_OBJECT_CLASS (peal_bin_parent_class)->finalize (object);
}

static void
install_templates (GstElementClass *class)
{
  g_autoptr (GstCaps) video = peal_track_dup_template_caps (PEAL_MEDIA_VIDEO);
  g_autoptr (GstCaps) audio = peal_track_dup_template_caps (PEAL_MEDIA_AUDIO);

  peal_outputs_install_templates (class);
  gst_element_class_add_pad_template (class,
      gst_pad_template_new ("video_%u", GST_PAD_SINK, GST_PAD_REQUEST, video));
  gst_element_class_add_pad_template (class,
      gst_pad_template_new ("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST, audio));
}

static void
install_properties (GObjectClass *class)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  peal_settings_install (class);
  g_object_class_install_property (class, PROP_PEERS,
      g_param_spec_boxed ("peers", "peers",
          "The others in the room: one field per id, a structure with id, "
          "name and state (new, connecting, connected, disconnected, failed, "
          "closed)",
          GST_TYPE_STRUCTURE, flags));
  g_object_class_install_property (class, PROP_STATS,
      g_param_spec_boxed ("stats", "stats",
          "Like peers, with setup-ms, first-picture-ms, video-frames, "
          "video-width, video-height, audio-ms, bytes-received, bytes-sent, "
          "packets-lost, fraction-lost (0 to 1), round-trip-ms, jitter-ms "
          "(-1: not known yet), ice-state (new, checking, connected, "
          "completed, "
          "failed, disconnected, closed) and, of the way that was found, "
          "local-candidate, remote-candidate (host, srflx, prflx, relay), "
          "local-address, remote-address",
          GST_TYPE_STRUCTURE, flags));
}

static void
peal_bin_class_init (PealBinClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);

  object_class->set_property = peal_bin_set_property;
  object_class->get_property = peal_bin_get_property;
  object_class->finalize = peal_bin_finalize;
  element_class->request_new_pad = peal_bin_request_new_pad;
  element_class->release_pad = peal_bin_release_pad;
  element_class->change_state = peal_bin_change_state;
  element_class->send_event = peal_bin_send_event;
  GST_BIN_CLASS (class)->handle_message = peal_bin_handle_message;

  install_properties (object_class);
  install_templates (element_class);
  peal_announcer_install_signals (G_TYPE_FROM_CLASS (class));
  install_actions (G_TYPE_FROM_CLASS (class));
  gst_element_class_set_static_metadata (element_class, "Live call",
      "Source/Sink/Network/WebRTC",
      "Two-way WebRTC call in a room: sends what is linked to it, encoded once "
      "for everyone, and gives back what the others send",
      "The Peal developers");

  GST_DEBUG_CATEGORY_INIT (peal_element_peal_bin_debug, "peal-element-peal-bin",
      0, "Peal: the element");
}

static void
peal_bin_init (PealBin *self)
{
  g_signal_connect (self, "peer-joined", G_CALLBACK (on_peer_joined), NULL);
  self->inputs =
      peal_inputs_new (GST_BIN (self), on_input_changed, on_inputs_ended);
  self->call = peal_call_new (GST_ELEMENT (self));
  peal_settings_init (&self->settings);
  gst_bin_set_suppressed_flags (
      GST_BIN (self), GST_ELEMENT_FLAG_SINK | GST_ELEMENT_FLAG_SOURCE);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}
