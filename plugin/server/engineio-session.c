/*
 * One Engine.IO session. See engineio-session.h.
 *
 * Called by the Engine.IO server with requests and sockets, and by the room
 * connection that owns it; calls the WebSocket transport that carries it, if
 * any. Packets wait in a bounded queue while it polls.
 *
 * Life: polling -> (a second socket probes ->) WebSocket -> over. The server
 * pings, the client pongs. Whatever breaks the protocol ends the session; the
 * end is told in a round of its own.
 */
#include "server/engineio-session.h"

#include <gst/gst.h>
#include <string.h>

#include "base/sources.h"
#include "server/engineio-backlog.h"
#include "server/engineio-poll.h"
#include "server/websocket-transport.h"
#include "wire/engineio.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* RFC 6455 section 7.4.1 */
#define CLOSE_NORMAL 1000
#define CLOSE_POLICY 1008
/* chosen: who does not fetch a goodbye by then does not get it. */
#define LINGER_MS 2000
/* socket.io's upgradeTimeout */
#define PROBE_LIMIT_MS 10000

struct _PealEngineioSession {
  PealTransport parent;
  gchar *sid;
  PealServerLimits limits;
  PealTransport *socket; /* carries the session; NULL: it polls */
  PealTransport *probe;  /* wants to */
  gboolean was_probed;
  PealEngineioBacklog waiting; /* to be polled */
  SoupServerMessage *poll;     /* the GET that is held, or NULL */
  SoupServerMessage *posting;
  gboolean is_closing; /* by us: the goodbye waits to be fetched */
  gboolean is_over;
  gboolean is_meant;
  GSource *ping;
  GSource *pong; /* runs out when there is none */
  GSource *probe_limit;
  GSource *end;
};

G_DEFINE_FINAL_TYPE (
    PealEngineioSession, peal_engineio_session, PEAL_TYPE_TRANSPORT)

/* ---- polling ---- */

static void
on_poll_finished (SoupServerMessage *message, PealEngineioSession *self);

static void
release_poll (PealEngineioSession *self, const gchar *text)
{
  SoupServerMessage *message = g_steal_pointer (&self->poll);

  if (!message)
    return;
  g_signal_handlers_disconnect_by_func (message, on_poll_finished, self);
  peal_engineio_poll_answer (message, SOUP_STATUS_OK, text);
  soup_server_message_unpause (message);
  g_object_unref (message);
}

static void
flush (PealEngineioSession *self)
{
  g_autofree gchar *payload = NULL;

  if (!self->poll || peal_engineio_backlog_is_empty (&self->waiting))
    return;
  payload = peal_engineio_backlog_take_all (&self->waiting);
  release_poll (self, payload);
}

/* ---- the end ---- */

static gboolean
on_end (gpointer data)
{
  g_autoptr (PealEngineioSession) self = g_object_ref (data);

  peal_source_clear (&self->end);
  release_poll (self, "1");
  peal_transport_note_closed (PEAL_TRANSPORT (self), self->is_meant);
  return G_SOURCE_REMOVE;
}

static void
end_after (PealEngineioSession *self, guint ms, gboolean is_meant)
{
  self->is_meant = is_meant;
  peal_source_clear (&self->ping);
  peal_source_clear (&self->pong);
  peal_source_clear (&self->probe_limit);
  peal_source_start_timer (&self->end, ms, "peal-engineio-end", on_end, self);
}

/* The session ends now; a poll that is held hears it. */
static void
finish (PealEngineioSession *self, gboolean is_meant)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  end_after (self, 0, is_meant);
  peal_websocket_transport_retire (
      &self->probe, CLOSE_NORMAL, "the session is over");
  peal_websocket_transport_retire (
      &self->socket, CLOSE_NORMAL, "the session is over");
}

static void
on_poll_finished (SoupServerMessage *message, PealEngineioSession *self)
{
  if (self->poll != message)
    return;
  g_clear_object (&self->poll);
  finish (self, FALSE);
}

/* ---- packets out ---- */

static gboolean
queue (PealEngineioSession *self, gchar *packet)
{
  if (!peal_engineio_backlog_push (
          &self->waiting, packet, self->limits.backlog_bytes))
    return FALSE;
  flush (self);
  return TRUE;
}

static gboolean
put (PealEngineioSession *self, PealEngineioType type, const gchar *text)
{
  g_autofree gchar *packet = peal_engineio_encode (type, text);

  if (self->is_over)
    return TRUE;
  return self->socket ? peal_transport_send (self->socket, packet)
                      : queue (self, g_steal_pointer (&packet));
}

static void
put_open (PealEngineioSession *self)
{
  const PealEngineioHandshake handshake = {
    .sid = self->sid,
    .can_upgrade = self->socket == NULL,
    .ping_interval_ms = self->limits.engineio_ping_interval_ms,
    .ping_timeout_ms = self->limits.engineio_ping_timeout_ms,
    .max_payload_bytes = PEAL_SERVER_MAX_MESSAGE_BYTES,
  };
  g_autofree gchar *text = peal_engineio_handshake_encode (&handshake);

  put (self, PEAL_ENGINEIO_OPEN, text);
}

static gboolean
on_no_pong (gpointer data)
{
  g_autoptr (PealEngineioSession) self = g_object_ref (data);

  peal_source_clear (&self->pong);
  peal_transport_note_silence (PEAL_TRANSPORT (self));
  finish (self, FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_ping (gpointer data)
{
  PealEngineioSession *self = data;

  peal_source_clear (&self->ping);
  put (self, PEAL_ENGINEIO_PING, NULL);
  peal_source_start_timer (&self->pong, self->limits.engineio_ping_timeout_ms,
      "peal-engineio-pong", on_no_pong, self);
  return G_SOURCE_REMOVE;
}

static void
start_ping (PealEngineioSession *self)
{
  peal_source_clear (&self->pong);
  peal_source_start_timer (&self->ping, self->limits.engineio_ping_interval_ms,
      "peal-engineio-ping", on_ping, self);
}

/* ---- packets in ---- */

/* Returns: whether it was one that a client may send */
static gboolean
take_packet (PealEngineioSession *self, const PealEngineioPacket *packet)
{
  PealTransport *transport = PEAL_TRANSPORT (self);

  if (packet->binary) {
    peal_transport_take_odd_frame (
        transport, g_bytes_get_size (packet->binary));
    return TRUE;
  }
  switch (packet->type) {
    case PEAL_ENGINEIO_MESSAGE:
      peal_transport_take_frame (
          transport, packet->text, strlen (packet->text));
      return TRUE;
    case PEAL_ENGINEIO_PONG:
      if (!self->is_closing)
        start_ping (self);
      return TRUE;
    case PEAL_ENGINEIO_CLOSE:
      release_poll (self, "6"); /* who says goodbye needs none */
      finish (self, TRUE);
      return TRUE;
    default:
      return FALSE;
  }
}

static gboolean
take_text (PealEngineioSession *self, const gchar *text, gsize length)
{
  g_autoptr (PealEngineioPacket) packet =
      peal_engineio_decode (text, length, NULL);

  return packet && take_packet (self, packet);
}

/* ---- the WebSocket that carries the session ---- */

static void
on_socket_frame (gpointer data, const gchar *text, gsize length)
{
  g_autoptr (PealEngineioSession) self = g_object_ref (data);

  if (!self->is_over && !take_text (self, text, length))
    finish (self, FALSE);
}

static void
on_socket_odd_frame (gpointer data, gsize length)
{
  peal_transport_take_odd_frame (data, length);
}

static void
on_socket_silent (gpointer data)
{
  /* Engine.IO has pings of its own */
}

static void
on_socket_flooded (gpointer data)
{
  peal_transport_note_flood (data);
}

/* A page that is closed says no more than this. */
static void
on_socket_closed (gpointer data, gboolean is_meant)
{
  finish (data, is_meant);
}

static const PealTransportSink socket_sink = { on_socket_frame,
  on_socket_odd_frame, on_socket_silent, on_socket_flooded, on_socket_closed };

/* ---- the WebSocket that wants to ---- */

static void
drop_probe (PealEngineioSession *self)
{
  peal_source_clear (&self->probe_limit);
  peal_websocket_transport_retire (&self->probe, CLOSE_POLICY, "no upgrade");
}

static void
complete_upgrade (PealEngineioSession *self)
{
  gchar *packet;

  peal_source_clear (&self->probe_limit);
  self->socket = g_steal_pointer (&self->probe);
  peal_transport_set_sink (self->socket, &socket_sink, self);
  release_poll (self, "6");
  while ((packet = peal_engineio_backlog_pop (&self->waiting))) {
    peal_transport_send (self->socket, packet);
    g_free (packet);
  }
}

static gboolean
is_text (const gchar *text, gsize length, const gchar *expected)
{
  return length == strlen (expected) && memcmp (text, expected, length) == 0;
}

static void
on_probe_frame (gpointer data, const gchar *text, gsize length)
{
  g_autoptr (PealEngineioSession) self = g_object_ref (data);

  if (is_text (text, length, "2probe")) {
    self->was_probed = TRUE;
    peal_transport_send (self->probe, "3probe");
    release_poll (self, "6");
  } else if (self->was_probed && is_text (text, length, "5")) {
    complete_upgrade (self);
  } else {
    drop_probe (self);
  }
}

static void
on_probe_odd_frame (gpointer data, gsize length)
{
  drop_probe (data);
}

static void
on_probe_closed (gpointer data, gboolean is_meant)
{
  drop_probe (data);
}

static const PealTransportSink probe_sink = { on_probe_frame,
  on_probe_odd_frame, on_socket_silent, on_socket_flooded, on_probe_closed };

static gboolean
on_probe_limit (gpointer data)
{
  drop_probe (data);
  return G_SOURCE_REMOVE;
}

/* ---- the transport's side ---- */

static gboolean
send (PealTransport *transport, const gchar *text)
{
  return put (PEAL_ENGINEIO_SESSION (transport), PEAL_ENGINEIO_MESSAGE, text);
}

static void
drop_backlog (PealTransport *transport)
{
  PealEngineioSession *self = PEAL_ENGINEIO_SESSION (transport);

  if (self->socket)
    peal_transport_drop_backlog (self->socket);
  peal_engineio_backlog_clear (&self->waiting);
}

/* Over polling the goodbye waits a little to be fetched. */
static void
close_session (PealTransport *transport, guint code, const gchar *reason)
{
  PealEngineioSession *self = PEAL_ENGINEIO_SESSION (transport);
  gboolean is_held = self->poll != NULL;

  if (self->is_over || self->is_closing)
    return;
  if (!self->socket) /* a WebSocket's own goodbye is enough */
    put (self, PEAL_ENGINEIO_CLOSE, NULL);
  self->is_closing = TRUE;
  peal_websocket_transport_retire (&self->probe, code, reason);
  if (self->socket || is_held)
    finish (self, FALSE);
  else
    end_after (self, LINGER_MS, FALSE);
}

static void
dispose (GObject *object)
{
  PealEngineioSession *self = PEAL_ENGINEIO_SESSION (object);

  peal_source_clear (&self->ping);
  peal_source_clear (&self->pong);
  peal_source_clear (&self->probe_limit);
  peal_source_clear (&self->end);
  release_poll (self, "1");
  peal_websocket_transport_retire (
      &self->probe, CLOSE_NORMAL, "the session is over");
  peal_websocket_transport_retire (
      &self->socket, CLOSE_NORMAL, "the session is over");
  peal_engineio_backlog_clear (&self->waiting);
  G_OBJECT_CLASS (peal_engineio_session_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_free (PEAL_ENGINEIO_SESSION (object)->sid);
  G_OBJECT_CLASS (peal_engineio_session_parent_class)->finalize (object);
}

static void
peal_engineio_session_class_init (PealEngineioSessionClass *class)
{
  PealTransportClass *transport_class = PEAL_TRANSPORT_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  transport_class->send = send;
  transport_class->drop_backlog = drop_backlog;
  transport_class->close = close_session;
  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-server-engineio-session", 0,
      "an Engine.IO session of the Peal server");
}

static void
peal_engineio_session_init (PealEngineioSession *self)
{
}

/**
 * peal_engineio_session_new:
 * @sid: unguessable
 * @socket: (transfer full) (nullable): a WebSocket that carries it from the
 *   start
 *
 * The handshake is the first packet of all.
 */
PealEngineioSession *
peal_engineio_session_new (
    const gchar *sid, const PealServerLimits *limits, PealTransport *socket)
{
  PealEngineioSession *self = g_object_new (PEAL_TYPE_ENGINEIO_SESSION, NULL);

  self->sid = g_strdup (sid);
  self->limits = *limits;
  self->socket = socket;
  if (socket)
    peal_transport_set_sink (socket, &socket_sink, self);
  put_open (self);
  start_ping (self);
  return self;
}

/**
 * peal_engineio_session_can_upgrade:
 *
 * Returns: whether a WebSocket may try to take over
 */
gboolean
peal_engineio_session_can_upgrade (PealEngineioSession *self)
{
  return !self->is_over && !self->is_closing && !self->socket && !self->probe;
}

/**
 * peal_engineio_session_upgrade:
 * @socket: (transfer full): a WebSocket of the same client, which has to prove
 *   it
 */
void
peal_engineio_session_upgrade (PealEngineioSession *self, PealTransport *socket)
{
  self->was_probed = FALSE;
  self->probe = socket;
  peal_transport_set_sink (self->probe, &probe_sink, self);
  peal_source_start_timer (&self->probe_limit, PROBE_LIMIT_MS,
      "peal-engineio-probe", on_probe_limit, self);
}

/**
 * peal_engineio_session_poll:
 * @message: a GET; answered at once or held
 *
 * A second one beside one that is held ends the session.
 */
void
peal_engineio_session_poll (
    PealEngineioSession *self, SoupServerMessage *message)
{
  gboolean is_refused = self->is_over || self->socket || self->poll;

  if (is_refused) {
    peal_engineio_poll_refuse (message, PEAL_ENGINEIO_BAD_REQUEST);
    if (self->poll)
      finish (self, FALSE);
    return;
  }
  self->poll = g_object_ref (message);
  g_signal_connect_object (
      message, "finished", G_CALLBACK (on_poll_finished), self, 0);
  /* Without a status libsoup would look for a WebSocket handshake in it. */
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_pause (message);
  flush (self);
  if (self->probe && self->was_probed)
    release_poll (self, "6");
  if (self->is_closing)
    finish (self, FALSE);
}

static void
on_post_finished (SoupServerMessage *message, PealEngineioSession *self)
{
  if (self->posting == message)
    self->posting = NULL;
}

/**
 * peal_engineio_session_begin_post:
 * @message: a POST whose body is still to come
 *
 * Returns: whether it may come; a second one beside it ends the session
 */
gboolean
peal_engineio_session_begin_post (
    PealEngineioSession *self, SoupServerMessage *message)
{
  if (self->is_over || self->socket)
    return FALSE;
  if (self->posting) {
    finish (self, FALSE);
    return FALSE;
  }
  self->posting = message;
  g_signal_connect_object (
      message, "finished", G_CALLBACK (on_post_finished), self, 0);
  return TRUE;
}

/**
 * peal_engineio_session_post:
 * @message: a POST with its body
 */
void
peal_engineio_session_post (
    PealEngineioSession *session, SoupServerMessage *message)
{
  g_autoptr (PealEngineioSession) self = g_object_ref (session);
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gsize length = 0;
  const gchar *text = g_bytes_get_data (body, &length);
  g_autoptr (GPtrArray) packets =
      peal_engineio_payload_split (text ? text : "", length, NULL);
  gboolean is_right = packets != NULL && !self->is_over;

  for (guint i = 0; is_right && i < packets->len; i++)
    is_right =
        self->is_over || take_packet (self, g_ptr_array_index (packets, i));
  if (is_right) {
    peal_engineio_poll_answer (message, SOUP_STATUS_OK, "ok");
    return;
  }
  peal_engineio_poll_refuse (message, PEAL_ENGINEIO_BAD_REQUEST);
  finish (self, FALSE);
}
