/*
 * What a Socket.IO client is told, in the words of its profile. See
 * socketio-server-private.h. Pure.
 *
 * Pages cannot be told who offers. A page that waits is nudged once, by the
 * event that it may act on and has not had: `existing-users` for one that
 * heard of the other by `user-joined`, and the other way round. Pages for two
 * are given the words that make them call, and are called only when they have
 * said that they can be.
 */
#include "base/error.h"
#include "wire/peal-rooms.h"
#include "wire/socketio-server-private.h"
#include "wire/socketio-words.h"

typedef enum {
  TOLD_AS_MEMBER = 1,
  TOLD_AS_NEWCOMER,
  NUDGED,
} Told;

/* ---- words to the client ---- */

/**
 * peal_socketio_server_put:
 *
 * Sends one packet of the default namespace.
 */
void
peal_socketio_server_put (PealSocketioServer *self, PealSocketioType type,
    gint ack_id, JsonNode *data)
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
  peal_socketio_server_put (
      self, PEAL_SOCKETIO_EVENT, PEAL_SOCKETIO_NO_ACK, data);
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
  g_autoptr (PealMessage) message = peal_socketio_words_members (&id, 1);

  put_word (self, PEAL_WORD_MEMBERS, message);
}

static void
put_newcomer (PealSocketioServer *self, const PealMember *member)
{
  g_autoptr (PealMessage) message =
      peal_socketio_words_newcomer (self->room, member);

  put_word (self, PEAL_WORD_PEER_JOINED, message);
}

static void
put_ack (PealSocketioServer *self, JsonNode *data)
{
  if (self->ack_id != PEAL_SOCKETIO_NO_ACK)
    peal_socketio_server_put (self, PEAL_SOCKETIO_ACK, self->ack_id, data);
  self->ack_id = PEAL_SOCKETIO_NO_ACK;
}

/* ---- calls ---- */

static gboolean
refuse (GError **error)
{
  return peal_error_set (
      error, PEAL_ERROR_USAGE, "the page's protocol has no word for that");
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

/**
 * peal_socketio_server_become_ready:
 *
 * The page of a room for two has its camera now: what waited for that comes.
 */
void
peal_socketio_server_become_ready (PealSocketioServer *self)
{
  g_autoptr (GPtrArray) held = g_steal_pointer (&self->held);

  self->held =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  self->is_ready = TRUE;
  for (guint i = 0; i < held->len; i++)
    pass_on (self, g_ptr_array_index (held, i), NULL);
}

/* Such a page would stumble over a call before. The one that made the room
 * does not take calls in the `broadcast` profile, so it need not be ready. */
static gboolean
must_hold (PealSocketioServer *self, const PealMessage *message)
{
  return peal_profile_is_for_two (self->profile) && !self->is_ready &&
      message->kind != PEAL_MESSAGE_ANSWER &&
      !(self->is_first && self->profile == PEAL_PROFILE_BROADCAST);
}

static gboolean
hold (PealSocketioServer *self, PealMessage *message)
{
  if (self->held->len < PEAL_SESSION_NAMES_MAX_EARLY)
    g_ptr_array_add (self->held, peal_message_ref (message));
  return TRUE;
}

/* ---- who is there ---- */

/**
 * peal_socketio_server_welcome:
 * @joined: who is there
 *
 * Tells the client that it is in the room, in a profile for many.
 */
void
peal_socketio_server_welcome (PealSocketioServer *self, PealMessage *joined)
{
  g_autoptr (JsonNode) ack =
      peal_profile_encode_ack (self->room, joined->members);
  gboolean has_ack = self->ack_id != PEAL_SOCKETIO_NO_ACK;

  put_ack (self, ack);
  if (self->profile == PEAL_PROFILE_PY || !has_ack)
    put_word (self, PEAL_WORD_MEMBERS, joined);
}

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
    peal_socketio_server_welcome (self, joined);
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
  peal_socketio_server_put (
      self, PEAL_SOCKETIO_EVENT, PEAL_SOCKETIO_NO_ACK, same);
}

static gboolean
take_left (PealSocketioServer *self, const gchar *id)
{
  g_hash_table_remove (self->others, id);
  g_ptr_array_set_size (self->held, 0);
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
      return must_hold (self, message) ? hold (self, message)
                                       : pass_on (self, message, error);
    case PEAL_MESSAGE_RENEGOTIATE:
      return nudge (self, message, error);
    case PEAL_MESSAGE_BYE:
      put_left (self, message->peer_id);
      return TRUE;
    default:
      return refuse (error);
  }
}

/**
 * peal_socketio_server_tell:
 *
 * The send of the dialect.
 */
gboolean
peal_socketio_server_tell (
    PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealSocketioServer *self = PEAL_SOCKETIO_SERVER (dialect);

  if (message->kind == PEAL_MESSAGE_JOINED)
    return take_joined (self, message);
  if (message->kind == PEAL_MESSAGE_ERROR)
    return take_error (self, message);
  return self->room ? take_said (self, message, error) : TRUE;
}
