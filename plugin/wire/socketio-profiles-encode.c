/*
 * Writing by the table of Socket.IO profiles. See socketio-profiles.h. Pure;
 * any thread.
 */
#include "wire/loose-json.h"
#include "wire/socketio-profiles-private.h"

static void
set_string (JsonObject *object, const gchar *name, const gchar *value)
{
  if (value)
    json_object_set_string_member (object, name, value);
}

static JsonObject *
make_description (const PealMessage *message)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (
      object, "type", peal_message_kind_to_string (message->kind));
  set_string (object, "sdp", message->sdp);
  return object;
}

static JsonNode *
make_candidate (const PealMessage *message)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (
      object, "candidate", message->candidate ? message->candidate : "");
  set_string (object, "sdpMid", message->sdp_mid);
  if (message->sdp_mline_index >= 0)
    json_object_set_int_member (
        object, "sdpMLineIndex", message->sdp_mline_index);
  json_node_take_object (node, object);
  return node;
}

static JsonObject *
make_addressed (
    PealProfileSide side, PealProfileShape shape, const PealMessage *message)
{
  JsonObject *object = json_object_new ();

  set_string (object, side == PEAL_PROFILE_FROM_SERVER ? "from" : "target",
      message->peer_id);
  if (shape == PEAL_SHAPE_OFFER)
    json_object_set_object_member (object, "offer", make_description (message));
  else if (shape == PEAL_SHAPE_ANSWER)
    json_object_set_object_member (
        object, "answer", make_description (message));
  else
    json_object_set_member (object, "candidate", make_candidate (message));
  return object;
}

static JsonObject *
make_in_room (PealProfileShape shape, const PealMessage *message)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type",
      shape == PEAL_SHAPE_OFFER_IN_ROOM ? "webrtc_offer" : "webrtc_answer");
  json_object_set_object_member (object, "sdp", make_description (message));
  set_string (object, "roomId", message->room);
  return object;
}

/* The index is all that the profile has; without one it is the first. */
static JsonObject *
make_label (PealProfileShape shape, const PealMessage *message)
{
  JsonObject *object = json_object_new ();

  if (shape == PEAL_SHAPE_LABEL)
    json_object_set_string_member (object, "type", "candidate");
  else
    set_string (object, "roomId", message->room);
  json_object_set_int_member (
      object, "label", MAX (message->sdp_mline_index, 0));
  if (shape == PEAL_SHAPE_LABEL)
    set_string (object, "id", message->sdp_mid);
  json_object_set_string_member (
      object, "candidate", message->candidate ? message->candidate : "");
  return object;
}

static JsonObject *
make_room (const PealMessage *message)
{
  JsonObject *object = json_object_new ();

  set_string (object, "room", message->room);
  set_string (object, "username", message->name);
  return object;
}

static JsonObject *
make_user (PealProfileShape shape, const gchar *id, const gchar *name)
{
  gboolean is_sid = shape == PEAL_SHAPE_SID || shape == PEAL_SHAPE_SIDS;
  JsonObject *object = json_object_new ();

  set_string (object, is_sid ? "sid" : "userId", id);
  set_string (object, is_sid ? "username" : "userName", name);
  return object;
}

static JsonArray *
make_users (PealProfileShape shape, GPtrArray *members)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; members && i < members->len; i++) {
    PealMember *member = g_ptr_array_index (members, i);

    if (shape == PEAL_SHAPE_SIDS)
      json_array_add_object_element (
          array, make_user (shape, member->id, member->name));
    else
      json_array_add_string_element (array, member->id);
  }
  return array;
}

static JsonObject *
make_error (const PealMessage *message)
{
  JsonObject *object = json_object_new ();

  set_string (object, "message", message->text ? message->text : message->code);
  return object;
}

static void
add_string (JsonArray *array, const gchar *text)
{
  json_array_add_string_element (array, text ? text : "");
}

static const gchar *
get_member_name (const PealMessage *message)
{
  return message->member ? message->member->name : NULL;
}

static JsonObject *
make_object (
    PealProfileSide side, PealProfileShape shape, const PealMessage *message)
{
  switch (shape) {
    case PEAL_SHAPE_ROOM_OBJECT:
      return make_room (message);
    case PEAL_SHAPE_USER_ID:
    case PEAL_SHAPE_SID:
      return make_user (shape,
          message->member ? message->member->id : message->peer_id,
          get_member_name (message));
    case PEAL_SHAPE_ERROR:
      return make_error (message);
    case PEAL_SHAPE_OFFER:
    case PEAL_SHAPE_ANSWER:
    case PEAL_SHAPE_CANDIDATE:
      return make_addressed (side, shape, message);
    case PEAL_SHAPE_DESCRIPTION:
      return make_description (message);
    case PEAL_SHAPE_OFFER_IN_ROOM:
    case PEAL_SHAPE_ANSWER_IN_ROOM:
      return make_in_room (shape, message);
    case PEAL_SHAPE_LABEL:
    case PEAL_SHAPE_LABEL_IN_ROOM:
      return make_label (shape, message);
    default:
      return NULL;
  }
}

static void
add_arguments (JsonArray *array, PealProfileSide side, PealProfileShape shape,
    const PealMessage *message)
{
  JsonObject *object = make_object (side, shape, message);

  if (object)
    json_array_add_object_element (array, object);
  else if (shape == PEAL_SHAPE_IDS || shape == PEAL_SHAPE_SIDS)
    json_array_add_array_element (array, make_users (shape, message->members));
  else if (shape == PEAL_SHAPE_ROOM || shape == PEAL_SHAPE_ROOM_AND_ID)
    add_string (array, message->room);
  else if (shape == PEAL_SHAPE_MEDIA)
    add_string (array, "got user media");
  else if (shape == PEAL_SHAPE_BYE)
    add_string (array, "bye");
  if (shape == PEAL_SHAPE_ROOM_AND_ID)
    add_string (array, message->peer_id);
}

/**
 * peal_profile_encode:
 * @side: who says it
 * @message: what PealProfileWord says belongs to @word; the room is needed
 *   where the profile writes it
 *
 * Returns: (transfer full) (nullable): an event's data, or NULL when the
 *   profile has no such word
 */
JsonNode *
peal_profile_encode (PealProfileSide side, PealProfile profile,
    PealProfileWord word, const PealMessage *message)
{
  const PealProfileRow *row = peal_profile_find_row (side, profile, word);
  JsonArray *array;
  JsonNode *node;

  if (!row || row->shape == PEAL_SHAPE_ANYTHING)
    return NULL;
  array = json_array_new ();
  json_array_add_string_element (array, row->name);
  add_arguments (array, side, row->shape, message);
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);
  return node;
}

/* The list of arguments with one object. */
static JsonNode *
make_ack (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  json_array_add_object_element (array, object);
  json_node_take_array (node, array);
  return node;
}

/**
 * peal_profile_encode_ack:
 * @members: (nullable) (element-type PealMember): who is there already
 *
 * Returns: (transfer full): the data of the acknowledgement of a `mesh`
 *   client's CREATE or JOIN
 */
JsonNode *
peal_profile_encode_ack (const gchar *room, GPtrArray *members)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "success", TRUE);
  json_object_set_string_member (object, "roomId", room);
  json_object_set_array_member (
      object, "existingUsers", make_users (PEAL_SHAPE_IDS, members));
  return make_ack (object);
}

/**
 * peal_profile_encode_ack_error:
 *
 * Returns: (transfer full): the same, saying no
 */
JsonNode *
peal_profile_encode_ack_error (const gchar *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "success", FALSE);
  json_object_set_string_member (object, "error", text);
  return make_ack (object);
}
