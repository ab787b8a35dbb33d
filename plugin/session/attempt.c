/*
 * One session between two members. See attempt.h. Made by the connector;
 * makes a connection and its media.
 *
 * Life cycle: new -> offer, take_answer, or answer -> send_media -> `connected`
 * or `failed` -> close.
 */
#include "session/attempt.h"

#include "base/error.h"
#include "base/post.h"
#include "base/signals.h"
#include "session/candidate.h"
#include "session/connection.h"
#include "session/ice-verdict.h"
#include "session/liveness.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_attempt_debug);
#define GST_CAT_DEFAULT peal_session_attempt_debug

enum {
  SIGNAL_DESCRIBED,
  SIGNAL_CANDIDATE,
  SIGNAL_CONNECTED,
  SIGNAL_FAILED,
  SIGNAL_REMOTE_PAD,
  SIGNAL_STATS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealAttempt {
  GObject parent;

  gchar *peer_id;
  gchar *session;
  PealConnection *connection; /* NULL once closed */
  PealPeerMedia *media;
  PealSdp *local;
  PealSdp *remote;
  guint candidates;
  gboolean was_connected;
  PealIceVerdict ice;
  PealLiveness liveness;
};

G_DEFINE_FINAL_TYPE (PealAttempt, peal_attempt, G_TYPE_OBJECT)

/* ---- what the connection says ---- */

static void
fail (PealAttempt *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

/* Makes the branches that are still to be made. */
static gboolean
ensure_media (PealAttempt *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_made = peal_peer_media_send (self->media, &error);

  if (!is_made)
    fail (self, error);
  return is_made;
}

static void
on_state_changed (PealConnection *connection, gpointer data)
{
  PealAttempt *self = data;
  const GError *why = NULL;
  g_autoptr (GError) error = NULL;

  if (peal_connection_get_state (connection) == PEAL_CONNECTION_CONNECTED) {
    if (!ensure_media (self))
      return;
    self->was_connected = TRUE;
    peal_peer_media_set_open (self->media, TRUE);
    g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
  } else {
    why = peal_connection_get_error (connection);
    error = self->was_connected || why->code != PEAL_ERROR_RETRY
        ? g_error_copy (why)
        : peal_ice_verdict_explain (&self->ice, why->message);
    fail (self, error);
  }
}

static void
on_description (PealConnection *connection, gboolean is_offer, const gchar *sdp,
    gpointer data)
{
  PealAttempt *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message = NULL;

  self->local = peal_sdp_parse (sdp, &error);
  if (!self->local) {
    fail (self, error);
    return;
  }
  message = is_offer
      ? peal_message_new_offer (self->peer_id, self->session, sdp)
      : peal_message_new_answer (self->peer_id, self->session, sdp);
  g_signal_emit (self, signals[SIGNAL_DESCRIBED], 0, message);
}

static void
on_candidate (PealConnection *connection, guint mline, const gchar *candidate,
    gpointer data)
{
  PealAttempt *self = data;
  const PealSdpMedia *media =
      self->local ? peal_sdp_get_media (self->local, mline) : NULL;
  g_autoptr (PealMessage) message = peal_message_new_candidate (self->peer_id,
      self->session, candidate, media ? media->mid : NULL, (gint)mline);

  peal_ice_verdict_note (&self->ice, candidate);
  g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, message);
}

static void
on_remote_pad (
    PealConnection *connection, GstPad *pad, guint mline, gpointer data)
{
  PealAttempt *self = data;
  PealMediaKind kind;
  guint ordinal;

  if (peal_peer_media_locate (self->media, mline, &kind, &ordinal))
    g_signal_emit (
        self, signals[SIGNAL_REMOTE_PAD], 0, pad, (guint)kind, ordinal);
  else
    GST_WARNING_OBJECT (pad, "no m-line for it; it stays shut");
}

static void
on_stats (PealConnection *connection, GstStructure *stats, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_STATS], 0, stats);
}

/* The encoder works while DTLS does. Whoever offered also has it set up only
 * now: at 720p that takes as much of a processor as all of ICE and DTLS. */
static void
on_reached (PealConnection *connection, gpointer data)
{
  PealAttempt *self = data;

  if (!self->was_connected && ensure_media (self))
    peal_peer_media_expect_open (self->media);
}

static void
connect_signals (PealAttempt *self)
{
  /* What a handler does may end us: its closure holds us until it returns. */
  /* clang-format off */
  g_object_connect (self->connection,
      "object-signal::state-changed", on_state_changed, self,
      "object-signal::description", on_description, self,
      "object-signal::candidate", on_candidate, self,
      "object-signal::remote-pad", on_remote_pad, self,
      "object-signal::stats", on_stats, self,
      "object-signal::reached", on_reached, self,
      NULL);
  /* clang-format on */
}

/* ---- making ---- */

/**
 * peal_attempt_new:
 * @settings: outlives the attempt
 * @session: the session's name
 *
 * Returns: (transfer full) (nullable): or NULL with PEAL_ERROR_UNSUPPORTED
 */
PealAttempt *
peal_attempt_new (const PealSessionSettings *settings, const gchar *peer_id,
    const gchar *session, GError **error)
{
  g_autoptr (PealAttempt) self = g_object_new (PEAL_TYPE_ATTEMPT, NULL);
  g_auto (GStrv) turn = peal_ice_check_list_turn (settings->ice_check);
  PealConnectionConfig config = {
    .bin = settings->bin,
    .reaper = settings->reaper,
    .owner = peer_id,
    .latency_ms = settings->latency_ms,
    .stun_server = settings->stun_server,
    .turn_servers = (const gchar *const *)turn,
    .is_relay_only = settings->is_relay_only,
    .certificate = settings->certificate,
  };

  peal_ice_verdict_begin (
      &self->ice, settings->ice_check, settings->is_relay_only);
  self->peer_id = g_strdup (peer_id);
  self->session = g_strdup (session);
  self->connection = peal_connection_new (&config, error);
  if (!self->connection)
    return NULL;
  self->media = peal_peer_media_new (settings->bin, settings->reaper,
      self->connection, settings->tracks, peer_id);
  connect_signals (self);

  return g_steal_pointer (&self);
}

/* ---- descriptions ---- */

/**
 * peal_attempt_offer:
 * @min_video: video m-lines to offer at least
 * @min_audio: audio m-lines to offer at least
 *
 * Begins to make an offer; `described` brings it.
 */
gboolean
peal_attempt_offer (
    PealAttempt *self, guint min_video, guint min_audio, GError **error)
{
  if (!peal_peer_media_plan_offer (self->media, min_video, min_audio, error) ||
      !peal_connection_start (self->connection, error))
    return FALSE;

  peal_connection_create_offer (self->connection);

  return TRUE;
}

/**
 * peal_attempt_answer:
 * @offer: (transfer full): the peer's, checked
 *
 * Begins to make an answer; `described` brings it.
 */
gboolean
peal_attempt_answer (PealAttempt *self, PealSdp *offer, GError **error)
{
  self->remote = offer;
  peal_ice_verdict_described (&self->ice);
  if (!peal_peer_media_plan_answer (self->media, offer, error) ||
      !peal_connection_start (self->connection, error))
    return FALSE;

  peal_connection_accept_offer (self->connection, offer);
  peal_connection_create_answer (self->connection);
  peal_peer_media_prepare (self->media); /* meanwhile */

  return TRUE;
}

/**
 * peal_attempt_take_answer:
 * @text: the peer's answer, as it came
 * @error: PEAL_ERROR_PEER: it cannot be
 */
gboolean
peal_attempt_take_answer (PealAttempt *self, const gchar *text, GError **error)
{
  g_autoptr (PealSdp) answer = peal_sdp_parse (text, error);

  if (!answer || !peal_sdp_answers (answer, self->local, error))
    return FALSE;

  self->remote = g_steal_pointer (&answer);
  peal_ice_verdict_described (&self->ice);
  peal_connection_accept_answer (self->connection, self->remote);
  peal_peer_media_take_answer (self->media, self->remote);

  return TRUE;
}

static void
on_media_due (gpointer object, gpointer data)
{
  if (PEAL_ATTEMPT (object)->connection)
    ensure_media (object);
}

/**
 * peal_attempt_send_media:
 *
 * We answered: links our tracks, gates closed until connected, once the answer
 * and our candidates are out; `failed` says if that cannot be.
 */
void
peal_attempt_send_media (PealAttempt *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  peal_post_last (context, self, on_media_due);
}

/**
 * peal_attempt_get_note:
 *
 * Returns: (nullable): what of ours the peer does not get, and why
 */
const gchar *
peal_attempt_get_note (PealAttempt *self)
{
  return peal_peer_media_get_note (self->media);
}

/* ---- candidates ---- */

/**
 * peal_attempt_take_candidate:
 * @error: PEAL_ERROR_PEER: there are too many
 *
 * One that we cannot use is left out without an error.
 */
gboolean
peal_attempt_take_candidate (
    PealAttempt *self, PealMessage *message, GError **error)
{
  const gchar *fault = "no m-line for it";
  const PealSdp *sdp = self->remote ? self->remote : self->local;
  gint mline = sdp
      ? peal_sdp_find_mline (sdp, message->sdp_mid, message->sdp_mline_index)
      : -1;

  if (!message->candidate || !*message->candidate)
    return TRUE;

  if (++self->candidates > PEAL_CANDIDATE_LIMIT) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_PEER,
        "the peer sends more than %d candidates", PEAL_CANDIDATE_LIMIT);
    return FALSE;
  }
  if (mline >= 0 && peal_candidate_is_acceptable (message->candidate, &fault))
    peal_connection_add_candidate (
        self->connection, (guint)mline, message->candidate);
  else
    GST_DEBUG ("peer %s: a candidate is left out: %s", self->peer_id, fault);

  return TRUE;
}

/* ---- the rest ---- */

/**
 * peal_attempt_check:
 * @now_us: monotonic time
 * @error: PEAL_ERROR_RETRY: why it is over
 *
 * To be called twice a second.
 *
 * Returns: whether it may go on
 */
gboolean
peal_attempt_check (PealAttempt *self, gint64 now_us, GError **error)
{
  peal_liveness_observe (
      &self->liveness, peal_connection_get_packets (self->connection), now_us);

  GST_LOG ("peer %s: %" G_GUINT64_FORMAT " packets", self->peer_id,
      self->liveness.packets);
  if (!peal_attempt_is_connected (self))
    return peal_ice_verdict_check (&self->ice, now_us, error);
  if (!peal_liveness_is_dead (&self->liveness, now_us))
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_RETRY, "the peer fell silent");

  return FALSE;
}

/**
 * peal_attempt_dup_trouble:
 *
 * Returns: (transfer full) (nullable): why it has not got anywhere yet; NULL:
 *   it has, or it is too young to tell
 */
gchar *
peal_attempt_dup_trouble (PealAttempt *self)
{
  return self->was_connected || !self->connection
      ? NULL
      : peal_ice_verdict_dup_trouble (&self->ice);
}

gboolean
peal_attempt_is_connected (PealAttempt *self)
{
  return self->connection &&
      peal_connection_get_state (self->connection) == PEAL_CONNECTION_CONNECTED;
}

gboolean
peal_attempt_has_session (PealAttempt *self, const gchar *session)
{
  return self && g_strcmp0 (self->session, session) == 0;
}

/**
 * peal_attempt_get_opened_us:
 *
 * Returns: monotonic time of its making, microseconds
 */
gint64
peal_attempt_get_opened_us (PealAttempt *self)
{
  return self->ice.watch.opened_us;
}

/**
 * peal_attempt_get_ice:
 * @path: (out caller-allocates): the way that ICE chose, as far as it has
 *
 * Returns: (transfer none): ICE's state
 */
const gchar *
peal_attempt_get_ice (PealAttempt *self, PealIcePath *path)
{
  return peal_connection_get_ice (self->connection, path);
}

/**
 * peal_attempt_get_channel:
 *
 * Returns: (transfer none) (nullable): its data channels; NULL once closed
 */
PealDataChannel *
peal_attempt_get_channel (PealAttempt *self)
{
  return self->connection ? peal_connection_get_channel (self->connection)
                          : NULL;
}

/**
 * peal_attempt_get_stats:
 *
 * Asks for statistics; `stats` brings them.
 */
void
peal_attempt_get_stats (PealAttempt *self)
{
  if (self->connection)
    peal_connection_get_stats (self->connection);
}

/**
 * peal_attempt_close:
 *
 * Ends the connection; no signal fires afterwards. The caller has detached the
 * remote tracks.
 */
void
peal_attempt_close (PealAttempt *self)
{
  if (!self->connection)
    return;

  g_signal_handlers_disconnect_by_data (self->connection, self);
  /* First: while webrtcbin is paused it holds our branches' threads. */
  peal_connection_close (self->connection);
  g_clear_pointer (&self->media, peal_peer_media_free);
  g_clear_object (&self->connection);
}

static void
peal_attempt_dispose (GObject *object)
{
  peal_attempt_close (PEAL_ATTEMPT (object));

  G_OBJECT_CLASS (peal_attempt_parent_class)->dispose (object);
}

static void
peal_attempt_finalize (GObject *object)
{
  PealAttempt *self = PEAL_ATTEMPT (object);

  g_free (self->peer_id);
  g_free (self->session);
  g_clear_pointer (&self->local, peal_sdp_free);
  g_clear_pointer (&self->remote, peal_sdp_free);

  G_OBJECT_CLASS (peal_attempt_parent_class)->finalize (object);
}

/* Thread of all: the loop, no lock held; a handler may close us. */
static void
install_signals (GType type)
{
  /* Thread: the loop. Our offer or answer, to be sent */
  signals[SIGNAL_DESCRIBED] =
      peal_signal_new (type, "described", 1, PEAL_TYPE_MESSAGE);
  /* Thread: the loop. One of our candidates, to be sent */
  signals[SIGNAL_CANDIDATE] =
      peal_signal_new (type, "candidate", 1, PEAL_TYPE_MESSAGE);
  /* Thread: the loop. Our gates are open */
  signals[SIGNAL_CONNECTED] = peal_signal_new (type, "connected", 0);
  /* Thread: the loop. Close us */
  signals[SIGNAL_FAILED] = peal_signal_new (type, "failed", 1, G_TYPE_ERROR);
  /* Thread: the loop. Pad, kind, ordinal: has data and waits
   * for peal_webrtc_events_release_pad() */
  signals[SIGNAL_REMOTE_PAD] = peal_signal_new (
      type, "remote-pad", 3, GST_TYPE_PAD, G_TYPE_UINT, G_TYPE_UINT);
  /* Thread: the loop. What was asked for */
  signals[SIGNAL_STATS] =
      peal_signal_new (type, "stats", 1, GST_TYPE_STRUCTURE);
}

static void
peal_attempt_class_init (PealAttemptClass *class)
{
  G_OBJECT_CLASS (class)->dispose = peal_attempt_dispose;
  G_OBJECT_CLASS (class)->finalize = peal_attempt_finalize;

  install_signals (G_TYPE_FROM_CLASS (class));

  GST_DEBUG_CATEGORY_INIT (peal_session_attempt_debug, "peal-session-attempt",
      0, "Peal: one session between two members");
}

static void
peal_attempt_init (PealAttempt *self)
{
}
