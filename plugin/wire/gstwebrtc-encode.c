/*
 * gst-plugins-rs' signalling messages: writing. See gstwebrtc.h; reading is in
 * gstwebrtc.c. Pure; any thread.
 */
#include "wire/gstwebrtc.h"

#include "wire/gstwebrtc-private.h"
#include "wire/json.h"

typedef void (*WriteFields) (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message);

typedef struct {
  const gchar *type;
  WriteFields write;
} Writer;

static const gchar *const role_names[] = { "producer", "listener", "consumer" };

guint
peal_gstwebrtc_role_from_string (const gchar *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (role_names); i++) {
    if (g_str_equal (role_names[i], role))
      return 1u << i;
  }
  return 0;
}

/* Their parsers want the member, if only as null. */
static void
set_node (JsonObject *object, const gchar *name, JsonNode *node)
{
  if (node)
    json_object_set_member (object, name, json_node_copy (node));
  else
    json_object_set_null_member (object, name);
}

static void
write_version (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  json_object_set_string_member (object, "version",
      message->version == PEAL_GSTWEBRTC_V1_0 ? "v1_0" : "v1_1");
}

static void
write_status (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  JsonArray *roles = json_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (role_names); i++) {
    if (message->roles & (1u << i))
      json_array_add_string_element (roles, role_names[i]);
  }
  json_object_set_array_member (object, "roles", roles);
  set_node (object, "meta", message->meta);
  if (side == PEAL_GSTWEBRTC_FROM_SERVER)
    json_object_set_string_member (object, "peerId", message->peer_id);
}

static void
write_peers (
    JsonObject *object, const gchar *name, const PealGstwebrtcMessage *message)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; message->peers && i < message->peers->len; i++) {
    const PealGstwebrtcPeer *peer = g_ptr_array_index (message->peers, i);
    JsonObject *item = json_object_new ();

    json_object_set_string_member (item, "id", peer->id);
    set_node (item, "meta", peer->meta);
    json_array_add_object_element (array, item);
  }
  json_object_set_array_member (object, name, array);
}

static void
write_list (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  if (side == PEAL_GSTWEBRTC_FROM_SERVER)
    write_peers (object, "producers", message);
}

static void
write_list_consumers (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  if (side == PEAL_GSTWEBRTC_FROM_SERVER)
    write_peers (object, "consumers", message);
}

static void
write_start_session (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  json_object_set_string_member (object, "peerId", message->peer_id);
  if (side == PEAL_GSTWEBRTC_FROM_SERVER)
    json_object_set_string_member (object, "sessionId", message->session);
  json_object_set_string_member (object, "offer", message->sdp);
}

static void
write_description (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  JsonObject *sdp = json_object_new ();

  json_object_set_string_member (object, "sessionId", message->session);
  json_object_set_string_member (sdp, "type",
      message->kind == PEAL_GSTWEBRTC_PEER_OFFER ? "offer" : "answer");
  json_object_set_string_member (sdp, "sdp", message->sdp);
  json_object_set_object_member (object, "sdp", sdp);
}

static void
write_ice (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  JsonObject *ice = json_object_new ();

  json_object_set_string_member (object, "sessionId", message->session);
  json_object_set_string_member (ice, "candidate", message->candidate);
  json_object_set_int_member (ice, "sdpMLineIndex", message->mline);
  json_object_set_object_member (object, "ice", ice);
}

static void
write_end_session (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  json_object_set_string_member (object, "sessionId", message->session);
  if (message->version == PEAL_GSTWEBRTC_V1_1)
    json_object_set_string_member (object, "error", message->text);
}

static void
write_welcome (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  json_object_set_string_member (object, "peerId", message->peer_id);
}

static void
write_session_started (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  json_object_set_string_member (object, "peerId", message->peer_id);
  json_object_set_string_member (object, "sessionId", message->session);
}

static void
write_error (PealGstwebrtcSide side, JsonObject *object,
    const PealGstwebrtcMessage *message)
{
  json_object_set_string_member (object, "details", message->text);
}

static const Writer writers[] = {
  [PEAL_GSTWEBRTC_SET_PROTOCOL_VERSION] = { "setProtocolVersion",
      write_version },
  [PEAL_GSTWEBRTC_SET_PEER_STATUS] = { "setPeerStatus", write_status },
  [PEAL_GSTWEBRTC_LIST] = { "list", write_list },
  [PEAL_GSTWEBRTC_LIST_CONSUMERS] = { "listConsumers", write_list_consumers },
  [PEAL_GSTWEBRTC_START_SESSION] = { "startSession", write_start_session },
  [PEAL_GSTWEBRTC_PEER_OFFER] = { "peer", write_description },
  [PEAL_GSTWEBRTC_PEER_ANSWER] = { "peer", write_description },
  [PEAL_GSTWEBRTC_PEER_ICE] = { "peer", write_ice },
  [PEAL_GSTWEBRTC_END_SESSION] = { "endSession", write_end_session },
  [PEAL_GSTWEBRTC_WELCOME] = { "welcome", write_welcome },
  [PEAL_GSTWEBRTC_PEER_STATUS_CHANGED] = { "peerStatusChanged", write_status },
  [PEAL_GSTWEBRTC_SESSION_STARTED] = { "sessionStarted",
      write_session_started },
  [PEAL_GSTWEBRTC_ERROR] = { "error", write_error },
};

/**
 * peal_gstwebrtc_encode:
 * @side: who writes it
 * @message: a message of a kind that @side may send
 *
 * Returns: (transfer full): one line of JSON, UTF-8. It may be longer than
 *   PEAL_GSTWEBRTC_MAX_FRAME_BYTES: the caller checks before it sends
 */
gchar *
peal_gstwebrtc_encode (
    PealGstwebrtcSide side, const PealGstwebrtcMessage *message)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  const gchar *type = writers[message->kind].type;

  if (message->kind == PEAL_GSTWEBRTC_END_SESSION &&
      message->version == PEAL_GSTWEBRTC_V1_1)
    type = "endSessionV1_1";
  json_object_set_string_member (object, "type", type);
  writers[message->kind].write (side, object, message);
  json_node_set_object (root, object);
  return peal_json_to_text (root);
}

/**
 * peal_gstwebrtc_make_meta:
 * @meta: (nullable): application data, an object
 * @name: (nullable): the name people see
 *
 * Returns: (transfer full) (nullable): both in one object, as their programs
 *   show it; NULL when there is neither
 */
JsonNode *
peal_gstwebrtc_make_meta (JsonNode *meta, const gchar *name)
{
  g_autofree gchar *text =
      meta && JSON_NODE_HOLDS_OBJECT (meta) ? peal_json_to_text (meta) : NULL;
  JsonNode *copy = NULL;

  if (text || name)
    copy = json_from_string (text ? text : "{}", NULL);
  if (name)
    json_object_set_string_member (json_node_get_object (copy), "name", name);
  return copy;
}
