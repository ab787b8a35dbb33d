/*
 * The words of gst-examples' signalling. See gstexamples.h. Pure; any thread.
 */
#include "wire/gstexamples.h"

#include <string.h>

#include "base/error.h"
#include "wire/json.h"

#define OFFER_REQUEST "OFFER_REQUEST"
#define MAX_CANDIDATE_BYTES 1024
#define MAX_MID_BYTES 256
#define MAX_MLINE_INDEX 1023
#define MAX_TYPE_BYTES 32

typedef enum {
  REST_NONE, /* nothing follows */
  REST_ID,
  REST_MAYBE_ID,
  REST_PEERS,
  REST_ID_AND_TEXT,
  REST_TEXT,
} Rest;

typedef struct {
  const gchar *word;
  Rest rest;
} Form;

static const Form forms[] = {
  [PEAL_GSTEXAMPLES_HELLO] = { "HELLO", REST_MAYBE_ID },
  [PEAL_GSTEXAMPLES_SESSION] = { "SESSION", REST_ID },
  [PEAL_GSTEXAMPLES_SESSION_OK] = { "SESSION_OK", REST_NONE },
  [PEAL_GSTEXAMPLES_ROOM] = { "ROOM", REST_ID },
  [PEAL_GSTEXAMPLES_ROOM_OK] = { "ROOM_OK", REST_PEERS },
  [PEAL_GSTEXAMPLES_ROOM_PEER_LIST] = { "ROOM_PEER_LIST", REST_PEERS },
  [PEAL_GSTEXAMPLES_ROOM_PEER_JOINED] = { "ROOM_PEER_JOINED", REST_ID },
  [PEAL_GSTEXAMPLES_ROOM_PEER_LEFT] = { "ROOM_PEER_LEFT", REST_ID },
  [PEAL_GSTEXAMPLES_ROOM_PEER_MSG] = { "ROOM_PEER_MSG", REST_ID_AND_TEXT },
  [PEAL_GSTEXAMPLES_ERROR] = { "ERROR", REST_TEXT },
};

void
peal_gstexamples_line_free (PealGstexamplesLine *self)
{
  g_free (self->id);
  g_strfreev (self->peers);
  g_free (self->text);
  g_free (self);
}

/**
 * peal_gstexamples_is_id:
 *
 * Returns: whether @text is 1 to 128 printable characters without a space
 */
gboolean
peal_gstexamples_is_id (const gchar *text)
{
  gsize length = strlen (text);

  if (length < 1 || length > PEAL_GSTEXAMPLES_MAX_ID_BYTES)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_id (PealGstexamplesLine *line, gchar **rest, GError **error)
{
  gchar *end = strchr (*rest, ' ');
  g_autofree gchar *id =
      g_strndup (*rest, end ? (gsize)(end - *rest) : strlen (*rest));

  if (!peal_gstexamples_is_id (id))
    return peal_error_set (
        error, PEAL_ERROR_PEER, "an id is missing, or is none");
  line->id = g_steal_pointer (&id);
  *rest = end ? end + 1 : *rest + strlen (*rest);
  return TRUE;
}

static gboolean
read_peers (PealGstexamplesLine *line, const gchar *rest, GError **error)
{
  g_auto (GStrv) words = g_strsplit (rest, " ", PEAL_GSTEXAMPLES_MAX_PEERS + 2);
  g_autoptr (GStrvBuilder) peers = g_strv_builder_new ();

  if (g_strv_length (words) > PEAL_GSTEXAMPLES_MAX_PEERS)
    return peal_error_set (error, PEAL_ERROR_PEER, "too many peers");
  for (guint i = 0; words[i]; i++) {
    if (*words[i] == '\0')
      continue;
    if (!peal_gstexamples_is_id (words[i]))
      return peal_error_set (error, PEAL_ERROR_PEER, "a peer's id is none");
    g_strv_builder_add (peers, words[i]);
  }
  line->peers = g_strv_builder_end (peers);
  return TRUE;
}

static gboolean
read_rest (PealGstexamplesLine *line, Rest form, gchar *rest, GError **error)
{
  switch (form) {
    case REST_ID:
      return read_id (line, &rest, error);
    case REST_MAYBE_ID:
      return *rest == '\0' || read_id (line, &rest, error);
    case REST_PEERS:
      return read_peers (line, rest, error);
    case REST_ID_AND_TEXT:
      if (!read_id (line, &rest, error))
        return FALSE;
      line->text = g_strdup (rest);
      return TRUE;
    case REST_TEXT:
      line->text = g_strdup (rest);
      return TRUE;
    default:
      return TRUE;
  }
}

/* A word stands alone, or a space follows. */
static gchar *
skip_word (gchar *text, const gchar *word)
{
  gsize length = strlen (word);

  if (strncmp (text, word, length) != 0)
    return NULL;
  if (text[length] == ' ')
    return text + length + 1;
  return text[length] == '\0' ? text + length : NULL;
}

/**
 * peal_gstexamples_decode:
 * @text: one frame, not necessarily ended by NUL
 * @length: its bytes
 *
 * Either side's words are read; who may say them is the caller's to know.
 *
 * Returns: (transfer full): what it says; or NULL and PEAL_ERROR_PEER
 */
PealGstexamplesLine *
peal_gstexamples_decode (const gchar *text, gsize length, GError **error)
{
  g_autoptr (PealGstexamplesLine) line = NULL;
  g_autofree gchar *copy = NULL;

  if (length > PEAL_GSTEXAMPLES_MAX_FRAME_BYTES ||
      !g_utf8_validate_len (text, length, NULL) ||
      memchr (text, '\0', length)) {
    peal_error_set (error, PEAL_ERROR_PEER, "not text, or too large");
    return NULL;
  }
  line = g_new0 (PealGstexamplesLine, 1);
  copy = g_strchomp (g_strndup (text, length));
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    gchar *rest = skip_word (copy, forms[i].word);

    if (!rest)
      continue;
    line->kind = (PealGstexamplesKind)i;
    return read_rest (line, forms[i].rest, rest, error)
        ? g_steal_pointer (&line)
        : NULL;
  }
  line->kind = PEAL_GSTEXAMPLES_PAYLOAD;
  line->text = g_steal_pointer (&copy);
  return g_steal_pointer (&line);
}

/**
 * peal_gstexamples_encode:
 * @kind: any but PAYLOAD
 * @rest: (nullable): what follows the word
 *
 * Returns: (transfer full): the line
 */
gchar *
peal_gstexamples_encode (PealGstexamplesKind kind, const gchar *rest)
{
  return rest && *rest ? g_strconcat (forms[kind].word, " ", rest, NULL)
                       : g_strdup (forms[kind].word);
}

/* ---- what two parties say ---- */

static PealMessage *
read_sdp (JsonObject *sdp, GError **error)
{
  g_autofree gchar *type = NULL;
  g_autofree gchar *text = NULL;

  if (!peal_json_read_string (sdp, "type", MAX_TYPE_BYTES, &type, error) ||
      !peal_json_read_string (
          sdp, "sdp", PEAL_GSTEXAMPLES_MAX_FRAME_BYTES, &text, error))
    return NULL;
  if (text && *text && g_strcmp0 (type, "offer") == 0)
    return peal_message_new_offer (NULL, NULL, text);
  if (text && *text && g_strcmp0 (type, "answer") == 0)
    return peal_message_new_answer (NULL, NULL, text);
  peal_error_set (
      error, PEAL_ERROR_PEER, "a description is an offer or an answer");
  return NULL;
}

static PealMessage *
read_ice (JsonObject *ice, GError **error)
{
  g_autoptr (PealMessage) message =
      peal_message_new_candidate (NULL, NULL, NULL, NULL, -1);

  if (!peal_json_read_string (
          ice, "candidate", MAX_CANDIDATE_BYTES, &message->candidate, error) ||
      !peal_json_read_string (
          ice, "sdpMid", MAX_MID_BYTES, &message->sdp_mid, error) ||
      !peal_json_read_int (ice, "sdpMLineIndex", 0, MAX_MLINE_INDEX,
          &message->sdp_mline_index, error))
    return NULL;
  if (message->candidate && *message->candidate == '\0')
    g_clear_pointer (&message->candidate, g_free);
  return g_steal_pointer (&message);
}

static PealMessage *
read_object (JsonObject *object, GError **error)
{
  JsonObject *sdp = NULL;
  JsonObject *ice = NULL;

  if (!peal_json_read_object (object, "sdp", &sdp, error) ||
      !peal_json_read_object (object, "ice", &ice, error))
    return NULL;
  if (sdp)
    return read_sdp (sdp, error);
  if (ice)
    return read_ice (ice, error);
  /* A browser's end of candidates is `{"ice":null}`. */
  if (peal_json_has (object, "ice"))
    return peal_message_new_candidate (NULL, NULL, NULL, NULL, -1);
  peal_error_set (error, PEAL_ERROR_PEER, "neither \"sdp\" nor \"ice\"");
  return NULL;
}

/**
 * peal_gstexamples_read_payload:
 *
 * Returns: (transfer full): an offer, answer, candidate or renegotiate without
 *   session or sender; or NULL and PEAL_ERROR_PEER
 */
PealMessage *
peal_gstexamples_read_payload (const gchar *text, GError **error)
{
  g_autoptr (JsonNode) root = NULL;

  if (g_str_equal (text, OFFER_REQUEST))
    return peal_message_new (PEAL_MESSAGE_RENEGOTIATE, NULL);
  root = peal_json_parse (
      text, strlen (text), PEAL_GSTEXAMPLES_MAX_FRAME_BYTES, error);
  if (root && JSON_NODE_HOLDS_OBJECT (root))
    return read_object (json_node_get_object (root), error);
  if (root)
    peal_error_set (error, PEAL_ERROR_PEER, "the message is not an object");
  return NULL;
}

static JsonObject *
write_sdp (const PealMessage *message)
{
  JsonObject *sdp = json_object_new ();

  json_object_set_string_member (
      sdp, "type", message->kind == PEAL_MESSAGE_OFFER ? "offer" : "answer");
  json_object_set_string_member (sdp, "sdp", message->sdp);
  return sdp;
}

static JsonObject *
write_ice (const PealMessage *message)
{
  JsonObject *ice = json_object_new ();

  json_object_set_string_member (ice, "candidate", message->candidate);
  if (message->sdp_mid)
    json_object_set_string_member (ice, "sdpMid", message->sdp_mid);
  json_object_set_int_member (ice, "sdpMLineIndex", message->sdp_mline_index);
  return ice;
}

/**
 * peal_gstexamples_write_payload:
 *
 * Returns: (transfer full) (nullable): what the other party is told; NULL when
 *   the protocol has no word for it (the end of candidates, bye, …)
 */
gchar *
peal_gstexamples_write_payload (const PealMessage *message)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  switch (message->kind) {
    case PEAL_MESSAGE_RENEGOTIATE:
      return g_strdup (OFFER_REQUEST);
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
      json_object_set_object_member (object, "sdp", write_sdp (message));
      break;
    case PEAL_MESSAGE_CANDIDATE:
      if (!message->candidate || message->sdp_mline_index < 0)
        return NULL;
      json_object_set_object_member (object, "ice", write_ice (message));
      break;
    default:
      return NULL;
  }
  json_node_set_object (root, object);
  return peal_json_to_text (root);
}
