/*
 * Small words of a Socket.IO server. See socketio-words.h. Pure; any thread.
 */
#include "wire/socketio-words.h"

#include <string.h>

#define MAX_ROOM_BYTES 64 /* protocols.md section 1 */
/* Chosen: with `-` and the digits this fits; 48 bits meet in no one's life. */
#define MAX_RESPELT_BYTES 50
#define DIGEST_DIGITS 12
#define MAX_TOKEN_BYTES 1024

/**
 * peal_socketio_words_packet:
 * @data: (transfer none)
 *
 * Returns: (transfer full): a packet of the default namespace
 */
gchar *
peal_socketio_words_packet (PealSocketioType type, gint ack_id, JsonNode *data)
{
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_packet_new (type, ack_id, json_node_ref (data));

  return peal_socketio_encode (packet);
}

/**
 * peal_socketio_words_connect_error:
 * @why: for the page to show
 *
 * Returns: (transfer full): that @namespace cannot be connected to
 */
gchar *
peal_socketio_words_connect_error (const gchar *namespace, const gchar *why)
{
  g_autoptr (PealSocketioPacket) packet =
      peal_socketio_packet_new (PEAL_SOCKETIO_CONNECT_ERROR,
          PEAL_SOCKETIO_NO_ACK, peal_socketio_words_object ("message", why));

  g_free (packet->namespace);
  packet->namespace = g_strdup (namespace);
  return peal_socketio_encode (packet);
}

/**
 * peal_socketio_words_object:
 *
 * Returns: (transfer full): an object with one text
 */
JsonNode *
peal_socketio_words_object (const gchar *name, const gchar *value)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, name, value);
  json_node_take_object (node, object);
  return node;
}

/**
 * peal_socketio_words_nothing:
 *
 * Returns: (transfer full): the arguments of an acknowledgement that says no
 *   more than that
 */
JsonNode *
peal_socketio_words_nothing (void)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, json_array_new ());
  return node;
}

/**
 * peal_socketio_words_user_event:
 *
 * Returns: (transfer full): an event about one user
 */
JsonNode *
peal_socketio_words_user_event (const gchar *name, const gchar *id)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  json_array_add_string_element (array, name);
  json_array_add_element (array, peal_socketio_words_object ("userId", id));
  json_node_take_array (node, array);
  return node;
}

/**
 * peal_socketio_words_members:
 *
 * Returns: (transfer full): a JOINED with members of these ids
 */
PealMessage *
peal_socketio_words_members (const gchar *const *ids, guint n_ids)
{
  PealMessage *message = peal_message_new (PEAL_MESSAGE_JOINED, NULL);

  message->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  for (guint i = 0; i < n_ids; i++)
    g_ptr_array_add (
        message->members, peal_member_new (ids[i], NULL, NULL, FALSE));
  return message;
}

/**
 * peal_socketio_words_newcomer:
 *
 * Returns: (transfer full): a PEER_JOINED of @member
 */
PealMessage *
peal_socketio_words_newcomer (const gchar *room, const PealMember *member)
{
  PealMessage *message =
      peal_message_new (PEAL_MESSAGE_PEER_JOINED, member->id);

  message->room = g_strdup (room);
  message->member = peal_member_copy (member);
  return message;
}

/**
 * peal_socketio_words_read_token:
 * @data: (nullable): of CONNECT
 *
 * Returns: (transfer full) (nullable): its `token`
 */
gchar *
peal_socketio_words_read_token (JsonNode *data)
{
  JsonObject *object = data && JSON_NODE_HOLDS_OBJECT (data)
      ? json_node_get_object (data)
      : NULL;
  JsonNode *token = object ? json_object_get_member (object, "token") : NULL;
  const gchar *text = token && JSON_NODE_HOLDS_VALUE (token)
      ? json_node_get_string (token)
      : NULL;

  return text && strlen (text) <= MAX_TOKEN_BYTES ? g_strdup (text) : NULL;
}

static gboolean
is_room_byte (gchar byte)
{
  return g_ascii_isalnum (byte) || strchr ("._-", byte);
}

static gboolean
needs_respelling (const gchar *room)
{
  for (const gchar *at = room; *at; at++)
    if (!is_room_byte (*at))
      return TRUE;
  return strlen (room) > MAX_ROOM_BYTES;
}

/**
 * peal_socketio_words_spell_room:
 * @room: what a page calls it
 *
 * Pages call rooms as they like. One name is one room: where the spelling
 * changes it, the beginning of its SHA-256 keeps it apart from others that
 * would be spelt alike.
 *
 * Returns: (transfer full): as Peal rooms call it; empty when @room is
 */
gchar *
peal_socketio_words_spell_room (const gchar *room)
{
  g_autofree gchar *digest = NULL;
  g_autofree gchar *name = NULL;

  if (!needs_respelling (room))
    return g_strdup (room);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, room, -1);
  name = g_strndup (room, MAX_RESPELT_BYTES);
  for (gchar *at = name; *at; at++)
    if (!is_room_byte (*at))
      *at = '-';
  return g_strdup_printf ("%s-%.*s", name, DIGEST_DIGITS, digest);
}
