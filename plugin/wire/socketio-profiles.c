/*
 * The table of Socket.IO profiles, and reading by it. See socketio-profiles.h;
 * writing is in socketio-profiles-encode.c. Pure; any thread.
 *
 * A received event is looked for by its exact name first, among the profile
 * that is known, then among all; then by a name in which `-`, `_`, `:` and
 * space are one. So `join-room` and `join_room` tell two profiles apart, and a
 * page that writes `ice_candidate` to a `mesh` server is understood.
 */
#include "wire/socketio-profiles.h"

#include <string.h>

#include "wire/loose-json.h"
#include "wire/socketio-profiles-private.h"

static const gchar *const profile_names[] = {
  [PEAL_PROFILE_MESH] = "mesh",
  [PEAL_PROFILE_PY] = "py",
  [PEAL_PROFILE_CODELAB] = "codelab",
  [PEAL_PROFILE_BROADCAST] = "broadcast",
};

enum {
  CLIENT = 1 << PEAL_PROFILE_FROM_CLIENT,
  SERVER = 1 << PEAL_PROFILE_FROM_SERVER,
  BOTH = CLIENT | SERVER,
};

#define ROW(profile, side, word, shape, name)                                \
  {                                                                          \
    PEAL_PROFILE_##profile, side, PEAL_WORD_##word, PEAL_SHAPE_##shape, name \
  }

/* The first row of a word is the one to write; the rest are only read. */
/* clang-format off */
static const PealProfileRow rows[] = {
  ROW (MESH, CLIENT, CREATE, ROOM, "create-room"),
  ROW (MESH, CLIENT, JOIN, ROOM, "join-room"),
  ROW (MESH, CLIENT, LEAVE, ROOM, "leave-room"),
  ROW (MESH, SERVER, MEMBERS, IDS, "existing-users"),
  ROW (MESH, SERVER, MEMBERS, IDS, "all-users"),
  ROW (MESH, SERVER, MEMBERS, IDS, "room-users"),
  ROW (MESH, SERVER, PEER_JOINED, USER_ID, "user-joined"),
  ROW (MESH, SERVER, PEER_JOINED, USER_ID, "user-connected"),
  ROW (MESH, SERVER, PEER_JOINED, USER_ID, "new-user"),
  ROW (MESH, SERVER, PEER_JOINED, USER_ID, "peer-joined"),
  ROW (MESH, SERVER, PEER_LEFT, USER_ID, "user-left"),
  ROW (MESH, SERVER, PEER_LEFT, USER_ID, "user-disconnected"),
  ROW (MESH, SERVER, PEER_LEFT, USER_ID, "peer-left"),
  ROW (MESH, SERVER, PEER_LEFT, USER_ID, "peer-disconnected"),
  ROW (MESH, SERVER, FULL, ROOM, "room-full"),
  ROW (MESH, SERVER, ERROR, ERROR, "error"),
  ROW (MESH, BOTH, OFFER, OFFER, "offer"),
  ROW (MESH, BOTH, ANSWER, ANSWER, "answer"),
  ROW (MESH, BOTH, CANDIDATE, CANDIDATE, "ice-candidate"),
  ROW (MESH, BOTH, CANDIDATE, CANDIDATE, "candidate"),
  ROW (MESH, BOTH, CANDIDATE, CANDIDATE, "icecandidate"),
  ROW (MESH, BOTH, OFFER, ANYTHING, "signal"),

  ROW (PY, CLIENT, JOIN, ROOM_OBJECT, "join_room"),
  ROW (PY, CLIENT, LEAVE, ROOM_OBJECT, "leave_room"),
  ROW (PY, SERVER, MEMBERS, SIDS, "existing-users"),
  ROW (PY, SERVER, MEMBERS, SIDS, "existing_users"),
  ROW (PY, SERVER, PEER_JOINED, SID, "user-joined"),
  ROW (PY, SERVER, PEER_JOINED, SID, "user_joined"),
  ROW (PY, SERVER, PEER_LEFT, SID, "user-left"),
  ROW (PY, SERVER, PEER_LEFT, SID, "user_left"),
  ROW (PY, SERVER, FULL, ROOM, "room_full"),
  ROW (PY, SERVER, ERROR, ERROR, "error"),
  ROW (PY, BOTH, OFFER, OFFER, "offer"),
  ROW (PY, BOTH, ANSWER, ANSWER, "answer"),
  ROW (PY, CLIENT, CANDIDATE, CANDIDATE, "ice_candidate"),
  ROW (PY, SERVER, CANDIDATE, CANDIDATE, "ice-candidate"),

  ROW (CODELAB, CLIENT, JOIN, ROOM, "create or join"),
  ROW (CODELAB, CLIENT, LEAVE, BYE, "message"),
  ROW (CODELAB, SERVER, CREATED, ROOM_AND_ID, "created"),
  ROW (CODELAB, SERVER, JOINED, ROOM_AND_ID, "joined"),
  ROW (CODELAB, SERVER, FULL, ROOM, "full"),
  ROW (CODELAB, SERVER, PEER_JOINED, ROOM, "join"),
  ROW (CODELAB, SERVER, READY, NOTHING, "ready"),
  ROW (CODELAB, BOTH, MEDIA, MEDIA, "message"),
  ROW (CODELAB, BOTH, OFFER, DESCRIPTION, "message"),
  ROW (CODELAB, BOTH, ANSWER, DESCRIPTION, "message"),
  ROW (CODELAB, BOTH, CANDIDATE, LABEL, "message"),
  ROW (CODELAB, BOTH, BYE, BYE, "message"),
  ROW (CODELAB, BOTH, BYE, NOTHING, "bye"),

  ROW (BROADCAST, CLIENT, JOIN, ROOM, "join"),
  ROW (BROADCAST, SERVER, CREATED, ROOM, "room_created"),
  ROW (BROADCAST, SERVER, JOINED, ROOM, "room_joined"),
  ROW (BROADCAST, SERVER, FULL, ROOM, "full_room"),
  ROW (BROADCAST, BOTH, START, ROOM, "start_call"),
  ROW (BROADCAST, CLIENT, OFFER, OFFER_IN_ROOM, "webrtc_offer"),
  ROW (BROADCAST, SERVER, OFFER, DESCRIPTION, "webrtc_offer"),
  ROW (BROADCAST, CLIENT, ANSWER, ANSWER_IN_ROOM, "webrtc_answer"),
  ROW (BROADCAST, SERVER, ANSWER, DESCRIPTION, "webrtc_answer"),
  ROW (BROADCAST, BOTH, CANDIDATE, LABEL_IN_ROOM, "webrtc_ice_candidate"),
};
/* clang-format on */

/**
 * peal_profile_from_string:
 * @name: (nullable): as in a uri's `profile=`
 *
 * Returns: PEAL_PROFILE_UNKNOWN when it is none
 */
PealProfile
peal_profile_from_string (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (profile_names); i++)
    if (g_strcmp0 (profile_names[i], name) == 0)
      return (PealProfile)i;

  return PEAL_PROFILE_UNKNOWN;
}

const gchar *
peal_profile_to_string (PealProfile profile)
{
  return profile < PEAL_N_PROFILES ? profile_names[profile] : "unknown";
}

/**
 * peal_profile_is_for_two:
 *
 * Returns: whether the profile has no ids, and so a single connection
 */
gboolean
peal_profile_is_for_two (PealProfile profile)
{
  return profile == PEAL_PROFILE_CODELAB || profile == PEAL_PROFILE_BROADCAST;
}

/* The row to write by. */
const PealProfileRow *
peal_profile_find_row (
    PealProfileSide side, PealProfile profile, PealProfileWord word)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (rows[i].profile == profile && rows[i].word == word &&
        (rows[i].sides & (1u << side)))
      return &rows[i];
  }
  return NULL;
}

/* ---- which row ---- */

static gboolean
is_separator (gchar character)
{
  return character != '\0' && strchr ("-_: ", character) != NULL;
}

static gboolean
is_same_name (const gchar *a, const gchar *b)
{
  for (; *a && *b; a++, b++) {
    gboolean is_same = is_separator (*a)
        ? is_separator (*b)
        : g_ascii_tolower (*a) == g_ascii_tolower (*b);

    if (!is_same)
      return FALSE;
  }
  return *a == *b;
}

static const PealProfileRow *
find_name (PealProfileSide side, PealProfile profile, const gchar *name,
    gboolean is_exact)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gboolean is_it = (rows[i].sides & (1u << side)) &&
        (profile == PEAL_PROFILE_UNKNOWN || rows[i].profile == profile) &&
        (is_exact ? g_str_equal (rows[i].name, name)
                  : is_same_name (rows[i].name, name));

    if (is_it)
      return &rows[i];
  }
  return NULL;
}

static const PealProfileRow *
find_heard (PealProfileSide side, PealProfile profile, const gchar *name)
{
  const PealProfileRow *row = find_name (side, profile, name, TRUE);

  if (!row)
    row = find_name (side, profile, name, FALSE);
  if (!row)
    row = find_name (side, PEAL_PROFILE_UNKNOWN, name, TRUE);
  return row ? row : find_name (side, PEAL_PROFILE_UNKNOWN, name, FALSE);
}

/* ---- what it holds ---- */

static PealMessage *
read_description (JsonNode *node, PealProfileWord *word)
{
  PealLooseDescription description;
  PealMessage *message;

  if (!peal_loose_read_description (node, &description))
    return NULL;
  if (description.is_offer)
    *word = PEAL_WORD_OFFER;
  else if (description.is_answer)
    *word = PEAL_WORD_ANSWER;
  message = *word == PEAL_WORD_ANSWER
      ? peal_message_new_answer (NULL, NULL, description.sdp)
      : peal_message_new_offer (NULL, NULL, description.sdp);
  peal_loose_description_clear (&description);
  return message;
}

/* An event whose name says `offer` holds one, whatever its `type` is. */
static PealMessage *
read_named_description (JsonNode *node, PealProfileWord word)
{
  PealProfileWord ignored = word;
  PealMessage *message = read_description (node, &ignored);

  if (message)
    message->kind =
        word == PEAL_WORD_ANSWER ? PEAL_MESSAGE_ANSWER : PEAL_MESSAGE_OFFER;
  return message;
}

/* One event for everything: what it holds says what it is. */
static PealMessage *
read_anything (JsonNode *node, PealProfileWord *word)
{
  g_autofree gchar *text = NULL;
  PealMessage *message = read_description (node, word);

  if (message)
    return message;
  *word = PEAL_WORD_CANDIDATE;
  if (JSON_NODE_HOLDS_OBJECT (node) &&
      (message = peal_loose_read_candidate (node)))
    return message;
  text = peal_loose_read_text (node);
  if (g_strcmp0 (text, "bye") == 0) {
    *word = PEAL_WORD_BYE;
    return peal_message_new_bye (NULL, NULL, NULL);
  }
  if (g_strcmp0 (text, "got user media") == 0) {
    *word = PEAL_WORD_MEDIA;
    return peal_message_new (PEAL_MESSAGE_RENEGOTIATE, NULL);
  }
  return NULL;
}

static PealMessage *
read_join (JsonNode *node)
{
  g_autofree gchar *room = peal_loose_read_room (node);
  PealMessage *message;

  if (!room)
    return NULL;
  message = peal_message_new (PEAL_MESSAGE_JOIN, NULL);
  message->room = g_steal_pointer (&room);
  message->name = peal_loose_read_name (node);
  return message;
}

static PealMessage *
read_joined (JsonNode *node, JsonNode *second)
{
  PealMessage *message = peal_message_new (PEAL_MESSAGE_JOINED, NULL);

  message->room = peal_loose_read_room (node);
  message->members = peal_loose_read_members (node);
  if (second)
    message->peer_id = peal_loose_read_sender (second);
  return message;
}

static PealMessage *
read_members (JsonNode *node, JsonNode *second)
{
  g_autoptr (PealMessage) message = read_joined (node, NULL);

  if (!message->members && second)
    message->members = peal_loose_read_members (second);
  return message->members ? g_steal_pointer (&message) : NULL;
}

static PealMessage *
read_peer_joined (JsonNode *node, gboolean is_for_two)
{
  g_autoptr (PealMember) member =
      is_for_two ? NULL : peal_loose_read_member (node);
  PealMessage *message;

  if (!member && !is_for_two)
    return NULL;
  message =
      peal_message_new (PEAL_MESSAGE_PEER_JOINED, member ? member->id : NULL);
  message->member = g_steal_pointer (&member);
  return message;
}

static PealMessage *
read_peer_left (JsonNode *node)
{
  g_autofree gchar *id = peal_loose_read_sender (node);

  return id ? peal_message_new (PEAL_MESSAGE_PEER_LEFT, id) : NULL;
}

static PealMessage *
read_error (JsonNode *node, const gchar *code)
{
  g_autofree gchar *text = peal_loose_read_text (node);

  return peal_message_new_error (NULL, code, text);
}

static PealMessage *
read_by (const PealProfileRow *row, JsonNode *node, JsonNode *second,
    PealProfileWord *word)
{
  switch (row->word) {
    case PEAL_WORD_CREATE:
    case PEAL_WORD_JOIN:
      return read_join (node);
    case PEAL_WORD_CREATED:
    case PEAL_WORD_JOINED:
      return read_joined (node, second);
    case PEAL_WORD_MEMBERS:
      return read_members (node, second);
    case PEAL_WORD_PEER_JOINED:
    case PEAL_WORD_READY:
      return read_peer_joined (node, peal_profile_is_for_two (row->profile));
    case PEAL_WORD_PEER_LEFT:
      return read_peer_left (node);
    case PEAL_WORD_FULL:
      return read_error (NULL, "room-full");
    case PEAL_WORD_ERROR:
      return read_error (node, "bad-message");
    case PEAL_WORD_START:
      return peal_message_new (PEAL_MESSAGE_RENEGOTIATE, NULL);
    case PEAL_WORD_LEAVE:
    case PEAL_WORD_BYE:
      return peal_message_new_bye (NULL, NULL, NULL);
    case PEAL_WORD_OFFER:
    case PEAL_WORD_ANSWER:
      return row->shape == PEAL_SHAPE_ANYTHING
          ? read_anything (node, word)
          : read_named_description (node, row->word);
    case PEAL_WORD_CANDIDATE:
      return peal_loose_read_candidate (node);
    case PEAL_WORD_MEDIA:
    default:
      return NULL;
  }
}

/* ---- whom it is from, or for ---- */

static gboolean
is_addressed (PealProfileWord word)
{
  return word == PEAL_WORD_OFFER || word == PEAL_WORD_ANSWER ||
      word == PEAL_WORD_CANDIDATE || word == PEAL_WORD_BYE;
}

/* In an object; or as a second argument: `offer`, description, id; or first. */
static gchar *
read_address (PealProfileSide side, JsonArray *array, JsonNode *node)
{
  gchar *id = side == PEAL_PROFILE_FROM_SERVER ? peal_loose_read_sender (node)
                                               : peal_loose_read_target (node);

  if (id && !g_str_has_prefix (id, "v=") &&
      !g_str_has_prefix (id, "candidate:"))
    return id;
  g_free (id);
  if (json_array_get_length (array) < 3)
    return NULL;
  return peal_loose_read_sender (json_array_get_element (array, 2));
}

/* `offer`, id, description: the id comes first in some. */
static guint
find_content (JsonArray *array, PealProfileWord word)
{
  PealLooseDescription description;
  JsonNode *first;
  gboolean is_there;

  if (!is_addressed (word) || json_array_get_length (array) < 3)
    return 1;
  first = json_array_get_element (array, 1);
  is_there = peal_loose_read_description (first, &description);
  peal_loose_description_clear (&description);
  if (is_there || !JSON_NODE_HOLDS_VALUE (first))
    return 1;
  return g_str_has_prefix (
             json_node_get_string (first) ? json_node_get_string (first) : "",
             "candidate:")
      ? 1
      : 2;
}

static gchar *
find_address (PealProfileSide side, JsonArray *array, guint content)
{
  if (content == 2)
    return peal_loose_read_sender (json_array_get_element (array, 1));
  return read_address (side, array, json_array_get_element (array, content));
}

static PealMessage *
read_event (PealProfileSide side, const PealProfileRow *row, JsonArray *array,
    PealProfileWord *word)
{
  guint length = json_array_get_length (array);
  g_autoptr (JsonNode) nothing = json_node_new (JSON_NODE_NULL);
  guint content = find_content (array, row->word);
  JsonNode *node =
      length > content ? json_array_get_element (array, content) : nothing;
  JsonNode *second = length > 2 ? json_array_get_element (array, 2) : NULL;
  gboolean is_message =
      row->shape == PEAL_SHAPE_BYE || row->shape == PEAL_SHAPE_MEDIA;
  PealMessage *message;

  *word = row->word;
  message = is_message ? read_anything (node, word)
                       : read_by (row, node, second, word);
  if (message && is_addressed (*word) && length > content &&
      !peal_profile_is_for_two (row->profile)) {
    g_free (message->peer_id);
    message->peer_id = find_address (side, array, content);
  }
  return message;
}

/* What only one of the profiles for many says of people. */
static PealProfile
guess (const PealProfileRow *row, JsonArray *array)
{
  JsonNode *node = json_array_get_length (array) > 1
      ? json_array_get_element (array, 1)
      : NULL;

  if (node && JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) > 0)
    node = json_array_get_element (json_node_get_array (node), 0);
  if (row->profile == PEAL_PROFILE_MESH && node &&
      JSON_NODE_HOLDS_OBJECT (node) &&
      json_object_has_member (json_node_get_object (node), "sid"))
    return PEAL_PROFILE_PY;
  return row->profile;
}

/**
 * peal_profile_decode:
 * @side: who says it
 * @profile: (inout): what is known of the other's profile; set to what the
 *   event belongs to when it was PEAL_PROFILE_UNKNOWN
 * @data: an event's data: the name, then the arguments
 * @word: (out): what it means; what it would mean, when only its name is
 *   right; left as it is when that is not known
 * @message: (out) (transfer full): the rest
 *
 * Returns: whether it means something that can be used; what does not is to be
 *   ignored
 */
gboolean
peal_profile_decode (PealProfileSide side, PealProfile *profile, JsonNode *data,
    PealProfileWord *word, PealMessage **message)
{
  JsonArray *array = json_node_get_array (data);
  const gchar *name = json_node_get_string (json_array_get_element (array, 0));
  const PealProfileRow *row = name ? find_heard (side, *profile, name) : NULL;
  PealMessage *found = row ? read_event (side, row, array, word) : NULL;

  if (!found)
    return FALSE;
  if (*profile == PEAL_PROFILE_UNKNOWN)
    *profile = guess (row, array);
  *message = found;
  return TRUE;
}

/**
 * peal_profile_decode_ack:
 * @argument: (nullable): the first of the acknowledgement of CREATE or JOIN
 * @message: (out) (transfer full): JOINED, its members maybe NULL; or ERROR
 *
 * Returns: whether the acknowledgement says yes
 */
gboolean
peal_profile_decode_ack (JsonNode *argument, PealMessage **message)
{
  static const gchar *const success_names[] = { "success", "ok", NULL };
  static const gchar *const error_names[] = { "error", NULL };
  JsonNode *success =
      argument ? peal_loose_get_any (argument, success_names) : NULL;
  gboolean is_refused =
      (success && JSON_NODE_HOLDS_VALUE (success) &&
          json_node_get_value_type (success) == G_TYPE_BOOLEAN &&
          !json_node_get_boolean (success)) ||
      (!success && argument && peal_loose_get_any (argument, error_names));

  if (is_refused) {
    *message = read_error (argument, "bad-room");
    return FALSE;
  }
  *message = peal_message_new (PEAL_MESSAGE_JOINED, NULL);
  (*message)->room = peal_loose_read_room (argument);
  (*message)->members = peal_loose_read_members (argument);
  return TRUE;
}
