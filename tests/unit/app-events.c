/*
 * The element's messages as JSON events and as sentences.
 */
#include "app/events.h"

static void
assert_event (const gchar *message, const gchar *expected)
{
  g_autoptr (GstStructure) structure =
      gst_structure_from_string (message, NULL);
  g_autoptr (JsonNode) event = peal_event_from_structure (structure);
  g_autofree gchar *line = json_to_string (event, FALSE);

  g_assert_cmpstr (line, ==, expected);
}

static void
assert_sentence (const gchar *message, const gchar *expected)
{
  g_autoptr (GstStructure) structure =
      gst_structure_from_string (message, NULL);
  g_autofree gchar *sentence = peal_event_to_sentence (structure);

  g_assert_cmpstr (sentence, ==, expected);
}

static void
an_event_has_all_fields (void)
{
  assert_event ("peer-state, id=(string)x1, name=(string)Anna, "
                "state=(string)connected, attempt-count=(uint)2",
      "{\"event\":\"peer-state\",\"peer\":\"x1\",\"name\":\"Anna\","
      "\"state\":\"connected\",\"attempt_count\":2}");
}

static void
a_body_is_json_as_on_the_wire (void)
{
  g_autoptr (GstStructure) message = gst_structure_new ("message", "id",
      G_TYPE_STRING, "x1", "body", G_TYPE_STRING, "{\"a\":[1,true]}", NULL);
  g_autoptr (JsonNode) event = peal_event_from_structure (message);
  g_autofree gchar *line = json_to_string (event, FALSE);

  g_assert_cmpstr (line, ==,
      "{\"event\":\"message\",\"peer\":\"x1\",\"body\":{\"a\":[1,true]}}");
}

static void
a_body_that_is_not_json_is_a_text (void)
{
  g_autoptr (GstStructure) message = gst_structure_new (
      "message", "id", G_TYPE_STRING, "x1", "body", G_TYPE_STRING, "{", NULL);
  g_autoptr (JsonNode) event = peal_event_from_structure (message);
  g_autofree gchar *line = json_to_string (event, FALSE);

  g_assert_cmpstr (
      line, ==, "{\"event\":\"message\",\"peer\":\"x1\",\"body\":\"{\"}");
}

static void
a_sentence_names_who_and_why (void)
{
  assert_sentence (
      "peer-joined, id=(string)x1, name=(string)Anna", "Anna is here.");
  assert_sentence ("peer-left, id=(string)x1, name=(string)\"\", "
                   "reason=(string)\"went home\"",
      "x1 has left (went home)");
  assert_sentence ("peer-state, id=(string)x1, name=(string)Anna, "
                   "state=(string)connected",
      "Anna: connected");
  assert_sentence ("message, id=(string)x1, name=(string)Anna, "
                   "text=(string)\"hello there\"",
      "Anna says: hello there");
  assert_sentence (
      "message, id=(string)x1, name=(string)Anna, "
      "body=(string)\"{\\\"kind\\\":\\\"mute\\\",\\\"audio\\\":true}\"",
      "Anna: microphone muted, video on");
  assert_sentence ("message, id=(string)x1, name=(string)Anna, "
                   "body=(string)\"[1]\"",
      "Anna sends: [1]");
  assert_sentence ("signalling-state, state=(string)joined", "In the room.");
  assert_sentence ("something-else, id=(string)x1", NULL);
}

static void
a_sentence_cannot_write_on_the_terminal (void)
{
  g_autoptr (GstStructure) message = gst_structure_new ("message", "id",
      G_TYPE_STRING, "x1", "name", G_TYPE_STRING, "Eve", "text", G_TYPE_STRING,
      "a\x1b[2J\nBob has left \xc2\x9b"
      "31m",
      NULL);
  g_autofree gchar *sentence = peal_event_to_sentence (message);

  g_assert_cmpstr (sentence, ==,
      "Eve says: a\ufffd[2J Bob has left \ufffd"
      "31m");
}

int
main (int argc, char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/app/events/an-event-has-all-fields", an_event_has_all_fields);
  g_test_add_func ("/app/events/a-body-is-json-as-on-the-wire",
      a_body_is_json_as_on_the_wire);
  g_test_add_func ("/app/events/a-body-that-is-not-json-is-a-text",
      a_body_that_is_not_json_is_a_text);
  g_test_add_func (
      "/app/events/a-sentence-names-who-and-why", a_sentence_names_who_and_why);
  g_test_add_func ("/app/events/a-sentence-cannot-write-on-the-terminal",
      a_sentence_cannot_write_on_the_terminal);
  return g_test_run ();
}
