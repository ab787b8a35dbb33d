/*
 * gst-plugins-rs' signalling messages: life and reading. See gstwebrtc.h;
 * writing is in gstwebrtc-encode.c. Pure; any thread.
 *
 * A table says, per type, who may send it and how the rest is read. Unknown
 * members are ignored, every field has a limit.
 */
#include "wire/gstwebrtc.h"

#include <string.h>

#include "base/error.h"
#include "wire/gstwebrtc-private.h"
#include "wire/json.h"
#include "wire/peal-rooms.h"

/* chosen, as in Peal rooms. A larger meta is nobody's name: it is left out. */
#define MAX_META_BYTES 1024
#define MAX_META_DEPTH 8
#define MAX_CANDIDATE_BYTES 1024
#define MAX_MLINE_INDEX 1023
#define MAX_TEXT_BYTES 4096
/* chosen: three roles exist; somebody may know more. */
#define MAX_ROLES 16

enum {
  FROM_CLIENT = 1 << PEAL_GSTWEBRTC_FROM_CLIENT,
  FROM_SERVER = 1 << PEAL_GSTWEBRTC_FROM_SERVER,
  FROM_BOTH = FROM_CLIENT | FROM_SERVER,
};

typedef gboolean (*ReadFields) (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error);

typedef struct {
  const gchar *type;
  PealGstwebrtcKind kind;
  guint sides;
  ReadFields read;
} Form;

static void
free_peer (gpointer data)
{
  PealGstwebrtcPeer *peer = data;

  g_free (peer->id);
  g_clear_pointer (&peer->meta, json_node_unref);
  g_free (peer);
}

/**
 * peal_gstwebrtc_message_new:
 *
 * Returns: (transfer full): a message whose other fields are empty
 */
PealGstwebrtcMessage *
peal_gstwebrtc_message_new (PealGstwebrtcKind kind)
{
  PealGstwebrtcMessage *self = g_new0 (PealGstwebrtcMessage, 1);

  self->kind = kind;
  return self;
}

void
peal_gstwebrtc_message_free (PealGstwebrtcMessage *self)
{
  g_free (self->peer_id);
  g_free (self->session);
  g_free (self->sdp);
  g_free (self->candidate);
  g_free (self->text);
  g_clear_pointer (&self->meta, json_node_unref);
  g_clear_pointer (&self->peers, g_ptr_array_unref);
  g_free (self);
}

/**
 * peal_gstwebrtc_message_add_peer:
 * @meta: (nullable) (transfer none): what it says of itself
 *
 * Adds to the list that a server answers with.
 */
void
peal_gstwebrtc_message_add_peer (
    PealGstwebrtcMessage *self, const gchar *id, JsonNode *meta)
{
  PealGstwebrtcPeer *peer = g_new0 (PealGstwebrtcPeer, 1);

  peer->id = g_strdup (id);
  peer->meta = meta ? json_node_copy (meta) : NULL;
  if (!self->peers)
    self->peers = g_ptr_array_new_with_free_func (free_peer);
  g_ptr_array_add (self->peers, peer);
}

/* An id goes into lists, names and logs: no spaces, no control characters. */
static gboolean
require_id (JsonObject *object, const gchar *name, gchar **id, GError **error)
{
  g_autofree gchar *value = NULL;

  if (!peal_json_read_string (
          object, name, PEAL_GSTWEBRTC_MAX_ID_BYTES, &value, error))
    return FALSE;
  if (!value || !*value)
    return peal_error_set (error, PEAL_ERROR_PEER, "an id is missing");
  for (const gchar *at = value; *at; at++) {
    if (!g_ascii_isgraph (*at))
      return peal_error_set (
          error, PEAL_ERROR_PEER, "an id has characters that ids cannot have");
  }
  *id = g_steal_pointer (&value);
  return TRUE;
}

static void
read_meta (JsonObject *object, JsonNode **meta)
{
  JsonNode *node = json_object_get_member (object, "meta");

  if (node && !JSON_NODE_HOLDS_NULL (node) &&
      peal_json_fits (node, MAX_META_DEPTH, MAX_META_BYTES))
    *meta = json_node_copy (node);
}

static gboolean
read_roles (JsonObject *object, guint *roles, GError **error)
{
  JsonArray *array = NULL;

  if (!peal_json_read_array (object, "roles", MAX_ROLES, &array, error))
    return FALSE;
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_STRING)
      return peal_error_set (error, PEAL_ERROR_PEER, "a role is not a string");
    *roles |= peal_gstwebrtc_role_from_string (json_node_get_string (node));
  }
  return TRUE;
}

static gboolean
read_version (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  g_autofree gchar *version = NULL;

  if (!peal_json_read_string (
          object, "version", MAX_TEXT_BYTES, &version, error))
    return FALSE;
  /* What comes after 1.1 will know its forms, too. */
  message->version = g_strcmp0 (version, "v1_0") == 0 ? PEAL_GSTWEBRTC_V1_0
                                                      : PEAL_GSTWEBRTC_V1_1;
  return version ||
      peal_error_set (error, PEAL_ERROR_PEER, "\"version\" is missing");
}

static gboolean
read_status (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  read_meta (object, &message->meta);
  if (!read_roles (object, &message->roles, error))
    return FALSE;
  return side == PEAL_GSTWEBRTC_FROM_CLIENT ||
      require_id (object, "peerId", &message->peer_id, error);
}

static gboolean
read_peers (JsonObject *object, const gchar *name,
    PealGstwebrtcMessage *message, GError **error)
{
  JsonArray *array = NULL;
  guint n_peers;

  if (!peal_json_read_array (object, name, G_MAXUINT, &array, error))
    return FALSE;
  n_peers = array ? json_array_get_length (array) : 0;
  for (guint i = 0; i < MIN (n_peers, PEAL_GSTWEBRTC_MAX_PEERS); i++) {
    JsonNode *node = json_array_get_element (array, i);
    g_autofree gchar *id = NULL;
    g_autoptr (JsonNode) meta = NULL;

    if (!JSON_NODE_HOLDS_OBJECT (node))
      return peal_error_set (error, PEAL_ERROR_PEER, "a peer is not an object");
    if (!require_id (json_node_get_object (node), "id", &id, error))
      return FALSE;
    read_meta (json_node_get_object (node), &meta);
    peal_gstwebrtc_message_add_peer (message, id, meta);
  }
  return TRUE;
}

static gboolean
read_list (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  return side == PEAL_GSTWEBRTC_FROM_CLIENT ||
      read_peers (object, "producers", message, error);
}

static gboolean
read_list_consumers (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  return side == PEAL_GSTWEBRTC_FROM_CLIENT ||
      read_peers (object, "consumers", message, error);
}

static gboolean
read_start_session (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  if (!require_id (object, "peerId", &message->peer_id, error) ||
      !peal_json_read_string (object, "offer", PEAL_GSTWEBRTC_MAX_FRAME_BYTES,
          &message->sdp, error))
    return FALSE;
  return side == PEAL_GSTWEBRTC_FROM_CLIENT ||
      require_id (object, "sessionId", &message->session, error);
}

static gboolean
read_description (
    JsonObject *object, PealGstwebrtcMessage *message, GError **error)
{
  g_autofree gchar *type = NULL;

  if (!peal_json_read_string (object, "type", MAX_TEXT_BYTES, &type, error) ||
      !peal_json_read_string (
          object, "sdp", PEAL_GSTWEBRTC_MAX_FRAME_BYTES, &message->sdp, error))
    return FALSE;
  if (!message->sdp || !*message->sdp)
    return peal_error_set (error, PEAL_ERROR_PEER, "\"sdp\" is missing");
  if (g_strcmp0 (type, "offer") != 0 && g_strcmp0 (type, "answer") != 0)
    return peal_error_set (
        error, PEAL_ERROR_PEER, "a description is an offer or an answer");
  message->kind = g_str_equal (type, "offer") ? PEAL_GSTWEBRTC_PEER_OFFER
                                              : PEAL_GSTWEBRTC_PEER_ANSWER;
  return TRUE;
}

static gboolean
read_ice (JsonObject *object, PealGstwebrtcMessage *message, GError **error)
{
  message->kind = PEAL_GSTWEBRTC_PEER_ICE;
  message->mline = -1;
  if (!peal_json_read_string (object, "candidate", MAX_CANDIDATE_BYTES,
          &message->candidate, error) ||
      !peal_json_read_int (
          object, "sdpMLineIndex", 0, MAX_MLINE_INDEX, &message->mline, error))
    return FALSE;
  if (!message->candidate)
    return peal_error_set (error, PEAL_ERROR_PEER, "\"candidate\" is missing");
  return message->mline >= 0 ||
      peal_error_set (error, PEAL_ERROR_PEER, "\"sdpMLineIndex\" is missing");
}

static gboolean
read_peer (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  JsonObject *sdp = NULL;
  JsonObject *ice = NULL;

  if (!require_id (object, "sessionId", &message->session, error) ||
      !peal_json_read_object (object, "sdp", &sdp, error) ||
      !peal_json_read_object (object, "ice", &ice, error))
    return FALSE;
  if (sdp)
    return read_description (sdp, message, error);
  return ice
      ? read_ice (ice, message, error)
      : peal_error_set (error, PEAL_ERROR_PEER, "neither \"sdp\" nor \"ice\"");
}

static gboolean
read_end_session (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  return require_id (object, "sessionId", &message->session, error);
}

static gboolean
read_end_session_v1_1 (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  message->version = PEAL_GSTWEBRTC_V1_1;
  return require_id (object, "sessionId", &message->session, error) &&
      peal_json_read_string (
          object, "error", MAX_TEXT_BYTES, &message->text, error);
}

static gboolean
read_welcome (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  return require_id (object, "peerId", &message->peer_id, error);
}

static gboolean
read_session_started (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  return require_id (object, "peerId", &message->peer_id, error) &&
      require_id (object, "sessionId", &message->session, error);
}

static gboolean
read_error (PealGstwebrtcSide side, JsonObject *object,
    PealGstwebrtcMessage *message, GError **error)
{
  return peal_json_read_string (
      object, "details", MAX_TEXT_BYTES, &message->text, error);
}

/* `peer` takes its kind from what is in it. */
static const Form forms[] = {
  { "setProtocolVersion", PEAL_GSTWEBRTC_SET_PROTOCOL_VERSION, FROM_CLIENT,
      read_version },
  { "setPeerStatus", PEAL_GSTWEBRTC_SET_PEER_STATUS, FROM_CLIENT, read_status },
  { "list", PEAL_GSTWEBRTC_LIST, FROM_BOTH, read_list },
  { "listConsumers", PEAL_GSTWEBRTC_LIST_CONSUMERS, FROM_BOTH,
      read_list_consumers },
  { "startSession", PEAL_GSTWEBRTC_START_SESSION, FROM_BOTH,
      read_start_session },
  { "peer", PEAL_GSTWEBRTC_PEER_OFFER, FROM_BOTH, read_peer },
  { "endSession", PEAL_GSTWEBRTC_END_SESSION, FROM_BOTH, read_end_session },
  { "endSessionV1_1", PEAL_GSTWEBRTC_END_SESSION, FROM_BOTH,
      read_end_session_v1_1 },
  { "welcome", PEAL_GSTWEBRTC_WELCOME, FROM_SERVER, read_welcome },
  { "peerStatusChanged", PEAL_GSTWEBRTC_PEER_STATUS_CHANGED, FROM_SERVER,
      read_status },
  { "sessionStarted", PEAL_GSTWEBRTC_SESSION_STARTED, FROM_SERVER,
      read_session_started },
  { "error", PEAL_GSTWEBRTC_ERROR, FROM_SERVER, read_error },
};

static const Form *
find_form (PealGstwebrtcSide side, const gchar *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    if ((forms[i].sides & (1 << side)) && g_str_equal (forms[i].type, type))
      return &forms[i];
  }
  return NULL;
}

static PealGstwebrtcMessage *
decode_object (PealGstwebrtcSide side, JsonObject *object, GError **error)
{
  g_autoptr (PealGstwebrtcMessage) message = NULL;
  g_autofree gchar *type = NULL;
  const Form *form;

  if (!peal_json_read_string (
          object, "type", PEAL_GSTWEBRTC_MAX_FRAME_BYTES, &type, error))
    return NULL;
  form = type ? find_form (side, type) : NULL;
  if (!form) {
    peal_error_set (
        error, PEAL_ERROR_PEER, "a message of a type that nobody knows here");
    return NULL;
  }
  message = peal_gstwebrtc_message_new (form->kind);
  if (!form->read (side, object, message, error))
    return NULL;
  return g_steal_pointer (&message);
}

/**
 * peal_gstwebrtc_decode:
 * @side: who wrote the text
 * @text: one frame, not necessarily ended by NUL
 * @length: its bytes
 *
 * Returns: (transfer full): the message; or NULL and PEAL_ERROR_PEER
 */
PealGstwebrtcMessage *
peal_gstwebrtc_decode (
    PealGstwebrtcSide side, const gchar *text, gsize length, GError **error)
{
  g_autoptr (JsonNode) root =
      peal_json_parse (text, length, PEAL_GSTWEBRTC_MAX_FRAME_BYTES, error);

  if (!root)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root)) {
    peal_error_set (error, PEAL_ERROR_PEER, "the message is not an object");
    return NULL;
  }
  return decode_object (side, json_node_get_object (root), error);
}

/**
 * peal_gstwebrtc_dup_name:
 * @meta: (nullable): what a peer says of itself
 *
 * Returns: (transfer full) (nullable): the name that people gave it there
 */
gchar *
peal_gstwebrtc_dup_name (JsonNode *meta)
{
  static const gchar *const members[] = { "name", "display-name",
    "displayName" };

  if (!meta || !JSON_NODE_HOLDS_OBJECT (meta))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autofree gchar *name = NULL;

    if (peal_json_read_string (json_node_get_object (meta), members[i],
            MAX_TEXT_BYTES, &name, NULL) &&
        peal_rooms_is_valid_name (name))
      return g_steal_pointer (&name);
  }
  return NULL;
}
