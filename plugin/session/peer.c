/*
 * One remote member. The negotiation's table decides (negotiation.c), this
 * file does: opens and closes connections, sends and takes descriptions and
 * candidates, watches over time limits, and keeps the remote tracks.
 *
 * Called by the session; calls connection, peer-media and remote-tracks. Lives
 * on the loop.
 *
 * Recovery is always a new session. Whose turn it is to offer says the server;
 * the other side asks with `renegotiate`. A peer that was connected, fell
 * silent and does not react to that either is gone, whatever the server still
 * believes: the session is told by `gone`.
 */
#include "session/peer.h"

#include <string.h>

#include "base/error.h"
#include "session/candidate.h"
#include "session/connection.h"
#include "session/liveness.h"
#include "session/negotiation.h"
#include "session/peer-media.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_peer_debug);
#define GST_CAT_DEFAULT peal_session_peer_debug

/* Chosen: a phone that wakes up needs some seconds; ICE itself gives up after
 * about 10 s (libnice's seven retransmissions). */
#define CONNECT_LIMIT_US (15 * G_USEC_PER_SEC)
/* Chosen: with liveness.c's 4 s, a dead peer is gone within 10 s. */
#define GONE_LIMIT_US (4 * G_USEC_PER_SEC)
#define FIRST_RETRY_US (G_USEC_PER_SEC / 2)
#define LAST_RETRY_US (15 * G_USEC_PER_SEC)
/* Chosen: how often an invalid peer is tried before it must act itself. */
#define MAX_FAILURES 8
#define SESSION_BYTES 12 /* 16 characters of base64 */

enum {
  SIGNAL_SEND,
  SIGNAL_STATE_CHANGED,
  SIGNAL_TRACK_ADDED,
  SIGNAL_TRACK_REMOVED,
  SIGNAL_GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _PealPeer {
  GObject parent;

  const PealSessionSettings *settings;
  PealMember *member;
  PealPeerState state;
  PealNegotiation negotiation;

  /* one attempt */
  gchar *session;
  PealConnection *connection;
  PealPeerMedia *media;
  PealSdp *local;
  PealSdp *remote;
  guint candidates;
  gint64 opened_us;
  gint64 deadline_us; /* for being connected; 0: none */
  PealLiveness liveness;

  /* across attempts */
  gint64 first_opened_us;
  PealRemoteTracks *tracks;
  guint wanted[2]; /* m-lines by kind that the peer offered last */
  guint failures; /* since it was last connected */
  gboolean was_connected;
  gint64 retry_us; /* when to try again; 0: not */
  gint64 lost_us; /* since when a connected peer is lost; 0: it is not */
  PealPeerStats stats;
};

G_DEFINE_FINAL_TYPE (PealPeer, peal_peer, G_TYPE_OBJECT)

static void act (
    PealPeer *self, PealNegotiationEvent event, PealMessage *message);
static void refuse (
    PealPeer *self, const gchar *session, const GError *error);

static const gchar *const state_names[] = { "new", "connecting", "connected",
  "disconnected", "failed", "closed" };

const gchar *
peal_peer_state_to_string (PealPeerState state)
{
  return state_names[state];
}

/* The only writer of the state. */
static void
set_state (PealPeer *self, PealPeerState state, const gchar *reason)
{
  if (self->state == state)
    return;

  GST_INFO ("peer %s: %s -> %s%s%s", self->member->id,
      peal_peer_state_to_string (self->state),
      peal_peer_state_to_string (state), reason ? ": " : "",
      reason ? reason : "");
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0, reason);
}

static void
send (PealPeer *self, PealMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_SEND], 0, message);
  peal_message_unref (message);
}

/* ---- closing one attempt -------------------------------------------------- */

static void
drop_connection (PealPeer *self)
{
  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  if (self->tracks)
    peal_remote_tracks_detach (self->tracks);
  g_clear_pointer (&self->media, peal_peer_media_free);
  if (self->connection)
    peal_connection_close (self->connection);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->local, peal_sdp_free);
  g_clear_pointer (&self->remote, peal_sdp_free);
  g_clear_pointer (&self->session, g_free);
  self->candidates = 0;
  self->deadline_us = 0;
  self->liveness = (PealLiveness){ 0 };
}

static void
lose (PealPeer *self, const GError *error)
{
  g_autofree gchar *reason = g_strdup (error->message);

  set_state (self,
      self->was_connected && self->failures == 0 ? PEAL_PEER_DISCONNECTED
                                                 : PEAL_PEER_FAILED,
      reason);
  self->failures++;
  act (self, PEAL_NEGOTIATION_LOST, NULL);
}

static void
lose_with (PealPeer *self, PealError code, const gchar *text)
{
  g_autoptr (GError) error = g_error_new_literal (PEAL_ERROR, code, text);

  lose (self, error);
}

/* ---- what the connection says --------------------------------------------- */

static void
on_connected (PealPeer *self)
{
  self->deadline_us = 0;
  self->failures = 0;
  self->was_connected = TRUE;
  self->lost_us = 0;
  self->retry_us = 0;
  self->stats.setup_us = g_get_monotonic_time () - self->opened_us;
  peal_peer_media_set_open (self->media, TRUE);
  set_state (self, PEAL_PEER_CONNECTED, NULL);
}

static void
on_state_changed (PealConnection *connection, gpointer data)
{
  PealPeer *self = data;
  g_autoptr (GError) error = NULL;

  if (peal_connection_get_state (connection) == PEAL_CONNECTION_CONNECTED) {
    on_connected (self);
  } else {
    error = g_error_copy (peal_connection_get_error (connection));
    lose (self, error);
  }
}

static void
on_description (PealConnection *connection, gboolean is_offer,
    const gchar *sdp, gpointer data)
{
  PealPeer *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message = NULL;

  g_clear_pointer (&self->local, peal_sdp_free);
  self->local = peal_sdp_parse (sdp, &error);
  if (!self->local) {
    lose (self, error);
    return;
  }
  message = is_offer
      ? peal_message_new_offer (self->member->id, self->session, sdp)
      : peal_message_new_answer (self->member->id, self->session, sdp);
  act (self,
      is_offer ? PEAL_NEGOTIATION_OFFER_MADE : PEAL_NEGOTIATION_ANSWER_MADE,
      message);
}

static void
on_candidate (PealConnection *connection, guint mline, const gchar *candidate,
    gpointer data)
{
  PealPeer *self = data;
  const PealSdpMedia *media =
      self->local ? peal_sdp_get_media (self->local, mline) : NULL;

  send (self,
      peal_message_new_candidate (self->member->id, self->session, candidate,
          media ? media->mid : NULL, (gint) mline));
}

static void
on_remote_pad (
    PealConnection *connection, GstPad *pad, guint mline, gpointer data)
{
  PealPeer *self = data;
  g_autoptr (GError) error = NULL;
  PealRemoteTrack *track = NULL;
  PealMediaKind kind;
  guint ordinal;
  gboolean is_new = FALSE;

  if (peal_peer_media_locate (self->media, mline, &kind, &ordinal))
    track = peal_remote_tracks_attach (
        self->tracks, kind, ordinal, pad, &is_new, &error);
  if (!track) {
    GST_WARNING ("peer %s: a pad stays shut: %s", self->member->id,
        error ? error->message : "no m-line for it");
    return;
  }
  if (is_new)
    g_signal_emit (self, signals[SIGNAL_TRACK_ADDED], 0, track);
  peal_connection_release_pad (pad);
}

static void
on_stats (PealConnection *connection, GstStructure *stats, gpointer data)
{
  PealPeer *self = data;
  gint64 setup_us = self->stats.setup_us;

  peal_peer_stats_read (&self->stats, stats);
  self->stats.setup_us = setup_us;
}

/* ---- opening one attempt --------------------------------------------------- */

static gboolean
open_connection (PealPeer *self, const gchar *session, GError **error)
{
  const PealSessionSettings *settings = self->settings;
  PealConnectionConfig config = {
    .bin = settings->bin,
    .reaper = settings->reaper,
    .owner = self->member->id,
    .latency_ms = settings->latency_ms,
    .stun_server = settings->stun_server,
    .turn_servers = (const gchar *const *) settings->turn_servers,
    .is_relay_only = settings->is_relay_only,
    .certificate = settings->certificate,
  };

  drop_connection (self);
  self->session = g_strdup (session);
  self->opened_us = g_get_monotonic_time ();
  if (self->first_opened_us == 0)
    self->first_opened_us = self->opened_us;
  self->deadline_us = self->opened_us + CONNECT_LIMIT_US;
  self->retry_us = 0;
  self->connection = peal_connection_new (&config, error);
  if (!self->connection)
    return FALSE;

  self->media = peal_peer_media_new (settings->bin, settings->reaper,
      self->connection, settings->tracks, self->member->id);
  g_signal_connect (self->connection, "state-changed",
      G_CALLBACK (on_state_changed), self);
  g_signal_connect (
      self->connection, "description", G_CALLBACK (on_description), self);
  g_signal_connect (
      self->connection, "candidate", G_CALLBACK (on_candidate), self);
  g_signal_connect (
      self->connection, "remote-pad", G_CALLBACK (on_remote_pad), self);
  g_signal_connect (self->connection, "stats", G_CALLBACK (on_stats), self);
  if (self->state != PEAL_PEER_CONNECTED &&
      self->state != PEAL_PEER_DISCONNECTED)
    set_state (self, PEAL_PEER_CONNECTING, NULL);

  return TRUE;
}

static gchar *
make_session (void)
{
  guint32 random[SESSION_BYTES / sizeof (guint32)];
  gchar *text;

  for (guint i = 0; i < G_N_ELEMENTS (random); i++)
    random[i] = g_random_int ();
  text = g_base64_encode ((const guchar *) random, sizeof (random));

  return g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
}

static void
open_and_offer (PealPeer *self)
{
  g_autofree gchar *session = make_session ();
  g_autoptr (GError) error = NULL;

  if (open_connection (self, session, &error) &&
      peal_peer_media_plan_offer (self->media, self->wanted[PEAL_MEDIA_VIDEO],
          self->wanted[PEAL_MEDIA_AUDIO], &error) &&
      peal_connection_start (self->connection, &error))
    peal_connection_create_offer (self->connection);
  else
    lose (self, error);
}

/* Do all our tracks fit into the m-lines that the peer offers? */
static gboolean
fits (PealPeer *self, const PealSdp *offer)
{
  guint ours[2] = { 0, 0 };

  for (guint i = 0; i < self->settings->tracks->len; i++)
    ours[peal_track_get_kind (g_ptr_array_index (self->settings->tracks, i))]++;
  for (guint kind = 0; kind < 2; kind++)
    self->wanted[kind] = peal_sdp_count (offer, kind);

  return ours[0] <= self->wanted[0] && ours[1] <= self->wanted[1];
}

static void
open_and_answer (PealPeer *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSdp) offer = peal_sdp_parse (message->sdp, &error);

  if (offer && !fits (self, offer)) {
    GST_INFO ("peer %s offers too few m-lines; we offer", self->member->id);
    act (self, PEAL_NEGOTIATION_START, NULL);
    return;
  }
  if (!offer || !open_connection (self, message->session, &error)) {
    refuse (self, message->session, error);
    return;
  }
  self->remote = g_steal_pointer (&offer);
  if (!peal_peer_media_plan_answer (self->media, self->remote, &error) ||
      !peal_connection_start (self->connection, &error)) {
    refuse (self, message->session, error);
    return;
  }
  peal_connection_accept_offer (self->connection, self->remote);
  peal_connection_create_answer (self->connection);
}

static void
take_answer (PealPeer *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->remote, peal_sdp_free);
  self->remote = peal_sdp_parse (message->sdp, &error);
  if (!self->remote || !peal_sdp_answers (self->remote, self->local, &error)) {
    refuse (self, message->session, error);
    return;
  }
  peal_connection_accept_answer (self->connection, self->remote);
  peal_peer_media_take_answer (self->media, self->remote);
  if (!peal_peer_media_send (self->media, &error))
    lose (self, error);
}

static void
send_answer (PealPeer *self, PealMessage *message)
{
  g_autoptr (GError) error = NULL;

  send (self, peal_message_ref (message));
  if (!peal_peer_media_send (self->media, &error))
    lose (self, error);
}

static gint64
retry_delay_us (PealPeer *self)
{
  gint64 ceiling_us = FIRST_RETRY_US << MIN (self->failures, 5);

  return g_random_int_range (0, (gint32) MIN (ceiling_us, LAST_RETRY_US));
}

/* The first time at once, then with full jitter. */
static void
recover (PealPeer *self)
{
  gint64 now_us = g_get_monotonic_time ();

  drop_connection (self);
  if (self->was_connected && self->lost_us == 0)
    self->lost_us = now_us;
  if (self->failures > MAX_FAILURES)
    return;
  self->retry_us =
      now_us + (self->failures <= 1 ? 0 : retry_delay_us (self));
  if (self->failures <= 1)
    peal_peer_tick (self, now_us + 1);
}

static void
end (PealPeer *self, const gchar *reason)
{
  drop_connection (self);
  self->retry_us = 0;
  self->lost_us = 0;
  set_state (self, PEAL_PEER_CLOSED, reason);
}

/* What the peer sent can never work: tell it, and leave it to the peer. */
static void
refuse (PealPeer *self, const gchar *session, const GError *error)
{
  g_autofree gchar *reason = g_strdup (error->message);

  send (self, peal_message_new_bye (self->member->id, session, reason));
  set_state (self, PEAL_PEER_FAILED, reason);
  peal_negotiation_handle (&self->negotiation, PEAL_NEGOTIATION_BYE);
  drop_connection (self);
  self->retry_us = 0;
}

static void
act (PealPeer *self, PealNegotiationEvent event, PealMessage *message)
{
  PealNegotiationState from = self->negotiation.state;
  PealNegotiationAction action =
      peal_negotiation_handle (&self->negotiation, event);

  GST_DEBUG ("peer %s: %s in %s -> %s, action %d", self->member->id,
      peal_negotiation_event_to_string (event),
      peal_negotiation_state_to_string (from),
      peal_negotiation_state_to_string (self->negotiation.state), action);

  switch (action) {
    case PEAL_NEGOTIATION_OPEN_AND_OFFER:
      open_and_offer (self);
      break;
    case PEAL_NEGOTIATION_SEND_OFFER:
      send (self, peal_message_ref (message));
      break;
    case PEAL_NEGOTIATION_TAKE_ANSWER:
      take_answer (self, message);
      break;
    case PEAL_NEGOTIATION_OPEN_AND_ANSWER:
      open_and_answer (self, message);
      break;
    case PEAL_NEGOTIATION_SEND_ANSWER:
      send_answer (self, message);
      break;
    case PEAL_NEGOTIATION_RECOVER:
      recover (self);
      break;
    case PEAL_NEGOTIATION_CLOSE:
      end (self, message && message->text ? message->text
                                          : "the peer hung up");
      break;
    case PEAL_NEGOTIATION_IGNORE:
    case PEAL_NEGOTIATION_REFUSE:
    default:
      break;
  }
}

/* ---- what the peer says ---------------------------------------------------- */

static gint
find_mline (PealPeer *self, PealMessage *message)
{
  const PealSdp *sdp = self->remote ? self->remote : self->local;

  if (!sdp)
    return -1;
  for (guint i = 0; message->sdp_mid && i < sdp->media->len; i++)
    if (g_str_equal (peal_sdp_get_media (sdp, i)->mid, message->sdp_mid))
      return (gint) i;
  if (message->sdp_mline_index < 0 ||
      (guint) message->sdp_mline_index >= sdp->media->len)
    return -1;

  return message->sdp_mline_index;
}

static void
take_candidate (PealPeer *self, PealMessage *message)
{
  const gchar *fault = "no m-line for it";
  gint mline = find_mline (self, message);

  if (!self->connection || !message->candidate || !*message->candidate)
    return;

  if (++self->candidates > PEAL_CANDIDATE_LIMIT) {
    g_autoptr (GError) error = g_error_new_literal (PEAL_ERROR,
        PEAL_ERROR_PEER, "the peer sends too many candidates");

    refuse (self, message->session, error);
  } else if (mline >= 0 &&
      peal_candidate_is_acceptable (message->candidate, &fault)) {
    peal_connection_add_candidate (
        self->connection, (guint) mline, message->candidate);
  } else {
    GST_DEBUG (
        "peer %s: a candidate is left out: %s", self->member->id, fault);
  }
}

static gboolean
is_current (PealPeer *self, PealMessage *message)
{
  return self->session && g_strcmp0 (self->session, message->session) == 0;
}

/**
 * peal_peer_handle:
 * @message: from this peer: offer, answer, candidate, renegotiate or bye
 */
void
peal_peer_handle (PealPeer *self, PealMessage *message)
{
  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
      act (self,
          is_current (self, message) ? PEAL_NEGOTIATION_SAME_OFFER
                                     : PEAL_NEGOTIATION_NEW_OFFER,
          message);
      break;
    case PEAL_MESSAGE_ANSWER:
      if (is_current (self, message))
        act (self, PEAL_NEGOTIATION_ANSWER, message);
      break;
    case PEAL_MESSAGE_CANDIDATE:
      if (is_current (self, message))
        take_candidate (self, message);
      break;
    case PEAL_MESSAGE_RENEGOTIATE:
      act (self, PEAL_NEGOTIATION_RENEGOTIATE, message);
      break;
    case PEAL_MESSAGE_BYE:
      if (!message->session || is_current (self, message))
        act (self, PEAL_NEGOTIATION_BYE, message);
      break;
    default:
      break;
  }
}

/* ---- time ------------------------------------------------------------------- */

static void
watch_connection (PealPeer *self, gint64 now_us)
{
  peal_liveness_observe (&self->liveness,
      peal_connection_get_packets (self->connection), now_us);

  if (self->deadline_us > 0 && now_us >= self->deadline_us)
    lose_with (self, PEAL_ERROR_RETRY, "no connection within 15 s");
  else if (self->deadline_us == 0 &&
      peal_liveness_is_dead (&self->liveness, now_us))
    lose_with (self, PEAL_ERROR_RETRY, "the peer fell silent");
}

static void
retry (PealPeer *self, gint64 now_us)
{
  self->retry_us = 0;
  if (!self->member->offers) {
    act (self, PEAL_NEGOTIATION_START, NULL);
  } else {
    g_autofree gchar *session = make_session ();
    PealMessage *message =
        peal_message_new (PEAL_MESSAGE_RENEGOTIATE, self->member->id);

    message->session = g_steal_pointer (&session);
    self->failures++;
    self->retry_us = now_us + FIRST_RETRY_US + retry_delay_us (self);
    send (self, message);
  }
}

/* Lost, asked, and no word from it since. */
static gboolean
is_gone (PealPeer *self, gint64 now_us)
{
  gboolean has_reacted =
      self->negotiation.state == PEAL_NEGOTIATION_STABLE ||
      self->negotiation.state == PEAL_NEGOTIATION_MAKING_ANSWER;

  return self->lost_us > 0 && !has_reacted &&
      now_us - self->lost_us >= GONE_LIMIT_US;
}

/**
 * peal_peer_tick:
 * @now_us: monotonic time
 *
 * To be called twice a second. May emit `gone`, upon which the session closes
 * and forgets this peer.
 */
void
peal_peer_tick (PealPeer *self, gint64 now_us)
{
  if (self->connection)
    watch_connection (self, now_us);
  if (!self->settings->is_signalling) {
    if (self->lost_us > 0)
      self->lost_us = now_us;
    return;
  }
  if (is_gone (self, now_us))
    g_signal_emit (self, signals[SIGNAL_GONE], 0);
  else if (self->retry_us > 0 && now_us >= self->retry_us)
    retry (self, now_us);
}

/* ---- what the session wants -------------------------------------------------- */

/**
 * peal_peer_start:
 *
 * Offers, if that is ours to do; otherwise the peer will.
 */
void
peal_peer_start (PealPeer *self)
{
  if (!self->member->offers)
    act (self, PEAL_NEGOTIATION_START, NULL);
}

/**
 * peal_peer_restart:
 *
 * Our tracks changed: makes a new connection behind the same remote tracks.
 */
void
peal_peer_restart (PealPeer *self)
{
  if (self->negotiation.state != PEAL_NEGOTIATION_IDLE)
    act (self, PEAL_NEGOTIATION_START, NULL);
}

/**
 * peal_peer_fail:
 *
 * An element of this peer failed; its connection is rebuilt.
 */
void
peal_peer_fail (PealPeer *self, const GError *error)
{
  if (self->connection)
    lose (self, error);
}

/**
 * peal_peer_hang_up:
 *
 * Ends the connection; only a new offer of the peer begins another.
 */
void
peal_peer_hang_up (PealPeer *self)
{
  send (self,
      peal_message_new_bye (self->member->id, self->session, "hung up"));
  peal_negotiation_handle (&self->negotiation, PEAL_NEGOTIATION_BYE);
  end (self, "hung up");
}

/**
 * peal_peer_close:
 *
 * The member left: everything of it goes, remote tracks too.
 */
void
peal_peer_close (PealPeer *self)
{
  g_autoptr (GPtrArray) tracks = NULL;

  if (!self->tracks)
    return;

  drop_connection (self);
  tracks = peal_remote_tracks_list (self->tracks);
  for (guint i = 0; i < tracks->len; i++)
    g_signal_emit (self, signals[SIGNAL_TRACK_REMOVED], 0,
        g_ptr_array_index (tracks, i));
  g_clear_pointer (&self->tracks, peal_remote_tracks_free);
  set_state (self, PEAL_PEER_CLOSED, NULL);
}

/**
 * peal_peer_set_member:
 * @member: what the room says of the same member now
 *
 * After the room came back, or the member did: name and turn may differ.
 */
void
peal_peer_set_member (PealPeer *self, const PealMember *member)
{
  peal_member_free (self->member);
  self->member = peal_member_copy (member);
}

/**
 * peal_peer_is_alive:
 *
 * Returns: whether a connection to it stands
 */
gboolean
peal_peer_is_alive (PealPeer *self, gint64 now_us)
{
  return self->connection &&
      peal_connection_get_state (self->connection) ==
      PEAL_CONNECTION_CONNECTED &&
      !peal_liveness_is_dead (&self->liveness, now_us);
}

void
peal_peer_request_key_frame (PealPeer *self)
{
  g_autoptr (GPtrArray) tracks = peal_peer_list_tracks (self);

  for (guint i = 0; i < tracks->len; i++)
    peal_remote_track_request_key_frame (g_ptr_array_index (tracks, i));
}

const gchar *
peal_peer_get_id (PealPeer *self)
{
  return self->member->id;
}

const gchar *
peal_peer_get_name (PealPeer *self)
{
  return self->member->name ? self->member->name : self->member->id;
}

PealPeerState
peal_peer_get_state (PealPeer *self)
{
  return self->state;
}

/**
 * peal_peer_list_tracks:
 *
 * Returns: (transfer container) (element-type PealRemoteTrack): its tracks
 */
GPtrArray *
peal_peer_list_tracks (PealPeer *self)
{
  return self->tracks ? peal_remote_tracks_list (self->tracks)
                      : g_ptr_array_new ();
}

/**
 * peal_peer_get_stats:
 *
 * Gives the last snapshot and asks for a new one.
 */
const PealPeerStats *
peal_peer_get_stats (PealPeer *self)
{
  if (self->connection)
    peal_connection_get_stats (self->connection);

  return &self->stats;
}

/**
 * peal_peer_get_first_opened_us:
 *
 * Returns: monotonic time of the first attempt, microseconds
 */
gint64
peal_peer_get_first_opened_us (PealPeer *self)
{
  return self->first_opened_us;
}

PealPeer *
peal_peer_new (const PealSessionSettings *settings, const PealMember *member)
{
  PealPeer *self = g_object_new (PEAL_TYPE_PEER, NULL);

  self->settings = settings;
  self->member = peal_member_copy (member);
  self->negotiation.is_polite =
      peal_negotiation_is_polite (settings->own_id, member->id);
  self->tracks = peal_remote_tracks_new (settings, member->id);

  return self;
}

static void
peal_peer_finalize (GObject *object)
{
  PealPeer *self = PEAL_PEER (object);

  g_assert (!self->connection);
  g_assert (!self->tracks);
  peal_member_free (self->member);

  G_OBJECT_CLASS (peal_peer_parent_class)->finalize (object);
}

static guint
new_signal (const gchar *name, guint count, GType type)
{
  return g_signal_new (name, PEAL_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
      NULL, G_TYPE_NONE, count, type);
}

static void
peal_peer_class_init (PealPeerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = peal_peer_finalize;

  /* All fire on the loop with no lock held.
   * send (PealMessage *message): to be sent to the room.
   * state-changed (const gchar *reason or NULL)
   * track-added, track-removed (PealRemoteTrack *track): removed: to be
   *   unlinked now.
   * gone (): it will not come back; a handler closes it. */
  signals[SIGNAL_SEND] = new_signal ("send", 1, PEAL_TYPE_MESSAGE);
  signals[SIGNAL_STATE_CHANGED] =
      new_signal ("state-changed", 1, G_TYPE_STRING);
  signals[SIGNAL_TRACK_ADDED] =
      new_signal ("track-added", 1, PEAL_TYPE_REMOTE_TRACK);
  signals[SIGNAL_TRACK_REMOVED] =
      new_signal ("track-removed", 1, PEAL_TYPE_REMOTE_TRACK);
  signals[SIGNAL_GONE] = new_signal ("gone", 0, G_TYPE_NONE);

  GST_DEBUG_CATEGORY_INIT (
      peal_session_peer_debug, "peal-session-peer", 0, "Peal: one member");
}

static void
peal_peer_init (PealPeer *self)
{
  self->stats.round_trip_ms = -1;
}
