/*
 * JSON from strangers: what is refused, and what the getters say.
 */
#include "wire/json.h"

#include <string.h>

#include "base/error.h"

static JsonNode *
parse (const gchar *text)
{
  return peal_json_parse (text, strlen (text), 1000, NULL);
}

static void
check_refused (const gchar *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (peal_json_parse (text, strlen (text), 1000, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
}

static void
test_depth (void)
{
  g_autofree gchar *open = g_strnfill (PEAL_JSON_MAX_DEPTH + 1, '[');
  g_autofree gchar *close = g_strnfill (PEAL_JSON_MAX_DEPTH + 1, ']');
  g_autofree gchar *too_deep = g_strconcat (open, close, NULL);
  g_autofree gchar *deep = g_strconcat (open + 1, close + 1, NULL);
  g_autoptr (JsonNode) root = parse (deep);

  g_assert_nonnull (root);
  check_refused (too_deep);
}

static void
test_brackets_in_strings (void)
{
  g_autofree gchar *filling = g_strnfill (500, '[');
  g_autofree gchar *text = g_strdup_printf ("[\"%s\\\"]\"]", filling);
  g_autoptr (JsonNode) root = parse (text);

  g_assert_nonnull (root);
}

static void
test_size (void)
{
  g_assert_null (peal_json_parse ("[]", 2, 1, NULL));
}

static void
test_nul (void)
{
  g_assert_null (peal_json_parse ("[1\0]", 4, 100, NULL));
  g_assert_null (peal_json_parse ("[\"\0\"]", 5, 100, NULL));
  check_refused ("[\"\\u0000\"]");
}

static void
test_escapes (void)
{
  g_autoptr (JsonNode) root = parse ("[\"\\ud83d\\ude00\\u00e9\\n\"]");

  g_assert_cmpstr (
      json_array_get_string_element (json_node_get_array (root), 0), ==,
      "😀é\n");
  check_refused ("[\"\\ud83d\"]");
  check_refused ("[\"\\ude00\\ud83d\"]");
  check_refused ("[\"\\u12\"]");
  check_refused ("[\"\\");
}

static void
test_roots (void)
{
  static const gchar *const texts[] = { "", " ", "1", "\"a\"", "[][]", "[],",
    "{} x", "]", "[}", "{]", "[1e999]", "[-1e999]", "[NaN]", "[1", "// a\n[]",
    "\xef\xbb\xbf[]", "[\"\xff\"]" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check_refused (texts[i]);
}

static void
test_getters (void)
{
  g_autoptr (JsonNode) root =
      parse ("{\"s\":\"text\",\"i\":7,\"b\":true,\"o\":{},\"a\":[1,2],"
             "\"n\":null,\"d\":1.5}");
  JsonObject *object = json_node_get_object (root);
  g_autofree gchar *text = NULL;
  gchar *untouched = NULL;
  gint number = -1;
  gboolean truth = FALSE;
  JsonArray *array = NULL;
  JsonObject *inner = NULL;

  g_assert_true (peal_json_read_string (object, "s", 4, &text, NULL));
  g_assert_cmpstr (text, ==, "text");
  g_assert_false (peal_json_read_string (object, "s", 3, &untouched, NULL));
  g_assert_false (peal_json_read_string (object, "i", 9, &untouched, NULL));
  g_assert_true (peal_json_read_string (object, "n", 9, &untouched, NULL));
  g_assert_true (peal_json_read_string (object, "x", 9, &untouched, NULL));
  g_assert_null (untouched);
  g_assert_true (peal_json_read_int (object, "i", 0, 7, &number, NULL));
  g_assert_cmpint (number, ==, 7);
  g_assert_false (peal_json_read_int (object, "i", 0, 6, &number, NULL));
  g_assert_false (peal_json_read_int (object, "d", 0, 6, &number, NULL));
  g_assert_true (peal_json_read_boolean (object, "b", &truth, NULL));
  g_assert_true (truth);
  g_assert_false (peal_json_read_boolean (object, "i", &truth, NULL));
  g_assert_true (peal_json_read_array (object, "a", 2, &array, NULL));
  g_assert_false (peal_json_read_array (object, "a", 1, &array, NULL));
  g_assert_false (peal_json_read_array (object, "o", 1, &array, NULL));
  g_assert_true (peal_json_read_object (object, "o", &inner, NULL));
  g_assert_false (peal_json_read_object (object, "a", &inner, NULL));
  g_assert_true (peal_json_has (object, "n"));
  g_assert_false (peal_json_has (object, "x"));
}

static void
test_fits (void)
{
  g_autoptr (JsonNode) root = parse ("{\"a\":[[]]}");

  g_assert_true (peal_json_fits (root, 3, 10));
  g_assert_false (peal_json_fits (root, 2, 10));
  g_assert_false (peal_json_fits (root, 3, 9));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/32-levels-are-read-and-33-are-not", test_depth);
  g_test_add_func (
      "/json/brackets-in-strings-are-no-levels", test_brackets_in_strings);
  g_test_add_func ("/json/more-than-the-limit-is-not-looked-at", test_size);
  g_test_add_func ("/json/nul-is-refused-in-every-form", test_nul);
  g_test_add_func (
      "/json/escapes-that-are-no-characters-are-refused", test_escapes);
  g_test_add_func ("/json/there-is-one-root-and-it-is-strict", test_roots);
  g_test_add_func ("/json/getters-say-absent-and-wrong-apart", test_getters);
  g_test_add_func ("/json/a-node-is-measured", test_fits);
  return g_test_run ();
}
