/*
 * Peal rooms, version 1: reading. See peal-rooms.h; writing is in
 * peal-rooms-encode.c. Pure; any thread.
 *
 * A table says, per type, who may send it, which member names the other side
 * and how the rest is read. Every field has a limit; members that nobody knows
 * are ignored.
 */
#include "wire/peal-rooms.h"

#include <string.h>

#include "base/error.h"
#include "wire/json.h"
#include "wire/peal-rooms-private.h"

enum {
  FROM_CLIENT = 1 << PEAL_ROOMS_FROM_CLIENT,
  FROM_SERVER = 1 << PEAL_ROOMS_FROM_SERVER,
  FROM_BOTH = FROM_CLIENT | FROM_SERVER,
};

typedef gboolean (*ReadFields) (JsonObject *object, PealMessage *message,
    const gchar **code, GError **error);

typedef struct {
  PealMessageKind kind;
  guint sides;
  ReadFields read;
} Form;

static gboolean
is_made_of (const gchar *text, const gchar *marks, gsize max_bytes)
{
  gsize length = strlen (text);

  if (length < 1 || length > max_bytes)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum (text[i]) && !strchr (marks, text[i]))
      return FALSE;
  }
  return TRUE;
}

gboolean
peal_rooms_is_valid_id (const gchar *id)
{
  return is_made_of (id, "_-", PEAL_ROOMS_MAX_ID_BYTES);
}

gboolean
peal_rooms_is_valid_session (const gchar *session)
{
  gsize length = strlen (session);

  if (length < PEAL_ROOMS_MIN_SESSION_BYTES ||
      length > PEAL_ROOMS_MAX_SESSION_BYTES)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isgraph (session[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_id (JsonObject *object, const gchar *name, gchar **id, GError **error)
{
  g_autofree gchar *value = NULL;

  if (!peal_json_read_string (
          object, name, PEAL_ROOMS_MAX_ID_BYTES, &value, error))
    return FALSE;
  if (value && !peal_rooms_is_valid_id (value))
    return peal_error_set (
        error, PEAL_ERROR_PEER, "an id has characters that ids cannot have");
  *id = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
require_id (JsonObject *object, const gchar *name, gchar **id, GError **error)
{
  if (!read_id (object, name, id, error))
    return FALSE;
  return *id || peal_error_set (error, PEAL_ERROR_PEER, "an id is missing");
}

static gboolean
read_session_name (
    JsonObject *object, const gchar *member, gchar **name, GError **error)
{
  if (!peal_json_read_string (
          object, member, PEAL_ROOMS_MAX_SESSION_BYTES, name, error))
    return FALSE;
  if (*name && !peal_rooms_is_valid_session (*name))
    return peal_error_set (
        error, PEAL_ERROR_PEER, "the name of a session is 8 to 32 characters");
  return TRUE;
}

static gboolean
read_session (JsonObject *object, PealMessage *message, GError **error)
{
  return read_session_name (object, "session", &message->session, error);
}

static gboolean
require_session (JsonObject *object, PealMessage *message, GError **error)
{
  if (!read_session (object, message, error))
    return FALSE;
  return message->session ||
      peal_error_set (error, PEAL_ERROR_PEER, "\"session\" is missing");
}

static gboolean
read_meta (JsonObject *object, JsonNode **meta, GError **error)
{
  JsonObject *value = NULL;
  JsonNode *node;

  if (!peal_json_read_object (object, "meta", &value, error))
    return FALSE;
  if (!value)
    return TRUE;
  node = json_object_get_member (object, "meta");
  if (!peal_json_fits (
          node, PEAL_ROOMS_MAX_META_DEPTH, PEAL_ROOMS_MAX_META_BYTES))
    return peal_error_set (error, PEAL_ERROR_PEER, "\"meta\" is too large");
  *meta = json_node_copy (node);
  return TRUE;
}

/* An empty name is no name. */
static gboolean
read_name (JsonObject *object, gchar **name, GError **error)
{
  g_autofree gchar *value = NULL;

  if (!peal_json_read_string (
          object, "name", PEAL_ROOMS_MAX_FRAME_BYTES, &value, error))
    return FALSE;
  if (!value || *value == '\0')
    return TRUE;
  if (!peal_rooms_is_valid_name (value))
    return peal_error_set (error, PEAL_ERROR_PEER,
        "a name is at most 128 bytes, without control "
        "characters");
  *name = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
read_room (JsonObject *object, gchar **room, GError **error)
{
  g_autofree gchar *value = NULL;

  if (!peal_json_read_string (
          object, "room", PEAL_ROOMS_MAX_FRAME_BYTES, &value, error))
    return FALSE;
  if (value && !peal_rooms_is_valid_room (value))
    return peal_error_set (
        error, PEAL_ERROR_PEER, "a room's name is " PEAL_ROOMS_ROOM_RULE);
  *room = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
read_member (JsonObject *object, PealMember **member, GError **error)
{
  g_autoptr (PealMember) value = peal_member_new (NULL, NULL, NULL, FALSE);

  if (!require_id (object, "id", &value->id, error) ||
      !read_name (object, &value->name, error) ||
      !read_meta (object, &value->meta, error) ||
      !peal_json_read_boolean (object, "offers", &value->offers, error))
    return FALSE;
  *member = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
read_members (JsonObject *object, GPtrArray *members, GError **error)
{
  JsonArray *array = NULL;

  if (!peal_json_read_array (
          object, "peers", PEAL_ROOMS_MAX_MEMBERS, &array, error))
    return FALSE;
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    PealMember *member = NULL;

    if (!JSON_NODE_HOLDS_OBJECT (node))
      return peal_error_set (error, PEAL_ERROR_PEER, "a peer is not an object");
    if (!read_member (json_node_get_object (node), &member, error))
      return FALSE;
    g_ptr_array_add (members, member);
  }
  return TRUE;
}

static gboolean
add_url (GPtrArray *urls, JsonNode *node, GError **error)
{
  const gchar *url;

  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return peal_error_set (
        error, PEAL_ERROR_PEER, "an ICE server's url is not a string");
  url = json_node_get_string (node);
  if (strlen (url) > PEAL_ROOMS_MAX_URL_BYTES)
    return peal_error_set (
        error, PEAL_ERROR_PEER, "an ICE server's url is too long");
  g_ptr_array_add (urls, g_strdup (url));
  return TRUE;
}

/* `urls` may be one string, as in the browsers' RTCIceServer. */
static gboolean
read_urls (JsonObject *object, GStrv *urls, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  JsonNode *node = json_object_get_member (object, "urls");
  JsonArray *array = NULL;

  if (node && JSON_NODE_HOLDS_VALUE (node)) {
    if (!add_url (list, node, error))
      return FALSE;
  } else if (!peal_json_read_array (
                 object, "urls", PEAL_ROOMS_MAX_URLS, &array, error))
    return FALSE;
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    if (!add_url (list, json_array_get_element (array, i), error))
      return FALSE;
  }
  g_ptr_array_add (list, NULL);
  *urls = (GStrv)g_ptr_array_steal (list, NULL);
  return TRUE;
}

static gboolean
read_ice_server (JsonNode *node, GPtrArray *servers, GError **error)
{
  g_autoptr (PealIceServer) server = peal_ice_server_new (NULL, NULL, NULL);
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return peal_error_set (
        error, PEAL_ERROR_PEER, "an ICE server is not an object");
  object = json_node_get_object (node);
  if (!read_urls (object, &server->urls, error) ||
      !peal_json_read_string (object, "username", PEAL_ROOMS_MAX_TOKEN_BYTES,
          &server->username, error) ||
      !peal_json_read_string (object, "credential", PEAL_ROOMS_MAX_TOKEN_BYTES,
          &server->credential, error))
    return FALSE;
  g_ptr_array_add (servers, g_steal_pointer (&server));
  return TRUE;
}

static gboolean
read_ice_servers (JsonObject *object, GPtrArray *servers, GError **error)
{
  JsonArray *array = NULL;

  if (!peal_json_read_array (
          object, "iceServers", PEAL_ROOMS_MAX_ICE_SERVERS, &array, error))
    return FALSE;
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    if (!read_ice_server (json_array_get_element (array, i), servers, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_join (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  *code = PEAL_ROOMS_BAD_ROOM;
  if (!read_room (object, &message->room, error))
    return FALSE;
  *code = PEAL_ROOMS_BAD_NAME;
  if (!read_name (object, &message->name, error))
    return FALSE;
  *code = PEAL_ROOMS_BAD_MESSAGE;
  return peal_json_read_string (object, "token", PEAL_ROOMS_MAX_TOKEN_BYTES,
             &message->token, error) &&
      peal_json_read_string (object, "resume", PEAL_ROOMS_MAX_RESUME_BYTES,
          &message->resume, error) &&
      peal_json_read_boolean (
          object, "prefersOffering", &message->prefers_offering, error) &&
      read_meta (object, &message->meta, error);
}

static gboolean
read_joined (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  message->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  message->ice_servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);
  return require_id (object, "id", &message->peer_id, error) &&
      read_room (object, &message->room, error) &&
      peal_json_read_string (object, "resume", PEAL_ROOMS_MAX_RESUME_BYTES,
          &message->resume, error) &&
      read_members (object, message->members, error) &&
      read_ice_servers (object, message->ice_servers, error);
}

static gboolean
read_peer_joined (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  JsonObject *peer = NULL;

  if (!peal_json_read_object (object, "peer", &peer, error))
    return FALSE;
  if (!peer)
    return peal_error_set (error, PEAL_ERROR_PEER, "\"peer\" is missing");
  return read_member (peer, &message->member, error);
}

static gboolean
read_reason (JsonObject *object, PealMessage *message, GError **error)
{
  return peal_json_read_string (
      object, "reason", PEAL_ROOMS_MAX_REASON_BYTES, &message->text, error);
}

static gboolean
read_peer_left (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  return require_id (object, "id", &message->peer_id, error) &&
      read_reason (object, message, error);
}

static gboolean
read_description (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  if (!require_session (object, message, error) ||
      !read_session_name (object, "replaces", &message->replaces, error) ||
      !peal_json_read_string (
          object, "sdp", PEAL_ROOMS_MAX_FRAME_BYTES, &message->sdp, error))
    return FALSE;
  return (message->sdp && *message->sdp) ||
      peal_error_set (error, PEAL_ERROR_PEER, "\"sdp\" is missing");
}

/* Browsers may end the candidates with an empty one instead of null. */
static gboolean
read_candidate (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  JsonObject *candidate = NULL;

  if (!require_session (object, message, error) ||
      !peal_json_read_object (object, "candidate", &candidate, error))
    return FALSE;
  if (!candidate)
    return peal_json_has (object, "candidate") ||
        peal_error_set (error, PEAL_ERROR_PEER, "\"candidate\" is missing");
  if (!peal_json_read_string (candidate, "candidate",
          PEAL_ROOMS_MAX_CANDIDATE_BYTES, &message->candidate, error) ||
      !peal_json_read_string (candidate, "sdpMid", PEAL_ROOMS_MAX_MID_BYTES,
          &message->sdp_mid, error) ||
      !peal_json_read_int (candidate, "sdpMLineIndex", 0,
          PEAL_ROOMS_MAX_MLINE_INDEX, &message->sdp_mline_index, error))
    return FALSE;
  if (message->candidate && *message->candidate == '\0')
    g_clear_pointer (&message->candidate, g_free);
  return TRUE;
}

static gboolean
read_renegotiate (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  return require_session (object, message, error);
}

static gboolean
read_text (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  JsonNode *body = json_object_get_member (object, "body");

  if (!body)
    return peal_error_set (error, PEAL_ERROR_PEER, "\"body\" is missing");
  message->body = json_node_copy (body);
  return TRUE;
}

static gboolean
read_bye (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  return read_session (object, message, error) &&
      read_reason (object, message, error);
}

static gboolean
read_nothing (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  return TRUE;
}

static gboolean
read_error (JsonObject *object, PealMessage *message, const gchar **code,
    GError **error)
{
  if (!read_id (object, "to", &message->peer_id, error) ||
      !peal_json_read_string (
          object, "code", PEAL_ROOMS_MAX_CODE_BYTES, &message->code, error) ||
      !peal_json_read_string (
          object, "message", PEAL_ROOMS_MAX_FRAME_BYTES, &message->text, error))
    return FALSE;
  return message->code ||
      peal_error_set (error, PEAL_ERROR_PEER, "\"code\" is missing");
}

static const Form forms[] = {
  { PEAL_MESSAGE_JOIN, FROM_CLIENT, read_join },
  { PEAL_MESSAGE_JOINED, FROM_SERVER, read_joined },
  { PEAL_MESSAGE_PEER_JOINED, FROM_SERVER, read_peer_joined },
  { PEAL_MESSAGE_PEER_LEFT, FROM_SERVER, read_peer_left },
  { PEAL_MESSAGE_OFFER, FROM_BOTH, read_description },
  { PEAL_MESSAGE_ANSWER, FROM_BOTH, read_description },
  { PEAL_MESSAGE_CANDIDATE, FROM_BOTH, read_candidate },
  { PEAL_MESSAGE_RENEGOTIATE, FROM_BOTH, read_renegotiate },
  { PEAL_MESSAGE_TEXT, FROM_BOTH, read_text },
  { PEAL_MESSAGE_BYE, FROM_BOTH, read_bye },
  { PEAL_MESSAGE_PING, FROM_CLIENT, read_nothing },
  { PEAL_MESSAGE_PONG, FROM_SERVER, read_nothing },
  { PEAL_MESSAGE_ERROR, FROM_SERVER, read_error },
};

static const Form *
find_form (PealRoomsSide side, const gchar *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    if ((forms[i].sides & (1 << side)) &&
        g_str_equal (peal_message_kind_to_string (forms[i].kind), type))
      return &forms[i];
  }
  return NULL;
}

static gboolean
read_address (PealRoomsSide side, JsonObject *object, PealMessage *message,
    GError **error)
{
  if (!peal_rooms_is_relayed (message->kind))
    return TRUE;
  if (side == PEAL_ROOMS_FROM_SERVER)
    return require_id (object, "from", &message->peer_id, error);
  if (message->kind == PEAL_MESSAGE_TEXT || message->kind == PEAL_MESSAGE_BYE)
    return read_id (object, "to", &message->peer_id, error);
  return require_id (object, "to", &message->peer_id, error);
}

static PealMessage *
decode_object (
    PealRoomsSide side, JsonObject *object, const gchar **code, GError **error)
{
  g_autoptr (PealMessage) message = NULL;
  g_autofree gchar *type = NULL;
  const Form *form;

  if (!peal_json_read_string (
          object, "type", PEAL_ROOMS_MAX_FRAME_BYTES, &type, error))
    return NULL;
  if (!type) {
    peal_error_set (error, PEAL_ERROR_PEER, "\"type\" is missing");
    return NULL;
  }
  form = find_form (side, type);
  if (!form) {
    *code = PEAL_ROOMS_UNKNOWN_TYPE;
    peal_error_set (
        error, PEAL_ERROR_PEER, "a message of a type that nobody knows here");
    return NULL;
  }
  message = peal_message_new (form->kind, NULL);
  if (!read_address (side, object, message, error) ||
      !form->read (object, message, code, error))
    return NULL;
  return g_steal_pointer (&message);
}

gboolean
peal_rooms_is_relayed (PealMessageKind kind)
{
  return kind == PEAL_MESSAGE_OFFER || kind == PEAL_MESSAGE_ANSWER ||
      kind == PEAL_MESSAGE_CANDIDATE || kind == PEAL_MESSAGE_RENEGOTIATE ||
      kind == PEAL_MESSAGE_TEXT || kind == PEAL_MESSAGE_BYE;
}

PealMessage *
peal_rooms_decode_tree (PealRoomsSide side, const gchar *text, gsize length,
    const gchar **error_code, GError **error)
{
  const gchar *code = PEAL_ROOMS_BAD_MESSAGE;
  gboolean is_too_large = length > PEAL_ROOMS_MAX_FRAME_BYTES;
  PealMessage *message = NULL;
  g_autoptr (JsonNode) root =
      peal_json_parse (text, length, PEAL_ROOMS_MAX_FRAME_BYTES, error);

  if (root && !JSON_NODE_HOLDS_OBJECT (root))
    peal_error_set (error, PEAL_ERROR_PEER, "the message is not an object");
  else if (root)
    message = decode_object (side, json_node_get_object (root), &code, error);
  if (!message && error_code)
    *error_code = is_too_large ? PEAL_ROOMS_TOO_LARGE : code;
  return message;
}

/**
 * peal_rooms_decode:
 * @side: who wrote the text
 * @text: one frame, not necessarily ended by NUL
 * @length: its bytes
 * @error_code: (out) (optional) (transfer none): on failure the protocol's
 *   error code, fit for an `error` message: `bad-message`, `unknown-type`,
 *   `too-large`, `bad-room` or `bad-name`
 *
 * Returns: (transfer full): the message; or NULL and PEAL_ERROR_PEER
 */
PealMessage *
peal_rooms_decode (PealRoomsSide side, const gchar *text, gsize length,
    const gchar **error_code, GError **error)
{
  PealMessage *message = peal_rooms_decode_quick (side, text, length);

  return message
      ? message
      : peal_rooms_decode_tree (side, text, length, error_code, error);
}

/**
 * peal_rooms_is_valid_room:
 *
 * Returns: whether @room is 1 to 64 characters from `[A-Za-z0-9._-]`
 */
gboolean
peal_rooms_is_valid_room (const gchar *room)
{
  return room && is_made_of (room, "._-", PEAL_ROOMS_MAX_ROOM_BYTES);
}

/**
 * peal_rooms_is_valid_name:
 *
 * Returns: whether @name is 1 to 128 bytes of UTF-8 without control characters
 */
gboolean
peal_rooms_is_valid_name (const gchar *name)
{
  gsize length = name ? strlen (name) : 0;

  if (length < 1 || length > PEAL_ROOMS_MAX_NAME_BYTES ||
      !g_utf8_validate (name, length, NULL))
    return FALSE;
  for (const gchar *at = name; *at; at = g_utf8_next_char (at)) {
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;
  }
  return TRUE;
}
