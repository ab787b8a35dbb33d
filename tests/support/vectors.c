/*
 * Golden messages. See vectors.h.
 */
#include "vectors.h"

#include <string.h>

#define GARBAGE_ROUNDS 20000

static JsonArray *
load (const gchar *file, JsonParser *parser)
{
  g_autofree gchar *path = g_build_filename (
      g_getenv ("PEAL_SOURCE_ROOT"), "tests", "vectors", file, NULL);
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_array (json_parser_get_root (parser));
}

/**
 * vectors_for_each:
 * @file: below tests/vectors; an array of objects that have a `title`
 */
void
vectors_for_each (const gchar *file, VectorFunc func)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *vectors = load (file, parser);

  g_assert_cmpuint (json_array_get_length (vectors), >, 0);
  for (guint i = 0; i < json_array_get_length (vectors); i++) {
    JsonObject *vector = json_array_get_object_element (vectors, i);

    g_test_message ("%s", json_object_get_string_member (vector, "title"));
    func (vector);
  }
}

static void
cut_off (const gchar *text, SurviveFunc survive)
{
  gsize length = strlen (text);

  for (gsize i = 0; i <= length; i++) {
    /* A copy of just these bytes, so that a sanitizer sees a read beyond. */
    g_autofree gchar *prefix = g_memdup2 (text, i);

    survive (prefix ? prefix : "", i);
  }
}

static void
spoil (const gchar *text, SurviveFunc survive)
{
  static const guchar values[] = { 0x00, 0x01, 0x1e, '"', '\\', '{', '}', '[',
    ']', ',', ':', '0', '9', '-', 'e', 'n', 'u', '/', ' ', 0x7f, 0x80, 0xc3,
    0xed, 0xff };
  g_autofree gchar *copy = g_strdup (text);
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++) {
    for (guint k = 0; k < G_N_ELEMENTS (values); k++) {
      copy[i] = (gchar)values[k];
      survive (copy, length);
    }
    copy[i] = text[i];
  }
}

/**
 * vectors_survive:
 * @member: of each vector: a text, or JSON that is made one
 */
void
vectors_survive (const gchar *file, const gchar *member, SurviveFunc survive)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *vectors = load (file, parser);

  for (guint i = 0; i < json_array_get_length (vectors); i++) {
    JsonNode *node = json_object_get_member (
        json_array_get_object_element (vectors, i), member);
    g_autofree gchar *text = JSON_NODE_HOLDS_VALUE (node)
        ? json_node_dup_string (node)
        : json_to_string (node, FALSE);

    cut_off (text, survive);
    spoil (text, survive);
  }
}

/**
 * vectors_survive_garbage:
 * @alphabet: what it is made of
 */
void
vectors_survive_garbage (const gchar *alphabet, SurviveFunc survive)
{
  gsize n = strlen (alphabet);
  gchar text[200];

  for (guint round = 0; round < GARBAGE_ROUNDS; round++) {
    gsize length = (gsize)g_test_rand_int_range (0, sizeof text);

    for (gsize i = 0; i < length; i++)
      text[i] = alphabet[g_test_rand_int_range (0, (gint)n)];
    survive (text, length);
  }
}
