/*
 * The Engine.IO codec against its golden messages.
 */
#include "wire/engineio.h"

#include <string.h>

#include "base/error.h"
#include "vectors.h"

static void
check_packet (JsonObject *vector)
{
  const gchar *frame = json_object_get_string_member (vector, "frame");
  const gchar *text = json_object_get_string_member (vector, "text");
  gint64 type = json_object_get_int_member (vector, "type");
  g_autoptr (GError) error = NULL;
  g_autoptr (PealEngineioPacket) packet =
      peal_engineio_decode (frame, strlen (frame), &error);
  g_autofree gchar *written = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (packet->type, ==, type);
  g_assert_cmpstr (packet->text, ==, text);
  written = peal_engineio_encode (packet->type, packet->text);
  g_assert_cmpstr (written, ==, frame);
}

static void
test_packets (void)
{
  vectors_for_each ("engineio/packets.json", check_packet);
}

static void
check_refused_payload (const gchar *body)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (peal_engineio_payload_split (body, strlen (body), &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
}

static void
check_payload (JsonObject *vector)
{
  const gchar *body = json_object_get_string_member (vector, "body");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) packets = NULL;
  g_autoptr (GString) written = g_string_new (NULL);

  if (!json_object_has_member (vector, "packets")) {
    check_refused_payload (body);
    return;
  }
  packets = peal_engineio_payload_split (body, strlen (body), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (packets->len, ==,
      json_array_get_length (json_object_get_array_member (vector, "packets")));
  for (guint i = 0; i < packets->len; i++)
    g_assert_true (peal_engineio_payload_append (
        written, g_ptr_array_index (packets, i), G_MAXSIZE));
  g_assert_cmpstr (written->str, ==, body);
}

static void
test_payloads (void)
{
  vectors_for_each ("engineio/payloads.json", check_payload);
}

static void
test_binary (void)
{
  g_autoptr (GPtrArray) packets =
      peal_engineio_payload_split ("bAQIDBA==", 9, NULL);
  PealEngineioPacket *packet = g_ptr_array_index (packets, 0);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (packet->binary, &length);

  g_assert_cmpint (packet->type, ==, PEAL_ENGINEIO_MESSAGE);
  g_assert_cmpmem (bytes, length, "\1\2\3\4", 4);
  g_assert_null (packet->text);
}

static void
test_payload_limit (void)
{
  g_autoptr (PealEngineioPacket) packet =
      peal_engineio_packet_new (PEAL_ENGINEIO_MESSAGE, "12345678");
  g_autoptr (GString) payload = g_string_new (NULL);

  /* 9 bytes, then 1 + 9: the first fits even where nothing would. */
  g_assert_true (peal_engineio_payload_append (payload, packet, 1));
  g_assert_false (peal_engineio_payload_append (payload, packet, 18));
  g_assert_true (peal_engineio_payload_append (payload, packet, 19));
  g_assert_cmpuint (payload->len, ==, 19);
}

static void
test_too_many_packets (void)
{
  g_autoptr (GString) body = g_string_new ("2");

  for (guint i = 1; i < PEAL_ENGINEIO_MAX_PACKETS; i++)
    g_string_append (body,
        "\x1e"
        "2");
  g_ptr_array_unref (peal_engineio_payload_split (body->str, body->len, NULL));
  g_string_append (body,
      "\x1e"
      "2");
  check_refused_payload (body->str);
}

static void
check_handshake (JsonObject *vector)
{
  const gchar *text = json_object_get_string_member (vector, "text");
  g_autoptr (GError) error = NULL;
  g_autoptr (PealEngineioHandshake) handshake =
      peal_engineio_handshake_decode (text, strlen (text), &error);
  g_autofree gchar *written = NULL;
  g_autoptr (PealEngineioHandshake) again = NULL;

  if (!json_object_has_member (vector, "sid")) {
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpstr (
      handshake->sid, ==, json_object_get_string_member (vector, "sid"));
  g_assert_cmpint (handshake->can_upgrade, ==,
      json_object_get_boolean_member (vector, "upgrade"));
  g_assert_cmpint (handshake->ping_interval_ms, ==,
      json_object_get_int_member (vector, "interval"));
  g_assert_cmpint (handshake->ping_timeout_ms, ==,
      json_object_get_int_member (vector, "timeout"));
  written = peal_engineio_handshake_encode (handshake);
  again = peal_engineio_handshake_decode (written, strlen (written), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->sid, ==, handshake->sid);
  g_assert_cmpint (again->can_upgrade, ==, handshake->can_upgrade);
}

static void
test_handshakes (void)
{
  vectors_for_each ("engineio/handshakes.json", check_handshake);
}

static void
test_faults (void)
{
  g_autofree gchar *text =
      peal_engineio_fault_to_text (PEAL_ENGINEIO_UNKNOWN_SID);

  g_assert_cmpstr (text, ==, "{\"code\":1,\"message\":\"Session ID unknown\"}");
  g_assert_cmpuint (
      peal_engineio_fault_to_status (PEAL_ENGINEIO_UNKNOWN_SID), ==, 400);
  g_assert_cmpuint (
      peal_engineio_fault_to_status (PEAL_ENGINEIO_FORBIDDEN), ==, 403);
}

static void
survive (const gchar *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealEngineioPacket) packet =
      peal_engineio_decode (text, length, NULL);
  g_autoptr (PealEngineioHandshake) handshake =
      peal_engineio_handshake_decode (text, length, NULL);
  g_autoptr (GPtrArray) packets =
      peal_engineio_payload_split (text, length, &error);

  g_assert_true ((packets == NULL) == (error != NULL));
}

static void
test_survival (void)
{
  vectors_survive ("engineio/packets.json", "frame", survive);
  vectors_survive ("engineio/payloads.json", "body", survive);
  vectors_survive ("engineio/handshakes.json", "text", survive);
  vectors_survive_garbage ("0123456b\x1e={}[]\",:A\x80\xff", survive);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/engineio/packets-are-read-and-written-alike", test_packets);
  g_test_add_func (
      "/engineio/polling-bodies-are-split-and-joined", test_payloads);
  g_test_add_func ("/engineio/binary-packets-are-base64", test_binary);
  g_test_add_func (
      "/engineio/a-body-takes-what-fits-and-at-least-one", test_payload_limit);
  g_test_add_func (
      "/engineio/too-many-packets-are-refused", test_too_many_packets);
  g_test_add_func ("/engineio/handshakes-are-checked", test_handshakes);
  g_test_add_func ("/engineio/refusals-have-their-codes", test_faults);
  g_test_add_func ("/engineio/nothing-does-harm", test_survival);
  return g_test_run ();
}
