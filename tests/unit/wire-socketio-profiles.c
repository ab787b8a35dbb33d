/*
 * The table of Socket.IO profiles against golden events, in both roles.
 */
#include "wire/socketio-profiles.h"

#include <string.h>

#include "vectors.h"
#include "wire/json.h"

static const gchar *const words[] = {
  [PEAL_WORD_CREATE] = "create",
  [PEAL_WORD_JOIN] = "join",
  [PEAL_WORD_LEAVE] = "leave",
  [PEAL_WORD_CREATED] = "created",
  [PEAL_WORD_JOINED] = "joined",
  [PEAL_WORD_FULL] = "full",
  [PEAL_WORD_MEMBERS] = "members",
  [PEAL_WORD_PEER_JOINED] = "peer-joined",
  [PEAL_WORD_PEER_LEFT] = "peer-left",
  [PEAL_WORD_READY] = "ready",
  [PEAL_WORD_ERROR] = "error",
  [PEAL_WORD_START] = "start",
  [PEAL_WORD_MEDIA] = "media",
  [PEAL_WORD_OFFER] = "offer",
  [PEAL_WORD_ANSWER] = "answer",
  [PEAL_WORD_CANDIDATE] = "candidate",
  [PEAL_WORD_BYE] = "bye",
};

static const gchar *
get (JsonObject *object, const gchar *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static PealProfileSide
side_of (JsonObject *vector)
{
  return g_str_equal (get (vector, "side"), "client")
      ? PEAL_PROFILE_FROM_CLIENT
      : PEAL_PROFILE_FROM_SERVER;
}

static void
check_members (JsonObject *expected, PealMessage *message)
{
  JsonArray *members = json_object_get_array_member (expected, "members");

  g_assert_cmpuint (message->members->len, ==, json_array_get_length (members));
  for (guint i = 0; i < message->members->len; i++) {
    PealMember *member = g_ptr_array_index (message->members, i);
    JsonArray *pair = json_array_get_array_element (members, i);

    g_assert_cmpstr (member->id, ==, json_array_get_string_element (pair, 0));
    g_assert_cmpstr (member->name, ==,
        json_array_get_null_element (pair, 1)
            ? NULL
            : json_array_get_string_element (pair, 1));
  }
}

static void
check_message (JsonObject *expected, PealMessage *message)
{
  if (json_object_has_member (expected, "peer"))
    g_assert_cmpstr (message->peer_id, ==, get (expected, "peer"));
  if (json_object_has_member (expected, "room"))
    g_assert_cmpstr (message->room, ==, get (expected, "room"));
  if (json_object_has_member (expected, "name"))
    g_assert_cmpstr (message->name, ==, get (expected, "name"));
  if (json_object_has_member (expected, "text"))
    g_assert_cmpstr (message->text, ==, get (expected, "text"));
  g_assert_cmpstr (message->sdp, ==, get (expected, "sdp"));
  g_assert_cmpstr (message->candidate, ==, get (expected, "candidate"));
  g_assert_cmpstr (message->sdp_mid, ==, get (expected, "mid"));
  g_assert_cmpint (message->sdp_mline_index, ==,
      json_object_get_int_member_with_default (expected, "index", -1));
  if (json_object_has_member (expected, "members"))
    check_members (expected, message);
}

static void
check_valid (JsonObject *vector)
{
  JsonNode *event = json_object_get_member (vector, "event");
  JsonNode *canonical = json_object_has_member (vector, "canonical")
      ? json_object_get_member (vector, "canonical")
      : event;
  PealProfile profile = peal_profile_from_string (get (vector, "given"));
  g_autoptr (PealMessage) message = NULL;
  g_autoptr (JsonNode) written = NULL;
  PealProfileWord word;

  g_assert_true (
      peal_profile_decode (side_of (vector), &profile, event, &word, &message));
  g_assert_cmpstr (
      peal_profile_to_string (profile), ==, get (vector, "profile"));
  g_assert_cmpstr (words[word], ==, get (vector, "word"));
  check_message (json_object_get_object_member (vector, "message"), message);
  written = peal_profile_encode (side_of (vector), profile, word, message);
  if (!json_node_equal (written, canonical))
    g_error ("wrote %s", json_to_string (written, FALSE));
}

static void
test_valid (void)
{
  vectors_for_each ("socketio-profiles/valid.json", check_valid);
}

static void
check_ignored (JsonObject *vector)
{
  PealProfile profile = PEAL_PROFILE_UNKNOWN;
  PealMessage *message = NULL;
  PealProfileWord word;

  g_assert_false (peal_profile_decode (side_of (vector), &profile,
      json_object_get_member (vector, "event"), &word, &message));
  g_assert_null (message);
  g_assert_cmpint (profile, ==, PEAL_PROFILE_UNKNOWN);
}

static void
test_ignored (void)
{
  vectors_for_each ("socketio-profiles/ignored.json", check_ignored);
}

/* ---- acknowledgements ---- */

static const struct {
  const gchar *text;
  gboolean is_yes;
  gint members; /* -1: not told */
  const gchar *reason;
} acks[] = {
  { "[{\"success\":true,\"roomId\":\"r\",\"existingUsers\":[\"a\",\"b\"]}]",
      TRUE, 2, NULL },
  { "[{\"success\":true,\"roomId\":\"r\",\"existingUsers\":[]}]", TRUE, 0,
      NULL },
  { "[{\"success\":false,\"error\":\"Room not found\"}]", FALSE, -1,
      "Room not found" },
  { "[{\"success\":false,\"message\":\"full\"}]", FALSE, -1, "full" },
  { "[{\"error\":\"no\"}]", FALSE, -1, "no" },
  { "[{\"ok\":true,\"users\":[{\"id\":\"a\"}]}]", TRUE, 1, NULL },
  { "[[\"a\"]]", TRUE, 1, NULL },
  { "[true]", TRUE, -1, NULL },
  { "[null]", TRUE, -1, NULL },
  { "[7]", TRUE, -1, NULL },
};

static void
test_acks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (acks); i++) {
    g_autoptr (JsonNode) node =
        peal_json_parse (acks[i].text, strlen (acks[i].text), 1000, NULL);
    g_autoptr (PealMessage) message = NULL;

    g_assert_cmpint (
        peal_profile_decode_ack (
            json_array_get_element (json_node_get_array (node), 0), &message),
        ==, acks[i].is_yes);
    g_assert_cmpstr (message->text, ==, acks[i].reason);
    g_assert_cmpint (message->members ? (gint)message->members->len : -1, ==,
        acks[i].members);
  }
}

static void
test_ack_of_nothing (void)
{
  g_autoptr (PealMessage) message = NULL;

  g_assert_true (peal_profile_decode_ack (NULL, &message));
  g_assert_null (message->members);
}

static void
test_written_acks (void)
{
  g_autoptr (GPtrArray) members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  g_autoptr (JsonNode) yes = NULL;
  g_autoptr (JsonNode) no = peal_profile_encode_ack_error ("full");
  g_autofree gchar *yes_text = NULL;
  g_autofree gchar *no_text = peal_json_to_text (no);

  g_ptr_array_add (members, peal_member_new ("a", "Ada", NULL, FALSE));
  yes = peal_profile_encode_ack ("r", members);
  yes_text = peal_json_to_text (yes);
  g_assert_cmpstr (yes_text, ==,
      "[{\"success\":true,\"roomId\":\"r\",\"existingUsers\":[\"a\"]}]");
  g_assert_cmpstr (no_text, ==, "[{\"success\":false,\"error\":\"full\"}]");
}

/* ---- names in a room ---- */

static void
test_broadcast_room (void)
{
  g_autoptr (PealMessage) message =
      peal_message_new_candidate (NULL, NULL, "candidate:1", "0", 0);
  g_autoptr (JsonNode) written = NULL;
  g_autofree gchar *text = NULL;

  message->room = g_strdup ("r");
  written = peal_profile_encode (PEAL_PROFILE_FROM_CLIENT,
      PEAL_PROFILE_BROADCAST, PEAL_WORD_CANDIDATE, message);
  text = peal_json_to_text (written);
  g_assert_cmpstr (text, ==,
      "[\"webrtc_ice_candidate\","
      "{\"roomId\":\"r\",\"label\":0,\"candidate\":\"candidate:1\"}]");
}

static void
test_name_is_told (void)
{
  const gchar *text = "[\"join_room\",{\"room\":\"r\",\"sid\":\"x\","
                      "\"username\":\"Ada\"}]";
  g_autoptr (JsonNode) node = peal_json_parse (text, strlen (text), 1000, NULL);
  g_autoptr (PealMessage) message = NULL;
  PealProfile profile = PEAL_PROFILE_UNKNOWN;
  PealProfileWord word;

  g_assert_true (peal_profile_decode (
      PEAL_PROFILE_FROM_CLIENT, &profile, node, &word, &message));
  g_assert_cmpstr (message->name, ==, "Ada");
}

static void
test_words_that_a_profile_lacks (void)
{
  g_autoptr (PealMessage) message = peal_message_new_bye ("a", NULL, NULL);

  g_assert_null (peal_profile_encode (
      PEAL_PROFILE_FROM_CLIENT, PEAL_PROFILE_MESH, PEAL_WORD_BYE, message));
  g_assert_null (peal_profile_encode (
      PEAL_PROFILE_FROM_CLIENT, PEAL_PROFILE_UNKNOWN, PEAL_WORD_JOIN, message));
}

static void
survive (const gchar *text, gsize length)
{
  g_autoptr (JsonNode) node = peal_json_parse (text, length, 100000, NULL);

  if (!node || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) == 0 ||
      !JSON_NODE_HOLDS_VALUE (
          json_array_get_element (json_node_get_array (node), 0)))
    return;
  for (gint side = 0; side <= PEAL_PROFILE_FROM_SERVER; side++) {
    PealProfile profile = PEAL_PROFILE_UNKNOWN;
    g_autoptr (PealMessage) message = NULL;
    g_autoptr (JsonNode) written = NULL;
    PealProfileWord word;

    if (peal_profile_decode (side, &profile, node, &word, &message))
      written = peal_profile_encode (side, profile, word, message);
  }
}

static void
test_survival (void)
{
  vectors_survive ("socketio-profiles/valid.json", "event", survive);
  vectors_survive ("socketio-profiles/ignored.json", "event", survive);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/profiles/golden-events-are-read-and-written-alike", test_valid);
  g_test_add_func ("/profiles/what-means-nothing-is-ignored", test_ignored);
  g_test_add_func ("/profiles/acknowledgements-of-all-kinds", test_acks);
  g_test_add_func (
      "/profiles/an-empty-acknowledgement-is-a-yes", test_ack_of_nothing);
  g_test_add_func ("/profiles/acknowledgements-are-written", test_written_acks);
  g_test_add_func (
      "/profiles/broadcast-writes-the-room-everywhere", test_broadcast_room);
  g_test_add_func ("/profiles/a-joiner-may-have-a-name", test_name_is_told);
  g_test_add_func (
      "/profiles/a-profile-may-lack-a-word", test_words_that_a_profile_lacks);
  g_test_add_func ("/profiles/nothing-does-harm", test_survival);
  return g_test_run ();
}
