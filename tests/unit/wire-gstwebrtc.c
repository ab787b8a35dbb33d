/*
 * The codec of gst-plugins-rs' signalling against the golden messages, and
 * against what is made of them by cutting them off anywhere and by spoiling
 * any byte.
 */
#include <string.h>

#include "base/error.h"
#include "vectors.h"
#include "wire/gstwebrtc.h"

static PealGstwebrtcSide
side_of (JsonObject *vector)
{
  return g_str_equal (json_object_get_string_member (vector, "side"), "client")
      ? PEAL_GSTWEBRTC_FROM_CLIENT
      : PEAL_GSTWEBRTC_FROM_SERVER;
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
  g_autoptr (PealGstwebrtcMessage) message =
      peal_gstwebrtc_decode (side_of (vector), text, strlen (text), &error);
  g_autofree gchar *written = NULL;
  g_autoptr (JsonNode) again = NULL;

  g_assert_no_error (error);
  written = peal_gstwebrtc_encode (side_of (vector), message);
  again = json_from_string (written, NULL);
  if (!json_node_equal (again, canonical))
    g_error ("wrote %s", written);
}

static void
test_valid (void)
{
  vectors_for_each ("gstwebrtc/valid.json", check_valid);
}

static void
check_invalid (JsonObject *vector)
{
  const gchar *text = json_object_get_string_member (vector, "text");
  g_autoptr (GError) error = NULL;

  g_assert_null (
      peal_gstwebrtc_decode (side_of (vector), text, strlen (text), &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
}

static void
test_invalid (void)
{
  vectors_for_each ("gstwebrtc/invalid.json", check_invalid);
}

/* Reads it as either side would; what is read must be writable again. */
static void
survive (const gchar *text, gsize length)
{
  for (gint side = PEAL_GSTWEBRTC_FROM_CLIENT;
       side <= PEAL_GSTWEBRTC_FROM_SERVER; side++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PealGstwebrtcMessage) message =
        peal_gstwebrtc_decode (side, text, length, &error);

    g_assert_true ((message != NULL) != (error != NULL));
    if (message) {
      g_autofree gchar *written = peal_gstwebrtc_encode (side, message);

      g_assert_true (g_utf8_validate (written, -1, NULL));
    }
  }
}

static void
test_survival (void)
{
  vectors_survive ("gstwebrtc/valid.json", "frame", survive);
}

static void
test_full_list (void)
{
  g_autoptr (GString) text =
      g_string_new ("{\"type\":\"list\",\"producers\":[");
  g_autoptr (PealGstwebrtcMessage) message = NULL;

  for (guint i = 0; i < PEAL_GSTWEBRTC_MAX_PEERS + 10; i++)
    g_string_append_printf (text, "%s{\"id\":\"p%u\"}", i ? "," : "", i);
  g_string_append (text, "]}");
  message = peal_gstwebrtc_decode (
      PEAL_GSTWEBRTC_FROM_SERVER, text->str, text->len, NULL);
  g_assert_cmpuint (message->peers->len, ==, PEAL_GSTWEBRTC_MAX_PEERS);
}

static void
test_meta (void)
{
  g_autoptr (JsonNode) meta = json_from_string ("{\"a\":1}", NULL);
  g_autoptr (JsonNode) named = peal_gstwebrtc_make_meta (meta, "Ada");
  g_autoptr (JsonNode) only_name = peal_gstwebrtc_make_meta (NULL, "Bob");
  g_autoptr (JsonNode) other =
      json_from_string ("{\"name\":\"\",\"display-name\":\"Cem\"}", NULL);
  g_autofree gchar *ada = peal_gstwebrtc_dup_name (named);
  g_autofree gchar *bob = peal_gstwebrtc_dup_name (only_name);
  g_autofree gchar *cem = peal_gstwebrtc_dup_name (other);

  g_assert_cmpstr (ada, ==, "Ada");
  g_assert_cmpstr (bob, ==, "Bob");
  g_assert_cmpstr (cem, ==, "Cem");
  g_assert_false (json_object_has_member (json_node_get_object (meta), "name"));
  g_assert_null (peal_gstwebrtc_make_meta (NULL, NULL));
  g_assert_null (peal_gstwebrtc_dup_name (meta));
  g_assert_null (peal_gstwebrtc_dup_name (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/gstwebrtc/golden-messages-are-read-and-written-alike", test_valid);
  g_test_add_func ("/gstwebrtc/invalid-messages-are-refused", test_invalid);
  g_test_add_func (
      "/gstwebrtc/a-message-cut-off-or-spoilt-anywhere-does-no-harm",
      test_survival);
  g_test_add_func (
      "/gstwebrtc/of-an-endless-list-the-beginning-is-read", test_full_list);
  g_test_add_func (
      "/gstwebrtc/names-are-found-in-a-meta-and-put-into-it", test_meta);
  return g_test_run ();
}
