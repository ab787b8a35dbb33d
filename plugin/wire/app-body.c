/*
 * Bodies of application messages. See app-body.h. Pure.
 */
#include "wire/app-body.h"

static gboolean
is_text (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING;
}

/**
 * peal_app_body_new:
 * @text: a JSON object or array, which is sent as such, or any other text,
 *   which is sent as a JSON string
 *
 * Returns: (transfer full): the body
 */
JsonNode *
peal_app_body_new (const gchar *text)
{
  JsonNode *node = NULL;

  if (*text == '{' || *text == '[')
    node = json_from_string (text, NULL);
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
