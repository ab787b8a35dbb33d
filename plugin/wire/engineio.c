/*
 * Engine.IO, protocol 4: reading and writing. See engineio.h. Pure; any
 * thread.
 */
#include "wire/engineio.h"

#include <string.h>

#include "base/error.h"
#include "wire/json.h"

/* Between the packets of a polling payload. */
#define SEPARATOR '\x1e'
/* A handshake is a sid and five numbers; python-socketio's has 120 bytes. */
#define MAX_HANDSHAKE_BYTES 4096
#define MAX_SID_BYTES 128
#define MAX_UPGRADES 8
/* Chosen: servers ping every 25 s; no useful one is silent for an hour. */
#define MIN_TIME_MS 1
#define MAX_TIME_MS (60 * 60 * 1000)

static const struct {
  guint status;
  const gchar *message;
} faults[] = {
  [PEAL_ENGINEIO_UNKNOWN_TRANSPORT] = { 400, "Transport unknown" },
  [PEAL_ENGINEIO_UNKNOWN_SID] = { 400, "Session ID unknown" },
  [PEAL_ENGINEIO_BAD_METHOD] = { 400, "Bad handshake method" },
  [PEAL_ENGINEIO_BAD_REQUEST] = { 400, "Bad request" },
  [PEAL_ENGINEIO_FORBIDDEN] = { 403, "Forbidden" },
  [PEAL_ENGINEIO_BAD_VERSION] = { 400, "Unsupported protocol version" },
};

/**
 * peal_engineio_packet_new:
 * @text: (nullable): what follows the digit; NULL is empty
 */
PealEngineioPacket *
peal_engineio_packet_new (PealEngineioType type, const gchar *text)
{
  PealEngineioPacket *self = g_new0 (PealEngineioPacket, 1);

  self->type = type;
  self->text = g_strdup (text ? text : "");
  return self;
}

/**
 * peal_engineio_packet_new_binary:
 * @binary: (transfer none): kept
 */
PealEngineioPacket *
peal_engineio_packet_new_binary (GBytes *binary)
{
  PealEngineioPacket *self = g_new0 (PealEngineioPacket, 1);

  self->type = PEAL_ENGINEIO_MESSAGE;
  self->binary = g_bytes_ref (binary);
  return self;
}

void
peal_engineio_packet_free (PealEngineioPacket *self)
{
  g_free (self->text);
  g_clear_pointer (&self->binary, g_bytes_unref);
  g_free (self);
}

/**
 * peal_engineio_decode:
 * @text: one packet, as a WebSocket's text frame has it; not necessarily ended
 *   by NUL
 * @length: its bytes
 *
 * Returns: (transfer full): the packet; or NULL and PEAL_ERROR_PEER
 */
PealEngineioPacket *
peal_engineio_decode (const gchar *text, gsize length, GError **error)
{
  g_autofree gchar *rest = NULL;

  if (length < 1 || *text < '0' || *text > '0' + PEAL_ENGINEIO_NOOP) {
    peal_error_set (error, PEAL_ERROR_PEER, "not an Engine.IO packet");
    return NULL;
  }
  if (!g_utf8_validate_len (text, length, NULL)) {
    peal_error_set (
        error, PEAL_ERROR_PEER, "an Engine.IO packet that is not UTF-8");
    return NULL;
  }
  rest = g_strndup (text + 1, length - 1);
  return peal_engineio_packet_new (*text - '0', rest);
}

/**
 * peal_engineio_encode:
 * @text: (nullable): what follows the digit
 *
 * Returns: (transfer full): one text frame
 */
gchar *
peal_engineio_encode (PealEngineioType type, const gchar *text)
{
  return g_strdup_printf ("%d%s", type, text ? text : "");
}

/* ---- long-polling ---- */

static gboolean
is_base64 (const gchar *text, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum (text[i]) && !strchr ("+/=", text[i]))
      return FALSE;
  }
  return TRUE;
}

static PealEngineioPacket *
decode_base64 (const gchar *text, gsize length, GError **error)
{
  g_autofree gchar *copy = NULL;
  g_autoptr (GBytes) binary = NULL;
  guchar *bytes;
  gsize n_bytes;

  if (!is_base64 (text, length)) {
    peal_error_set (
        error, PEAL_ERROR_PEER, "a binary packet that is not base64");
    return NULL;
  }
  copy = g_strndup (text, length);
  bytes = g_base64_decode (copy, &n_bytes);
  binary = g_bytes_new_take (bytes, n_bytes);
  return peal_engineio_packet_new_binary (binary);
}

static PealEngineioPacket *
decode_part (const gchar *text, gsize length, GError **error)
{
  return length > 0 && *text == 'b'
      ? decode_base64 (text + 1, length - 1, error)
      : peal_engineio_decode (text, length, error);
}

/**
 * peal_engineio_payload_split:
 * @body: of a polling request or reply, not necessarily ended by NUL
 * @length: its bytes
 *
 * Returns: (transfer full) (element-type PealEngineioPacket): at least one
 *   packet; or NULL and PEAL_ERROR_PEER when any is wrong or there are too many
 */
GPtrArray *
peal_engineio_payload_split (const gchar *body, gsize length, GError **error)
{
  g_autoptr (GPtrArray) packets = g_ptr_array_new_with_free_func (
      (GDestroyNotify)peal_engineio_packet_free);
  const gchar *at = body, *end = body + length;

  for (;;) {
    const gchar *stop =
        at < end ? memchr (at, SEPARATOR, (gsize)(end - at)) : NULL;
    PealEngineioPacket *packet;

    if (packets->len == PEAL_ENGINEIO_MAX_PACKETS) {
      peal_error_set (error, PEAL_ERROR_PEER, "a payload of too many packets");
      return NULL;
    }
    packet = decode_part (at, (gsize)((stop ? stop : end) - at), error);
    if (!packet)
      return NULL;
    g_ptr_array_add (packets, packet);
    if (!stop)
      return g_steal_pointer (&packets);
    at = stop + 1;
  }
}

static gchar *
encode_part (const PealEngineioPacket *packet)
{
  g_autofree gchar *base64 = NULL;
  gconstpointer bytes;
  gsize n_bytes;

  if (!packet->binary)
    return peal_engineio_encode (packet->type, packet->text);
  bytes = g_bytes_get_data (packet->binary, &n_bytes);
  base64 = g_base64_encode (bytes, n_bytes);
  return g_strconcat ("b", base64, NULL);
}

/**
 * peal_engineio_payload_append:
 * @payload: what is to be sent, so far
 * @max_bytes: how long it may become
 *
 * Returns: whether @packet was added; FALSE when it does not fit any more. The
 *   first one always fits
 */
gboolean
peal_engineio_payload_append (
    GString *payload, const PealEngineioPacket *packet, gsize max_bytes)
{
  g_autofree gchar *part = encode_part (packet);

  if (payload->len > 0 && payload->len + 1 + strlen (part) > max_bytes)
    return FALSE;
  if (payload->len > 0)
    g_string_append_c (payload, SEPARATOR);
  g_string_append (payload, part);
  return TRUE;
}

/* ---- the handshake ---- */

static gboolean
read_upgrades (JsonObject *object, gboolean *can_upgrade, GError **error)
{
  JsonArray *upgrades = NULL;

  if (!peal_json_read_array (
          object, "upgrades", MAX_UPGRADES, &upgrades, error))
    return FALSE;
  for (guint i = 0; upgrades && i < json_array_get_length (upgrades); i++) {
    JsonNode *node = json_array_get_element (upgrades, i);

    if (JSON_NODE_HOLDS_VALUE (node) &&
        g_strcmp0 (json_node_get_string (node), "websocket") == 0)
      *can_upgrade = TRUE;
  }
  return TRUE;
}

static gboolean
read_time (
    JsonObject *object, const gchar *name, guint *time_ms, GError **error)
{
  gint value = 0;

  if (!peal_json_read_int (
          object, name, MIN_TIME_MS, MAX_TIME_MS, &value, error))
    return FALSE;
  if (value == 0)
    return peal_error_set (
        error, PEAL_ERROR_PEER, "a handshake without its times");
  *time_ms = (guint)value;
  return TRUE;
}

static gboolean
read_handshake (PealEngineioHandshake *self, JsonObject *object, GError **error)
{
  gint max_payload = 0;

  if (!peal_json_read_string (
          object, "sid", MAX_SID_BYTES, &self->sid, error) ||
      !read_upgrades (object, &self->can_upgrade, error) ||
      !read_time (object, "pingInterval", &self->ping_interval_ms, error) ||
      !read_time (object, "pingTimeout", &self->ping_timeout_ms, error) ||
      !peal_json_read_int (
          object, "maxPayload", 0, G_MAXINT, &max_payload, error))
    return FALSE;
  self->max_payload_bytes = (guint)max_payload;
  return (self->sid && *self->sid) ||
      peal_error_set (error, PEAL_ERROR_PEER, "a handshake without a sid");
}

/**
 * peal_engineio_handshake_decode:
 * @text: what an open packet carries
 * @length: its bytes
 *
 * Returns: (transfer full): the handshake; or NULL and PEAL_ERROR_PEER
 */
PealEngineioHandshake *
peal_engineio_handshake_decode (const gchar *text, gsize length, GError **error)
{
  g_autoptr (PealEngineioHandshake) self = g_new0 (PealEngineioHandshake, 1);
  g_autoptr (JsonNode) root =
      peal_json_parse (text, length, MAX_HANDSHAKE_BYTES, error);

  if (!root)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root)) {
    peal_error_set (
        error, PEAL_ERROR_PEER, "a handshake that is not an object");
    return NULL;
  }
  return read_handshake (self, json_node_get_object (root), error)
      ? g_steal_pointer (&self)
      : NULL;
}

/**
 * peal_engineio_handshake_encode:
 *
 * Returns: (transfer full): what an open packet carries
 */
gchar *
peal_engineio_handshake_encode (const PealEngineioHandshake *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *upgrades = json_array_new ();

  if (self->can_upgrade)
    json_array_add_string_element (upgrades, "websocket");
  json_object_set_string_member (object, "sid", self->sid);
  json_object_set_array_member (object, "upgrades", upgrades);
  json_object_set_int_member (object, "pingInterval", self->ping_interval_ms);
  json_object_set_int_member (object, "pingTimeout", self->ping_timeout_ms);
  json_object_set_int_member (object, "maxPayload", self->max_payload_bytes);
  json_node_set_object (root, object);
  return peal_json_to_text (root);
}

void
peal_engineio_handshake_free (PealEngineioHandshake *self)
{
  g_free (self->sid);
  g_free (self);
}

/* ---- refusals ---- */

/**
 * peal_engineio_fault_to_text:
 *
 * Returns: (transfer full): the body of the reply, JSON
 */
gchar *
peal_engineio_fault_to_text (PealEngineioFault fault)
{
  return g_strdup_printf (
      "{\"code\":%d,\"message\":\"%s\"}", fault, faults[fault].message);
}

/**
 * peal_engineio_fault_to_status:
 *
 * Returns: the HTTP status of the reply
 */
guint
peal_engineio_fault_to_status (PealEngineioFault fault)
{
  return faults[fault].status;
}
