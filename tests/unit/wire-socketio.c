/*
 * The Socket.IO codec against its golden messages.
 */
#include "wire/socketio.h"

#include <string.h>

#include "base/error.h"
#include "vectors.h"

static void
check_valid (JsonObject *vector)
{
  const gchar *text = json_object_get_string_member (vector, "text");
  const gchar *canonical = json_object_has_member (vector, "canonical")
      ? json_object_get_string_member (vector, "canonical")
      : text;
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_decode (text, strlen (text), &error);
  g_autofree gchar *written = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (
      packet->type, ==, json_object_get_int_member (vector, "type"));
  written = peal_socketio_encode (packet);
  g_assert_cmpstr (written, ==, canonical);
}

static void
test_valid (void)
{
  vectors_for_each ("socketio/valid.json", check_valid);
}

static void
check_invalid (JsonObject *vector)
{
  const gchar *text = json_object_get_string_member (vector, "text");
  g_autoptr (GError) error = NULL;

  g_assert_null (peal_socketio_decode (text, strlen (text), &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
}

static void
test_invalid (void)
{
  vectors_for_each ("socketio/invalid.json", check_invalid);
}

static void
test_fields (void)
{
  const gchar *text = "52-/a,7[\"hello\",1,\"x\"]";
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_decode (text, strlen (text), NULL);

  g_assert_cmpuint (packet->attachments, ==, 2);
  g_assert_cmpstr (packet->namespace, ==, "/a");
  g_assert_cmpint (packet->ack_id, ==, 7);
  g_assert_cmpstr (peal_socketio_packet_get_event (packet), ==, "hello");
  g_assert_cmpint (
      json_node_get_int (peal_socketio_packet_get_argument (packet, 0)), ==, 1);
  g_assert_cmpstr (
      json_node_get_string (peal_socketio_packet_get_argument (packet, 1)), ==,
      "x");
  g_assert_null (peal_socketio_packet_get_argument (packet, 2));
}

static void
test_ack_arguments (void)
{
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_decode ("31[true]", 8, NULL);

  g_assert_null (peal_socketio_packet_get_event (packet));
  g_assert_true (
      json_node_get_boolean (peal_socketio_packet_get_argument (packet, 0)));
}

static void
survive (const gchar *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_decode (text, length, &error);
  g_autofree gchar *written = packet ? peal_socketio_encode (packet) : NULL;

  g_assert_true ((packet == NULL) == (error != NULL));
  if (packet) {
    peal_socketio_packet_get_event (packet);
    peal_socketio_packet_get_argument (packet, 0);
    g_assert_true (g_utf8_validate (written, -1, NULL));
  }
}

static void
test_survival (void)
{
  vectors_survive ("socketio/valid.json", "text", survive);
  vectors_survive ("socketio/invalid.json", "text", survive);
  vectors_survive_garbage ("0123456-/,[]{}\"a\\u \x80\xff", survive);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/socketio/packets-are-read-and-written-alike", test_valid);
  g_test_add_func ("/socketio/invalid-packets-are-refused", test_invalid);
  g_test_add_func ("/socketio/every-part-is-read", test_fields);
  g_test_add_func (
      "/socketio/arguments-of-an-acknowledgement-count-from-the-first",
      test_ack_arguments);
  g_test_add_func ("/socketio/nothing-does-harm", test_survival);
  return g_test_run ();
}
