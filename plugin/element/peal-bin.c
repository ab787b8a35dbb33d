/*
 * The element pealbin. See peal-bin.h.
 *
 * Threads: pads, properties and states on the application's; signals fire on
 * the loop (announcer.h). Lock: the object lock guards `settings`; nothing is
 * called with it held.
 */
#include "element/peal-bin.h"

#include "base/error.h"
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
  PealOutputs *outputs;  /* on the loop, or before there is one */
  PealCall *call;        /* from READY up */
  PealInputs *inputs;
  GThread *warm_up; /* from READY up */
};

G_DEFINE_FINAL_TYPE (PealBin, peal_bin, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE (pealbin, "pealbin", GST_RANK_NONE, PEAL_TYPE_BIN)

/* ---- running things on the loop ---- */

typedef struct {
  PealBin *bin;
  PealTrack *track;
  GstPad *pad;
  PealMediaKind kind;
  gchar *id;
  gchar *text;
  GError *error;
  gboolean is_done;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->track);
  g_free (job->id);
  g_free (job->text);
  g_clear_error (&job->error);
  g_free (job);
}

/* On the loop while there is one; before, right here. */
static void
run (PealBin *self, PealLoopFunc func, Job *job)
{
  job->bin = self;
  if (self->call)
    peal_call_run (self->call, func, job);
  else
    func (job);
}

static PealSession *
get_session (PealBin *self)
{
  return self->call ? peal_call_get_session (self->call) : NULL;
}

/* ---- inputs ---- */

static void
review_tracks (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);

  if (session)
    peal_session_review_tracks (session);
}

/* On a streaming thread. */
static void
on_input_changed (GstElement *element)
{
  PealBin *self = PEAL_BIN (element);
  Job *job;

  if (!self->call)
    return;

  job = g_new0 (Job, 1);
  job->bin = self;
  peal_call_post (self->call, review_tracks, job, job_free);
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

static void
add_track (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);

  if (session)
    peal_session_add_track (session, job->track);
}

static void
remove_track (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);

  if (session)
    peal_session_remove_track (session, job->track);
}

static GstPad *
add_input (PealBin *self, PealMediaKind kind, GstPadTemplate *template,
    const gchar *name)
{
  GstPad *pad = peal_inputs_add (self->inputs, kind, template, name);
  Job job = { 0 };

  if (!pad)
    return NULL;

  apply_settings (self);
  gst_element_add_pad (GST_ELEMENT (self), pad);
  job.track = peal_inputs_get_track (pad);
  run (self, add_track, &job);

  return pad;
}

static void
remove_input (PealBin *self, GstPad *pad)
{
  Job job = { .track = peal_inputs_get_track (pad) };

  run (self, remove_track, &job);
  peal_inputs_remove (self->inputs, pad);
}

/* ---- pads ---- */

static void
request_mix (gpointer data)
{
  Job *job = data;

  job->pad = peal_outputs_request_mix (job->bin->outputs, job->kind);
}

static void
release_mix (gpointer data)
{
  Job *job = data;

  job->is_done = peal_outputs_release_mix (job->bin->outputs, job->pad);
}

static GstPad *
peal_bin_request_new_pad (GstElement *element, GstPadTemplate *template,
    const gchar *name, const GstCaps *caps)
{
  PealBin *self = PEAL_BIN (element);
  const gchar *kind_name = GST_PAD_TEMPLATE_NAME_TEMPLATE (template);
  Job job = { 0 };

  job.kind =
      g_strrstr (kind_name, "video") ? PEAL_MEDIA_VIDEO : PEAL_MEDIA_AUDIO;
  if (GST_PAD_TEMPLATE_DIRECTION (template) == GST_PAD_SINK)
    job.pad = add_input (self, job.kind, template, name);
  else
    run (self, request_mix, &job);
  update_flags (self, has_mix (self));

  return job.pad;
}

static void
peal_bin_release_pad (GstElement *element, GstPad *pad)
{
  PealBin *self = PEAL_BIN (element);
  Job job = { .pad = pad };

  if (GST_PAD_DIRECTION (pad) == GST_PAD_SINK)
    remove_input (self, pad);
  else
    run (self, release_mix, &job);
  update_flags (self, has_mix (self));
}

/* ---- states ---- */

static gboolean
prepare (PealBin *self)
{
  if (!peal_requirements_check (GST_ELEMENT (self)))
    return FALSE;

  self->warm_up = peal_warm_up_start ();
  self->call = peal_call_new (GST_ELEMENT (self), self->outputs);

  return TRUE;
}

static void
unprepare (PealBin *self)
{
  g_clear_pointer (&self->call, peal_call_free);
  g_clear_pointer (&self->warm_up, g_thread_join);
}

static void
post_start_error (PealBin *self, const GError *error)
{
  if (error->code == PEAL_ERROR_UNSUPPORTED)
    GST_ELEMENT_ERROR (
        self, CORE, MISSING_PLUGIN, ("%s", error->message), (NULL));
  else
    GST_ELEMENT_ERROR (
        self, RESOURCE, SETTINGS, ("%s", error->message), (NULL));
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

  post_start_error (self, error);

  return FALSE;
}

static gboolean
before_change (PealBin *self, GstStateChange change)
{
  if (change == GST_STATE_CHANGE_NULL_TO_READY)
    return prepare (self);
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

  if (self->call && peal_call_is_current (self->call)) {
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
static void
send_eos (gpointer data)
{
  Job *job = data;

  peal_outputs_send_eos (job->bin->outputs);
}

static gboolean
peal_bin_send_event (GstElement *element, GstEvent *event)
{
  PealBin *self = PEAL_BIN (element);
  Job job = { 0 };

  if (GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return GST_ELEMENT_CLASS (peal_bin_parent_class)
        ->send_event (element, event);

  gst_event_unref (event);
  run (self, send_eos, &job);
  if (GST_OBJECT_FLAG_IS_SET (self, GST_ELEMENT_FLAG_SINK))
    gst_element_post_message (element, gst_message_new_eos (GST_OBJECT (self)));

  return TRUE;
}

/* ---- messages of our children ---- */

static void
fail_peer (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);

  if (session)
    peal_session_fail_peer (session, job->id, job->error);
}

static void
take_peer_error (PealBin *self, gchar *id, GstMessage *message)
{
  Job *job = g_new0 (Job, 1);

  job->bin = self;
  job->id = id;
  gst_message_parse_error (message, &job->error, NULL);
  GST_WARNING_OBJECT (
      self, "an element of peer %s failed: %s", id, job->error->message);
  peal_call_post (self->call, fail_peer, job, job_free);
}

/* Of a peer's elements only what concerns latency and states in progress goes
 * up: other messages would keep dead webrtcbins alive on an unread bus, and an
 * error would end the pipeline. */
static gboolean
is_for_parents (GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_LATENCY:
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

  if (id && GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR && self->call) {
    take_peer_error (self, g_steal_pointer (&id), message);
    gst_message_unref (message);
  } else if ((id && !is_for_parents (message)) ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    gst_message_unref (message);
  } else {
    GST_BIN_CLASS (peal_bin_parent_class)->handle_message (bin, message);
  }
}

/* ---- actions ---- */

static void
run_send (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);
  g_autoptr (JsonNode) body = peal_app_body_new (job->text);
  g_autoptr (GError) error = NULL;

  job->is_done =
      session && peal_session_send_message (session, job->id, body, &error);
  if (error)
    GST_WARNING_OBJECT (job->bin, "send-message: %s", error->message);
}

static gboolean
send_message (PealBin *self, const gchar *id, const gchar *text)
{
  Job job = { .id = (gchar *)id, .text = (gchar *)text };

  g_return_val_if_fail (text != NULL, FALSE);

  run (self, run_send, &job);

  return job.is_done;
}

static void
run_hang_up (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);

  if (session)
    peal_session_hang_up (session, job->id);
}

static void
hang_up (PealBin *self, const gchar *id)
{
  Job job = { .id = (gchar *)id };

  run (self, run_hang_up, &job);
}

static void
run_request_key_frame (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);

  if (session)
    peal_session_request_key_frame (session, job->id);
}

static void
request_key_frame (PealBin *self, const gchar *id)
{
  Job job = { .id = (gchar *)id };

  run (self, run_request_key_frame, &job);
}

static void
install_actions (GType type)
{
  GSignalFlags flags = G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION;

  /* Any thread, no lock held: send-message (id or NULL for all, text or a JSON
   * object or array) -> whether it was accepted; hang-up (id or NULL);
   * request-key-frame (id or NULL). */
  g_signal_new_class_handler ("send-message", type, flags,
      G_CALLBACK (send_message), NULL, NULL, NULL, G_TYPE_BOOLEAN, 2,
      G_TYPE_STRING, G_TYPE_STRING);
  g_signal_new_class_handler ("hang-up", type, flags, G_CALLBACK (hang_up),
      NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_signal_new_class_handler ("request-key-frame", type, flags,
      G_CALLBACK (request_key_frame), NULL, NULL, NULL, G_TYPE_NONE, 1,
      G_TYPE_STRING);
}

/* ---- properties ---- */

static void
run_mute (gpointer data)
{
  Job *job = data;
  PealSession *session = get_session (job->bin);
  gboolean is_audio_muted;
  gboolean is_video_muted;

  GST_OBJECT_LOCK (job->bin);
  is_audio_muted = job->bin->settings.mute_audio;
  is_video_muted = job->bin->settings.mute_video;
  GST_OBJECT_UNLOCK (job->bin);
  if (session)
    peal_session_set_muted (session, is_audio_muted, is_video_muted);
}

static void
peal_bin_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PealBin *self = PEAL_BIN (object);
  gboolean is_known;
  Job *job;

  GST_OBJECT_LOCK (self);
  is_known = peal_settings_set (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!is_known) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }

  apply_settings (self);
  if (self->call && g_str_has_prefix (pspec->name, "mute-")) {
    job = g_new0 (Job, 1);
    job->bin = self;
    peal_call_post (self->call, run_mute, job, job_free);
  }
}

typedef struct {
  PealBin *bin;
  GstStructure *structure;
  gboolean is_full;
} Query;

static void
run_query (gpointer data)
{
  Query *query = data;

  query->structure =
      peal_report_make (get_session (query->bin), query->is_full);
}

static GstStructure *
make_report (PealBin *self, gboolean is_full)
{
  Query query = { self, NULL, is_full };

  if (self->call)
    peal_call_run (self->call, run_query, &query);
  else
    run_query (&query);

  return query.structure;
}

static void
peal_bin_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PealBin *self = PEAL_BIN (object);
  gboolean is_known;

  if (id == PROP_PEERS || id == PROP_STATS) {
    g_value_take_boxed (value, make_report (self, id == PROP_STATS));
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
  peal_outputs_free (self->outputs);
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
          "packets-lost, fraction-lost (0 to 1), round-trip-ms and jitter-ms "
          "(-1: not known yet)",
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
  self->inputs =
      peal_inputs_new (GST_BIN (self), on_input_changed, on_inputs_ended);
  self->outputs = peal_outputs_new (GST_BIN (self));
  peal_settings_init (&self->settings);
  gst_bin_set_suppressed_flags (
      GST_BIN (self), GST_ELEMENT_FLAG_SINK | GST_ELEMENT_FLAG_SOURCE);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}
