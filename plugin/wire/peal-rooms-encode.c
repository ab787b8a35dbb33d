/*
 * Peal rooms, version 1: writing. See peal-rooms.h; reading is in
 * peal-rooms.c. Pure; any thread.
 */
#include "wire/peal-rooms.h"

#include <string.h>

#include "wire/json.h"
#include "wire/peal-rooms-private.h"

/* What is relayed is written anew: escapes and numbers may grow, at most
 * sixfold (DEL to \u007f). Frames below this size cannot grow too large. */
#define MAY_GROW_TOO_LARGE_BYTES (PEAL_ROOMS_MAX_FRAME_BYTES / 8)
/* `"from":` and the sender's id where a message to everyone had nothing. */
#define MAX_ID_GROWTH_BYTES 80

typedef void (*WriteFields) (JsonObject *object, const PealMessage *message);

static void
set_string (JsonObject *object, const gchar *name, const gchar *value)
{
  if (value)
    json_object_set_string_member (object, name, value);
}

static void
set_node (JsonObject *object, const gchar *name, JsonNode *node)
{
  if (node)
    json_object_set_member (object, name, json_node_copy (node));
}

static void
write_join (JsonObject *object, const PealMessage *message)
{
  set_string (object, "room", message->room);
  set_string (object, "name", message->name);
  set_string (object, "token", message->token);
  set_node (object, "meta", message->meta);
  if (message->prefers_offering)
    json_object_set_boolean_member (object, "prefersOffering", TRUE);
  set_string (object, "resume", message->resume);
}

static JsonObject *
make_member (const PealMember *member)
{
  JsonObject *object = json_object_new ();

  set_string (object, "id", member->id);
  set_string (object, "name", member->name);
  set_node (object, "meta", member->meta);
  json_object_set_boolean_member (object, "offers", member->offers);
  return object;
}

static JsonArray *
make_urls (const PealIceServer *server)
{
  JsonArray *urls = json_array_new ();

  for (guint i = 0; server->urls && server->urls[i]; i++)
    json_array_add_string_element (urls, server->urls[i]);
  return urls;
}

static JsonObject *
make_ice_server (const PealIceServer *server)
{
  JsonObject *object = json_object_new ();

  json_object_set_array_member (object, "urls", make_urls (server));
  set_string (object, "username", server->username);
  set_string (object, "credential", server->credential);
  return object;
}

static void
write_joined (JsonObject *object, const PealMessage *message)
{
  JsonArray *peers = json_array_new ();
  JsonArray *servers = json_array_new ();

  for (guint i = 0; message->members && i < message->members->len; i++)
    json_array_add_object_element (
        peers, make_member (g_ptr_array_index (message->members, i)));
  for (guint i = 0; message->ice_servers && i < message->ice_servers->len; i++)
    json_array_add_object_element (
        servers, make_ice_server (g_ptr_array_index (message->ice_servers, i)));

  set_string (object, "room", message->room);
  set_string (object, "id", message->peer_id);
  set_string (object, "resume", message->resume);
  json_object_set_array_member (object, "peers", peers);
  json_object_set_array_member (object, "iceServers", servers);
}

static void
write_peer_joined (JsonObject *object, const PealMessage *message)
{
  if (message->member)
    json_object_set_object_member (
        object, "peer", make_member (message->member));
}

static void
write_peer_left (JsonObject *object, const PealMessage *message)
{
  set_string (object, "id", message->peer_id);
  set_string (object, "reason", message->text);
}

static void
write_description (JsonObject *object, const PealMessage *message)
{
  set_string (object, "session", message->session);
  set_string (object, "replaces", message->replaces);
  set_string (object, "sdp", message->sdp);
}

static void
write_candidate (JsonObject *object, const PealMessage *message)
{
  JsonObject *candidate;

  set_string (object, "session", message->session);
  if (!message->candidate) {
    json_object_set_null_member (object, "candidate");
    return;
  }
  candidate = json_object_new ();
  set_string (candidate, "candidate", message->candidate);
  set_string (candidate, "sdpMid", message->sdp_mid);
  if (message->sdp_mline_index >= 0)
    json_object_set_int_member (
        candidate, "sdpMLineIndex", message->sdp_mline_index);
  json_object_set_object_member (object, "candidate", candidate);
}

static void
write_renegotiate (JsonObject *object, const PealMessage *message)
{
  set_string (object, "session", message->session);
}

static void
write_text (JsonObject *object, const PealMessage *message)
{
  if (message->body)
    set_node (object, "body", message->body);
  else
    json_object_set_null_member (object, "body");
}

static void
write_bye (JsonObject *object, const PealMessage *message)
{
  set_string (object, "session", message->session);
  set_string (object, "reason", message->text);
}

static void
write_error (JsonObject *object, const PealMessage *message)
{
  set_string (object, "code", message->code);
  set_string (object, "message", message->text);
  set_string (object, "to", message->peer_id);
}

static void
write_nothing (JsonObject *object, const PealMessage *message)
{
}

static const WriteFields writers[] = {
  [PEAL_MESSAGE_JOIN] = write_join,
  [PEAL_MESSAGE_JOINED] = write_joined,
  [PEAL_MESSAGE_PEER_JOINED] = write_peer_joined,
  [PEAL_MESSAGE_PEER_LEFT] = write_peer_left,
  [PEAL_MESSAGE_OFFER] = write_description,
  [PEAL_MESSAGE_ANSWER] = write_description,
  [PEAL_MESSAGE_CANDIDATE] = write_candidate,
  [PEAL_MESSAGE_RENEGOTIATE] = write_renegotiate,
  [PEAL_MESSAGE_TEXT] = write_text,
  [PEAL_MESSAGE_BYE] = write_bye,
  [PEAL_MESSAGE_PING] = write_nothing,
  [PEAL_MESSAGE_PONG] = write_nothing,
  [PEAL_MESSAGE_ERROR] = write_error,
};

gchar *
peal_rooms_encode_tree (PealRoomsSide side, const PealMessage *message)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (
      object, "type", peal_message_kind_to_string (message->kind));
  if (peal_rooms_is_relayed (message->kind))
    set_string (object, side == PEAL_ROOMS_FROM_SERVER ? "from" : "to",
        message->peer_id);
  writers[message->kind](object, message);
  json_node_set_object (root, object);
  return peal_json_to_text (root);
}

/**
 * peal_rooms_encode:
 * @side: who writes it: a client's @message has `to`, a server's `from`
 * @message: a message of a kind that @side may send
 *
 * Returns: (transfer full): one line of JSON, UTF-8. It may be longer than
 *   PEAL_ROOMS_MAX_FRAME_BYTES: the caller checks before it sends
 */
gchar *
peal_rooms_encode (PealRoomsSide side, const PealMessage *message)
{
  gchar *text;

  g_return_val_if_fail (message != NULL, NULL);

  text = peal_rooms_encode_quick (side, message);
  return text ? text : peal_rooms_encode_tree (side, message);
}

/**
 * peal_rooms_can_relay:
 * @message: what was read from a client
 * @frame_bytes: the size of the frame it came in
 *
 * Returns: whether the frame that a server makes of it is not too large
 */
gboolean
peal_rooms_can_relay (const PealMessage *message, gsize frame_bytes)
{
  g_autofree gchar *text = NULL;

  if (frame_bytes < MAY_GROW_TOO_LARGE_BYTES)
    return TRUE;
  text = peal_rooms_encode (PEAL_ROOMS_FROM_SERVER, message);
  return strlen (text) + MAX_ID_GROWTH_BYTES <= PEAL_ROOMS_MAX_FRAME_BYTES;
}
