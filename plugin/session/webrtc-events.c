/*
 * webrtcbin's callbacks and promises, posted to the loop. See webrtc-events.h.
 * Made by connection.
 *
 * Shared fields: `packets` is counted by streaming threads, atomically; `lock`
 * guards `promises`, which webrtcbin's thread keeps or leaves unanswered.
 */
#include "session/webrtc-events.h"

#include <gst/webrtc/webrtc.h>

#include "base/post.h"
#include "base/signals.h"
#include "session/dtls-certificate.h"
#include "session/ice-agent.h"
#include "session/liveness.h"
#include "session/receive-path.h"

#define BLOCK_KEY "peal-block"
/* A member that has muted itself still has to be heard within the 4 s of
 * liveness.c. RFC 3550 section 6.2 lets a session of two report this often:
 * the default of 5 s is meant for large ones. */
#define RTCP_INTERVAL ((guint64)GST_SECOND)

enum {
  SIGNAL_DESCRIBED,
  SIGNAL_CANDIDATE,
  SIGNAL_STATE,
  SIGNAL_GATHERED,
  SIGNAL_CERTIFICATE,
  SIGNAL_PAD,
  SIGNAL_STATS,
  SIGNAL_REFUSED,
  SIGNAL_PATH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealWebrtcEvents {
  GObject parent;

  GMainContext *context;
  GstElement *webrtc; /* NULL once ended */
  GObject *agent;     /* the NiceAgent, or NULL */
  PealIcePath path;   /* zero until ICE has chosen */
  gchar *certificate;
  gint packets; /* atomic: all received, from the first RTP or RTCP on */
  GMutex lock;
  GPtrArray *promises; /* of GstPromise: not answered yet */
};

G_DEFINE_FINAL_TYPE (PealWebrtcEvents, peal_webrtc_events, G_TYPE_OBJECT)

/* ---- on the loop ---- */

typedef struct {
  guint signal;
  guint number;
  gchar *text;
  PealIcePath *path;
  GstPad *pad;
  GstStructure *structure;
  GstWebRTCSessionDescription *description;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_free (note->text);
  g_free (note->path);
  g_clear_object (&note->pad);
  g_clear_pointer (&note->structure, gst_structure_free);
  g_clear_pointer (&note->description, gst_webrtc_session_description_free);
  g_free (note);
}

static void
take (gpointer object, gpointer data)
{
  PealWebrtcEvents *self = object;
  Note *note = data;
  guint id = signals[note->signal];

  if (!self->webrtc)
    return;

  switch (note->signal) {
    case SIGNAL_DESCRIBED:
      g_signal_emit (self, id, 0, note->description);
      break;
    case SIGNAL_CANDIDATE:
      g_signal_emit (self, id, 0, note->number, note->text);
      break;
    case SIGNAL_STATE:
    case SIGNAL_GATHERED:
      g_signal_emit (self, id, 0);
      break;
    case SIGNAL_PATH:
      self->path = *note->path;
      g_signal_emit (self, id, 0);
      break;
    case SIGNAL_PAD:
      g_signal_emit (self, id, 0, note->pad);
      break;
    case SIGNAL_STATS:
      g_signal_emit (self, id, 0, note->structure);
      break;
    default:
      g_signal_emit (self, id, 0, note->text);
      break;
  }
}

/* ---- on webrtcbin's threads: copy and post ---- */

static Note *
note_new (guint signal)
{
  Note *note = g_new0 (Note, 1);

  note->signal = signal;

  return note;
}

static void
post (PealWebrtcEvents *self, Note *note)
{
  peal_post (self->context, self, take, note, note_free);
}

static void
post_text (PealWebrtcEvents *self, guint signal, const gchar *text)
{
  Note *note = note_new (signal);

  note->text = g_strdup (text);
  post (self, note);
}

static void
on_ice_candidate (
    GstElement *webrtc, guint mline, const gchar *candidate, gpointer data)
{
  Note *note;

  /* Newer versions say "" at the end; the gathering state says it for all. */
  if (!candidate || !*candidate)
    return;

  note = note_new (SIGNAL_CANDIDATE);
  note->number = mline;
  note->text = g_strdup (candidate);
  post (data, note);
}

static void
on_connection_state (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  post (data, note_new (SIGNAL_STATE));
}

/* On the agent's thread, which holds no lock here. */
static void
on_selected_pair (NiceAgent *agent, guint stream, guint component,
    NiceCandidate *local, NiceCandidate *remote, gpointer data)
{
  Note *note = note_new (SIGNAL_PATH);

  note->path = g_new0 (PealIcePath, 1);
  peal_ice_agent_read_pair (local, remote, note->path);
  post (data, note);
}

static void
on_ice_gathering_state (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  post (data, note_new (SIGNAL_GATHERED));
}

/* Holds the first buffer until the loop has linked the pad. */
static GstPadProbeReturn
on_remote_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Note *note = note_new (SIGNAL_PAD);

  note->pad = gst_object_ref (pad);
  post (data, note);

  return GST_PAD_PROBE_OK;
}

static void
on_pad_added (GstElement *webrtc, GstPad *pad, gpointer data)
{
  gulong id;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;

  id = gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER |
          GST_PAD_PROBE_TYPE_BUFFER_LIST,
      on_remote_buffer, g_object_ref (data), g_object_unref);
  g_object_set_data (G_OBJECT (pad), BLOCK_KEY, GSIZE_TO_POINTER (id));
}

static void
on_peer_pem (GObject *dtls, GParamSpec *pspec, gpointer data)
{
  g_autofree gchar *pem = NULL;

  g_object_get (dtls, "peer-pem", &pem, NULL);
  if (pem)
    post_text (data, SIGNAL_CERTIFICATE, pem);
}

static gboolean
holds_media (GstPadProbeInfo *info)
{
  GstBuffer *buffer = info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST
      ? gst_buffer_list_get (gst_pad_probe_info_get_buffer_list (info), 0)
      : gst_pad_probe_info_get_buffer (info);
  guint8 first_byte;

  return buffer && gst_buffer_extract (buffer, 0, &first_byte, 1) == 1 &&
      peal_liveness_is_media (first_byte);
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealWebrtcEvents *self = data;

  if (g_atomic_int_get (&self->packets) != 0 || holds_media (info))
    g_atomic_int_inc (&self->packets);

  return GST_PAD_PROBE_OK;
}

static void
watch_dtls (PealWebrtcEvents *self, GstElement *dtls)
{
  peal_signal_connect_holding (
      dtls, "notify::peer-pem", G_CALLBACK (on_peer_pem), G_OBJECT (self));
}

static void
watch_packets (PealWebrtcEvents *self, GstElement *source)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet,
      g_object_ref (self), g_object_unref);
}

static void
on_deep_element_added (
    GstBin *webrtc, GstBin *parent, GstElement *element, gpointer data)
{
  PealWebrtcEvents *self = data;
  GstElementFactory *factory = gst_element_get_factory (element);
  const gchar *name = factory ? GST_OBJECT_NAME (factory) : "";

  if (g_str_equal (name, "dtlssrtpdec"))
    watch_dtls (self, element);
  else if (g_str_equal (name, "dtlsdec") && self->certificate)
    peal_dtls_certificate_set (element, self->certificate);
  else if (g_str_equal (name, "nicesrc"))
    watch_packets (self, element);
  else if (g_str_equal (name, "rtpsession"))
    g_object_set (element, "rtcp-min-interval", RTCP_INTERVAL, NULL);
  else if (g_str_equal (name, "rtpjitterbuffer"))
    peal_receive_path_tune (element);
}

/* ---- promises ---- */

/* In whose change function it is called. */
static void
forget_promise (PealWebrtcEvents *self, GstPromise *promise)
{
  gboolean is_kept;

  g_mutex_lock (&self->lock);
  is_kept = g_ptr_array_remove_fast (self->promises, promise);
  g_mutex_unlock (&self->lock);
  if (is_kept)
    gst_promise_unref (promise);
}

/* What webrtcbin has not come to when it stops, it never answers. */
static void
give_up_promises (PealWebrtcEvents *self)
{
  GPtrArray *promises;

  g_mutex_lock (&self->lock);
  promises = g_steal_pointer (&self->promises);
  self->promises = g_ptr_array_new ();
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < promises->len; i++) {
    gst_promise_interrupt (g_ptr_array_index (promises, i));
    gst_promise_unref (g_ptr_array_index (promises, i));
  }
  g_ptr_array_unref (promises);
}

/* The reply, or NULL with its error posted. */
static const GstStructure *
resolve (PealWebrtcEvents *self, GstPromise *promise)
{
  const GstStructure *reply = NULL;
  g_autoptr (GError) error = NULL;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED)
    reply = gst_promise_get_reply (promise);
  if (!reply || !gst_structure_has_field (reply, "error"))
    return reply;

  gst_structure_get (reply, "error", G_TYPE_ERROR, &error, NULL);
  post_text (self, SIGNAL_REFUSED, error->message);

  return NULL;
}

static void
on_description_set (GstPromise *promise, gpointer data)
{
  resolve (data, promise);
  forget_promise (data, promise);
}

static void
on_described (GstPromise *promise, gpointer data)
{
  const GstStructure *reply = resolve (data, promise);
  const gchar *field =
      reply && gst_structure_has_field (reply, "offer") ? "offer" : "answer";
  Note *note = note_new (SIGNAL_DESCRIBED);

  if (reply)
    gst_structure_get (reply, field, GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
        &note->description, NULL);
  if (note->description)
    post (data, g_steal_pointer (&note));
  else if (reply)
    post_text (data, SIGNAL_REFUSED, "webrtcbin gave no description");
  g_clear_pointer (&note, note_free);
  forget_promise (data, promise);
}

static void
on_stats (GstPromise *promise, gpointer data)
{
  const GstStructure *reply = resolve (data, promise);

  if (reply) {
    Note *note = note_new (SIGNAL_STATS);

    note->structure = gst_structure_copy (reply);
    post (data, note);
  }
  forget_promise (data, promise);
}

static GstPromise *
promise_new (PealWebrtcEvents *self, GstPromiseChangeFunc func)
{
  GstPromise *promise = gst_promise_new_with_change_func (
      func, g_object_ref (self), g_object_unref);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->promises, promise);
  g_mutex_unlock (&self->lock);

  return promise;
}

/* ---- public ---- */

/**
 * peal_webrtc_events_create_offer:
 *
 * Makes an offer; `described` brings it, or `refused` the reason.
 */
void
peal_webrtc_events_create_offer (PealWebrtcEvents *self)
{
  g_signal_emit_by_name (
      self->webrtc, "create-offer", NULL, promise_new (self, on_described));
}

/**
 * peal_webrtc_events_create_answer:
 *
 * Makes an answer; `described` brings it, or `refused` the reason.
 */
void
peal_webrtc_events_create_answer (PealWebrtcEvents *self)
{
  g_signal_emit_by_name (
      self->webrtc, "create-answer", NULL, promise_new (self, on_described));
}

/**
 * peal_webrtc_events_set_local:
 * @description: a #GstWebRTCSessionDescription that `described` brought
 */
void
peal_webrtc_events_set_local (PealWebrtcEvents *self, gpointer description)
{
  g_signal_emit_by_name (self->webrtc, "set-local-description", description,
      promise_new (self, on_description_set));
}

/**
 * peal_webrtc_events_set_remote:
 * @description: a #GstWebRTCSessionDescription, checked
 */
void
peal_webrtc_events_set_remote (PealWebrtcEvents *self, gpointer description)
{
  g_signal_emit_by_name (self->webrtc, "set-remote-description", description,
      promise_new (self, on_description_set));
}

/**
 * peal_webrtc_events_get_stats:
 *
 * Asks for statistics; `stats` brings them.
 */
void
peal_webrtc_events_get_stats (PealWebrtcEvents *self)
{
  g_signal_emit_by_name (
      self->webrtc, "get-stats", NULL, promise_new (self, on_stats));
}

/**
 * peal_webrtc_events_get_packets:
 *
 * Returns: packets received so far, from the first RTP or RTCP on, whatever
 *   they hold; wraps. Any thread.
 */
guint
peal_webrtc_events_get_packets (PealWebrtcEvents *self)
{
  return (guint)g_atomic_int_get (&self->packets);
}

/**
 * peal_webrtc_events_get_ice:
 * @path: (out caller-allocates): the way that ICE chose, as far as it has
 *
 * Returns: (transfer none): ICE's state, see peal_ice_agent_get_state()
 */
const gchar *
peal_webrtc_events_get_ice (PealWebrtcEvents *self, PealIcePath *path)
{
  *path = self->path;

  return peal_ice_agent_get_state (self->webrtc);
}

/**
 * peal_webrtc_events_release_pad:
 * @pad: one that `pad` brought, linked by now
 *
 * Lets its data flow.
 */
void
peal_webrtc_events_release_pad (GstPad *pad)
{
  gsize id = GPOINTER_TO_SIZE (g_object_steal_data (G_OBJECT (pad), BLOCK_KEY));

  if (id)
    gst_pad_remove_probe (pad, id);
}

/**
 * peal_webrtc_events_end:
 *
 * Hears no more of webrtcbin, nor waits for what was asked of it.
 */
void
peal_webrtc_events_end (PealWebrtcEvents *self)
{
  if (self->webrtc)
    g_signal_handlers_disconnect_by_data (self->webrtc, self);
  if (self->agent)
    g_signal_handlers_disconnect_by_data (self->agent, self);
  g_clear_object (&self->agent);
  g_clear_object (&self->webrtc);
  give_up_promises (self);
}

/**
 * peal_webrtc_events_new:
 * @webrtc: in NULL state
 * @certificate: (nullable): PEM of certificate and key for DTLS
 */
PealWebrtcEvents *
peal_webrtc_events_new (GstElement *webrtc, const gchar *certificate)
{
  PealWebrtcEvents *self = g_object_new (PEAL_TYPE_WEBRTC_EVENTS, NULL);

  self->webrtc = gst_object_ref (webrtc);
  self->certificate = g_strdup (certificate);
  /* clang-format off */
  g_object_connect (webrtc,
      "object_signal::deep-element-added", on_deep_element_added, self,
      "object_signal::on-ice-candidate", on_ice_candidate, self,
      "object_signal::notify::connection-state", on_connection_state, self,
      "object_signal::notify::ice-connection-state", on_connection_state, self,
      "object_signal::notify::ice-gathering-state", on_ice_gathering_state, self,
      "object_signal::pad-added", on_pad_added, self,
      NULL);
  /* clang-format on */
  peal_receive_path_set_up (webrtc);
  self->agent = peal_ice_agent_get (webrtc);
  if (self->agent)
    g_signal_connect_object (self->agent, "new-selected-pair-full",
        G_CALLBACK (on_selected_pair), self, 0);

  return self;
}

static void
peal_webrtc_events_finalize (GObject *object)
{
  PealWebrtcEvents *self = PEAL_WEBRTC_EVENTS (object);

  g_clear_object (&self->agent);
  g_clear_object (&self->webrtc);
  g_free (self->certificate);
  g_ptr_array_unref (self->promises);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_webrtc_events_parent_class)->finalize (object);
}

/* Thread of all: the loop, no lock held; a handler may close us. */
static void
install_signals (GType type)
{
  /* Thread: the loop. Not set yet */
  signals[SIGNAL_DESCRIBED] = peal_signal_new (
      type, "described", 1, GST_TYPE_WEBRTC_SESSION_DESCRIPTION);
  /* Thread: the loop. M-line, candidate */
  signals[SIGNAL_CANDIDATE] =
      peal_signal_new (type, "candidate", 2, G_TYPE_UINT, G_TYPE_STRING);
  /* Thread: the loop. Read webrtcbin's connection-state, ice-connection-state
   */
  signals[SIGNAL_STATE] = peal_signal_new (type, "state", 0);
  /* Thread: the loop. Read webrtcbin's ice-gathering-state */
  signals[SIGNAL_GATHERED] = peal_signal_new (type, "gathered", 0);
  /* Thread: the loop. PEM that DTLS showed */
  signals[SIGNAL_CERTIFICATE] =
      peal_signal_new (type, "certificate", 1, G_TYPE_STRING);
  /* Thread: the loop. Has data and waits for …_release_pad() */
  signals[SIGNAL_PAD] = peal_signal_new (type, "pad", 1, GST_TYPE_PAD);
  /* Thread: the loop. What was asked for */
  signals[SIGNAL_STATS] =
      peal_signal_new (type, "stats", 1, GST_TYPE_STRUCTURE);
  /* Thread: the loop. Webrtcbin's error */
  signals[SIGNAL_REFUSED] = peal_signal_new (type, "refused", 1, G_TYPE_STRING);
  /* Thread: the loop. ICE has chosen a way, see …_get_ice() */
  signals[SIGNAL_PATH] = peal_signal_new (type, "path", 0);
}

static void
peal_webrtc_events_class_init (PealWebrtcEventsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = peal_webrtc_events_finalize;

  install_signals (G_TYPE_FROM_CLASS (class));
}

static void
peal_webrtc_events_init (PealWebrtcEvents *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->promises = g_ptr_array_new ();
  g_mutex_init (&self->lock);
}
