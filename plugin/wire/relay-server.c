/*
 * The raw relay as the server speaks it. See relay-server.h. Enters the room
 * of the path at once; the room finds it a partner, and hears of its offer
 * when there is one. Sessions are named here (session-names.c). Pure.
 */
#include "wire/relay-server.h"

#include <string.h>

#include "base/error.h"
#include "wire/choice-dialect.h"
#include "wire/json.h"
#include "wire/peal-rooms-server.h"
#include "wire/peal-rooms.h"
#include "wire/relay.h"
#include "wire/session-names.h"

#define DEFAULT_ROOM "lobby"
#define CLOSE_POLICY 1008 /* RFC 6455 section 7.4.1 */

struct _PealRelayServer {
  PealDialect parent;
  gchar *room;
  gboolean has_joined;
  gchar *partner; /* NULL: none */
  PealSessionNames *names;
};

G_DEFINE_FINAL_TYPE (PealRelayServer, peal_relay_server, PEAL_TYPE_DIALECT)

static void
open (PealDialect *dialect, gint64 now_us)
{
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->room = g_strdup (PEAL_RELAY_SERVER (dialect)->room);
  join->offering = PEAL_OFFERING_BY_ITSELF;
  join->has_one_connection = TRUE;
  peal_dialect_say (dialect, join);
}

/* A bye is for the partner: the room is left by closing the connection. */
static void
say (PealRelayServer *self, PealMessage *message)
{
  if (message->kind == PEAL_MESSAGE_BYE && !self->partner)
    return;
  g_free (message->peer_id);
  message->peer_id = g_strdup (self->partner);
  peal_dialect_say (PEAL_DIALECT (self), message);
}

static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealRelayServer *self = PEAL_RELAY_SERVER (dialect);
  g_autoptr (PealMessage) message = NULL;
  g_autoptr (GPtrArray) said = NULL;

  if (length > PEAL_ROOMS_MAX_FRAME_BYTES ||
      !peal_relay_decode (text, length, &message, NULL) || !message ||
      message->kind == PEAL_MESSAGE_ERROR ||
      !peal_rooms_can_relay (message, length))
    return;
  g_clear_pointer (&message->peer_id, g_free);
  said = peal_session_names_heard (self->names, message);
  for (guint i = 0; i < said->len; i++)
    say (self, g_ptr_array_index (said, i));
}

/* ---- what the room says ---- */

static void
meet (PealRelayServer *self, const PealMember *member)
{
  g_free (self->partner);
  self->partner = g_strdup (member->id);
}

static void
take_joined (PealRelayServer *self, const PealMessage *joined)
{
  self->has_joined = TRUE;
  if (joined->members->len > 0)
    meet (self, g_ptr_array_index (joined->members, 0));
}

static void
take_left (PealRelayServer *self)
{
  g_clear_pointer (&self->partner, g_free);
  peal_session_names_forget (self->names, NULL);
}

/* The protocol has no errors, so only one that ends everything is told. */
static void
take_error (PealRelayServer *self, const PealMessage *error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree gchar *text = NULL;

  if (self->has_joined)
    return;
  json_object_set_string_member (object, "type", "error");
  json_object_set_string_member (object, "code", error->code);
  json_object_set_string_member (
      object, "message", error->text ? error->text : error->code);
  json_node_set_object (root, object);
  text = peal_json_to_text (root);
  peal_dialect_put_frame (PEAL_DIALECT (self), text);
  peal_dialect_end (PEAL_DIALECT (self), CLOSE_POLICY, error->code);
}

static gboolean
put (PealRelayServer *self, const PealMessage *message)
{
  g_autofree gchar *text = peal_relay_encode (message);
  g_autoptr (PealMessage) sent = peal_message_new (message->kind, NULL);

  sent->session = g_strdup (message->session);
  peal_session_names_sent (self->names, sent);
  if (text)
    peal_dialect_put_frame (PEAL_DIALECT (self), text);
  return TRUE;
}

static gboolean
refuse (GError **error)
{
  return peal_error_set (
      error, PEAL_ERROR_USAGE, "the raw relay has no word for that");
}

static gboolean
send (PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealRelayServer *self = PEAL_RELAY_SERVER (dialect);

  switch (message->kind) {
    case PEAL_MESSAGE_JOINED:
      take_joined (self, message);
      return TRUE;
    case PEAL_MESSAGE_PEER_JOINED:
      meet (self, message->member);
      return TRUE;
    case PEAL_MESSAGE_PEER_LEFT:
      take_left (self);
      return TRUE;
    case PEAL_MESSAGE_ERROR:
      take_error (self, message);
      return TRUE;
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
      return put (self, message);
    default:
      return refuse (error);
  }
}

static void
finalize (GObject *object)
{
  PealRelayServer *self = PEAL_RELAY_SERVER (object);

  g_free (self->room);
  g_free (self->partner);
  peal_session_names_free (self->names);
  G_OBJECT_CLASS (peal_relay_server_parent_class)->finalize (object);
}

static void
peal_relay_server_class_init (PealRelayServerClass *class)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  dialect_class->open = open;
  dialect_class->receive = receive;
  dialect_class->send = send;
}

static void
peal_relay_server_init (PealRelayServer *self)
{
  self->names = peal_session_names_new ();
}

/**
 * peal_relay_server_new:
 * @context: says the room; `lobby` if it says none
 */
PealDialect *
peal_relay_server_new (const PealServerContext *context)
{
  PealRelayServer *self = g_object_new (PEAL_TYPE_RELAY_SERVER, NULL);

  self->room = g_strdup (context->room ? context->room : DEFAULT_ROOM);
  return PEAL_DIALECT (self);
}

/* What reads as Peal rooms is that: its offers say whom they are for. */
static PealServerDialectNew
choose (const gchar *text, gsize length)
{
  const gchar *code = NULL;
  g_autoptr (PealMessage) rooms = NULL;
  g_autoptr (PealMessage) relay = NULL;

  if (!text || length > PEAL_ROOMS_MAX_FRAME_BYTES)
    return peal_rooms_server_new;
  rooms = peal_rooms_decode (PEAL_ROOMS_FROM_CLIENT, text, length, &code, NULL);
  if (rooms || !peal_relay_decode (text, length, &relay, NULL) || !relay ||
      relay->kind == PEAL_MESSAGE_BYE)
    return peal_rooms_server_new;
  return peal_relay_server_new;
}

/**
 * peal_relay_server_new_for_first_frame:
 *
 * A dialect for `/ws`, where a client whose first message is an offer, answer
 * or candidate is a raw one, and all others speak Peal rooms.
 */
PealDialect *
peal_relay_server_new_for_first_frame (const PealServerContext *context)
{
  return peal_choice_dialect_new (context, choose, G_MAXINT64);
}
