/*
 * One WebSocket client. See room-connection.h.
 *
 * Called by libsoup with frames and by the room table with messages; calls
 * both. Lives until its socket is closed: made by the server, which forgets it
 * on `closed`.
 *
 * Life: open (no id) -> member (id) -> ending -> closed. A member whose socket
 * closes with 1000 or 1001 meant to go and leaves its room; any other end is a
 * lost connection, and the room keeps its place for the grace time.
 */
#include "server/room-connection.h"

#include <gst/gst.h>
#include <string.h>

#include "server/input-watch.h"
#include "server/outgoing-queue.h"
#include "server/room-error.h"
#include "server/secret.h"
#include "wire/peal-rooms.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* protocols.md 1: a member that misses two pongs is dropped. */
#define MAX_MISSED_PONGS 2
/* Above the frame's limit, so that a frame a little too large still gets its
 * error and an orderly close; libsoup ends what is larger with 1009. */
#define MAX_PAYLOAD_BYTES (2 * PEAL_ROOMS_MAX_FRAME_BYTES)
/* chosen: a goodbye that is not through by then is not waited for. */
#define LINGER_MS 1000
/* chosen: who goes on after this many refusals does not read them. */
#define MAX_REFUSED_MESSAGES 100
enum {
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _PealRoomConnection {
  GObject parent;
  PealRoomService *service; /* NULL when the server has stopped */
  SoupWebsocketConnection *socket;
  PealOutgoingQueue *outgoing;
  PealInputWatch *input;
  gchar *path_room;
  gchar *throttle_key;
  gchar *id; /* NULL: in no room */
  gboolean is_ending;
  gboolean was_heard; /* since the last look */
  guint n_missed_pongs;
  guint n_refused;
  GSource *join_timer;
  GSource *pong_timer;
  GSource *overflow;
  GSource *linger; /* holds a reference, from shut_down to the end */
};

G_DEFINE_FINAL_TYPE (PealRoomConnection, peal_room_connection, G_TYPE_OBJECT)

typedef void (*HandleMessage) (PealRoomConnection *self, PealMessage *message);

static void
clear_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
attach (GSource *source, const gchar *name, GSourceFunc func,
    PealRoomConnection *self)
{
  g_source_set_name (source, name);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

static void
stop_timers (PealRoomConnection *self)
{
  clear_source (&self->join_timer);
  clear_source (&self->pong_timer);
  clear_source (&self->overflow);
}

/* The room is told: @is_lost keeps the place for the grace time. */
static void
end_membership (PealRoomConnection *self, gboolean is_lost, const gchar *reason)
{
  g_autofree gchar *id = g_steal_pointer (&self->id);

  if (!id || !self->service)
    return;
  if (is_lost)
    peal_room_table_detach (self->service->table, id, g_get_monotonic_time ());
  else
    peal_room_table_leave (self->service->table, id, reason);
}

/* Says the last words and closes; `closed` follows when the client agrees, or
 * after libsoup's five seconds. */
static void
end (PealRoomConnection *self, gushort code, const gchar *reason)
{
  if (self->is_ending)
    return;
  GST_DEBUG_OBJECT (self, "closing with %u: %s", code, reason);
  self->is_ending = TRUE;
  stop_timers (self);
  end_membership (self, TRUE, reason);
  peal_outgoing_queue_flush (self->outgoing);
  if (soup_websocket_connection_get_state (self->socket) ==
      SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->socket, code, reason);
}

/* The backlog of somebody who does not read is not flushed to libsoup. */
static void
drop (PealRoomConnection *self, const gchar *reason)
{
  GST_INFO_OBJECT (self, "dropped: %s", reason);
  if (self->service)
    self->service->metrics.n_dropped++;
  g_clear_pointer (&self->outgoing, peal_outgoing_queue_free);
  self->outgoing = peal_outgoing_queue_new (self->socket, 0);
  end (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, reason);
}

static gboolean
on_overflow (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  drop (self, "the client does not read");
  return G_SOURCE_REMOVE;
}

/* Not dropped at once: the room table may be in the middle of a round. */
static void
note_overflow (PealRoomConnection *self)
{
  if (!self->overflow)
    self->overflow =
        attach (g_idle_source_new (), "peal-room-overflow", on_overflow, self);
}

static void
deliver (PealRoomConnection *self, PealMessage *message)
{
  g_autofree gchar *text = NULL;

  if (self->is_ending)
    return;
  text = peal_rooms_encode (PEAL_ROOMS_FROM_SERVER, message);
  if (!peal_outgoing_queue_push (self->outgoing, text)) {
    note_overflow (self);
    return;
  }
  if (self->service) {
    self->service->metrics.n_messages_out++;
    self->service->metrics.n_bytes_out += strlen (text);
  }
}

static void
say_error (PealRoomConnection *self, const gchar *code, const gchar *text,
    const gchar *to)
{
  g_autoptr (PealMessage) message = peal_message_new_error (
      to, code, text ? text : peal_room_error_text (code));

  GST_DEBUG_OBJECT (self, "error %s", code);
  if (self->service)
    self->service->metrics.n_errors++;
  deliver (self, message);
}

static void
on_deliver (gpointer data, PealMessage *message)
{
  deliver (data, message);
}

static gboolean
on_replaced (gpointer data)
{
  end (data, SOUP_WEBSOCKET_CLOSE_NORMAL, "resumed elsewhere");
  return G_SOURCE_REMOVE;
}

/* The member is another connection's now. */
static void
on_replace (gpointer data)
{
  PealRoomConnection *self = data;

  g_clear_pointer (&self->id, g_free);
  clear_source (&self->overflow);
  self->overflow =
      attach (g_idle_source_new (), "peal-room-replaced", on_replaced, self);
}

static const PealRoomOutlet outlet = { on_deliver, on_replace };

static gboolean
on_join_timeout (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  end (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "did not join in time");
  return G_SOURCE_REMOVE;
}

static void
start_join_timer (PealRoomConnection *self)
{
  clear_source (&self->join_timer);
  self->join_timer =
      attach (g_timeout_source_new (self->service->limits.join_timeout_ms),
          "peal-room-join-timeout", on_join_timeout, self);
}

static gboolean
on_pong_timer (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  self->n_missed_pongs = self->was_heard ? 0 : self->n_missed_pongs + 1;
  self->was_heard = FALSE;
  if (self->n_missed_pongs < MAX_MISSED_PONGS)
    return G_SOURCE_CONTINUE;
  drop (self, "no answer to pings");
  return G_SOURCE_REMOVE;
}

static gboolean
is_authorized (PealRoomConnection *self, const PealMessage *join)
{
  return !self->service->token ||
      peal_secret_equal (self->service->token, join->token);
}

static gboolean
check_join (PealRoomConnection *self, PealMessage *join)
{
  if (self->id) {
    say_error (self, PEAL_ROOMS_ALREADY_JOINED, NULL, NULL);
    return FALSE;
  }
  if (!is_authorized (self, join)) {
    say_error (self, PEAL_ROOMS_UNAUTHORIZED, NULL, NULL);
    end (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "unauthorized");
    return FALSE;
  }
  if (!join->room)
    join->room = g_strdup (self->path_room);
  if (!peal_rooms_is_valid_room (join->room)) {
    say_error (self, PEAL_ROOMS_BAD_ROOM, NULL, NULL);
    return FALSE;
  }
  return TRUE;
}

static void
handle_join (PealRoomConnection *self, PealMessage *join)
{
  const gchar *code = NULL;
  g_autofree gchar *key = NULL;
  g_autoptr (PealMessage) joined = NULL;

  if (!check_join (self, join))
    return;
  key = peal_secret_new_key ();
  joined = peal_room_table_join (self->service->table, join, key, &outlet, self,
      g_get_monotonic_time (), &code);
  if (!joined) {
    say_error (self, code, NULL, NULL);
    return;
  }
  clear_source (&self->join_timer);
  self->id = g_strdup (joined->peer_id);
  if (self->service->ice_servers)
    joined->ice_servers = g_ptr_array_ref (self->service->ice_servers);
  deliver (self, joined);
  peal_room_table_flush (self->service->table, self->id);
}

static void
handle_relayed (PealRoomConnection *self, PealMessage *message)
{
  const gchar *code = NULL;

  if (!self->id)
    say_error (self, PEAL_ROOMS_NOT_JOINED, NULL, message->peer_id);
  else if (!peal_room_table_relay (
               self->service->table, self->id, message, &code))
    say_error (self, code, NULL, message->peer_id);
}

static void
handle_bye (PealRoomConnection *self, PealMessage *message)
{
  if (message->peer_id || !self->id) {
    handle_relayed (self, message);
    return;
  }
  end_membership (self, FALSE, message->text ? message->text : "left");
  start_join_timer (self);
}

static void
handle_ping (PealRoomConnection *self, PealMessage *message)
{
  g_autoptr (PealMessage) pong = peal_message_new (PEAL_MESSAGE_PONG, NULL);

  deliver (self, pong);
}

static const HandleMessage handlers[] = {
  [PEAL_MESSAGE_JOIN] = handle_join,
  [PEAL_MESSAGE_OFFER] = handle_relayed,
  [PEAL_MESSAGE_ANSWER] = handle_relayed,
  [PEAL_MESSAGE_CANDIDATE] = handle_relayed,
  [PEAL_MESSAGE_RENEGOTIATE] = handle_relayed,
  [PEAL_MESSAGE_TEXT] = handle_relayed,
  [PEAL_MESSAGE_BYE] = handle_bye,
  [PEAL_MESSAGE_PING] = handle_ping,
};

static void
end_as_too_large (PealRoomConnection *self)
{
  say_error (self, PEAL_ROOMS_TOO_LARGE, NULL, NULL);
  end (self, SOUP_WEBSOCKET_CLOSE_TOO_BIG, "a message is at most 64 KiB");
}

static void
handle_frame (PealRoomConnection *self, const gchar *text, gsize length)
{
  const gchar *code = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message = NULL;

  if (length > PEAL_ROOMS_MAX_FRAME_BYTES) {
    end_as_too_large (self);
    return;
  }
  message =
      peal_rooms_decode (PEAL_ROOMS_FROM_CLIENT, text, length, &code, &error);
  if (!message)
    say_error (self, code, error->message, NULL);
  else if (!peal_rooms_can_relay (message, length))
    say_error (self, PEAL_ROOMS_TOO_LARGE, NULL, message->peer_id);
  else
    handlers[message->kind](self, message);
}

static gboolean
is_within_rate (PealRoomConnection *self)
{
  if (peal_throttle_take (self->service->messages, self->throttle_key,
          g_get_monotonic_time ())) {
    self->n_refused = 0;
    return TRUE;
  }
  say_error (self, PEAL_ROOMS_RATE_LIMITED, NULL, NULL);
  if (++self->n_refused > MAX_REFUSED_MESSAGES)
    end (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "rate limited");
  return FALSE;
}

static void
on_message (SoupWebsocketConnection *socket, gint type, GBytes *frame,
    PealRoomConnection *connection)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (connection);
  gsize length = 0;
  const gchar *text = g_bytes_get_data (frame, &length);

  if (self->is_ending || !self->service)
    return;
  self->was_heard = TRUE;
  peal_input_watch_note_message (self->input);
  self->service->metrics.n_messages_in++;
  self->service->metrics.n_bytes_in += length;
  if (!is_within_rate (self))
    return;
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    say_error (self, PEAL_ROOMS_BAD_MESSAGE, "a message is a text frame", NULL);
  else
    handle_frame (self, text ? text : "", length);
}

static void
on_pong (
    SoupWebsocketConnection *socket, GBytes *data, PealRoomConnection *self)
{
  self->was_heard = TRUE;
}

/* Cut, not closed: libsoup would go on keeping what comes. */
static void
on_endless_message (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  if (self->service)
    self->service->metrics.n_dropped++;
  GST_INFO_OBJECT (self, "dropped: a message without end");
  g_io_stream_close (
      soup_websocket_connection_get_io_stream (self->socket), NULL, NULL);
}

static gboolean
meant_to_go (gushort code)
{
  return code == SOUP_WEBSOCKET_CLOSE_NORMAL ||
      code == SOUP_WEBSOCKET_CLOSE_GOING_AWAY;
}

static void
on_closed (SoupWebsocketConnection *socket, PealRoomConnection *connection)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (connection);
  gushort code = soup_websocket_connection_get_close_code (socket);

  GST_DEBUG_OBJECT (self, "closed with %u", code);
  self->is_ending = TRUE;
  stop_timers (self);
  end_membership (self, !meant_to_go (code), "left");
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  clear_source (&self->linger);
}

static void
watch_socket (PealRoomConnection *self)
{
  const PealServerLimits *limits = &self->service->limits;

  soup_websocket_connection_set_max_incoming_payload_size (
      self->socket, MAX_PAYLOAD_BYTES);
  soup_websocket_connection_set_keepalive_interval (
      self->socket, limits->ping_interval_s);
  self->input = peal_input_watch_new (
      self->socket, 2 * MAX_PAYLOAD_BYTES, on_endless_message, self);
  g_signal_connect (self->socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->socket, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (self->socket, "closed", G_CALLBACK (on_closed), self);
  self->pong_timer =
      attach (g_timeout_source_new_seconds (limits->ping_interval_s),
          "peal-room-pong-timer", on_pong_timer, self);
}

/* One that is still open, since its context is at its end, is cut. */
static void
forget_socket (PealRoomConnection *self)
{
  g_signal_handlers_disconnect_by_data (self->socket, self);
  if (soup_websocket_connection_get_state (self->socket) !=
      SOUP_WEBSOCKET_STATE_CLOSED)
    g_io_stream_close (
        soup_websocket_connection_get_io_stream (self->socket), NULL, NULL);
}

static void
dispose (GObject *object)
{
  PealRoomConnection *self = PEAL_ROOM_CONNECTION (object);

  stop_timers (self);
  g_clear_pointer (&self->linger, g_source_unref);
  if (self->socket)
    forget_socket (self);
  g_clear_pointer (&self->outgoing, peal_outgoing_queue_free);
  g_clear_pointer (&self->input, peal_input_watch_free);
  g_clear_object (&self->socket);
  G_OBJECT_CLASS (peal_room_connection_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  PealRoomConnection *self = PEAL_ROOM_CONNECTION (object);

  g_free (self->path_room);
  g_free (self->throttle_key);
  g_free (self->id);
  G_OBJECT_CLASS (peal_room_connection_parent_class)->finalize (object);
}

static void
peal_room_connection_class_init (PealRoomConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
  G_OBJECT_CLASS (klass)->finalize = finalize;

  /**
   * PealRoomConnection::closed:
   *
   * The socket is closed; nothing follows. Thread: the server's; no lock
   * held; handlers may drop their reference.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", PEAL_TYPE_ROOM_CONNECTION,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-server-room-connection", 0,
      "one client of the Peal server");
}

static void
peal_room_connection_init (PealRoomConnection *self)
{
}

/**
 * peal_room_connection_new:
 * @service: (transfer none): what the server's connections share
 * @socket: (transfer none): an open WebSocket
 * @path_room: (nullable): the room that the path names, unchecked
 * @throttle_key: whom its messages count for
 */
PealRoomConnection *
peal_room_connection_new (PealRoomService *service,
    SoupWebsocketConnection *socket, const gchar *path_room,
    const gchar *throttle_key)
{
  PealRoomConnection *self = g_object_new (PEAL_TYPE_ROOM_CONNECTION, NULL);

  self->service = service;
  self->socket = g_object_ref (socket);
  self->outgoing =
      peal_outgoing_queue_new (socket, service->limits.backlog_bytes);
  self->path_room = g_strdup (path_room);
  self->throttle_key = g_strdup (throttle_key);
  watch_socket (self);
  start_join_timer (self);
  return self;
}

/**
 * peal_room_connection_reject:
 *
 * Tells a client whose address connects too often so, and closes.
 */
void
peal_room_connection_reject (PealRoomConnection *self)
{
  say_error (self, PEAL_ROOMS_RATE_LIMITED, NULL, NULL);
  end (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "rate limited");
}

static gboolean
on_linger_timeout (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* The server lets go at once; the socket needs a few rounds of the context to
 * say goodbye. Destroying the context ends it, too. */
static void
linger (PealRoomConnection *self)
{
  self->linger = g_timeout_source_new (LINGER_MS);
  g_source_set_name (self->linger, "peal-room-linger");
  g_source_set_callback (
      self->linger, on_linger_timeout, g_object_ref (self), g_object_unref);
  g_source_attach (self->linger, g_main_context_get_thread_default ());
}

/**
 * peal_room_connection_shut_down:
 *
 * Tells the client that the server goes away, and closes. The service is not
 * used any more; the caller may drop its reference at once.
 */
void
peal_room_connection_shut_down (PealRoomConnection *self)
{
  say_error (self, PEAL_ROOMS_SHUTTING_DOWN, NULL, NULL);
  self->service = NULL;
  end (self, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, "the server is going away");
  linger (self);
}
