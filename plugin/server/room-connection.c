/*
 * One client of the server. See room-connection.h.
 *
 * Called by its transport with frames and by the room table with messages;
 * calls both, and the conversation with its dialect between them. Lives until
 * its transport is closed: made by the server, which forgets it on `closed`.
 *
 * Life: open (no id) -> member (id) -> ending -> closed. A member whose
 * connection was lost, and whose protocol can resume, keeps its place for the
 * grace time.
 */
#include "server/room-connection.h"

#include <gst/gst.h>
#include <string.h>

#include "base/sources.h"
#include "server/conversation.h"
#include "server/room-error.h"
#include "server/turn-credentials.h"
#include "wire/peal-rooms.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* RFC 6455 section 7.4.1 */
#define CLOSE_NORMAL 1000
#define CLOSE_GOING_AWAY 1001
#define CLOSE_POLICY 1008
/* chosen: a goodbye that is not through by then is not waited for. */
#define LINGER_MS 1000

enum {
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _PealRoomConnection {
  GObject parent;
  PealRoomService *service; /* NULL when the server has stopped */
  PealTransport *transport;
  PealConversation *conversation;
  const PealProtocol *protocol;
  PealRoomVisitor *visitor;
  gchar *id; /* NULL: in no room */
  gboolean can_resume;
  gboolean is_ending;
  GSource *join_timer;
  GSource *renewal; /* of TURN credentials */
  GSource *overflow;
  GSource *linger; /* holds a reference, from shut_down to the end */
};

G_DEFINE_FINAL_TYPE (PealRoomConnection, peal_room_connection, G_TYPE_OBJECT)

typedef void (*HandleMessage) (PealRoomConnection *self, PealMessage *message);

static void
fall_silent (PealRoomConnection *self)
{
  peal_conversation_stop (self->conversation);
  peal_source_clear (&self->join_timer);
  peal_source_clear (&self->renewal);
  peal_source_clear (&self->overflow);
}

/* The room is told: @is_lost keeps the place for the grace time. */
static void
end_membership (PealRoomConnection *self, gboolean is_lost, const gchar *reason)
{
  g_autofree gchar *id = g_steal_pointer (&self->id);

  if (!id || !self->service)
    return;
  if (is_lost && self->can_resume)
    peal_room_table_detach (self->service->table, id, g_get_monotonic_time ());
  else
    peal_room_table_leave (
        self->service->table, id, reason, g_get_monotonic_time ());
}

/* Says the last words and closes; `closed` follows. Whoever must go for what it
 * did does not keep its place. */
static void
end (gpointer data, guint code, const gchar *reason)
{
  PealRoomConnection *self = data;

  if (self->is_ending)
    return;
  GST_DEBUG_OBJECT (self, "closing with %u: %s", code, reason);
  self->is_ending = TRUE;
  fall_silent (self);
  end_membership (self, FALSE, reason);
  peal_transport_close (self->transport, code, reason);
}

static void
drop (PealRoomConnection *self, const gchar *reason)
{
  GST_INFO_OBJECT (self, "dropped: %s", reason);
  if (self->service)
    self->service->metrics.n_dropped++;
  peal_transport_drop_backlog (self->transport);
  end_membership (self, TRUE, reason);
  end (self, CLOSE_POLICY, reason);
}

/* ---- the dialect's words ---- */

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
    self->overflow = peal_source_attach (
        g_idle_source_new (), "peal-room-overflow", on_overflow, self);
}

static void
on_frame (gpointer data, const gchar *text)
{
  PealRoomConnection *self = data;

  if (self->is_ending)
    return;
  if (!peal_transport_send (self->transport, text)) {
    note_overflow (self);
    return;
  }
  if (self->service) {
    self->service->metrics.n_messages_out++;
    self->service->metrics.n_bytes_out += strlen (text);
  }
}

static gboolean
deliver (gpointer data, PealMessage *message)
{
  PealRoomConnection *self = data;
  g_autoptr (GError) error = NULL;

  if (self->is_ending ||
      peal_conversation_send (self->conversation, message, &error))
    return TRUE;
  GST_DEBUG_OBJECT (self, "%s is not told: %s",
      peal_message_kind_to_string (message->kind), error->message);
  return FALSE;
}

static void
say_error (PealRoomConnection *self, const gchar *code, const gchar *text,
    const gchar *to)
{
  g_autoptr (PealMessage) message = peal_message_new_error (
      to, code, text ? text : peal_room_error_text (code));

  if (self->service)
    self->service->metrics.n_errors++;
  deliver (self, message);
}

/* ---- the room table's words ---- */

static gboolean
on_replaced (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  end (self, CLOSE_NORMAL, "resumed elsewhere");
  return G_SOURCE_REMOVE;
}

/* The member is another connection's now. */
static void
on_replace (gpointer data)
{
  PealRoomConnection *self = data;

  g_clear_pointer (&self->id, g_free);
  peal_source_clear (&self->overflow);
  self->overflow = peal_source_attach (
      g_idle_source_new (), "peal-room-replaced", on_replaced, self);
}

static const PealRoomOutlet outlet = { deliver, on_replace };

/* ---- joining ---- */

static gboolean
on_join_timeout (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  end (self, CLOSE_POLICY, "did not join in time");
  return G_SOURCE_REMOVE;
}

static void
start_join_timer (PealRoomConnection *self)
{
  peal_source_clear (&self->join_timer);
  if (self->protocol->may_wait)
    return;
  peal_source_start_timer (&self->join_timer,
      self->service->limits.join_timeout_ms, "peal-room-join-timeout",
      on_join_timeout, self);
}

static gboolean
check_join (PealRoomConnection *self, PealMessage *join)
{
  const gchar *code = self->id
      ? PEAL_ROOMS_ALREADY_JOINED
      : peal_room_visitor_check_join (self->visitor, join);

  if (!code)
    return TRUE;
  say_error (self, code, NULL, NULL);
  if (g_str_equal (code, PEAL_ROOMS_UNAUTHORIZED))
    end (self, CLOSE_POLICY, "unauthorized");
  return FALSE;
}

/* Only `joined` has credentials in it: the member comes back at once, resumes,
 * and its calls go on. */
static gboolean
on_credentials_old (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  end_membership (self, TRUE, "fresh credentials");
  end (self, CLOSE_GOING_AWAY, "come back for fresh TURN credentials");
  return G_SOURCE_REMOVE;
}

static void
start_renewal (PealRoomConnection *self)
{
  if (!self->can_resume || !self->service->turn_secret)
    return;
  peal_source_start_timer (&self->renewal, self->service->limits.renewal_ms,
      "peal-room-renewal", on_credentials_old, self);
}

static void
welcome (PealRoomConnection *self, PealMessage *joined)
{
  peal_source_clear (&self->join_timer);
  self->id = g_strdup (joined->peer_id);
  joined->ice_servers = peal_turn_credentials_hand_out (
      self->service->ice_servers, self->service->turn_secret, self->id,
      g_get_real_time () / G_USEC_PER_SEC);
  start_renewal (self);
  deliver (self, joined);
  peal_room_table_flush (self->service->table, self->id);
}

static void
handle_join (PealRoomConnection *self, PealMessage *join)
{
  const gchar *code = NULL;
  g_autofree gchar *key = NULL;
  g_autoptr (PealMessage) joined = NULL;

  if (!check_join (self, join))
    return;
  key = peal_room_visitor_make_key (self->visitor, join);
  joined = peal_room_table_join (self->service->table, join, key, &outlet, self,
      g_get_monotonic_time (), &code);
  self->can_resume = join->can_resume;
  if (joined)
    welcome (self, joined);
  else
    say_error (self, code, NULL, NULL);
}

/* ---- what members say ---- */

static void
handle_relayed (PealRoomConnection *self, PealMessage *message)
{
  const gchar *code = NULL;

  if (!self->id)
    say_error (self, PEAL_ROOMS_NOT_JOINED, NULL, message->peer_id);
  else if (!peal_room_table_relay (self->service->table, self->id, message,
               g_get_monotonic_time (), &code))
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
  if (!self->protocol->may_stay)
    start_join_timer (self);
}

static void
handle_error (PealRoomConnection *self, PealMessage *message)
{
  say_error (self, message->code, message->text, message->peer_id);
}

static const HandleMessage handlers[] = {
  [PEAL_MESSAGE_JOIN] = handle_join,
  [PEAL_MESSAGE_OFFER] = handle_relayed,
  [PEAL_MESSAGE_ANSWER] = handle_relayed,
  [PEAL_MESSAGE_CANDIDATE] = handle_relayed,
  [PEAL_MESSAGE_RENEGOTIATE] = handle_relayed,
  [PEAL_MESSAGE_TEXT] = handle_relayed,
  [PEAL_MESSAGE_BYE] = handle_bye,
  [PEAL_MESSAGE_ERROR] = handle_error,
};

static void
on_said (gpointer data, PealMessage *message)
{
  PealRoomConnection *self = data;

  g_return_if_fail (message->kind < G_N_ELEMENTS (handlers) &&
      handlers[message->kind] != NULL);

  if (!self->is_ending && self->service)
    handlers[message->kind](self, message);
}

static const PealConversationOwner conversation_owner = { on_frame, on_said,
  end };

/* ---- the transport's words ---- */

static gboolean
is_within_rate (PealRoomConnection *self)
{
  if (peal_room_visitor_may_speak (
          self->visitor, self->service->messages, g_get_monotonic_time ()))
    return TRUE;
  say_error (self, PEAL_ROOMS_RATE_LIMITED, NULL, NULL);
  if (peal_room_visitor_does_not_listen (self->visitor))
    end (self, CLOSE_POLICY, "rate limited");
  return FALSE;
}

static gboolean
may_take (PealRoomConnection *self, gsize length)
{
  if (self->is_ending || !self->service)
    return FALSE;
  self->service->metrics.n_messages_in++;
  self->service->metrics.n_bytes_in += length;
  return is_within_rate (self);
}

static void
on_transport_frame (gpointer data, const gchar *text, gsize length)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  if (!may_take (self, length))
    return;
  if (self->protocol->may_stay)
    peal_source_clear (&self->join_timer);
  peal_conversation_receive (self->conversation, text, length);
}

static void
on_transport_odd_frame (gpointer data, gsize length)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  if (may_take (self, length))
    say_error (self, PEAL_ROOMS_BAD_MESSAGE, "a message is a text frame", NULL);
}

static void
on_transport_silent (gpointer data)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  drop (self, "no answer to pings");
}

static void
on_transport_flooded (gpointer data)
{
  PealRoomConnection *self = data;

  self->can_resume = FALSE;
  if (self->service)
    self->service->metrics.n_dropped++;
}

static void
on_transport_closed (gpointer data, gboolean is_meant)
{
  g_autoptr (PealRoomConnection) self = g_object_ref (data);

  self->is_ending = TRUE;
  fall_silent (self);
  end_membership (self, !is_meant, "left");
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  peal_source_clear (&self->linger);
}

static const PealTransportSink transport_sink = { on_transport_frame,
  on_transport_odd_frame, on_transport_silent, on_transport_flooded,
  on_transport_closed };

static void
dispose (GObject *object)
{
  PealRoomConnection *self = PEAL_ROOM_CONNECTION (object);

  if (self->conversation)
    fall_silent (self);
  g_clear_pointer (&self->linger, g_source_unref);
  if (self->transport)
    peal_transport_set_sink (self->transport, NULL, NULL);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->conversation, peal_conversation_unref);
  G_OBJECT_CLASS (peal_room_connection_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  PealRoomConnection *self = PEAL_ROOM_CONNECTION (object);

  g_clear_pointer (&self->visitor, peal_room_visitor_free);
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
   * The connection is closed; nothing follows. Thread: the server's; no lock
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
 * @transport: (transfer none): open
 * @caller: (transfer none): copied
 *
 * The caller goes on with peal_room_connection_open() or _reject().
 */
PealRoomConnection *
peal_room_connection_new (PealRoomService *service, PealTransport *transport,
    const PealRoomCaller *caller)
{
  PealRoomConnection *self = g_object_new (PEAL_TYPE_ROOM_CONNECTION, NULL);
  PealDialect *dialect;

  self->service = service;
  self->transport = g_object_ref (transport);
  self->protocol = caller->protocol;
  self->visitor =
      peal_room_visitor_new (caller, service->table, service->token);
  dialect = caller->protocol->new_dialect (
      peal_room_visitor_get_context (self->visitor));
  self->conversation =
      peal_conversation_new (dialect, &conversation_owner, self);
  peal_transport_set_sink (transport, &transport_sink, self);
  return self;
}

/**
 * peal_room_connection_open:
 *
 * Lets the client in.
 */
void
peal_room_connection_open (PealRoomConnection *self)
{
  start_join_timer (self);
  peal_conversation_open (self->conversation);
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
  end (self, CLOSE_POLICY, "rate limited");
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
  peal_room_visitor_send_away (self->visitor);
  end (self, CLOSE_GOING_AWAY, "the server is going away");
  /* The transport needs a few rounds of the context to say goodbye. */
  self->linger =
      peal_source_keep_alive (LINGER_MS, "peal-room-linger", G_OBJECT (self));
}
