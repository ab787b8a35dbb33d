/*
 * The element's messages as JSON events and as sentences. An event has the
 * message's name and all its fields (`_` for `-`), with `id` called `peer`; a
 * text's body is JSON in the event as it was on the wire. Pure.
 */
#include "app/events.h"

#include <string.h>

#define REPLACEMENT 0xfffd /* as in g_utf8_make_valid() */

static JsonNode *
node_from_value (const GValue *value)
{
  JsonNode *node = json_node_alloc ();
  const gchar *text = NULL;

  if (G_VALUE_HOLDS_STRING (value)) {
    text = g_value_get_string (value);
    return text ? json_node_init_string (node, text)
                : json_node_init_null (node);
  }
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return json_node_init_boolean (node, g_value_get_boolean (value));
  if (G_VALUE_HOLDS_DOUBLE (value))
    return json_node_init_double (node, g_value_get_double (value));
  if (g_value_type_transformable (G_VALUE_TYPE (value), G_TYPE_INT64)) {
    g_auto (GValue) number = G_VALUE_INIT;

    g_value_init (&number, G_TYPE_INT64);
    g_value_transform (value, &number);
    return json_node_init_int (node, g_value_get_int64 (&number));
  }
  return json_node_init_null (node);
}

static JsonNode *
node_from_body (const gchar *body)
{
  JsonNode *node = json_from_string (body, NULL);

  return node ? node : json_node_init_string (json_node_alloc (), body);
}

static gboolean
add_field (GQuark field, const GValue *value, gpointer data)
{
  JsonObject *event = data;
  g_autofree gchar *name = g_strdup (g_quark_to_string (field));

  g_strdelimit (name, "-", '_');
  if (strcmp (name, "id") == 0)
    json_object_set_member (event, "peer", node_from_value (value));
  else if (strcmp (name, "body") == 0 && G_VALUE_HOLDS_STRING (value) &&
      g_value_get_string (value))
    json_object_set_member (
        event, name, node_from_body (g_value_get_string (value)));
  else
    json_object_set_member (event, name, node_from_value (value));
  return TRUE;
}

static JsonNode *
take_object (JsonObject *object)
{
  return json_node_init_object (json_node_alloc (), object);
}

/**
 * peal_event_from_structure:
 * @message: the structure of one of the element's messages
 *
 * Returns: (transfer full): the event, an object
 */
JsonNode *
peal_event_from_structure (const GstStructure *message)
{
  g_autoptr (JsonObject) event = json_object_new ();

  json_object_set_string_member (
      event, "event", gst_structure_get_name (message));
  gst_structure_foreach (message, add_field, event);
  return take_object (event);
}

/**
 * peal_event_new_error:
 * @message: what went wrong, in one sentence
 * @exit_status: what the process will end with
 *
 * Returns: (transfer full): the event `error`
 */
JsonNode *
peal_event_new_error (const gchar *message, gint exit_status)
{
  g_autoptr (JsonObject) event = json_object_new ();

  json_object_set_string_member (event, "event", "error");
  json_object_set_string_member (event, "message", message);
  json_object_set_int_member (event, "status", exit_status);
  return take_object (event);
}

/**
 * peal_event_new_warning:
 * @message: what the user may want to mend, in one sentence
 *
 * Returns: (transfer full): the event `warning`
 */
JsonNode *
peal_event_new_warning (const gchar *message)
{
  g_autoptr (JsonObject) event = json_object_new ();

  json_object_set_string_member (event, "event", "warning");
  json_object_set_string_member (event, "message", message);
  return take_object (event);
}

static const gchar *
get_label (const GstStructure *message)
{
  const gchar *name = gst_structure_get_string (message, "name");
  const gchar *id = gst_structure_get_string (message, "id");

  return name && name[0] ? name : (id ? id : "somebody");
}

static gchar *
with_reason (const gchar *sentence, const gchar *reason)
{
  if (!reason || !reason[0])
    return g_strdup (sentence);
  return g_strdup_printf ("%s (%s)", sentence, reason);
}

/**
 * peal_event_clean_text:
 * @text: what may come from somebody else
 *
 * Returns: (transfer full): the same as one line that moves no cursor, changes
 *   no colour and cannot pass for another line
 */
gchar *
peal_event_clean_text (const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);

  for (const gchar *at = valid; *at; at = g_utf8_next_char (at)) {
    gunichar letter = g_utf8_get_char (at);

    if (letter == '\n' || letter == '\r' || letter == '\t')
      g_string_append_c (clean, ' ');
    else
      g_string_append_unichar (
          clean, g_unichar_iscntrl (letter) ? REPLACEMENT : letter);
  }
  return g_string_free (clean, FALSE);
}

/* A failure comes as an error of the element, too, which is printed. */
static gchar *
describe_signalling (const GstStructure *message)
{
  const gchar *state = gst_structure_get_string (message, "state");
  const gchar *error = gst_structure_get_string (message, "error");

  if (g_strcmp0 (state, "joined") == 0)
    return g_strdup ("In the room.");
  if (g_strcmp0 (state, "reconnecting") == 0)
    return with_reason (
        "No way to the room server; trying again. Calls that stand go on.",
        error);
  if (g_strcmp0 (state, "connecting") == 0)
    return with_reason ("Connecting to the room server…", error);
  return NULL;
}

/* A member tells the others that it has muted itself with a body of
 * {"kind":"mute","audio":…,"video":…}. */
static gchar *
describe_mute (const gchar *label, const gchar *body)
{
  g_autoptr (JsonNode) node = body ? json_from_string (body, NULL) : NULL;
  JsonObject *object = node && JSON_NODE_HOLDS_OBJECT (node)
      ? json_node_get_object (node)
      : NULL;

  if (!object ||
      g_strcmp0 (
          json_object_get_string_member_with_default (object, "kind", NULL),
          "mute") != 0)
    return NULL;
  return g_strdup_printf ("%s: microphone %s, video %s", label,
      json_object_get_boolean_member_with_default (object, "audio", FALSE)
          ? "muted"
          : "on",
      json_object_get_boolean_member_with_default (object, "video", FALSE)
          ? "stopped"
          : "on");
}

static gchar *
describe_message (const GstStructure *message)
{
  const gchar *label = get_label (message);
  const gchar *text = gst_structure_get_string (message, "text");
  const gchar *body = gst_structure_get_string (message, "body");
  gchar *mute = text ? NULL : describe_mute (label, body);

  if (mute)
    return mute;
  if (text)
    return g_strdup_printf ("%s says: %s", label, text);
  return g_strdup_printf ("%s sends: %s", label, body ? body : "");
}

static gchar *
describe (const GstStructure *message)
{
  const gchar *label = get_label (message);
  const gchar *reason = gst_structure_get_string (message, "reason");
  const gchar *state = gst_structure_get_string (message, "state");
  g_autofree gchar *sentence = NULL;

  if (g_strcmp0 (state, "connected") == 0)
    reason = NULL; /* the element warns of it, too, and that is printed */
  if (gst_structure_has_name (message, "signalling-state"))
    return describe_signalling (message);
  if (gst_structure_has_name (message, "message"))
    return describe_message (message);
  if (gst_structure_has_name (message, "peer-joined"))
    return g_strdup_printf ("%s is here.", label);
  if (gst_structure_has_name (message, "peer-left"))
    sentence = g_strdup_printf ("%s has left", label);
  else if (gst_structure_has_name (message, "peer-state"))
    sentence = g_strdup_printf ("%s: %s", label, state ? state : "?");
  else if (gst_structure_has_name (message, "track-added"))
    sentence = g_strdup_printf (
        "%s sends %s", label, gst_structure_get_string (message, "kind"));
  return sentence ? with_reason (sentence, reason) : NULL;
}

/**
 * peal_event_to_sentence:
 * @message: the structure of one of the element's messages
 *
 * Returns: (transfer full) (nullable): one line for people, or NULL if the
 *   message is not worth one
 */
gchar *
peal_event_to_sentence (const GstStructure *message)
{
  g_autofree gchar *sentence = describe (message);

  return sentence ? peal_event_clean_text (sentence) : NULL;
}
