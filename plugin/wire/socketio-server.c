/*
 * Socket.IO as the server speaks it. See socketio-server.h. A frame is one
 * Socket.IO packet. The codecs know the words (socketio-profiles.c); here is
 * what a client says, from CONNECT to DISCONNECT, and what that means to the
 * room. What it is told stands in socketio-server-tell.c. Pure.
 */
#include "wire/socketio-server.h"

#include <string.h>

#include "wire/peal-rooms.h"
#include "wire/socketio-server-private.h"
#include "wire/socketio-words.h"

/* RFC 6455 section 7.4.1; Engine.IO over polling has no codes. */
#define CLOSE_PROTOCOL_ERROR 1002
#define CLOSE_POLICY 1008

G_DEFINE_FINAL_TYPE (
    PealSocketioServer, peal_socketio_server, PEAL_TYPE_DIALECT)

/* ---- the namespace ---- */

static void
refuse_connect (
    PealSocketioServer *self, const gchar *namespace, const gchar *why)
{
  g_autofree gchar *text = peal_socketio_words_connect_error (namespace, why);

  peal_dialect_put_frame (PEAL_DIALECT (self), text);
}

static void
take_connect (PealSocketioServer *self, const PealSocketioPacket *packet)
{
  g_autoptr (JsonNode) data = NULL;

  if (!g_str_equal (packet->namespace, "/")) {
    refuse_connect (self, packet->namespace, "Invalid namespace");
    return;
  }
  if (self->is_connected) {
    peal_dialect_end (
        PEAL_DIALECT (self), CLOSE_PROTOCOL_ERROR, "connected already");
    return;
  }
  g_free (self->token);
  self->token = peal_socketio_words_read_token (packet->data);
  if (!self->context->is_authorized (self->context->owner, self->token)) {
    refuse_connect (self, "/", "Not authorized");
    return;
  }
  self->is_connected = TRUE;
  self->deadline_us = G_MAXINT64;
  data = peal_socketio_words_object ("sid", self->context->id);
  peal_socketio_server_put (
      self, PEAL_SOCKETIO_CONNECT, PEAL_SOCKETIO_NO_ACK, data);
}

static void
leave (PealSocketioServer *self)
{
  g_autoptr (PealMessage) bye = peal_message_new_bye (NULL, NULL, "left");

  if (!self->room)
    return;
  g_clear_pointer (&self->room, g_free);
  self->is_joining = FALSE;
  g_hash_table_remove_all (self->others);
  g_ptr_array_set_size (self->held, 0);
  peal_session_names_free (self->names);
  self->names = peal_session_names_new ();
  peal_dialect_say (PEAL_DIALECT (self), bye);
}

static void
take_disconnect (PealSocketioServer *self, gint64 now_us)
{
  leave (self);
  self->is_connected = FALSE;
  self->deadline_us = now_us + PEAL_SOCKETIO_SERVER_CONNECT_LIMIT_US;
}

/* ---- events ---- */

/* A page that creates a room, and joins it then, stays where it is. */
static gboolean
join_again (PealSocketioServer *self, const gchar *room, gint ack_id)
{
  g_autoptr (PealMessage) joined = NULL;
  g_autofree gpointer *ids = NULL;
  guint n_ids = 0;

  if (self->is_joining || g_strcmp0 (self->room, room) != 0 ||
      peal_profile_is_for_two (self->profile))
    return FALSE;
  ids = g_hash_table_get_keys_as_array (self->others, &n_ids);
  joined = peal_socketio_words_members ((const gchar *const *)ids, n_ids);
  self->ack_id = ack_id;
  peal_socketio_server_welcome (self, joined);
  return TRUE;
}

static void
join (PealSocketioServer *self, PealMessage *message, gint ack_id)
{
  if (join_again (self, message->room, ack_id))
    return;
  leave (self);
  self->room = g_steal_pointer (&message->room);
  self->ack_id = ack_id;
  self->is_joining = TRUE;
  message->room = peal_socketio_words_spell_room (self->room);
  message->token = g_strdup (self->token);
  message->offering = PEAL_OFFERING_BY_ITSELF;
  message->has_one_connection = peal_profile_is_for_two (self->profile);
  message->keeps_id = TRUE;
  if (message->name && !peal_rooms_is_valid_name (message->name))
    g_clear_pointer (&message->name, g_free);
  peal_dialect_say (PEAL_DIALECT (self), message);
}

/* Pages made for two often do not say whom they mean. */
static void
find_target (PealSocketioServer *self, PealMessage *message)
{
  GHashTableIter iter;
  gpointer id = NULL;

  if (message->peer_id || g_hash_table_size (self->others) != 1)
    return;
  g_hash_table_iter_init (&iter, self->others);
  g_hash_table_iter_next (&iter, &id, NULL);
  message->peer_id = g_strdup (id);
}

static void
relay (PealSocketioServer *self, PealMessage *message, gsize length)
{
  g_autoptr (GPtrArray) said = NULL;

  find_target (self, message);
  if (!self->room || !peal_rooms_can_relay (message, length) ||
      (!message->peer_id && !peal_profile_is_for_two (self->profile)))
    return;
  said = peal_session_names_heard (self->names, message);
  for (guint i = 0; i < said->len; i++)
    peal_dialect_say (PEAL_DIALECT (self), g_ptr_array_index (said, i));
}

/* The first of two offers by itself when its camera is ready. */
static void
ask_for_offer (PealSocketioServer *self, PealMessage *message)
{
  find_target (self, message);
  if (!self->room || !message->peer_id || self->is_first)
    return;
  message->session =
      g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  peal_dialect_say (PEAL_DIALECT (self), message);
}

static void
take_word (PealSocketioServer *self, PealProfileWord word, PealMessage *message,
    gint ack_id, gsize length)
{
  switch (word) {
    case PEAL_WORD_CREATE:
    case PEAL_WORD_JOIN:
      join (self, message, ack_id);
      break;
    case PEAL_WORD_LEAVE:
      leave (self);
      break;
    case PEAL_WORD_START:
    case PEAL_WORD_MEDIA:
      peal_socketio_server_become_ready (self);
      ask_for_offer (self, message);
      break;
    case PEAL_WORD_BYE:
      find_target (self, message);
      if (message->peer_id)
        relay (self, message, length);
      break;
    case PEAL_WORD_OFFER:
      peal_socketio_server_become_ready (self);
      relay (self, message, length);
      break;
    case PEAL_WORD_ANSWER:
    case PEAL_WORD_CANDIDATE:
      relay (self, message, length);
      break;
    default:
      break;
  }
}

/* As python-socketio does, whatever the word. A join's is the room's to say. */
static void
acknowledge (PealSocketioServer *self, PealProfileWord word, gint ack_id)
{
  g_autoptr (JsonNode) nothing = NULL;

  if (self->profile != PEAL_PROFILE_PY || word == PEAL_WORD_JOIN ||
      ack_id == PEAL_SOCKETIO_NO_ACK)
    return;
  nothing = peal_socketio_words_nothing ();
  peal_socketio_server_put (self, PEAL_SOCKETIO_ACK, ack_id, nothing);
}

/* Else a page would wait for its acknowledgement for good. */
static void
refuse_nameless (PealSocketioServer *self, PealProfileWord word, gint ack_id)
{
  g_autoptr (JsonNode) ack = NULL;

  if (ack_id == PEAL_SOCKETIO_NO_ACK ||
      (word != PEAL_WORD_CREATE && word != PEAL_WORD_JOIN))
    return;
  ack = peal_profile_encode_ack_error ("no room is named");
  peal_socketio_server_put (self, PEAL_SOCKETIO_ACK, ack_id, ack);
}

static void
take_event (
    PealSocketioServer *self, const PealSocketioPacket *packet, gsize length)
{
  PealProfileWord word = PEAL_WORD_ERROR;
  g_autoptr (PealMessage) message = NULL;

  if (!peal_profile_decode (PEAL_PROFILE_FROM_CLIENT, &self->profile,
          packet->data, &word, &message)) {
    refuse_nameless (self, word, packet->ack_id);
    return;
  }
  take_word (self, word, message, packet->ack_id, length);
  acknowledge (self, word, packet->ack_id);
}

static void
take_packet (PealSocketioServer *self, const PealSocketioPacket *packet,
    gsize length, gint64 now_us)
{
  if (packet->type == PEAL_SOCKETIO_CONNECT)
    take_connect (self, packet);
  else if (!self->is_connected || packet->type == PEAL_SOCKETIO_CONNECT_ERROR)
    peal_dialect_end (
        PEAL_DIALECT (self), CLOSE_PROTOCOL_ERROR, "not connected");
  else if (!g_str_equal (packet->namespace, "/"))
    return;
  else if (packet->type == PEAL_SOCKETIO_EVENT)
    take_event (self, packet, length);
  else if (packet->type == PEAL_SOCKETIO_DISCONNECT)
    take_disconnect (self, now_us);
}

static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_decode (text, length, &error);

  if (packet)
    take_packet (PEAL_SOCKETIO_SERVER (dialect), packet, length, now_us);
  else
    peal_dialect_end (dialect, CLOSE_PROTOCOL_ERROR, error->message);
}

/* ---- time ---- */

static void
open (PealDialect *dialect, gint64 now_us)
{
  PEAL_SOCKETIO_SERVER (dialect)->deadline_us =
      now_us + PEAL_SOCKETIO_SERVER_CONNECT_LIMIT_US;
}

static gint64
tick (PealDialect *dialect, gint64 now_us)
{
  PealSocketioServer *self = PEAL_SOCKETIO_SERVER (dialect);

  if (now_us < self->deadline_us)
    return self->deadline_us;
  peal_dialect_end (dialect, CLOSE_POLICY, "did not connect in time");
  return G_MAXINT64;
}

static void
finalize (GObject *object)
{
  PealSocketioServer *self = PEAL_SOCKETIO_SERVER (object);

  g_free (self->token);
  g_free (self->room);
  g_hash_table_unref (self->others);
  g_ptr_array_unref (self->held);
  peal_session_names_free (self->names);
  G_OBJECT_CLASS (peal_socketio_server_parent_class)->finalize (object);
}

static void
peal_socketio_server_class_init (PealSocketioServerClass *class)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  dialect_class->open = open;
  dialect_class->receive = receive;
  dialect_class->send = peal_socketio_server_tell;
  dialect_class->tick = tick;
}

static void
peal_socketio_server_init (PealSocketioServer *self)
{
  self->profile = PEAL_PROFILE_UNKNOWN;
  self->deadline_us = G_MAXINT64;
  self->ack_id = PEAL_SOCKETIO_NO_ACK;
  self->others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->held =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  self->names = peal_session_names_new ();
}

/**
 * peal_socketio_server_new:
 * @context: says the id, and whose token is right
 */
PealDialect *
peal_socketio_server_new (const PealServerContext *context)
{
  PealSocketioServer *self = g_object_new (PEAL_TYPE_SOCKETIO_SERVER, NULL);

  self->context = context;
  return PEAL_DIALECT (self);
}
