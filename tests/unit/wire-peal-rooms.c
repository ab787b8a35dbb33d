/*
 * The Peal rooms codec against the golden messages, and against what is made
 * of them by cutting them off anywhere and by spoiling any byte.
 */
#include <string.h>

#include "base/error.h"
#include "vectors.h"
#include "wire/peal-rooms-private.h"
#include "wire/peal-rooms.h"

static PealRoomsSide
side_of (JsonObject *vector)
{
  return g_str_equal (json_object_get_string_member (vector, "side"), "client")
      ? PEAL_ROOMS_FROM_CLIENT
      : PEAL_ROOMS_FROM_SERVER;
}

static void
check_valid (JsonObject *vector)
{
  JsonNode *frame = json_object_get_member (vector, "frame");
  JsonNode *canonical = json_object_has_member (vector, "canonical")
      ? json_object_get_member (vector, "canonical")
      : frame;
  g_autofree gchar *text = json_to_string (frame, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message =
      peal_rooms_decode (side_of (vector), text, strlen (text), NULL, &error);
  g_autofree gchar *written = NULL;
  g_autoptr (JsonNode) again = NULL;

  g_assert_no_error (error);
  written = peal_rooms_encode (side_of (vector), message);
  again = json_from_string (written, NULL);
  if (!json_node_equal (again, canonical))
    g_error ("wrote %s", written);
}

static void
test_valid (void)
{
  vectors_for_each ("peal-rooms/valid.json", check_valid);
}

static void
check_invalid (JsonObject *vector)
{
  const gchar *text = json_object_get_string_member (vector, "text");
  const gchar *code = NULL;
  g_autoptr (GError) error = NULL;
  PealMessage *message =
      peal_rooms_decode (side_of (vector), text, strlen (text), &code, &error);

  g_assert_null (message);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
  g_assert_cmpstr (code, ==, json_object_get_string_member (vector, "error"));
}

static void
test_invalid (void)
{
  vectors_for_each ("peal-rooms/invalid.json", check_invalid);
}

/* Reads it as either side would; what is read must be writable again. */
static void
survive (const gchar *text, gsize length)
{
  for (gint side = PEAL_ROOMS_FROM_CLIENT; side <= PEAL_ROOMS_FROM_SERVER;
       side++) {
    const gchar *code = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (PealMessage) message =
        peal_rooms_decode (side, text, length, &code, &error);

    if (message) {
      g_autofree gchar *written = peal_rooms_encode (side, message);

      g_assert_true (g_utf8_validate (written, -1, NULL));
      g_assert_no_error (error);
    } else {
      g_assert_nonnull (code);
      g_assert_nonnull (error);
    }
  }
}

static void
test_survival (void)
{
  vectors_survive ("peal-rooms/valid.json", "frame", survive);
}

static void
test_garbage (void)
{
  vectors_survive_garbage ("{}[]\",:\\u0d8truefalsn-1.e \n\x80\xff", survive);
}

static void
test_exactly_full (void)
{
  g_autofree gchar *filling = g_strnfill (PEAL_ROOMS_MAX_FRAME_BYTES -
          strlen ("{\"type\":\"message\",\"body\":\"\"}"),
      'x');
  g_autofree gchar *text =
      g_strdup_printf ("{\"type\":\"message\",\"body\":\"%s\"}", filling);
  g_autofree gchar *longer = g_strconcat (text, " ", NULL);
  const gchar *code = NULL;
  g_autoptr (PealMessage) message = NULL;

  g_assert_cmpuint (strlen (text), ==, PEAL_ROOMS_MAX_FRAME_BYTES);
  message = peal_rooms_decode (
      PEAL_ROOMS_FROM_CLIENT, text, strlen (text), NULL, NULL);
  g_assert_nonnull (message);
  g_assert_null (peal_rooms_decode (
      PEAL_ROOMS_FROM_CLIENT, longer, strlen (longer), &code, NULL));
  g_assert_cmpstr (code, ==, "too-large");
}

static void
test_fields (void)
{
  const gchar *text = "{\"type\":\"candidate\",\"from\":\"a\","
                      "\"session\":\"01234567\",\"candidate\":"
                      "{\"candidate\":\"candidate:1\",\"sdpMid\":\"m\"}}";
  g_autoptr (PealMessage) message = peal_rooms_decode (
      PEAL_ROOMS_FROM_SERVER, text, strlen (text), NULL, NULL);

  g_assert_cmpint (message->kind, ==, PEAL_MESSAGE_CANDIDATE);
  g_assert_cmpstr (message->peer_id, ==, "a");
  g_assert_cmpstr (message->session, ==, "01234567");
  g_assert_cmpstr (message->candidate, ==, "candidate:1");
  g_assert_cmpstr (message->sdp_mid, ==, "m");
  g_assert_cmpint (message->sdp_mline_index, ==, -1);
}

static void
test_names (void)
{
  g_assert_true (peal_rooms_is_valid_room ("a.B_9-"));
  g_assert_false (peal_rooms_is_valid_room (NULL));
  g_assert_false (peal_rooms_is_valid_room ("é"));
  g_assert_true (peal_rooms_is_valid_name ("Zoë Ångström 😀"));
  g_assert_false (peal_rooms_is_valid_name (NULL));
  g_assert_false (peal_rooms_is_valid_name (""));
  g_assert_false (peal_rooms_is_valid_name ("\xff"));
  g_assert_false (peal_rooms_is_valid_name ("a\tb"));
}

typedef struct {
  const gchar *text;
  gboolean is_plain;
} QuickCase;

#define TO "\"to\":\"bob\",\"session\":\"s-012345\""
#define MAKE(rest) "{\"type\":\"candidate\"," TO "," rest "}"

static const QuickCase quick_cases[] = {
  { MAKE ("\"candidate\":null"), TRUE },
  { MAKE ("\"candidate\":{\"candidate\":\"\",\"sdpMLineIndex\":1023}"), TRUE },
  { MAKE ("\"candidate\": { \"candidate\" : \"a\", \"sdpMid\": \"0\" }"),
      TRUE },
  { "{\"type\":\"offer\"," TO ",\"sdp\":\"v=0\\r\\n\\\"\\\\\\t\"}", TRUE },
  { "{\"type\":\"renegotiate\"," TO "}", TRUE },
  { MAKE ("\"candidate\":{}"), FALSE },
  { MAKE ("\"candidate\":{\"sdpMLineIndex\":1024}"), FALSE },
  { MAKE ("\"candidate\":{\"sdpMLineIndex\":01}"), FALSE },
  { MAKE ("\"candidate\":{\"sdpMLineIndex\":-1}"), FALSE },
  { MAKE ("\"candidate\":null,\"candidate\":null"), FALSE },
  { MAKE ("\"candidate\":null,\"to\":\"eve\""), FALSE },
  { MAKE ("\"candidate\":null,\"new\":1"), FALSE },
  { MAKE ("\"candidate\":null,"), FALSE },
  { MAKE ("\"candidate\":null") "x", FALSE },
  { MAKE ("\"candidate\":{\"candidate\":\"\\u0041\"}"), FALSE },
  { MAKE ("\"candidate\":{\"candidate\":\"\xc3\xa9\"}"), FALSE },
  { "{\"type\":\"candidate\",\"to\":\"b b\",\"session\":\"s-012345\","
    "\"candidate\":null}",
      FALSE },
  { "{\"type\":\"offer\"," TO ",\"sdp\":\"\"}", FALSE },
  { "{\"type\":\"offer\"," TO ",\"sdp\":\"v\\", FALSE },
  { "{\"type\":\"message\"," TO ",\"body\":1}", FALSE },
  { "", FALSE },
};

/* Without a tree of JSON the same is read, and written, as with one. */
static void
test_quick (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (quick_cases); i++) {
    const gchar *text = quick_cases[i].text;
    g_autoptr (PealMessage) quick =
        peal_rooms_decode_quick (PEAL_ROOMS_FROM_CLIENT, text, strlen (text));
    g_autoptr (PealMessage) tree = peal_rooms_decode_tree (
        PEAL_ROOMS_FROM_CLIENT, text, strlen (text), NULL, NULL);
    g_autofree gchar *written = NULL;
    g_autofree gchar *tree_written = NULL;

    g_test_message ("%s", text);
    g_assert_cmpint (quick != NULL, ==, quick_cases[i].is_plain);
    if (!quick)
      continue;
    written = peal_rooms_encode_quick (PEAL_ROOMS_FROM_SERVER, quick);
    tree_written = peal_rooms_encode_tree (PEAL_ROOMS_FROM_SERVER, tree);
    g_assert_cmpstr (written, ==, tree_written);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/peal-rooms/golden-messages-are-read-and-written-alike", test_valid);
  g_test_add_func (
      "/peal-rooms/invalid-messages-give-their-error-code", test_invalid);
  g_test_add_func (
      "/peal-rooms/a-message-cut-off-or-spoilt-anywhere-does-no-harm",
      test_survival);
  g_test_add_func ("/peal-rooms/garbage-does-no-harm", test_garbage);
  g_test_add_func ("/peal-rooms/a-frame-of-exactly-64-kib-is-read-and-one-more-"
                   "byte-is-not",
      test_exactly_full);
  g_test_add_func (
      "/peal-rooms/fields-land-where-the-message-says", test_fields);
  g_test_add_func (
      "/peal-rooms/room-names-and-people-s-names-are-checked", test_names);
  g_test_add_func (
      "/peal-rooms/what-is-read-without-a-tree-is-the-same", test_quick);
  return g_test_run ();
}
