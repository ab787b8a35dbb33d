/*
 * The raw relay's codec against its golden messages.
 */
#include "wire/relay.h"

#include <string.h>

#include "base/error.h"
#include "vectors.h"

static const gchar *
get (JsonObject *object, const gchar *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
check_written (JsonObject *vector, PealMessage *message)
{
  JsonNode *canonical = json_object_get_member (vector,
      json_object_has_member (vector, "canonical") ? "canonical" : "frame");
  g_autofree gchar *written = peal_relay_encode (message);
  g_autoptr (JsonNode) again =
      written ? json_from_string (written, NULL) : NULL;

  if (JSON_NODE_HOLDS_NULL (canonical))
    g_assert_null (written);
  else if (!json_node_equal (again, canonical))
    g_error ("wrote %s", written);
}

static void
check_valid (JsonObject *vector)
{
  JsonObject *expected = json_object_get_object_member (vector, "message");
  g_autofree gchar *text =
      json_to_string (json_object_get_member (vector, "frame"), FALSE);
  g_autoptr (PealMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  peal_relay_decode (text, strlen (text), &message, &error);
  g_assert_no_error (error);
  if (json_object_get_null_member (vector, "kind")) {
    g_assert_null (message);
    return;
  }
  g_assert_cmpstr (
      peal_message_kind_to_string (message->kind), ==, get (vector, "kind"));
  g_assert_cmpstr (message->sdp, ==, get (expected, "sdp"));
  g_assert_cmpstr (message->candidate, ==, get (expected, "candidate"));
  g_assert_cmpstr (message->sdp_mid, ==, get (expected, "mid"));
  g_assert_cmpint (message->sdp_mline_index, ==,
      json_object_get_int_member_with_default (expected, "index", -1));
  check_written (vector, message);
}

static void
test_valid (void)
{
  vectors_for_each ("relay/valid.json", check_valid);
}

static void
test_not_json (void)
{
  static const gchar *const texts[] = { "", "hello", "7", "\"a\"", "{", "{}x",
    "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    PealMessage *message = NULL;

    g_assert_false (
        peal_relay_decode (texts[i], strlen (texts[i]), &message, &error));
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
    g_assert_null (message);
  }
}

static void
survive (const gchar *text, gsize length)
{
  g_autoptr (PealMessage) message = NULL;
  g_autofree gchar *written = NULL;

  peal_relay_decode (text, length, &message, NULL);
  if (message)
    written = peal_relay_encode (message);
}

static void
test_survival (void)
{
  vectors_survive ("relay/valid.json", "frame", survive);
  vectors_survive_garbage ("{}[]\",:\\u0d8truefalsn-1.e \n\x80\xff", survive);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/relay/golden-messages-are-read-and-written-alike", test_valid);
  g_test_add_func ("/relay/what-is-not-json-is-an-error", test_not_json);
  g_test_add_func ("/relay/nothing-does-harm", test_survival);
  return g_test_run ();
}
