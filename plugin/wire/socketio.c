/*
 * Socket.IO, protocol 5: reading and writing. See socketio.h. Pure; any
 * thread.
 *
 *   <type>[<attachments>-][<namespace>,][<ack id>][JSON]
 */
#include "wire/socketio.h"

#include <string.h>

#include "base/error.h"
#include "wire/json.h"

#define MAX_ACK_DIGITS 9 /* so that the number fits a gint */

/* Names that socket.io keeps for itself: an event called so is an error. */
static const gchar *const reserved[] = { "connect", "connect_error",
  "disconnect", "disconnecting", "newListener", "removeListener" };

typedef struct {
  const gchar *at;
  const gchar *end;
} Reader;

static gboolean
is_event (PealSocketioType type)
{
  return type == PEAL_SOCKETIO_EVENT || type == PEAL_SOCKETIO_BINARY_EVENT;
}

static gboolean
is_ack (PealSocketioType type)
{
  return type == PEAL_SOCKETIO_ACK || type == PEAL_SOCKETIO_BINARY_ACK;
}

static gboolean
is_binary (PealSocketioType type)
{
  return type == PEAL_SOCKETIO_BINARY_EVENT || type == PEAL_SOCKETIO_BINARY_ACK;
}

/**
 * peal_socketio_packet_new:
 * @ack_id: or PEAL_SOCKETIO_NO_ACK
 * @data: (transfer full) (nullable): as the type wants it
 *
 * Returns: (transfer full): a packet of the default namespace
 */
PealSocketioPacket *
peal_socketio_packet_new (PealSocketioType type, gint ack_id, JsonNode *data)
{
  PealSocketioPacket *self = g_new0 (PealSocketioPacket, 1);

  self->type = type;
  self->namespace = g_strdup ("/");
  self->ack_id = ack_id;
  self->data = data;
  return self;
}

void
peal_socketio_packet_free (PealSocketioPacket *self)
{
  g_free (self->namespace);
  g_clear_pointer (&self->data, json_node_unref);
  g_free (self);
}

/* ---- reading ---- */

/* The digits here, at most @max_digits; -1 without any, or too many. */
static gint
read_number (Reader *reader, guint max_digits)
{
  gint number = 0;
  guint digits = 0;

  while (reader->at < reader->end && g_ascii_isdigit (*reader->at)) {
    if (++digits > max_digits)
      return -1;
    number = number * 10 + g_ascii_digit_value (*reader->at++);
  }
  return digits > 0 ? number : -1;
}

static gboolean
read_attachments (PealSocketioPacket *self, Reader *reader, GError **error)
{
  gint count = read_number (reader, 2);

  if (count < 0 || reader->at == reader->end || *reader->at != '-')
    return peal_error_set (error, PEAL_ERROR_PEER,
        "a binary packet that does not say how many follow");
  if (count > PEAL_SOCKETIO_MAX_ATTACHMENTS)
    return peal_error_set (error, PEAL_ERROR_PEER, "too many attachments");
  reader->at++;
  self->attachments = (guint)count;
  return TRUE;
}

static gboolean
read_namespace (PealSocketioPacket *self, Reader *reader, GError **error)
{
  const gchar *stop;
  gsize length;

  if (reader->at == reader->end || *reader->at != '/')
    return TRUE;
  stop = memchr (reader->at, ',', (gsize)(reader->end - reader->at));
  length = (gsize)((stop ? stop : reader->end) - reader->at);
  if (length > PEAL_SOCKETIO_MAX_NAMESPACE_BYTES)
    return peal_error_set (error, PEAL_ERROR_PEER, "the namespace is too long");
  g_free (self->namespace);
  self->namespace = g_strndup (reader->at, length);
  reader->at += length + (stop ? 1 : 0);
  return TRUE;
}

static gboolean
read_ack_id (PealSocketioPacket *self, Reader *reader, GError **error)
{
  if (reader->at == reader->end || !g_ascii_isdigit (*reader->at))
    return TRUE;
  self->ack_id = read_number (reader, MAX_ACK_DIGITS);
  return self->ack_id >= 0 ||
      peal_error_set (
          error, PEAL_ERROR_PEER, "the acknowledgement id is too big");
}

static gboolean
is_valid_name (JsonNode *node)
{
  const gchar *name;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return TRUE;
  name = json_node_get_string (node);
  for (guint i = 0; name && i < G_N_ELEMENTS (reserved); i++) {
    if (g_str_equal (name, reserved[i]))
      return FALSE;
  }
  return name != NULL;
}

static gboolean
check_data (const PealSocketioPacket *self, GError **error)
{
  JsonArray *array = self->data && JSON_NODE_HOLDS_ARRAY (self->data)
      ? json_node_get_array (self->data)
      : NULL;

  if (is_event (self->type))
    return (array && json_array_get_length (array) > 0 &&
               is_valid_name (json_array_get_element (array, 0))) ||
        peal_error_set (error, PEAL_ERROR_PEER, "an event without a name");
  if (is_ack (self->type))
    return (array && self->ack_id >= 0) ||
        peal_error_set (
            error, PEAL_ERROR_PEER, "an acknowledgement of nothing");
  if (self->type == PEAL_SOCKETIO_CONNECT)
    return !array ||
        peal_error_set (error, PEAL_ERROR_PEER, "connecting with an array");
  return TRUE;
}

/* A refusal may be a bare text, as of older servers; it stays one. */
static gboolean
read_data (PealSocketioPacket *self, Reader *reader, GError **error)
{
  gsize length = (gsize)(reader->end - reader->at);

  if (length == 0)
    return TRUE;
  if (self->type == PEAL_SOCKETIO_DISCONNECT)
    return peal_error_set (error, PEAL_ERROR_PEER, "a disconnect has no data");
  if (self->type == PEAL_SOCKETIO_CONNECT_ERROR && *reader->at != '{')
    return TRUE;
  self->data = peal_json_parse (
      reader->at, length, PEAL_SOCKETIO_MAX_PACKET_BYTES, error);
  return self->data != NULL;
}

/**
 * peal_socketio_decode:
 * @text: what an Engine.IO message carries, not necessarily ended by NUL
 * @length: its bytes
 *
 * Returns: (transfer full): the packet, its data as the type wants it; or NULL
 *   and PEAL_ERROR_PEER
 */
PealSocketioPacket *
peal_socketio_decode (const gchar *text, gsize length, GError **error)
{
  g_autoptr (PealSocketioPacket) self = NULL;
  Reader reader = { text, text + length };

  if (length < 1 || *text < '0' || *text > '0' + PEAL_SOCKETIO_BINARY_ACK) {
    peal_error_set (error, PEAL_ERROR_PEER, "not a Socket.IO packet");
    return NULL;
  }
  if (length > PEAL_SOCKETIO_MAX_PACKET_BYTES ||
      !g_utf8_validate_len (text, length, NULL)) {
    peal_error_set (error, PEAL_ERROR_PEER,
        "a Socket.IO packet that is too large, or not UTF-8");
    return NULL;
  }
  self =
      peal_socketio_packet_new (*reader.at++ - '0', PEAL_SOCKETIO_NO_ACK, NULL);
  if ((is_binary (self->type) && !read_attachments (self, &reader, error)) ||
      !read_namespace (self, &reader, error) ||
      !read_ack_id (self, &reader, error) ||
      !read_data (self, &reader, error) || !check_data (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* ---- writing ---- */

/**
 * peal_socketio_encode:
 *
 * Returns: (transfer full): what an Engine.IO message is to carry
 */
gchar *
peal_socketio_encode (const PealSocketioPacket *packet)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%d", packet->type);
  if (is_binary (packet->type))
    g_string_append_printf (text, "%u-", packet->attachments);
  if (!g_str_equal (packet->namespace, "/"))
    g_string_append_printf (text, "%s,", packet->namespace);
  if (packet->ack_id >= 0)
    g_string_append_printf (text, "%d", packet->ack_id);
  if (packet->data) {
    g_autofree gchar *json = peal_json_to_text (packet->data);

    g_string_append (text, json);
  }
  return g_string_free (text, FALSE);
}

/**
 * peal_socketio_packet_get_event:
 *
 * Returns: (transfer none) (nullable): the name of an event
 */
const gchar *
peal_socketio_packet_get_event (const PealSocketioPacket *self)
{
  JsonNode *name = is_event (self->type)
      ? json_array_get_element (json_node_get_array (self->data), 0)
      : NULL;

  return name && json_node_get_value_type (name) == G_TYPE_STRING
      ? json_node_get_string (name)
      : NULL;
}

/**
 * peal_socketio_packet_get_argument:
 * @n: from 0; an event's name is not counted
 *
 * Returns: (transfer none) (nullable): an argument of an event or an
 *   acknowledgement; lives as long as @self
 */
JsonNode *
peal_socketio_packet_get_argument (const PealSocketioPacket *self, guint n)
{
  guint index = is_event (self->type) ? n + 1 : n;
  JsonArray *array = is_event (self->type) || is_ack (self->type)
      ? json_node_get_array (self->data)
      : NULL;

  return array && index < json_array_get_length (array)
      ? json_array_get_element (array, index)
      : NULL;
}
