/*
 * The client's end of a Socket.IO signalling server. See socketio-client.h.
 * Pure.
 *
 * Life: CONNECT and its reply, then the wish to join, which is said in one
 * profile after the other, or in the one that is known, until an
 * acknowledgement or an event answers it; then the room.
 *
 * Both orders occur in the wild: the newcomer offers to the members, or the
 * members to the newcomer. So we wait a moment for the other's offer and then
 * make our own (foreign-peers.h).
 */
#include "wire/socketio-client.h"

#include <string.h>

#include "base/error.h"
#include "wire/socketio-client-private.h"
#include "wire/socketio-words.h"
#include "wire/socketio.h"

/* Chosen: a server on the other side of the world answers within 0.4 s. */
#define ANSWER_LIMIT_US (800 * 1000)
/* Chosen: the list of members follows the acknowledgement at once. */
#define MEMBERS_LIMIT_US (300 * 1000)

G_DEFINE_FINAL_TYPE (
    PealSocketioClient, peal_socketio_client, PEAL_TYPE_DIALECT)

/* ---- packets ---- */

static void
put_packet (PealSocketioClient *self, PealSocketioType type, gint ack_id,
    JsonNode *data)
{
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_packet_new (type, ack_id, data);
  g_autofree gchar *text = peal_socketio_encode (packet);

  peal_dialect_put_frame (PEAL_DIALECT (self), text);
}

/* What is not known yet is most likely the commonest. */
PealProfile
peal_socketio_client_get_profile (PealSocketioClient *self)
{
  return self->profile == PEAL_PROFILE_UNKNOWN ? PEAL_PROFILE_MESH
                                               : self->profile;
}

static gboolean
put_word (PealSocketioClient *self, PealProfile profile, PealProfileWord word,
    PealMessage *message, gint ack_id)
{
  JsonNode *data;

  if (!message->room)
    message->room = g_strdup (self->room);
  data = peal_profile_encode (PEAL_PROFILE_FROM_CLIENT, profile, word, message);
  if (!data)
    return FALSE;
  put_packet (self, PEAL_SOCKETIO_EVENT, ack_id, data);
  return TRUE;
}

static void
say (PealSocketioClient *self, PealMessage *message)
{
  peal_dialect_say (PEAL_DIALECT (self), message);
}

void
peal_socketio_client_say_error (
    PealSocketioClient *self, const gchar *code, const gchar *text)
{
  g_autoptr (PealMessage) message = peal_message_new_error (NULL, code, text);

  say (self, message);
}

/* ---- joining ---- */

static PealMessage *
make_wish (PealSocketioClient *self)
{
  PealMessage *wish = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  wish->room = g_strdup (self->room);
  wish->name = g_strdup (self->name);
  return wish;
}

/* The acknowledgement's id says which profile's wish it answers. */
static void
ask (PealSocketioClient *self, PealProfile profile, PealProfileWord word,
    gint64 now_us)
{
  g_autoptr (PealMessage) wish = make_wish (self);

  self->asked = profile;
  self->phase = PEAL_SOCKETIO_PHASE_JOINING;
  self->limit_us = now_us + ANSWER_LIMIT_US;
  put_word (self, profile, word, wish, (gint)profile);
}

PealMember *
peal_socketio_client_make_member (const gchar *id, const gchar *name)
{
  PealMember *member = peal_member_new (id, name, NULL, TRUE);

  member->is_settled = TRUE;
  return member;
}

void
peal_socketio_client_enter (
    PealSocketioClient *self, GPtrArray *members, gint64 offer_us)
{
  g_autoptr (PealMessage) joined =
      peal_message_new (PEAL_MESSAGE_JOINED, self->id);

  self->phase = PEAL_SOCKETIO_PHASE_JOINED;
  self->limit_us = G_MAXINT64;
  joined->room = g_strdup (self->room);
  joined->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  for (guint i = 0; members && i < members->len; i++) {
    PealMember *member = g_ptr_array_index (members, i);

    if (g_strcmp0 (member->id, self->id) != 0 &&
        peal_foreign_peers_add (self->peers, member->id, offer_us))
      g_ptr_array_add (joined->members,
          peal_socketio_client_make_member (member->id, member->name));
  }
  say (self, joined);
}

static gboolean
is_about_size (const gchar *text)
{
  g_autofree gchar *lower = text ? g_ascii_strdown (text, -1) : NULL;

  return lower && strstr (lower, "full");
}

static void
be_refused (PealSocketioClient *self, const gchar *text)
{
  peal_socketio_client_say_error (self,
      is_about_size (text) ? "room-full" : "bad-room",
      text ? text : "no reason was given");
}

/* Servers of `mesh` let nobody join what was not created, or create twice.
 * Another may create the room between our two wishes: then it is there. */
static void
take_refusal (PealSocketioClient *self, PealMessage *error, gint64 now_us)
{
  static const PealProfileWord next[] = { PEAL_WORD_CREATE, PEAL_WORD_JOIN };

  if (self->asked != PEAL_PROFILE_MESH ||
      self->n_refusals >= G_N_ELEMENTS (next) || is_about_size (error->text)) {
    be_refused (self, error->text);
    return;
  }
  ask (self, PEAL_PROFILE_MESH, next[self->n_refusals++], now_us);
}

static void
take_ack (PealSocketioClient *self, PealSocketioPacket *packet, gint64 now_us)
{
  g_autoptr (PealMessage) message = NULL;
  JsonNode *argument = peal_socketio_packet_get_argument (packet, 0);

  if (self->phase != PEAL_SOCKETIO_PHASE_JOINING ||
      packet->ack_id >= PEAL_N_PROFILES)
    return;
  self->asked = (PealProfile)packet->ack_id;
  if (!peal_profile_decode_ack (argument, &message)) {
    take_refusal (self, message, now_us);
    return;
  }
  self->profile = self->asked;
  if (message->members) {
    peal_socketio_client_enter (
        self, message->members, now_us + NEWCOMER_WAIT_US);
    return;
  }
  self->phase = PEAL_SOCKETIO_PHASE_ENTERED;
  self->limit_us = now_us + MEMBERS_LIMIT_US;
}

static void
put_lone_word (PealSocketioClient *self, PealProfileWord word)
{
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_RENEGOTIATE, NULL);

  put_word (self, self->profile, word, message, PEAL_SOCKETIO_NO_ACK);
}

/* In a room for two: whether we are the first or find somebody. */
static void
enter_for_two (PealSocketioClient *self, gboolean is_first, gint64 now_us)
{
  g_autoptr (GPtrArray) members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);

  self->is_first = is_first;
  peal_foreign_peers_set_own_id (self->peers, NULL);
  peal_foreign_peers_set_own_id (self->peers, NULL);
  if (!is_first)
    g_ptr_array_add (members,
        peal_socketio_client_make_member (PEAL_SOCKETIO_PEER_ID, NULL));
  peal_socketio_client_enter (self, members, now_us + PATIENCE_US);
  put_lone_word (self,
      self->profile == PEAL_PROFILE_CODELAB ? PEAL_WORD_MEDIA
                                            : PEAL_WORD_START);
}

static gboolean
try_next (PealSocketioClient *self, gint64 now_us)
{
  if (self->given != PEAL_PROFILE_UNKNOWN || self->asked + 1 >= PEAL_N_PROFILES)
    return FALSE;
  ask (self, self->asked + 1, PEAL_WORD_JOIN, now_us);
  return TRUE;
}

/* Many servers say nothing to who is alone. */
static void
on_limit (PealSocketioClient *self, gint64 now_us)
{
  if (self->phase == PEAL_SOCKETIO_PHASE_JOINING && try_next (self, now_us))
    return;
  if (self->phase != PEAL_SOCKETIO_PHASE_JOINED)
    peal_socketio_client_enter (self, NULL, now_us);
}

/* ---- events ---- */

static void
take_word (PealSocketioClient *self, PealProfileWord word, PealMessage *message,
    gint64 now_us)
{
  switch (word) {
    case PEAL_WORD_CREATED:
      enter_for_two (self, TRUE, now_us);
      break;
    case PEAL_WORD_JOINED:
      enter_for_two (self, FALSE, now_us);
      break;
    case PEAL_WORD_FULL:
      peal_socketio_client_say_error (
          self, "room-full", "there is no place in it");
      break;
    case PEAL_WORD_ERROR:
      be_refused (self, message->text);
      break;
    case PEAL_WORD_MEMBERS:
      peal_socketio_client_take_members (self, message->members, now_us);
      break;
    default:
      break;
  }
}

/* What comes before anybody told us that we are in: then we are. */
static gboolean
means_joined (PealProfileWord word)
{
  return word == PEAL_WORD_PEER_JOINED || word == PEAL_WORD_OFFER;
}

static void
take_event (PealSocketioClient *self, PealSocketioPacket *packet, gint64 now_us)
{
  g_autoptr (PealMessage) message = NULL;
  PealProfile profile = self->profile;
  PealProfileWord word;

  if (packet->ack_id >= 0)
    put_packet (self, PEAL_SOCKETIO_ACK, packet->ack_id,
        peal_socketio_words_nothing ());
  if (self->phase == PEAL_SOCKETIO_PHASE_CONNECTING ||
      !peal_profile_decode (
          PEAL_PROFILE_FROM_SERVER, &profile, packet->data, &word, &message))
    return;
  self->profile = profile;
  if (self->phase != PEAL_SOCKETIO_PHASE_JOINED && means_joined (word))
    peal_socketio_client_enter (self, NULL, now_us);
  if (self->phase == PEAL_SOCKETIO_PHASE_JOINED)
    peal_socketio_client_take_word_in_room (self, word, message, now_us);
  else
    take_word (self, word, message, now_us);
}

/* ---- the dialect ---- */

static void
peal_socketio_client_open (PealDialect *dialect, gint64 now_us)
{
  PealSocketioClient *self = PEAL_SOCKETIO_CLIENT (dialect);
  JsonNode *data = NULL;

  if (self->token) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "token", self->token);
    data = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (data, object);
  }
  put_packet (self, PEAL_SOCKETIO_CONNECT, PEAL_SOCKETIO_NO_ACK, data);
}

static void
take_connected (
    PealSocketioClient *self, PealSocketioPacket *packet, gint64 now_us)
{
  JsonNode *sid = packet->data
      ? json_object_get_member (json_node_get_object (packet->data), "sid")
      : NULL;

  if (self->phase != PEAL_SOCKETIO_PHASE_CONNECTING)
    return;
  if (!sid || !JSON_NODE_HOLDS_VALUE (sid) || !json_node_get_string (sid)) {
    peal_dialect_end (PEAL_DIALECT (self), 1002, "it gives no id");
    return;
  }
  self->id = json_node_dup_string (sid);
  peal_foreign_peers_set_own_id (
      self->peers, peal_profile_is_for_two (self->given) ? NULL : self->id);
  ask (self,
      self->given == PEAL_PROFILE_UNKNOWN ? PEAL_PROFILE_MESH : self->given,
      PEAL_WORD_JOIN, now_us);
}

static void
take_not_connected (PealSocketioClient *self, PealSocketioPacket *packet)
{
  JsonNode *reason = packet->data
      ? json_object_get_member (json_node_get_object (packet->data), "message")
      : NULL;
  const gchar *text = reason && JSON_NODE_HOLDS_VALUE (reason)
      ? json_node_get_string (reason)
      : NULL;

  peal_socketio_client_say_error (
      self, "unauthorized", text ? text : "no reason was given");
}

static void
peal_socketio_client_receive (
    PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealSocketioClient *self = PEAL_SOCKETIO_CLIENT (dialect);
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_decode (text, length, NULL);

  if (!packet || !g_str_equal (packet->namespace, "/"))
    return;
  switch (packet->type) {
    case PEAL_SOCKETIO_CONNECT:
      take_connected (self, packet, now_us);
      break;
    case PEAL_SOCKETIO_CONNECT_ERROR:
      take_not_connected (self, packet);
      break;
    case PEAL_SOCKETIO_DISCONNECT:
      peal_dialect_end (dialect, 1000, "the server sent us away");
      break;
    case PEAL_SOCKETIO_ACK:
      take_ack (self, packet, now_us);
      break;
    case PEAL_SOCKETIO_EVENT:
      take_event (self, packet, now_us);
      break;
    case PEAL_SOCKETIO_BINARY_EVENT:
    case PEAL_SOCKETIO_BINARY_ACK:
    default:
      break;
  }
}

static gboolean
put_message (PealSocketioClient *self, PealMessage *message)
{
  PealProfileWord word = message->kind == PEAL_MESSAGE_OFFER ? PEAL_WORD_OFFER
      : message->kind == PEAL_MESSAGE_ANSWER                 ? PEAL_WORD_ANSWER
                                             : PEAL_WORD_CANDIDATE;
  g_autoptr (PealMessage) copy =
      peal_message_new (message->kind, message->peer_id);

  if (word == PEAL_WORD_CANDIDATE && !message->candidate)
    return TRUE; /* many pages would fail over an empty one */
  copy->sdp = g_strdup (message->sdp);
  copy->candidate = g_strdup (message->candidate);
  copy->sdp_mid = g_strdup (message->sdp_mid);
  copy->sdp_mline_index = message->sdp_mline_index;
  return put_word (self, peal_socketio_client_get_profile (self), word, copy,
      PEAL_SOCKETIO_NO_ACK);
}

static void
on_peer_says (gpointer data, PealMessage *message)
{
  say (data, message);
}

static void
on_say_again (gpointer data, PealMessage *message)
{
  put_message (data, message);
}

static void
leave (PealSocketioClient *self)
{
  g_autoptr (PealMessage) bye = peal_message_new_bye (NULL, NULL, NULL);

  put_word (self, peal_socketio_client_get_profile (self), PEAL_WORD_LEAVE, bye,
      PEAL_SOCKETIO_NO_ACK);
  put_packet (self, PEAL_SOCKETIO_DISCONNECT, PEAL_SOCKETIO_NO_ACK, NULL);
}

static gboolean
peal_socketio_client_send (
    PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealSocketioClient *self = PEAL_SOCKETIO_CLIENT (dialect);

  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
      peal_foreign_peers_sent (self->peers, message, now_us);
      return put_message (self, message);
    case PEAL_MESSAGE_RENEGOTIATE:
      /* Two pealbins would both: the smaller id is the second to. */
      peal_foreign_peers_offer_at (self->peers, message->peer_id,
          g_strcmp0 (self->id, message->peer_id) < 0 ? now_us + MEMBER_WAIT_US
                                                     : now_us);
      return TRUE;
    case PEAL_MESSAGE_BYE:
      if (message->peer_id)
        peal_foreign_peers_sent (self->peers, message, now_us);
      else
        leave (self);
      return TRUE;
    default:
      return peal_error_set (error, PEAL_ERROR_USAGE,
          "such a server carries descriptions and candidates only");
  }
}

static gint64
peal_socketio_client_tick (PealDialect *dialect, gint64 now_us)
{
  PealSocketioClient *self = PEAL_SOCKETIO_CLIENT (dialect);
  gint64 peers_us = peal_foreign_peers_tick (self->peers, now_us);

  if (now_us >= self->limit_us)
    on_limit (self, now_us);
  return MIN (self->limit_us, peers_us);
}

static void
peal_socketio_client_finalize (GObject *object)
{
  PealSocketioClient *self = PEAL_SOCKETIO_CLIENT (object);

  g_free (self->room);
  g_free (self->name);
  g_free (self->token);
  g_free (self->id);
  peal_foreign_peers_free (self->peers);

  G_OBJECT_CLASS (peal_socketio_client_parent_class)->finalize (object);
}

static void
peal_socketio_client_class_init (PealSocketioClientClass *klass)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = peal_socketio_client_finalize;
  dialect_class->open = peal_socketio_client_open;
  dialect_class->receive = peal_socketio_client_receive;
  dialect_class->send = peal_socketio_client_send;
  dialect_class->tick = peal_socketio_client_tick;
}

static void
peal_socketio_client_init (PealSocketioClient *self)
{
  static const PealForeignPeersSink sink = { on_peer_says, on_say_again };

  self->peers = peal_foreign_peers_new (&sink, self);
  self->limit_us = G_MAXINT64;
}

/**
 * peal_socketio_client_new:
 * @name: (nullable): what others see, where the profile tells it
 * @token: (nullable): shown when connecting; never logged
 * @profile: or PEAL_PROFILE_UNKNOWN, to find it out
 * @previous: (nullable) (transfer none): the end of the connection before: its
 *   profile is known
 */
PealDialect *
peal_socketio_client_new (const gchar *room, const gchar *name,
    const gchar *token, PealProfile profile, PealDialect *previous)
{
  PealSocketioClient *self = g_object_new (PEAL_TYPE_SOCKETIO_CLIENT, NULL);

  self->room = g_strdup (room);
  self->name = g_strdup (name);
  self->token = token && *token ? g_strdup (token) : NULL;
  if (profile == PEAL_PROFILE_UNKNOWN && previous)
    profile = PEAL_SOCKETIO_CLIENT (previous)->profile;
  self->given = profile;
  self->profile = profile;
  return PEAL_DIALECT (self);
}
