/*
 * One webrtcbin, from its making to its end. See connection.h for its use and
 * webrtcbin.md for the reasons: which property is set when, why callbacks only
 * post, and why the certificate is checked here.
 *
 * Life cycle: new -> add_sending/add_receiving -> start -> create_offer, or
 * accept_offer and create_answer -> … -> close. Called by the peer and by
 * peer-media; calls webrtcbin and the reaper.
 *
 * Shared fields: `packets` is written by streaming threads, atomically.
 */
#include "session/connection.h"

#include <gst/webrtc/webrtc.h>

#include "base/error.h"
#include "base/post.h"
#include "session/fingerprint.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_connection_debug);
#define GST_CAT_DEFAULT peal_session_connection_debug

/* RFC 8445 section 14.2: no faster than one check in 5 ms. */
#define ICE_PACING_MS 5
#define OWNER_KEY "peal-owner"

enum {
  SIGNAL_DESCRIPTION,
  SIGNAL_CANDIDATE,
  SIGNAL_STATE_CHANGED,
  SIGNAL_REMOTE_PAD,
  SIGNAL_STATS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealConnection {
  GObject parent;

  GMainContext *context;
  GstBin *bin;
  PealReaper *reaper;
  GstElement *webrtc; /* NULL once closed */
  gchar *certificate;
  GStrv fingerprints; /* what the remote description promised, or NULL */
  gchar *peer_pem;    /* what DTLS showed, or NULL */
  gboolean is_dtls_connected;
  PealConnectionState state;
  GError *error;
  GPtrArray *pads; /* of GstPad; shut until connected */
  gint packets;    /* atomic: RTP, RTCP and DTLS packets received */
};

G_DEFINE_FINAL_TYPE (PealConnection, peal_connection, G_TYPE_OBJECT)

#define assert_owner(self) g_assert (g_main_context_is_owner ((self)->context))

/* ---- state: the only writer --------------------------------------------- */

static void
set_state (PealConnection *self, PealConnectionState state, const GError *error)
{
  if (self->state == state || self->state == PEAL_CONNECTION_FAILED)
    return;

  self->state = state;
  if (error)
    self->error = g_error_copy (error);
  if (self->webrtc)
    g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
fail (PealConnection *self, PealError code, const gchar *text)
{
  g_autoptr (GError) error = g_error_new_literal (PEAL_ERROR, code, text);

  set_state (self, PEAL_CONNECTION_FAILED, error);
}

/* Media passes only from a peer that is who its description says. */
static void
show_pad (PealConnection *self, GstPad *pad)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  guint mline = G_MAXUINT;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  if (transceiver)
    g_object_get (transceiver, "mlineindex", &mline, NULL);
  GST_INFO_OBJECT (pad, "has data, m-line %u", mline);
  g_signal_emit (self, signals[SIGNAL_REMOTE_PAD], 0, pad, mline);
}

static void
show_pads (PealConnection *self)
{
  while (self->webrtc && self->state == PEAL_CONNECTION_CONNECTED &&
      self->pads->len > 0) {
    g_autoptr (GstPad) pad = g_ptr_array_steal_index (self->pads, 0);

    show_pad (self, pad);
  }
}

/* Connected counts only with the right certificate. */
static void
review (PealConnection *self)
{
  if (!self->peer_pem || !self->fingerprints)
    return;

  if (!peal_fingerprint_matches (
          self->peer_pem, (const gchar *const *)self->fingerprints))
    fail (self, PEAL_ERROR_PEER,
        "the peer's DTLS certificate is not the one its session description "
        "announced; somebody may be in between");
  else if (self->is_dtls_connected)
    set_state (self, PEAL_CONNECTION_CONNECTED, NULL);
  show_pads (self);
}

/* ---- what webrtcbin's threads post -------------------------------------- */

typedef struct {
  gboolean is_offer;
  gchar *text;
  guint mline;
  GstPad *pad;
  GstStructure *structure;
  GstWebRTCSessionDescription *description;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_free (note->text);
  g_clear_object (&note->pad);
  g_clear_pointer (&note->structure, gst_structure_free);
  g_clear_pointer (&note->description, gst_webrtc_session_description_free);
  g_free (note);
}

static void
note_post (PealConnection *self, Note *note, PealPostFunc func)
{
  peal_post (self->context, self, func, note, note_free);
}

static void
post_text (PealConnection *self, const gchar *text, PealPostFunc func)
{
  Note *note = g_new0 (Note, 1);

  note->text = g_strdup (text);
  note_post (self, note, func);
}

static void
take_failure (gpointer object, gpointer data)
{
  Note *note = data;

  fail (object, PEAL_ERROR_PEER, note->text);
}

static void
take_candidate (gpointer object, gpointer data)
{
  PealConnection *self = object;
  Note *note = data;

  /* Newer versions say "" at the end; take_gathering_state says it for all. */
  if (self->webrtc && *note->text)
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, note->mline, note->text);
}

static void
take_certificate (gpointer object, gpointer data)
{
  PealConnection *self = object;
  Note *note = data;

  g_free (self->peer_pem);
  self->peer_pem = g_steal_pointer (&note->text);
  review (self);
}

static void
take_connection_state (gpointer object, gpointer data)
{
  PealConnection *self = object;
  GstWebRTCPeerConnectionState state;

  if (!self->webrtc)
    return;

  g_object_get (self->webrtc, "connection-state", &state, NULL);
  GST_INFO_OBJECT (self->webrtc, "webrtcbin's connection state is %d", state);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED) {
    fail (self, PEAL_ERROR_RETRY, "no network path to the peer works");
  } else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED) {
    self->is_dtls_connected = TRUE;
    review (self);
  }
}

static void
take_pad (gpointer object, gpointer data)
{
  PealConnection *self = object;
  Note *note = data;

  g_ptr_array_add (self->pads, g_steal_pointer (&note->pad));
  show_pads (self);
}

static void
take_gathering_state (gpointer object, gpointer data)
{
  PealConnection *self = object;
  GstWebRTCICEGatheringState state;

  if (!self->webrtc)
    return;

  g_object_get (self->webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, 0, NULL);
}

static void
take_stats (gpointer object, gpointer data)
{
  PealConnection *self = object;
  Note *note = data;

  if (self->webrtc)
    g_signal_emit (self, signals[SIGNAL_STATS], 0, note->structure);
}

/* ---- webrtcbin's callbacks: copy and post ------------------------------- */

static void
on_ice_candidate (
    GstElement *webrtc, guint mline, const gchar *candidate, gpointer data)
{
  Note *note = g_new0 (Note, 1);

  note->mline = mline;
  note->text = g_strdup (candidate);
  note_post (data, note, take_candidate);
}

static void
on_connection_state (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  PealConnection *self = data;

  peal_post (self->context, self, take_connection_state, NULL, NULL);
}

static void
on_ice_gathering_state (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  PealConnection *self = data;

  peal_post (self->context, self, take_gathering_state, NULL, NULL);
}

/* Holds the first buffer until the loop has linked the pad. */
static GstPadProbeReturn
on_remote_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealConnection *self = data;
  Note *note = g_new0 (Note, 1);

  note->pad = gst_object_ref (pad);
  note_post (self, note, take_pad);

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
  g_object_set_data (G_OBJECT (pad), "peal-block", GSIZE_TO_POINTER (id));
}

static void
on_peer_pem (GObject *dtls, GParamSpec *pspec, gpointer data)
{
  g_autofree gchar *pem = NULL;

  g_object_get (dtls, "peer-pem", &pem, NULL);
  if (pem)
    post_text (data, pem, take_certificate);
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealConnection *self = data;

  g_atomic_int_inc (&self->packets);

  return GST_PAD_PROBE_OK;
}

static void
watch_dtls (PealConnection *self, GstElement *dtls)
{
  if (self->certificate)
    g_object_set (dtls, "pem", self->certificate, NULL);
  g_signal_connect_object (
      dtls, "notify::peer-pem", G_CALLBACK (on_peer_pem), self, 0);
}

static void
watch_packets (PealConnection *self, GstElement *source)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet,
      g_object_ref (self), g_object_unref);
}

static void
on_deep_element_added (
    GstBin *webrtc, GstBin *parent, GstElement *element, gpointer data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const gchar *name = factory ? GST_OBJECT_NAME (factory) : "";

  if (g_str_equal (name, "dtlssrtpdec"))
    watch_dtls (data, element);
  else if (g_str_equal (name, "nicesrc"))
    watch_packets (data, element);
}

/* ---- promises ------------------------------------------------------------ */

typedef struct {
  GWeakRef connection;
  gboolean is_offer;
} Pending;

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  g_weak_ref_clear (&pending->connection);
  g_free (pending);
}

/* The connection, or NULL with the promise's error posted to it. */
static PealConnection *
resolve (GstPromise *promise, Pending *pending)
{
  PealConnection *self = g_weak_ref_get (&pending->connection);
  const GstStructure *reply = NULL;
  g_autoptr (GError) error = NULL;

  if (!self)
    return NULL;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED)
    reply = gst_promise_get_reply (promise);
  if (reply && gst_structure_has_field (reply, "error"))
    gst_structure_get (reply, "error", G_TYPE_ERROR, &error, NULL);
  if (!error)
    return self;

  post_text (self, error->message, take_failure);
  g_object_unref (self);

  return NULL;
}

static GstPromise *
promise (PealConnection *self, GstPromiseChangeFunc func, gboolean is_offer)
{
  Pending *pending = g_new0 (Pending, 1);

  g_weak_ref_init (&pending->connection, self);
  pending->is_offer = is_offer;

  return gst_promise_new_with_change_func (func, pending, pending_free);
}

static void
on_description_set (GstPromise *reply, gpointer data)
{
  g_autoptr (PealConnection) self = resolve (reply, data);

  gst_promise_unref (reply);
}

static void
take_description (gpointer object, gpointer data)
{
  PealConnection *self = object;
  Note *note = data;

  if (!self->webrtc)
    return;

  g_signal_emit_by_name (self->webrtc, "set-local-description",
      note->description, promise (self, on_description_set, note->is_offer));
  note->text = gst_sdp_message_as_text (note->description->sdp);
  g_signal_emit (
      self, signals[SIGNAL_DESCRIPTION], 0, note->is_offer, note->text);
}

static void
on_described (GstPromise *reply, gpointer data)
{
  Pending *pending = data;
  g_autoptr (PealConnection) self = resolve (reply, pending);
  const GstStructure *answer = self ? gst_promise_get_reply (reply) : NULL;
  Note *note = g_new0 (Note, 1);

  note->is_offer = pending->is_offer;
  if (answer)
    gst_structure_get (answer, pending->is_offer ? "offer" : "answer",
        GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &note->description, NULL);
  if (note->description)
    note_post (self, g_steal_pointer (&note), take_description);
  else if (self)
    post_text (self, "webrtcbin gave no description", take_failure);
  g_clear_pointer (&note, note_free);
  gst_promise_unref (reply);
}

static void
on_stats (GstPromise *reply, gpointer data)
{
  g_autoptr (PealConnection) self = resolve (reply, data);
  const GstStructure *structure = self ? gst_promise_get_reply (reply) : NULL;

  if (structure) {
    Note *note = g_new0 (Note, 1);

    note->structure = gst_structure_copy (structure);
    note_post (self, note, take_stats);
  }
  gst_promise_unref (reply);
}

/* ---- making -------------------------------------------------------------- */

static void
set_up_agent (GstElement *webrtc)
{
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) agent = NULL;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  if (!ice || !g_object_class_find_property (G_OBJECT_GET_CLASS (ice), "agent"))
    return;

  g_object_set (ice, "ice-tcp", FALSE, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, "keepalive-conncheck", TRUE,
      "stun-pacing-timer", ICE_PACING_MS, NULL);
}

static void
add_servers (GstElement *webrtc, const PealConnectionConfig *config)
{
  if (config->stun_server)
    g_object_set (webrtc, "stun-server", config->stun_server, NULL);

  for (guint i = 0; config->turn_servers && config->turn_servers[i]; i++) {
    gboolean is_added = FALSE;

    g_signal_emit_by_name (
        webrtc, "add-turn-server", config->turn_servers[i], &is_added);
    if (!is_added)
      GST_WARNING_OBJECT (webrtc, "TURN server %u was refused", i);
  }
}

static void
connect_signals (PealConnection *self)
{
  g_signal_connect_object (self->webrtc, "deep-element-added",
      G_CALLBACK (on_deep_element_added), self, 0);
  g_signal_connect_object (
      self->webrtc, "on-ice-candidate", G_CALLBACK (on_ice_candidate), self, 0);
  g_signal_connect_object (self->webrtc, "notify::connection-state",
      G_CALLBACK (on_connection_state), self, 0);
  g_signal_connect_object (self->webrtc, "notify::ice-gathering-state",
      G_CALLBACK (on_ice_gathering_state), self, 0);
  g_signal_connect_object (
      self->webrtc, "pad-added", G_CALLBACK (on_pad_added), self, 0);
}

/**
 * peal_connection_new:
 * @config: copied where it must last
 *
 * Makes a webrtcbin in @config's bin, in NULL state.
 *
 * Returns: (transfer full) (nullable): or NULL with PEAL_ERROR_UNSUPPORTED
 */
PealConnection *
peal_connection_new (const PealConnectionConfig *config, GError **error)
{
  g_autoptr (PealConnection) self = g_object_new (PEAL_TYPE_CONNECTION, NULL);

  self->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  if (!self->webrtc) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "the element webrtcbin is missing; install the packages "
        "gstreamer1.0-plugins-bad and gstreamer1.0-nice");
    return NULL;
  }
  gst_object_ref_sink (self->webrtc);
  self->bin = gst_object_ref (config->bin);
  self->reaper = config->reaper;
  self->certificate = g_strdup (config->certificate);
  g_object_set (self->webrtc, "bundle-policy",
      GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency", config->latency_ms,
      "ice-transport-policy",
      config->is_relay_only ? GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY
                            : GST_WEBRTC_ICE_TRANSPORT_POLICY_ALL,
      NULL);
  set_up_agent (self->webrtc);
  add_servers (self->webrtc, config);
  peal_connection_tag (self->webrtc, config->owner);
  connect_signals (self);
  gst_bin_add (self->bin, self->webrtc);
  gst_element_set_state (self->webrtc, GST_STATE_READY);

  return g_steal_pointer (&self);
}

static void
set_up_transceiver (GstWebRTCRTPTransceiver *transceiver, GstCaps *preferences)
{
  const GstStructure *first = gst_caps_get_structure (preferences, 0);
  const gchar *media = gst_structure_get_string (first, "media");

  /* webrtcbin.md 2.4: retransmission is for video only. */
  g_object_set (transceiver, "codec-preferences", preferences, "do-nack",
      g_strcmp0 (media, "video") == 0, NULL);
}

/**
 * peal_connection_add_sending:
 * @mline: the m-line's index; must grow from call to call, together with
 *   those of peal_connection_add_receiving()
 * @preferences: RTP caps in order of preference
 *
 * Adds an m-line on which we send and receive.
 *
 * Returns: (transfer full) (nullable): the pad to send into
 */
GstPad *
peal_connection_add_sending (
    PealConnection *self, guint mline, GstCaps *preferences)
{
  g_autofree gchar *name = g_strdup_printf ("sink_%u", mline);
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  GstPad *pad;

  assert_owner (self);

  pad = gst_element_request_pad_simple (self->webrtc, name);
  if (!pad)
    return NULL;
  g_object_get (pad, "transceiver", &transceiver, NULL);
  set_up_transceiver (transceiver, preferences);

  return pad;
}

/**
 * peal_connection_add_receiving:
 * @preferences: RTP caps in order of preference
 *
 * Adds an m-line on which we only receive.
 */
void
peal_connection_add_receiving (
    PealConnection *self, PealMediaKind kind, GstCaps *preferences)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

  assert_owner (self);

  g_signal_emit_by_name (self->webrtc, "add-transceiver",
      GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, preferences, &transceiver);
  if (transceiver)
    set_up_transceiver (transceiver, preferences);
}

/**
 * peal_connection_start:
 *
 * Brings webrtcbin to the state of its bin.
 *
 * Returns: whether it got there; nicesrc and others may be missing
 */
gboolean
peal_connection_start (PealConnection *self, GError **error)
{
  assert_owner (self);

  if (gst_element_sync_state_with_parent (self->webrtc))
    return TRUE;

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
      "webrtcbin does not start; are gstreamer1.0-nice and "
      "gstreamer1.0-plugins-bad installed?");
  return FALSE;
}

/* ---- descriptions and candidates ---------------------------------------- */

/**
 * peal_connection_create_offer:
 *
 * Makes an offer and sets it; `description` brings its text.
 */
void
peal_connection_create_offer (PealConnection *self)
{
  assert_owner (self);

  g_signal_emit_by_name (
      self->webrtc, "create-offer", NULL, promise (self, on_described, TRUE));
}

static void
set_remote (PealConnection *self, GstWebRTCSDPType type, const PealSdp *sdp)
{
  g_autoptr (GstWebRTCSessionDescription) description = NULL;
  GstSDPMessage *message;

  assert_owner (self);

  g_strfreev (self->fingerprints);
  self->fingerprints = g_strdupv (sdp->fingerprints);
  gst_sdp_message_copy (sdp->message, &message);
  description = gst_webrtc_session_description_new (type, message);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", description,
      promise (self, on_description_set, FALSE));
  review (self);
}

/**
 * peal_connection_accept_offer:
 * @offer: checked already
 *
 * The caller then adds its m-lines in the offer's order and creates the
 * answer.
 */
void
peal_connection_accept_offer (PealConnection *self, const PealSdp *offer)
{
  set_remote (self, GST_WEBRTC_SDP_TYPE_OFFER, offer);
}

void
peal_connection_create_answer (PealConnection *self)
{
  assert_owner (self);

  g_signal_emit_by_name (
      self->webrtc, "create-answer", NULL, promise (self, on_described, FALSE));
}

/**
 * peal_connection_accept_answer:
 * @answer: checked already, also against our offer
 */
void
peal_connection_accept_answer (PealConnection *self, const PealSdp *answer)
{
  set_remote (self, GST_WEBRTC_SDP_TYPE_ANSWER, answer);
}

/**
 * peal_connection_add_candidate:
 * @candidate: checked already
 *
 * webrtcbin keeps it until both descriptions are set.
 */
void
peal_connection_add_candidate (
    PealConnection *self, guint mline, const gchar *candidate)
{
  assert_owner (self);

  if (self->webrtc)
    g_signal_emit_by_name (self->webrtc, "add-ice-candidate", mline, candidate);
}

/* ---- state, statistics, end ---------------------------------------------- */

PealConnectionState
peal_connection_get_state (PealConnection *self)
{
  return self->state;
}

/**
 * peal_connection_get_error:
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const GError *
peal_connection_get_error (PealConnection *self)
{
  return self->error;
}

/**
 * peal_connection_get_packets:
 *
 * Returns: packets received so far, whatever they hold; wraps at 2^32. Any
 *   thread.
 */
guint64
peal_connection_get_packets (PealConnection *self)
{
  return (guint)g_atomic_int_get (&self->packets);
}

/**
 * peal_connection_get_stats:
 *
 * Asks webrtcbin for its statistics; `stats` brings them.
 */
void
peal_connection_get_stats (PealConnection *self)
{
  assert_owner (self);

  if (self->webrtc)
    g_signal_emit_by_name (
        self->webrtc, "get-stats", NULL, promise (self, on_stats, FALSE));
}

/**
 * peal_connection_release_pad:
 * @pad: one that `remote-pad` brought, linked by now
 *
 * Lets its data flow.
 */
void
peal_connection_release_pad (GstPad *pad)
{
  gsize id =
      GPOINTER_TO_SIZE (g_object_steal_data (G_OBJECT (pad), "peal-block"));

  if (id)
    gst_pad_remove_probe (pad, id);
}

/**
 * peal_connection_fail:
 *
 * Ends the connection for a reason found outside (a dead network, an element
 * that failed).
 */
void
peal_connection_fail (PealConnection *self, const GError *error)
{
  assert_owner (self);

  set_state (self, PEAL_CONNECTION_FAILED, error);
}

/**
 * peal_connection_close:
 *
 * Lets go of the webrtcbin, which ends on the reaper's thread. No signal fires
 * afterwards.
 */
void
peal_connection_close (PealConnection *self)
{
  g_autoptr (GstElement) webrtc = g_steal_pointer (&self->webrtc);

  if (!webrtc)
    return;

  assert_owner (self);
  g_signal_handlers_disconnect_by_data (webrtc, self);
  g_ptr_array_set_size (self->pads, 0);
  peal_reaper_take (self->reaper, self->bin, &webrtc, 1);
}

/**
 * peal_connection_tag:
 * @owner: (nullable): whose element it is
 *
 * Marks a child of the bin, so that its bus messages find their peer.
 */
void
peal_connection_tag (GstElement *element, const gchar *owner)
{
  g_object_set_data_full (
      G_OBJECT (element), OWNER_KEY, g_strdup (owner), g_free);
}

/**
 * peal_connection_dup_owner:
 * @object: the source of a message
 * @bin: the bin that got the message
 *
 * Returns: (transfer full) (nullable): the owner of the child of @bin that
 *   @object is, or is inside of. Any thread.
 */
gchar *
peal_connection_dup_owner (GstObject *object, GstObject *bin)
{
  g_autoptr (GstObject) child = object ? gst_object_ref (object) : NULL;

  while (child) {
    g_autoptr (GstObject) parent = gst_object_get_parent (child);

    if (parent == bin)
      return g_strdup (g_object_get_data (G_OBJECT (child), OWNER_KEY));
    gst_object_replace (&child, parent);
  }

  return NULL;
}

static void
peal_connection_dispose (GObject *object)
{
  peal_connection_close (PEAL_CONNECTION (object));

  G_OBJECT_CLASS (peal_connection_parent_class)->dispose (object);
}

static void
peal_connection_finalize (GObject *object)
{
  PealConnection *self = PEAL_CONNECTION (object);

  gst_clear_object (&self->bin);
  g_free (self->certificate);
  g_free (self->peer_pem);
  g_strfreev (self->fingerprints);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->pads);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_connection_parent_class)->finalize (object);
}

static guint
new_signal (const gchar *name, guint count, GType first, GType second)
{
  return g_signal_new (name, PEAL_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
      NULL, NULL, G_TYPE_NONE, count, first, second);
}

static void
peal_connection_class_init (PealConnectionClass *class)
{
  G_OBJECT_CLASS (class)->dispose = peal_connection_dispose;
  G_OBJECT_CLASS (class)->finalize = peal_connection_finalize;

  /* All fire on the loop with no lock held; a handler may close us.
   * description (gboolean is_offer, const gchar *sdp): set, to be sent.
   * candidate (guint mline, const gchar *candidate or NULL at the end).
   * state-changed (): see get_state and get_error.
   * remote-pad (GstPad *pad, guint mline): has data and waits for
   *   peal_connection_release_pad().
   * stats (GstStructure *stats): what get_stats asked for. */
  signals[SIGNAL_DESCRIPTION] =
      new_signal ("description", 2, G_TYPE_BOOLEAN, G_TYPE_STRING);
  signals[SIGNAL_CANDIDATE] =
      new_signal ("candidate", 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_STATE_CHANGED] =
      new_signal ("state-changed", 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[SIGNAL_REMOTE_PAD] =
      new_signal ("remote-pad", 2, GST_TYPE_PAD, G_TYPE_UINT);
  signals[SIGNAL_STATS] =
      new_signal ("stats", 1, GST_TYPE_STRUCTURE, G_TYPE_NONE);

  GST_DEBUG_CATEGORY_INIT (peal_session_connection_debug,
      "peal-session-connection", 0, "Peal: one webrtcbin");
}

static void
peal_connection_init (PealConnection *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->pads = g_ptr_array_new_with_free_func (gst_object_unref);
}
