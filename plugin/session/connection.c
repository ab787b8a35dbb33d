/*
 * One webrtcbin, from its making to its end. See connection.h for its use and
 * webrtcbin.md for the reasons: which property is set when, why callbacks only
 * post, and why the certificate is checked here.
 *
 * Life cycle: new -> add_sending/add_receiving -> start -> create_offer, or
 * accept_offer and create_answer -> … -> close. Called by the attempt and by
 * peer-media; calls webrtcbin, webrtc-events and the reaper.
 */
#include "session/connection.h"

#include <gst/webrtc/webrtc.h>

#include "base/error.h"
#include "base/signals.h"
#include "session/fingerprint.h"
#include "session/ice-agent.h"
#include "session/identity.h"
#include "session/sdp-mend.h"
#include "session/transceivers.h"
#include "session/webrtc-events.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_connection_debug);
#define GST_CAT_DEFAULT peal_session_connection_debug

enum {
  SIGNAL_DESCRIPTION,
  SIGNAL_CANDIDATE,
  SIGNAL_STATE_CHANGED,
  SIGNAL_REMOTE_PAD,
  SIGNAL_STATS,
  SIGNAL_REACHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealConnection {
  GObject parent;

  GMainContext *context;
  GstBin *bin;
  PealReaper *reaper;
  GstElement *webrtc; /* NULL once closed */
  PealWebrtcEvents *events;
  PealDataChannel *channel; /* its gate opens when connected */
  gchar *fingerprint;       /* of the certificate that we chose, or NULL */
  PealIdentity identity;    /* the peer's */
  gboolean is_dtls_connected;
  PealConnectionState state;
  GError *error;
  GPtrArray *pads; /* of GstPad; shut until connected */
};

G_DEFINE_FINAL_TYPE (PealConnection, peal_connection, G_TYPE_OBJECT)

#define assert_owner(self) g_assert (g_main_context_is_owner ((self)->context))

/* ---- state: the only writer ---- */

static void
set_state (PealConnection *self, PealConnectionState state, const GError *error)
{
  if (self->state == state || self->state == PEAL_CONNECTION_FAILED)
    return;

  self->state = state;
  if (error)
    self->error = g_error_copy (error);
  if (state == PEAL_CONNECTION_CONNECTED)
    peal_data_channel_open_gate (self->channel);
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
  guint mline = peal_transceivers_find_mline (pad);

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
  PealIdentityVerdict verdict = peal_identity_judge (&self->identity);

  if (verdict == PEAL_IDENTITY_UNKNOWN)
    return;

  if (verdict == PEAL_IDENTITY_WRONG)
    fail (self, PEAL_ERROR_PEER,
        "the peer's DTLS certificate is not the one its session description "
        "announced; somebody may be in between");
  else if (self->is_dtls_connected)
    set_state (self, PEAL_CONNECTION_CONNECTED, NULL);
  show_pads (self);
}

/* ---- what webrtcbin says ---- */

static void
on_described (PealWebrtcEvents *events,
    GstWebRTCSessionDescription *description, gpointer data)
{
  PealConnection *self = data;
  gboolean is_offer = description->type == GST_WEBRTC_SDP_TYPE_OFFER;
  g_autofree gchar *text = NULL;

  /* webrtcbin 1.22 hashes all that is in the PEM, with the private key. */
  if (self->fingerprint)
    peal_sdp_set_fingerprint (description->sdp, self->fingerprint);
  if (!is_offer)
    peal_sdp_mend_rejected (description->sdp);
  text = gst_sdp_message_as_text (description->sdp);
  peal_webrtc_events_set_local (events, description);
  g_signal_emit (self, signals[SIGNAL_DESCRIPTION], 0, is_offer, text);
}

static void
on_candidate (PealWebrtcEvents *events, guint mline, const gchar *candidate,
    gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_CANDIDATE], 0, mline, candidate);
}

static void
on_gathered (PealWebrtcEvents *events, gpointer data)
{
  PealConnection *self = data;
  GstWebRTCICEGatheringState state;

  g_object_get (self->webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, 0, NULL);
}

static void
on_certificate (PealWebrtcEvents *events, const gchar *pem, gpointer data)
{
  PealConnection *self = data;

  peal_identity_show (&self->identity, pem);
  review (self);
}

static void
on_state (PealWebrtcEvents *events, gpointer data)
{
  PealConnection *self = data;
  GstWebRTCPeerConnectionState state;

  g_object_get (self->webrtc, "connection-state", &state, NULL);
  GST_INFO_OBJECT (self->webrtc, "webrtcbin's connection state is %d", state);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED) {
    fail (self, PEAL_ERROR_RETRY, "no network path to the peer works");
  } else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED) {
    self->is_dtls_connected = TRUE;
    peal_ice_agent_rest (self->webrtc);
    review (self);
  }
}

static void
on_pad (PealWebrtcEvents *events, GstPad *pad, gpointer data)
{
  PealConnection *self = data;

  g_ptr_array_add (self->pads, gst_object_ref (pad));
  show_pads (self);
}

static void
on_stats (PealWebrtcEvents *events, GstStructure *stats, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_STATS], 0, stats);
}

static void
on_path (PealWebrtcEvents *events, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_REACHED], 0);
}

static void
on_refused (PealWebrtcEvents *events, const gchar *text, gpointer data)
{
  fail (data, PEAL_ERROR_PEER, text);
}

/* ---- making ---- */

static void
connect_events (PealConnection *self)
{
  /* What a handler does may end us: its closure holds us until it returns. */
  /* clang-format off */
  g_object_connect (self->events,
      "object-signal::described", on_described, self,
      "object-signal::candidate", on_candidate, self,
      "object-signal::gathered", on_gathered, self,
      "object-signal::certificate", on_certificate, self,
      "object-signal::state", on_state, self,
      "object-signal::pad", on_pad, self,
      "object-signal::stats", on_stats, self,
      "object-signal::refused", on_refused, self,
      "object-signal::path", on_path, self,
      NULL);
  /* clang-format on */
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

  self->webrtc = peal_webrtc_make (config, error);
  if (!self->webrtc)
    return NULL;
  self->bin = gst_object_ref (config->bin);
  self->reaper = config->reaper;
  self->events = peal_webrtc_events_new (self->webrtc, config->certificate);
  self->channel = peal_data_channel_new (self->webrtc);
  if (config->certificate)
    self->fingerprint = peal_fingerprint_make (config->certificate);
  connect_events (self);
  gst_bin_add (self->bin, self->webrtc);
  gst_element_set_state (self->webrtc, GST_STATE_READY);

  return g_steal_pointer (&self);
}

/**
 * peal_connection_add_sending:
 *
 * See peal_transceivers_add_sending().
 *
 * Returns: (transfer full) (nullable): the pad to send into
 */
GstPad *
peal_connection_add_sending (
    PealConnection *self, guint mline, GstCaps *preferences)
{
  assert_owner (self);

  return peal_transceivers_add_sending (self->webrtc, mline, preferences);
}

/**
 * peal_connection_add_receiving:
 *
 * See peal_transceivers_add_receiving().
 */
void
peal_connection_add_receiving (
    PealConnection *self, GstCaps *preferences, gboolean may_send)
{
  assert_owner (self);

  peal_transceivers_add_receiving (self->webrtc, preferences, may_send);
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

  return peal_webrtc_start (self->webrtc, error);
}

/* ---- descriptions and candidates ---- */

/**
 * peal_connection_create_offer:
 *
 * Makes an offer, of a data channel too, and sets it; `description` brings its
 * text.
 */
void
peal_connection_create_offer (PealConnection *self)
{
  assert_owner (self);

  peal_data_channel_create (self->channel);
  peal_webrtc_events_create_offer (self->events);
}

static void
set_remote (PealConnection *self, GstWebRTCSDPType type, const PealSdp *sdp)
{
  g_autoptr (GstWebRTCSessionDescription) description = NULL;
  GstSDPMessage *message;

  assert_owner (self);

  peal_identity_promise (
      &self->identity, (const gchar *const *)sdp->fingerprints);
  gst_sdp_message_copy (sdp->message, &message);
  if (type == GST_WEBRTC_SDP_TYPE_ANSWER)
    peal_sdp_mend_rejected (message);
  if (!peal_data_channel_is_supported ())
    peal_sdp_refuse_channel (message);
  if (!peal_sdp_has_channel (message))
    peal_data_channel_rule_out (self->channel);
  description = gst_webrtc_session_description_new (type, message);
  peal_webrtc_events_set_remote (self->events, description);
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

  peal_webrtc_events_create_answer (self->events);
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

/* ---- state, statistics, end ---- */

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
 * peal_connection_get_ice:
 * @path: (out caller-allocates): the way that ICE chose, as far as it has
 *
 * Returns: (transfer none): ICE's state
 */
const gchar *
peal_connection_get_ice (PealConnection *self, PealIcePath *path)
{
  assert_owner (self);

  return peal_webrtc_events_get_ice (self->events, path);
}

/**
 * peal_connection_get_channel:
 *
 * Returns: (transfer none): its data channels
 */
PealDataChannel *
peal_connection_get_channel (PealConnection *self)
{
  return self->channel;
}

/**
 * peal_connection_get_packets:
 *
 * Returns: packets received so far, from the first RTP or RTCP on, whatever
 *   they hold; wraps at 2^32. Any thread.
 */
guint64
peal_connection_get_packets (PealConnection *self)
{
  return peal_webrtc_events_get_packets (self->events);
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
    peal_webrtc_events_get_stats (self->events);
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
  g_signal_handlers_disconnect_by_data (self->events, self);
  peal_webrtc_events_end (self->events);
  peal_data_channel_end (self->channel);
  g_ptr_array_set_size (self->pads, 0);
  peal_reaper_take (self->reaper, self->bin, &webrtc, 1);
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
  g_clear_object (&self->events);
  g_clear_object (&self->channel);
  g_free (self->fingerprint);
  peal_identity_clear (&self->identity);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->pads);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_connection_parent_class)->finalize (object);
}

/* Thread of all: the loop, no lock held; a handler may close us. */
static void
install_signals (GType type)
{
  /* Thread: the loop. Is it an offer, its text: set, to be
   * sent */
  signals[SIGNAL_DESCRIPTION] =
      peal_signal_new (type, "description", 2, G_TYPE_BOOLEAN, G_TYPE_STRING);
  /* Thread: the loop. M-line, candidate or NULL at the end */
  signals[SIGNAL_CANDIDATE] =
      peal_signal_new (type, "candidate", 2, G_TYPE_UINT, G_TYPE_STRING);
  /* Thread: the loop. See get_state and get_error */
  signals[SIGNAL_STATE_CHANGED] = peal_signal_new (type, "state-changed", 0);
  /* Thread: the loop. Pad, m-line: has data and waits for
   * peal_webrtc_events_release_pad() */
  signals[SIGNAL_REMOTE_PAD] =
      peal_signal_new (type, "remote-pad", 2, GST_TYPE_PAD, G_TYPE_UINT);
  /* Thread: the loop. What was asked for */
  signals[SIGNAL_STATS] =
      peal_signal_new (type, "stats", 1, GST_TYPE_STRUCTURE);
  /* Thread: the loop. ICE is through; DTLS has yet to say who it is */
  signals[SIGNAL_REACHED] = peal_signal_new (type, "reached", 0);
}

static void
peal_connection_class_init (PealConnectionClass *class)
{
  G_OBJECT_CLASS (class)->dispose = peal_connection_dispose;
  G_OBJECT_CLASS (class)->finalize = peal_connection_finalize;

  install_signals (G_TYPE_FROM_CLASS (class));

  GST_DEBUG_CATEGORY_INIT (peal_session_connection_debug,
      "peal-session-connection", 0, "Peal: one webrtcbin");
}

static void
peal_connection_init (PealConnection *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->pads = g_ptr_array_new_with_free_func (gst_object_unref);
}
