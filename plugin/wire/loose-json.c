/*
 * Reading what pages write, each in its own way. See loose-json.h. Pure; any
 * thread.
 */
#include "wire/loose-json.h"

#include <string.h>

#define MAX_DEPTH 4 /* of wrappings around a description or candidate */
#define MAX_MID_BYTES 256
#define MAX_MLINE_INDEX 1023
#define MAX_TEXT_BYTES 512

static const gchar *const sender_names[] = { "from", "sender", "caller",
  "userId", "socketId", "sid", "id", "src", "fromId", "senderId", "peerId",
  NULL };
static const gchar *const target_names[] = { "target", "to", "dst", "dest",
  "targetId", "targetSid", "receiver", "callee", "peerId", NULL };
static const gchar *const person_names[] = { "name", "username", "userName",
  "displayName", "user_name", NULL };
static const gchar *const room_names[] = { "room", "roomId", "room_id",
  "roomName", "roomID", NULL };
static const gchar *const description_names[] = { "sdp", "offer", "answer",
  "description", "signal", "data", "payload", "sessionDescription", NULL };
static const gchar *const candidate_names[] = { "candidate", "ice", "signal",
  "data", "payload", "iceCandidate", NULL };
static const gchar *const member_list_names[] = { "existingUsers", "users",
  "members", "peers", "participants", "clients", "existing_users", NULL };
static const gchar *const text_names[] = { "error", "message", "reason", NULL };

static const gchar *
get_string (JsonNode *node, gsize max_bytes)
{
  const gchar *text =
      node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return text && strlen (text) <= max_bytes ? text : NULL;
}

static JsonNode *
get_member (JsonNode *node, const gchar *name)
{
  return node && JSON_NODE_HOLDS_OBJECT (node)
      ? json_object_get_member (json_node_get_object (node), name)
      : NULL;
}

/**
 * peal_loose_get_any:
 * @names: in order of preference, ended by NULL
 *
 * Returns: (transfer none) (nullable): the first member that is there and not
 *   null; lives as long as @node
 */
JsonNode *
peal_loose_get_any (JsonNode *node, const gchar *const *names)
{
  for (guint i = 0; names[i]; i++) {
    JsonNode *member = get_member (node, names[i]);

    if (member && !JSON_NODE_HOLDS_NULL (member))
      return member;
  }
  return NULL;
}

/* ---- descriptions ---- */

static void
note_type (JsonNode *node, PealLooseDescription *description)
{
  const gchar *type = get_string (get_member (node, "type"), MAX_TEXT_BYTES);

  if (g_strcmp0 (type, "offer") == 0)
    description->is_offer = TRUE;
  else if (g_strcmp0 (type, "answer") == 0)
    description->is_answer = TRUE;
}

/**
 * peal_loose_read_description:
 * @node: (nullable): the SDP as text, `{type, sdp}`, or either inside others
 * @description: (out): filled; to be cleared
 *
 * Returns: whether there is one
 */
gboolean
peal_loose_read_description (JsonNode *node, PealLooseDescription *description)
{
  *description = (PealLooseDescription){ NULL, FALSE, FALSE };

  for (guint depth = 0; node && depth < MAX_DEPTH; depth++) {
    const gchar *text = get_string (node, PEAL_LOOSE_MAX_SDP_BYTES);

    if (text && g_str_has_prefix (text, "v=")) {
      description->sdp = g_strdup (text);
      return TRUE;
    }
    note_type (node, description);
    node = peal_loose_get_any (node, description_names);
  }
  return FALSE;
}

void
peal_loose_description_clear (PealLooseDescription *description)
{
  g_clear_pointer (&description->sdp, g_free);
}

/* ---- candidates ---- */

static gint
read_index (JsonNode *node)
{
  static const gchar *const names[] = { "sdpMLineIndex", "sdpMlineIndex",
    "label", NULL };
  JsonNode *index = peal_loose_get_any (node, names);
  gint64 value;

  if (!index || !JSON_NODE_HOLDS_VALUE (index) ||
      json_node_get_value_type (index) != G_TYPE_INT64)
    return -1;
  value = json_node_get_int (index);
  return value >= 0 && value <= MAX_MLINE_INDEX ? (gint)value : -1;
}

static const gchar *
read_mid (JsonNode *node)
{
  static const gchar *const names[] = { "sdpMid", "sdpMID", NULL };
  JsonNode *mid = peal_loose_get_any (node, names);

  if (!mid && get_member (node, "label"))
    mid = get_member (node, "id");
  return get_string (mid, MAX_MID_BYTES);
}

static const gchar *
strip (const gchar *candidate)
{
  return g_str_has_prefix (candidate, "a=") ? candidate + 2 : candidate;
}

/* An empty candidate ends them, as null does. */
static PealMessage *
make_candidate (const gchar *text, const gchar *mid, gint index)
{
  if (!*text)
    return peal_message_new_candidate (NULL, NULL, NULL, NULL, -1);
  if (!g_str_has_prefix (strip (text), "candidate:"))
    return NULL;
  return peal_message_new_candidate (NULL, NULL, strip (text), mid, index);
}

/**
 * peal_loose_read_candidate:
 * @node: (nullable): a text, an object with it, `{label, id, candidate}`, null,
 *   or any of them inside others
 *
 * Returns: (transfer full) (nullable): a candidate of nobody, in no session
 */
PealMessage *
peal_loose_read_candidate (JsonNode *node)
{
  const gchar *mid = NULL;
  gint index = -1;

  for (guint depth = 0; depth < MAX_DEPTH; depth++) {
    const gchar *text;

    if (!node)
      return NULL;
    if (JSON_NODE_HOLDS_NULL (node))
      return make_candidate ("", NULL, -1);
    text = get_string (node, PEAL_LOOSE_MAX_CANDIDATE_BYTES);
    if (text)
      return make_candidate (text, mid, index);
    mid = read_mid (node);
    index = read_index (node);
    if (get_member (node, "candidate"))
      node = get_member (node, "candidate");
    else
      node = peal_loose_get_any (node, candidate_names);
  }
  return NULL;
}

/* ---- people and rooms ---- */

static gboolean
is_printable (const gchar *text)
{
  for (const gchar *at = text; *at; at = g_utf8_next_char (at)) {
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;
  }
  return *text != '\0';
}

/* Ids may be numbers, too. */
static gchar *
read_id (JsonNode *node)
{
  const gchar *text = get_string (node, PEAL_LOOSE_MAX_ID_BYTES);

  if (text)
    return is_printable (text) ? g_strdup (text) : NULL;
  if (node && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return NULL;
}

/**
 * peal_loose_read_sender:
 * @node: (nullable): the id itself, or an object that has it
 *
 * Returns: (transfer full) (nullable): who it is from, or about
 */
gchar *
peal_loose_read_sender (JsonNode *node)
{
  gchar *id = read_id (node);

  return id ? id : read_id (peal_loose_get_any (node, sender_names));
}

/**
 * peal_loose_read_target:
 * @node: (nullable): an object
 *
 * Returns: (transfer full) (nullable): whom it is for
 */
gchar *
peal_loose_read_target (JsonNode *node)
{
  return read_id (peal_loose_get_any (node, target_names));
}

static const gchar *
read_name (JsonNode *node)
{
  const gchar *name = get_string (
      peal_loose_get_any (node, person_names), PEAL_LOOSE_MAX_ID_BYTES);

  return name && is_printable (name) ? name : NULL;
}

/**
 * peal_loose_read_name:
 * @node: (nullable): an object
 *
 * Returns: (transfer full) (nullable): what it calls a person
 */
gchar *
peal_loose_read_name (JsonNode *node)
{
  return g_strdup (read_name (node));
}

/**
 * peal_loose_read_member:
 * @node: (nullable): an id, or an object with one and maybe a name
 *
 * Returns: (transfer full) (nullable): a member who offers
 */
PealMember *
peal_loose_read_member (JsonNode *node)
{
  g_autofree gchar *id = peal_loose_read_sender (node);

  return id ? peal_member_new (id, read_name (node), NULL, TRUE) : NULL;
}

/**
 * peal_loose_read_members:
 * @node: (nullable): a list of members, or an object that has one
 *
 * Returns: (transfer full) (nullable) (element-type PealMember): those of it
 *   that can be read, or NULL when there is no list
 */
GPtrArray *
peal_loose_read_members (JsonNode *node)
{
  GPtrArray *members;
  JsonArray *list;

  if (node && JSON_NODE_HOLDS_OBJECT (node))
    node = peal_loose_get_any (node, member_list_names);
  if (!node || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  members = g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  list = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (list) &&
       members->len < PEAL_LOOSE_MAX_MEMBERS;
       i++) {
    PealMember *member =
        peal_loose_read_member (json_array_get_element (list, i));

    if (member)
      g_ptr_array_add (members, member);
  }
  return members;
}

/**
 * peal_loose_read_room:
 * @node: (nullable): a room's name or number, or an object with it
 */
gchar *
peal_loose_read_room (JsonNode *node)
{
  gchar *room = read_id (node);

  return room ? room : read_id (peal_loose_get_any (node, room_names));
}

/**
 * peal_loose_read_text:
 * @node: (nullable): words, or an object that has them
 *
 * Returns: (transfer full) (nullable): an error, a reason
 */
gchar *
peal_loose_read_text (JsonNode *node)
{
  const gchar *text = get_string (node, MAX_TEXT_BYTES);

  if (!text)
    text = get_string (peal_loose_get_any (node, text_names), MAX_TEXT_BYTES);
  return text && g_utf8_validate (text, -1, NULL) ? g_strdup (text) : NULL;
}
