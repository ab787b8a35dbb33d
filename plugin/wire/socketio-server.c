/*
 * Socket.IO as the server speaks it. See socketio-server.h. A frame is one
 * Socket.IO packet. The codecs know the words (socketio-profiles.c); here is
 * the namespace's life (CONNECT, room, DISCONNECT) and what each profile
 * expects when others come, go and call. Pure.
 *
 * Pages cannot be told who offers. A page that waits is nudged once, by the
 * event that it may act on and has not had: `existing-users` for one that
 * heard of the other by `user-joined`, and the other way round.
 */
#include "wire/socketio-server.h"

#include <string.h>

#include "base/error.h"
#include "wire/peal-rooms.h"
#include "wire/session-names.h"
#include "wire/socketio-profiles.h"
#include "wire/socketio-words.h"

/* RFC 6455 section 7.4.1; Engine.IO over polling has no codes. */
#define CLOSE_PROTOCOL_ERROR 1002
#define CLOSE_POLICY 1008

struct _PealSocketioServer {
  PealDialect parent;
  const PealServerContext *context;
  PealProfile profile;
  gint64 deadline_us;    /* for CONNECT; G_MAXINT64: none */
  gboolean is_connected; /* to the namespace */
  gchar *token;          /* of CONNECT; never logged */
  gchar *room;           /* as the client spells it; NULL: in none */
  gboolean is_joining;   /* JOIN was said, and is not answered yet */
  gint ack_id;           /* that waits for it */
  gboolean is_first;     /* of the two in a room for two */
  GHashTable *others;    /* id -> how it was told: GINT of Told */
  PealSessionNames *names;
};

typedef enum {
  TOLD_AS_MEMBER = 1,
  TOLD_AS_NEWCOMER,
  NUDGED,
} Told;

G_DEFINE_FINAL_TYPE (
    PealSocketioServer, peal_socketio_server, PEAL_TYPE_DIALECT)

/* ---- words to the client ---- */

static void
put_packet (PealSocketioServer *self, PealSocketioType type, gint ack_id,
    JsonNode *data)
{
  g_autofree gchar *text = peal_socketio_words_packet (type, ack_id, data);

  peal_dialect_put_frame (PEAL_DIALECT (self), text);
}

static gboolean
put_word (
    PealSocketioServer *self, PealProfileWord word, const PealMessage *message)
{
  g_autoptr (JsonNode) data = peal_profile_encode (
      PEAL_PROFILE_FROM_SERVER, self->profile, word, message);

  if (!data)
    return FALSE;
  put_packet (self, PEAL_SOCKETIO_EVENT, PEAL_SOCKETIO_NO_ACK, data);
  return TRUE;
}

/* A word that says no more than its room. */
static void
put_room_word (PealSocketioServer *self, PealProfileWord word)
{
  g_autoptr (PealMessage) message = peal_message_new (
      word == PEAL_WORD_FULL ? PEAL_MESSAGE_ERROR : PEAL_MESSAGE_PEER_JOINED,
      NULL);

  message->room = g_strdup (self->room);
  put_word (self, word, message);
}

static void
put_members (PealSocketioServer *self, const gchar *id)
{
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_JOINED, NULL);

  message->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  g_ptr_array_add (message->members, peal_member_new (id, NULL, NULL, FALSE));
  put_word (self, PEAL_WORD_MEMBERS, message);
}

static void
put_newcomer (PealSocketioServer *self, const PealMember *member)
{
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_PEER_JOINED, member->id);

  message->room = g_strdup (self->room);
  message->member = peal_member_copy (member);
  put_word (self, PEAL_WORD_PEER_JOINED, message);
}

static void
put_ack (PealSocketioServer *self, JsonNode *data)
{
  if (self->ack_id != PEAL_SOCKETIO_NO_ACK)
    put_packet (self, PEAL_SOCKETIO_ACK, self->ack_id, data);
  self->ack_id = PEAL_SOCKETIO_NO_ACK;
}

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
  put_packet (self, PEAL_SOCKETIO_CONNECT, PEAL_SOCKETIO_NO_ACK, data);
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

static void
welcome (PealSocketioServer *self, PealMessage *joined)
{
  g_autoptr (JsonNode) ack =
      peal_profile_encode_ack (self->room, joined->members);
  gboolean has_ack = self->ack_id != PEAL_SOCKETIO_NO_ACK;

  put_ack (self, ack);
  if (self->profile == PEAL_PROFILE_PY || !has_ack)
    put_word (self, PEAL_WORD_MEMBERS, joined);
}

/* A page that creates a room, and joins it then, stays where it is. */
static gboolean
join_again (PealSocketioServer *self, const gchar *room, gint ack_id)
{
  g_autoptr (PealMessage) joined = NULL;
  GHashTableIter iter;
  gpointer id;

  if (self->is_joining || g_strcmp0 (self->room, room) != 0 ||
      peal_profile_is_for_two (self->profile))
    return FALSE;
  joined = peal_message_new (PEAL_MESSAGE_JOINED, self->context->id);
  joined->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  g_hash_table_iter_init (&iter, self->others);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (joined->members, peal_member_new (id, NULL, NULL, FALSE));
  self->ack_id = ack_id;
  welcome (self, joined);
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
      ask_for_offer (self, message);
      break;
    case PEAL_WORD_BYE:
      find_target (self, message);
      if (message->peer_id)
        relay (self, message, length);
      break;
    case PEAL_WORD_OFFER:
    case PEAL_WORD_ANSWER:
    case PEAL_WORD_CANDIDATE:
      relay (self, message, length);
      break;
    default:
      break;
  }
}

static void
take_event (
    PealSocketioServer *self, const PealSocketioPacket *packet, gsize length)
{
  PealProfileWord word;
  g_autoptr (PealMessage) message = NULL;

  if (peal_profile_decode (PEAL_PROFILE_FROM_CLIENT, &self->profile,
          packet->data, &word, &message))
    take_word (self, word, message, packet->ack_id, length);
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

/* ---- what the room says ---- */

static void
note_other (PealSocketioServer *self, const gchar *id, Told told)
{
  g_hash_table_insert (self->others, g_strdup (id), GINT_TO_POINTER (told));
}

/* The other is there: what a page waits for before it calls. */
static void
start_two (PealSocketioServer *self)
{
  g_autoptr (PealMessage) media =
      peal_message_new (PEAL_MESSAGE_RENEGOTIATE, NULL);

  media->room = g_strdup (self->room);
  if (self->profile == PEAL_PROFILE_CODELAB) {
    put_room_word (self, PEAL_WORD_READY);
    put_word (self, PEAL_WORD_MEDIA, media);
  } else if (self->is_first) {
    put_word (self, PEAL_WORD_START, media);
  }
}

static void
welcome_for_two (PealSocketioServer *self, const PealMessage *joined)
{
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_JOINED, joined->peer_id);

  self->is_first = joined->members->len == 0;
  message->room = g_strdup (self->room);
  put_word (
      self, self->is_first ? PEAL_WORD_CREATED : PEAL_WORD_JOINED, message);
  if (!self->is_first)
    start_two (self);
}

static gboolean
take_joined (PealSocketioServer *self, PealMessage *joined)
{
  self->is_joining = FALSE;
  if (!self->room)
    return TRUE; /* it has left again meanwhile */
  for (guint i = 0; i < joined->members->len; i++) {
    PealMember *member = g_ptr_array_index (joined->members, i);

    note_other (self, member->id, TOLD_AS_MEMBER);
  }
  if (peal_profile_is_for_two (self->profile))
    welcome_for_two (self, joined);
  else
    welcome (self, joined);
  return TRUE;
}

static gboolean
take_newcomer (PealSocketioServer *self, const PealMember *member)
{
  note_other (self, member->id, TOLD_AS_NEWCOMER);
  put_newcomer (self, member);
  if (peal_profile_is_for_two (self->profile))
    start_two (self);
  return TRUE;
}

static void
put_left (PealSocketioServer *self, const gchar *id)
{
  g_autoptr (PealMessage) left = peal_message_new (PEAL_MESSAGE_PEER_LEFT, id);
  g_autoptr (PealMessage) bye = peal_message_new_bye (id, NULL, NULL);
  g_autoptr (JsonNode) same = NULL;

  if (!put_word (self, PEAL_WORD_PEER_LEFT, left))
    put_word (self, PEAL_WORD_BYE, bye);
  if (self->profile != PEAL_PROFILE_MESH)
    return;
  same = peal_socketio_words_user_event (
      "user-disconnected", id); /* some listen to that */
  put_packet (self, PEAL_SOCKETIO_EVENT, PEAL_SOCKETIO_NO_ACK, same);
}

static gboolean
take_left (PealSocketioServer *self, const gchar *id)
{
  g_hash_table_remove (self->others, id);
  peal_session_names_forget (self->names, id);
  put_left (self, id);
  return TRUE;
}

/* Only what answers a join has a word; the rest a page cannot use. */
static gboolean
take_error (PealSocketioServer *self, const PealMessage *error)
{
  g_autoptr (JsonNode) ack = NULL;
  gboolean has_ack = self->ack_id != PEAL_SOCKETIO_NO_ACK;

  if (!self->is_joining)
    return TRUE;
  ack = peal_profile_encode_ack_error (error->text ? error->text : error->code);
  put_ack (self, ack);
  if (!has_ack && g_strcmp0 (error->code, PEAL_ROOMS_ROOM_FULL) == 0)
    put_room_word (self, PEAL_WORD_FULL);
  else if (!has_ack)
    put_word (self, PEAL_WORD_ERROR, error);
  self->is_joining = FALSE;
  g_clear_pointer (&self->room, g_free);
  return TRUE;
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "the page's protocol has no word for that");
  return FALSE;
}

/* Asks the page to offer, by the event that it has not had; once. */
static gboolean
nudge (PealSocketioServer *self, PealMessage *message, GError **error)
{
  Told told =
      GPOINTER_TO_INT (g_hash_table_lookup (self->others, message->peer_id));
  g_autoptr (PealMember) member = NULL;

  if (told != TOLD_AS_MEMBER && told != TOLD_AS_NEWCOMER)
    return refuse (error);
  note_other (self, message->peer_id, NUDGED);
  member = peal_member_new (message->peer_id, NULL, NULL, FALSE);
  if (peal_profile_is_for_two (self->profile))
    return self->is_first || refuse (error);
  if (told == TOLD_AS_NEWCOMER)
    put_members (self, member->id);
  else
    put_newcomer (self, member);
  return TRUE;
}

static gboolean
pass_on (PealSocketioServer *self, PealMessage *message, GError **error)
{
  static const PealProfileWord words[] = {
    [PEAL_MESSAGE_OFFER] = PEAL_WORD_OFFER,
    [PEAL_MESSAGE_ANSWER] = PEAL_WORD_ANSWER,
    [PEAL_MESSAGE_CANDIDATE] = PEAL_WORD_CANDIDATE,
  };

  peal_session_names_sent (self->names, message);
  if (message->kind == PEAL_MESSAGE_CANDIDATE && !message->candidate)
    return TRUE; /* many pages fail over the end of candidates */
  return put_word (self, words[message->kind], message) || refuse (error);
}

static gboolean
take_said (PealSocketioServer *self, PealMessage *message, GError **error)
{
  switch (message->kind) {
    case PEAL_MESSAGE_PEER_JOINED:
      return take_newcomer (self, message->member);
    case PEAL_MESSAGE_PEER_LEFT:
      return take_left (self, message->peer_id);
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
      return pass_on (self, message, error);
    case PEAL_MESSAGE_RENEGOTIATE:
      return nudge (self, message, error);
    case PEAL_MESSAGE_BYE:
      put_left (self, message->peer_id);
      return TRUE;
    default:
      return refuse (error);
  }
}

static gboolean
send (PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealSocketioServer *self = PEAL_SOCKETIO_SERVER (dialect);

  if (message->kind == PEAL_MESSAGE_JOINED)
    return take_joined (self, message);
  if (message->kind == PEAL_MESSAGE_ERROR)
    return take_error (self, message);
  return self->room ? take_said (self, message, error) : TRUE;
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
  dialect_class->send = send;
  dialect_class->tick = tick;
}

static void
peal_socketio_server_init (PealSocketioServer *self)
{
  self->profile = PEAL_PROFILE_UNKNOWN;
  self->deadline_us = G_MAXINT64;
  self->ack_id = PEAL_SOCKETIO_NO_ACK;
  self->others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
