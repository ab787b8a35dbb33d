/*
 * The words of gst-examples' signalling against the golden lines, cut off and
 * spoilt anywhere.
 */
#include "wire/gstexamples.h"

#include <string.h>

#include "vectors.h"

static const gchar *const words[] = { "HELLO", "SESSION", "SESSION_OK", "ROOM",
  "ROOM_OK", "ROOM_PEER_LIST", "ROOM_PEER_JOINED", "ROOM_PEER_LEFT",
  "ROOM_PEER_MSG", "ERROR", "payload" };

static const gchar *
get (JsonObject *vector, const gchar *name)
{
  return json_object_get_string_member_with_default (vector, name, NULL);
}

static const gchar *
kind_of (const PealMessage *message)
{
  if (!message)
    return "invalid";
  if (message->kind == PEAL_MESSAGE_CANDIDATE && !message->candidate)
    return "end-of-candidates";
  return peal_message_kind_to_string (message->kind);
}

static void
check_peers (JsonArray *peers, const PealGstexamplesLine *line)
{
  g_assert_cmpuint (
      g_strv_length (line->peers), ==, json_array_get_length (peers));
  for (guint i = 0; line->peers[i]; i++)
    g_assert_cmpstr (
        line->peers[i], ==, json_array_get_string_element (peers, i));
}

static void
check_payload (JsonObject *vector, const PealGstexamplesLine *line)
{
  const gchar *canonical = get (vector, "canonical");
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message =
      peal_gstexamples_read_payload (line->text, &error);
  g_autofree gchar *written =
      message ? peal_gstexamples_write_payload (message) : NULL;

  g_assert_cmpstr (kind_of (message), ==, get (vector, "payload"));
  g_assert_true ((message != NULL) != (error != NULL));
  if (written)
    g_assert_cmpstr (written, ==, canonical ? canonical : line->text);
}

static void
check_line (JsonObject *vector)
{
  const gchar *text = get (vector, "text");
  g_autoptr (GError) error = NULL;
  g_autoptr (PealGstexamplesLine) line =
      peal_gstexamples_decode (text, strlen (text), &error);

  g_assert_true ((line != NULL) != (error != NULL));
  g_assert_cmpstr (
      line ? words[line->kind] : "invalid", ==, get (vector, "kind"));
  if (!line)
    return;
  g_assert_cmpstr (line->id, ==, get (vector, "id"));
  if (json_object_has_member (vector, "peers"))
    check_peers (json_object_get_array_member (vector, "peers"), line);
  if (get (vector, "rest"))
    g_assert_cmpstr (line->text, ==, get (vector, "rest"));
  if (get (vector, "payload"))
    check_payload (vector, line);
}

static void
test_lines (void)
{
  vectors_for_each ("gstexamples/lines.json", check_line);
}

static void
survive (const gchar *text, gsize length)
{
  g_autoptr (PealGstexamplesLine) line =
      peal_gstexamples_decode (text, length, NULL);
  g_autoptr (PealMessage) message = line && line->text
      ? peal_gstexamples_read_payload (line->text, NULL)
      : NULL;
  g_autofree gchar *written =
      message ? peal_gstexamples_write_payload (message) : NULL;

  g_assert_true (!written || g_utf8_validate (written, -1, NULL));
}

static void
test_survival (void)
{
  vectors_survive ("gstexamples/lines.json", "text", survive);
  vectors_survive_garbage ("ROOM_PEERMSGHL ok{}\":,\n", survive);
}

static void
test_limits (void)
{
  g_autofree gchar *long_id =
      g_strnfill (PEAL_GSTEXAMPLES_MAX_ID_BYTES + 1, 'x');
  g_autofree gchar *long_line =
      g_strnfill (PEAL_GSTEXAMPLES_MAX_FRAME_BYTES + 1, 'x');
  g_autoptr (GString) crowd = g_string_new ("ROOM_OK");

  for (guint i = 0; i <= PEAL_GSTEXAMPLES_MAX_PEERS; i++)
    g_string_append (crowd, " p");
  g_assert_false (peal_gstexamples_is_id (long_id));
  g_assert_true (peal_gstexamples_is_id (long_id + 1));
  g_assert_null (peal_gstexamples_decode (long_line, strlen (long_line), NULL));
  g_assert_null (peal_gstexamples_decode (crowd->str, crowd->len, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gstexamples/golden-lines-are-read", test_lines);
  g_test_add_func (
      "/gstexamples/a-line-cut-off-or-spoilt-anywhere-does-no-harm",
      test_survival);
  g_test_add_func ("/gstexamples/lines-have-limits", test_limits);
  return g_test_run ();
}
