/*
 * Bodies of messages, as they are told and as they travel.
 */
#include "wire/app-body.h"

static void
assert_travels (const gchar *text, const gchar *on_the_wire)
{
  g_autoptr (JsonNode) body = peal_app_body_new (text);
  g_autofree gchar *wire = peal_app_body_to_wire (body);
  g_autoptr (JsonNode) arrived = peal_app_body_new (wire);
  g_autofree gchar *again = peal_app_body_to_wire (arrived);

  g_assert_cmpstr (wire, ==, on_the_wire);
  g_assert_cmpstr (again, ==, on_the_wire);
}

static void
test_text (void)
{
  assert_travels ("hello", "hello");
  assert_travels ("Grüße, 東京", "Grüße, 東京");
  assert_travels ("{ no JSON", "{ no JSON");
  assert_travels ("\"quoted\"", "\"quoted\"");
  assert_travels ("12", "12");
}

static void
test_json (void)
{
  assert_travels ("{\"door\" : \"open\"}", "{\"door\":\"open\"}");
  assert_travels ("[1,2]", "[1,2]");
}

/* SCTP has no empty message, and a string is not to become an object. */
static void
test_wrapped (void)
{
  g_autoptr (JsonNode) string = json_node_new (JSON_NODE_VALUE);
  g_autofree gchar *wire = NULL;
  g_autoptr (JsonNode) arrived = NULL;

  assert_travels ("", "{\"kind\":\"chat\",\"text\":\"\"}");
  json_node_set_string (string, "{\"a\":1}");
  wire = peal_app_body_to_wire (string);
  arrived = peal_app_body_new (wire);
  g_assert_cmpstr (peal_app_body_get_text (arrived), ==, "{\"a\":1}");
}

static void
test_deep (void)
{
  g_autofree gchar *deep = g_strnfill (50000, '[');
  g_autoptr (JsonNode) body = peal_app_body_new (deep);

  g_assert_cmpstr (peal_app_body_get_text (body), ==, deep);
}

static void
test_binary (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new ("\0\1\2", 3);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (JsonNode) body = peal_app_body_new_binary (bytes);
  g_autoptr (JsonNode) nothing = peal_app_body_new_binary (empty);
  g_autofree gchar *wire = peal_app_body_to_wire (body);
  g_autofree gchar *no_wire = peal_app_body_to_wire (nothing);

  g_assert_cmpstr (wire, ==, "{\"kind\":\"binary\",\"base64\":\"AAEC\"}");
  g_assert_cmpstr (no_wire, ==, "{\"kind\":\"binary\",\"base64\":\"\"}");
  g_assert_null (peal_app_body_get_text (body));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app-body/text-travels-as-it-is", test_text);
  g_test_add_func ("/app-body/json-travels-as-json", test_json);
  g_test_add_func ("/app-body/what-would-be-misread-is-wrapped", test_wrapped);
  g_test_add_func ("/app-body/endless-nesting-is-text", test_deep);
  g_test_add_func ("/app-body/bytes-are-told-in-words", test_binary);

  return g_test_run ();
}
