/*
 * JSON from strangers. See json.h. Pure; any thread.
 *
 * json-glib's parser recurses on nesting, takes comments and `var x =`, and
 * turns a lone surrogate into bytes that are not UTF-8. So the text is walked
 * once before it: one root, depth, the characters allowed outside strings,
 * escapes. What passes is left to json-glib, which finds the remaining faults.
 */
#include "wire/json.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

/* What JSON may contain outside strings: structure, numbers, true, false,
 * null and its four kinds of white space (RFC 8259 section 2). */
static const gchar plain_characters[] = "{}[]:,-+.0123456789eE \t\r\ntrufalsn";

typedef struct {
  const gchar *at;
  const gchar *end;
  guint depth;
  guint max_depth;
} Scan;

static gboolean
fail (GError **error, const gchar *format, const gchar *name)
{
  g_autofree gchar *text = g_strdup_printf (format, name);

  return peal_error_set (error, PEAL_ERROR_PEER, text);
}

/* Reads XXXX of a \uXXXX escape; 0 stands for "not valid", NUL included. */
static guint
scan_hex (Scan *scan)
{
  guint value = 0;

  if (scan->end - scan->at < 4)
    return 0;
  for (guint i = 0; i < 4; i++) {
    gint digit = g_ascii_xdigit_value (*scan->at++);

    if (digit < 0)
      return 0;
    value = value * 16 + digit;
  }
  return value;
}

/* After the backslash and the `u`: one character of the basic plane, or a
 * whole surrogate pair. */
static gboolean
scan_unicode_escape (Scan *scan)
{
  guint unit = scan_hex (scan);

  if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
    return FALSE;
  if (unit < 0xd800 || unit > 0xdbff)
    return TRUE;
  if (scan->end - scan->at < 2 || memcmp (scan->at, "\\u", 2) != 0)
    return FALSE;
  scan->at += 2;
  unit = scan_hex (scan);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

static gboolean
scan_escape (Scan *scan)
{
  gchar escaped;

  if (scan->at == scan->end)
    return FALSE;
  escaped = *scan->at++;
  if (escaped == 'u')
    return scan_unicode_escape (scan);
  return escaped != '\0' && strchr ("\"\\/bfnrt", escaped) != NULL;
}

/* After the opening quote: up to and over the closing one. */
static gboolean
scan_string (Scan *scan)
{
  while (scan->at < scan->end) {
    gchar character = *scan->at++;

    if (character == '"')
      return TRUE;
    if ((guchar)character < 0x20)
      return FALSE;
    if (character == '\\' && !scan_escape (scan))
      return FALSE;
  }
  return FALSE;
}

static gboolean
scan_plain (Scan *scan, gchar character)
{
  if (character == '\0' || !strchr (plain_characters, character))
    return FALSE;
  if (character == '{' || character == '[')
    return ++scan->depth <= scan->max_depth;
  if (character == '}' || character == ']')
    return scan->depth-- > 0;
  return scan->depth > 0;
}

/* White space, which is all that may stand around the root. */
static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) && *scan->at)
    scan->at++;
}

/* From the root's opening bracket to its closing one. */
static gboolean
scan_root (Scan *scan)
{
  do {
    gchar character;

    if (scan->at == scan->end)
      return FALSE;
    character = *scan->at++;
    if (character == '"' && scan->depth > 0) {
      if (!scan_string (scan))
        return FALSE;
    } else if (!scan_plain (scan, character)) {
      return FALSE;
    }
  } while (scan->depth > 0);
  return TRUE;
}

static gboolean
scan_text (const gchar *text, gsize length, guint max_depth)
{
  Scan scan = { text, text + length, 0, max_depth };

  skip_space (&scan);
  if (!scan_root (&scan))
    return FALSE;
  skip_space (&scan);
  return scan.at == scan.end;
}

/* Whether the tree has no number that JSON cannot spell, and its depth. */
static gboolean
measure (JsonNode *node, guint max_depth);

static gboolean
measure_object (JsonObject *object, guint max_depth)
{
  JsonObjectIter iter;
  JsonNode *member;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, NULL, &member)) {
    if (!measure (member, max_depth))
      return FALSE;
  }
  return TRUE;
}

static gboolean
measure_array (JsonArray *array, guint max_depth)
{
  for (guint i = 0; i < json_array_get_length (array); i++) {
    if (!measure (json_array_get_element (array, i), max_depth))
      return FALSE;
  }
  return TRUE;
}

static gboolean
measure (JsonNode *node, guint max_depth)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return max_depth > 0 &&
        measure_object (json_node_get_object (node), max_depth - 1);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return max_depth > 0 &&
        measure_array (json_node_get_array (node), max_depth - 1);
  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return isfinite (json_node_get_double (node));
  return TRUE;
}

/**
 * peal_json_parse:
 * @text: UTF-8, not necessarily ended by NUL
 * @length: its bytes
 * @max_bytes: more is refused
 *
 * Strict where json-glib is lax: one root, which is an object or an array; no
 * comments, no NUL, no lone surrogates, at most PEAL_JSON_MAX_DEPTH levels, no
 * number beyond a double.
 *
 * Returns: (transfer full): the root node; or NULL and PEAL_ERROR_PEER
 */
JsonNode *
peal_json_parse (
    const gchar *text, gsize length, gsize max_bytes, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  if (length > max_bytes || length > G_MAXSSIZE) {
    fail (error, "%s", "the message is too large");
    return NULL;
  }
  if (!g_utf8_validate_len (text, length, NULL) ||
      !scan_text (text, length, PEAL_JSON_MAX_DEPTH)) {
    fail (error, "%s", "not JSON, or nested too deeply");
    return NULL;
  }
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, length, NULL)) {
    fail (error, "%s", "not JSON");
    return NULL;
  }
  root = json_parser_get_root (parser);
  if (!root || !measure (root, PEAL_JSON_MAX_DEPTH)) {
    fail (error, "%s", "no JSON, or a number out of range");
    return NULL;
  }
  return json_parser_steal_root (parser);
}

/**
 * peal_json_to_text:
 *
 * Returns: (transfer full): @node as one line of JSON
 */
gchar *
peal_json_to_text (JsonNode *node)
{
  return json_to_string (node, FALSE);
}

/**
 * peal_json_fits:
 *
 * Returns: whether @node nests at most @max_depth levels, has no number that
 *   JSON cannot spell, and is at most @max_bytes as text
 */
gboolean
peal_json_fits (JsonNode *node, guint max_depth, gsize max_bytes)
{
  g_autofree gchar *text = NULL;

  if (!measure (node, max_depth))
    return FALSE;
  text = peal_json_to_text (node);
  return strlen (text) <= max_bytes;
}

/* The member, or NULL when it is absent or null. */
static JsonNode *
get_member (JsonObject *object, const gchar *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == type;
}

/**
 * peal_json_read_string:
 * @max_bytes: the longest value accepted
 * @value: (out) (transfer full): set when the member is given
 */
gboolean
peal_json_read_string (JsonObject *object, const gchar *name, gsize max_bytes,
    gchar **value, GError **error)
{
  JsonNode *node = get_member (object, name);

  if (!node)
    return TRUE;
  if (!holds (node, G_TYPE_STRING))
    return fail (error, "\"%s\" is not a string", name);
  if (strlen (json_node_get_string (node)) > max_bytes)
    return fail (error, "\"%s\" is too long", name);
  *value = json_node_dup_string (node);
  return TRUE;
}

/**
 * peal_json_read_int:
 * @minimum: the smallest value accepted
 * @maximum: the largest value accepted
 * @value: (out): set when the member is given
 */
gboolean
peal_json_read_int (JsonObject *object, const gchar *name, gint minimum,
    gint maximum, gint *value, GError **error)
{
  JsonNode *node = get_member (object, name);
  gint64 number;

  if (!node)
    return TRUE;
  if (!holds (node, G_TYPE_INT64))
    return fail (error, "\"%s\" is not a whole number", name);
  number = json_node_get_int (node);
  if (number < minimum || number > maximum)
    return fail (error, "\"%s\" is out of range", name);
  *value = (gint)number;
  return TRUE;
}

/**
 * peal_json_read_boolean:
 * @value: (out): set when the member is given
 */
gboolean
peal_json_read_boolean (
    JsonObject *object, const gchar *name, gboolean *value, GError **error)
{
  JsonNode *node = get_member (object, name);

  if (!node)
    return TRUE;
  if (!holds (node, G_TYPE_BOOLEAN))
    return fail (error, "\"%s\" is neither true nor false", name);
  *value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * peal_json_read_object:
 * @value: (out) (transfer none): set when the member is given; lives as long
 *   as @object
 */
gboolean
peal_json_read_object (
    JsonObject *object, const gchar *name, JsonObject **value, GError **error)
{
  JsonNode *node = get_member (object, name);

  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "\"%s\" is not an object", name);
  *value = json_node_get_object (node);
  return TRUE;
}

/**
 * peal_json_read_array:
 * @max_length: the most elements accepted
 * @value: (out) (transfer none): set when the member is given; lives as long
 *   as @object
 */
gboolean
peal_json_read_array (JsonObject *object, const gchar *name, guint max_length,
    JsonArray **value, GError **error)
{
  JsonNode *node = get_member (object, name);

  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, "\"%s\" is not an array", name);
  if (json_array_get_length (json_node_get_array (node)) > max_length)
    return fail (error, "\"%s\" has too many elements", name);
  *value = json_node_get_array (node);
  return TRUE;
}

/**
 * peal_json_has:
 *
 * Returns: whether the member is there, null included
 */
gboolean
peal_json_has (JsonObject *object, const gchar *name)
{
  return json_object_has_member (object, name);
}
