/*
 * Bodies of application messages. See app-body.h. Pure.
 */
#include "wire/app-body.h"

#include <string.h>

#include "wire/json.h"

static gboolean
is_text (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING;
}

/* The JSON object or array that @text is, if it is one. */
static JsonNode *
parse (const gchar *text)
{
  if (*text != '{' && *text != '[')
    return NULL;

  return peal_json_parse (text, strlen (text), G_MAXSIZE, NULL);
}

/**
 * peal_app_body_new:
 * @text: a JSON object or array, which is sent as such, or any other text,
 *   which is sent as a JSON string; may come from the network, as UTF-8
 *
 * Returns: (transfer full): the body
 */
JsonNode *
peal_app_body_new (const gchar *text)
{
  JsonNode *node = parse (text);

  if (!node) {
    node = json_node_new (JSON_NODE_VALUE);
    json_node_set_string (node, text);
  }

  return node;
}

/**
 * peal_app_body_new_mute:
 *
 * Returns: (transfer full): what tells the others
 */
JsonNode *
peal_app_body_new_mute (gboolean is_audio_muted, gboolean is_video_muted)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "kind");
  json_builder_add_string_value (builder, "mute");
  json_builder_set_member_name (builder, "audio");
  json_builder_add_boolean_value (builder, is_audio_muted);
  json_builder_set_member_name (builder, "video");
  json_builder_add_boolean_value (builder, is_video_muted);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

/**
 * peal_app_body_new_binary:
 *
 * Returns: (transfer full): @bytes in words
 */
JsonNode *
peal_app_body_new_binary (GBytes *bytes)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gsize size = 0;
  const guchar *data = g_bytes_get_data (bytes, &size);
  g_autofree gchar *base64 = g_base64_encode (data, size);

  json_object_set_string_member (object, "kind", "binary");
  json_object_set_string_member (object, "base64", base64);

  return json_node_init_object (json_node_alloc (), object);
}

static gchar *
wrap_text (const gchar *text)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  json_object_set_string_member (object, "kind", "chat");
  json_object_set_string_member (object, "text", text);
  node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

/**
 * peal_app_body_to_wire:
 *
 * Returns: (transfer full): @body as a data channel carries it: never empty.
 *   A string that would be read as something else is wrapped as chat
 */
gchar *
peal_app_body_to_wire (JsonNode *body)
{
  g_autoptr (JsonNode) other = NULL;
  const gchar *text;

  if (!is_text (body))
    return json_to_string (body, FALSE);

  text = json_node_get_string (body);
  other = parse (text);

  return *text && !other ? g_strdup (text) : wrap_text (text);
}

/**
 * peal_app_body_get_text:
 *
 * Returns: (transfer none) (nullable): what a person would read
 */
const gchar *
peal_app_body_get_text (JsonNode *body)
{
  JsonNode *text = NULL;

  if (is_text (body))
    return json_node_get_string (body);
  if (JSON_NODE_HOLDS_OBJECT (body))
    text = json_object_get_member (json_node_get_object (body), "text");

  return is_text (text) ? json_node_get_string (text) : NULL;
}
