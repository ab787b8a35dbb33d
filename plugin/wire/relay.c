/*
 * The raw relay's messages. See relay.h. Pure; any thread.
 *
 * Pages differ: the description may be under `sdp`, `offer` or `answer`, the
 * type may be missing or `ice`. What it holds decides, then.
 */
#include "wire/relay.h"

#include <string.h>

#include "base/error.h"
#include "wire/json.h"
#include "wire/loose-json.h"

static const gchar *const candidate_types[] = { "candidate", "ice-candidate",
  "ice_candidate", "icecandidate", "iceCandidate", "ice", "new-ice-candidate",
  NULL };
static const gchar *const bye_types[] = { "bye", "hangup", "hang-up", "leave",
  NULL };

static const gchar *
get_type (JsonNode *root)
{
  static const gchar *const names[] = { "type", "event", "action", NULL };
  JsonNode *type = peal_loose_get_any (root, names);

  return type && JSON_NODE_HOLDS_VALUE (type) ? json_node_get_string (type)
                                              : NULL;
}

static PealMessage *
read_description (JsonNode *root, const gchar *type)
{
  PealLooseDescription description;
  PealMessage *message = NULL;

  if (!peal_loose_read_description (root, &description))
    return NULL;
  if (g_strcmp0 (type, "answer") == 0 || description.is_answer)
    message = peal_message_new_answer (NULL, NULL, description.sdp);
  else if (g_strcmp0 (type, "offer") == 0 || description.is_offer)
    message = peal_message_new_offer (NULL, NULL, description.sdp);
  else if (peal_json_has (json_node_get_object (root), "answer"))
    message = peal_message_new_answer (NULL, NULL, description.sdp);
  else if (peal_json_has (json_node_get_object (root), "offer"))
    message = peal_message_new_offer (NULL, NULL, description.sdp);
  peal_loose_description_clear (&description);
  return message;
}

static gboolean
is_candidate (JsonNode *root, const gchar *type)
{
  JsonObject *object = json_node_get_object (root);

  return (type && g_strv_contains (candidate_types, type)) ||
      (!type &&
          (peal_json_has (object, "candidate") ||
              peal_json_has (object, "ice")));
}

/* Peal's own relay says why it lets nobody in; other relays are silent. */
static PealMessage *
read_error (JsonNode *root)
{
  static const gchar *const names[] = { "code", NULL };
  JsonNode *node = peal_loose_get_any (root, names);
  g_autofree gchar *code = peal_loose_read_text (node);
  g_autofree gchar *text = peal_loose_read_text (root);

  return code ? peal_message_new_error (NULL, code, text) : NULL;
}

static PealMessage *
read_root (JsonNode *root)
{
  const gchar *type = get_type (root);

  if (is_candidate (root, type))
    return peal_loose_read_candidate (root);
  if (type && g_strv_contains (bye_types, type))
    return peal_message_new_bye (NULL, NULL, NULL);
  if (g_strcmp0 (type, "error") == 0)
    return read_error (root);
  return read_description (root, type);
}

/**
 * peal_relay_decode:
 * @text: one frame, not necessarily ended by NUL
 * @length: its bytes
 * @message: (out) (transfer full) (nullable): an offer, answer, candidate or
 *   bye of nobody, or an error with a code; NULL when the frame is JSON about
 *   something else, which is to be ignored
 *
 * Returns: whether it is JSON; otherwise PEAL_ERROR_PEER
 */
gboolean
peal_relay_decode (
    const gchar *text, gsize length, PealMessage **message, GError **error)
{
  g_autoptr (JsonNode) root =
      peal_json_parse (text, length, PEAL_RELAY_MAX_FRAME_BYTES, error);

  if (!root)
    return FALSE;
  *message = JSON_NODE_HOLDS_OBJECT (root) ? read_root (root) : NULL;
  return TRUE;
}

static void
write_candidate (JsonObject *object, const PealMessage *message)
{
  JsonObject *candidate = json_object_new ();

  json_object_set_string_member (candidate, "candidate", message->candidate);
  if (message->sdp_mid)
    json_object_set_string_member (candidate, "sdpMid", message->sdp_mid);
  if (message->sdp_mline_index >= 0)
    json_object_set_int_member (
        candidate, "sdpMLineIndex", message->sdp_mline_index);
  json_object_set_object_member (object, "candidate", candidate);
}

/**
 * peal_relay_encode:
 *
 * Returns: (transfer full) (nullable): one frame; NULL when the protocol has
 *   no word for it. The end of candidates is not told: many pages would fail
 *   over a null
 */
gchar *
peal_relay_encode (const PealMessage *message)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean is_description = message->kind == PEAL_MESSAGE_OFFER ||
      message->kind == PEAL_MESSAGE_ANSWER;

  if (!is_description &&
      !(message->kind == PEAL_MESSAGE_CANDIDATE && message->candidate))
    return NULL;
  json_object_set_string_member (
      object, "type", peal_message_kind_to_string (message->kind));
  if (is_description)
    json_object_set_string_member (object, "sdp", message->sdp);
  else
    write_candidate (object, message);
  json_node_set_object (root, object);
  return peal_json_to_text (root);
}
