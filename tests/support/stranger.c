/*
 * A member that says Peal rooms v1 by hand. See stranger.h.
 */
#include "stranger.h"

#define FINGERPRINT                                                        \
  "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44" \
  ":55:66:77:88:99:AA:BB:CC:DD:EE:FF"

#define TRANSPORT(mid)                     \
  "c=IN IP4 0.0.0.0\r\n"                   \
  "a=mid:" mid "\r\n"                      \
  "a=setup:actpass\r\n"                    \
  "a=ice-ufrag:abcdefgh\r\n"               \
  "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\n" \
  "a=fingerprint:" FINGERPRINT "\r\n"      \
  "a=rtcp-mux\r\n"                         \
  "a=sendrecv\r\n"

const gchar stranger_offer[] =
    "v=0\r\n"
    "o=- 1 1 IN IP4 127.0.0.1\r\n"
    "s=-\r\n"
    "t=0 0\r\n"
    "a=group:BUNDLE 0 1\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" TRANSPORT (
        "0") "a=rtpmap:96 VP8/90000\r\n"
             "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" TRANSPORT (
                 "1") "a=rtpmap:111 OPUS/48000/2\r\n";

/**
 * replace_text:
 *
 * Returns: (transfer full): @text with every @from as @to
 */
gchar *
replace_text (const gchar *text, const gchar *from, const gchar *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  return g_strjoinv (to, parts);
}

static gchar *
find_target (JsonObject *joined, const gchar *name)
{
  JsonArray *peers = json_object_get_array_member (joined, "peers");

  for (guint i = 0; i < json_array_get_length (peers); i++) {
    JsonObject *peer = json_array_get_object_element (peers, i);

    if (g_strcmp0 (json_object_get_string_member (peer, "name"), name) == 0)
      return g_strdup (json_object_get_string_member (peer, "id"));
  }
  g_assert_not_reached ();
}

/**
 * stranger_join:
 * @target_name: who is in the room, and will be talked to
 * @prefers_offering: whether it offers (as newcomer) or waits for an offer
 */
Stranger *
stranger_join (Room *room, const gchar *target_name, gboolean prefers_offering)
{
  g_autofree gchar *url =
      g_strdup_printf ("ws://127.0.0.1:%u/ws/lobby", room_get_port (room));
  Stranger *self = g_new0 (Stranger, 1);

  self->client = room_client_new (url);
  room_client_say (self->client,
      "{'type':'join','name':'stranger','prefersOffering':%s}",
      prefers_offering ? "true" : "false");
  self->target =
      find_target (room_client_hear (self->client, "joined"), target_name);

  return self;
}

void
stranger_leave (Stranger *self)
{
  if (stranger_is_connected (self))
    room_client_close (self->client, 1000);
  room_client_free (self->client);
  g_free (self->target);
  g_free (self->session);
  g_free (self->sdp);
  g_free (self->reason);
  g_free (self);
}

gboolean
stranger_is_connected (Stranger *self)
{
  return !self->client->is_closed;
}

static void
keep (JsonObject *message, const gchar *member, gchar **text)
{
  if (!json_object_has_member (message, member))
    return;

  g_free (*text);
  *text = g_strdup (json_object_get_string_member (message, member));
}

static void
take (Stranger *self, JsonObject *message, const gchar *type)
{
  if (g_str_equal (type, "bye")) {
    self->byes++;
    keep (message, "reason", &self->reason);
  } else if (g_str_equal (type, "offer") || g_str_equal (type, "answer")) {
    keep (message, "session", &self->session);
    keep (message, "sdp", &self->sdp);
  }
}

/**
 * stranger_listen:
 * @type: of a message
 *
 * Takes what was said meanwhile; words of others than the target are left
 * out.
 *
 * Returns: whether a @type was among it
 */
gboolean
stranger_listen (Stranger *self, const gchar *type)
{
  gboolean is_found = FALSE;
  JsonObject *message;

  while (!is_found && (message = g_queue_pop_head (&self->client->heard))) {
    const gchar *heard = json_object_get_string_member (message, "type");
    const gchar *from =
        json_object_get_string_member_with_default (message, "from", NULL);

    if (!from || g_strcmp0 (from, self->target) == 0) {
      take (self, message, heard);
      is_found = g_str_equal (heard, type);
    }
    json_object_unref (message);
  }

  return is_found;
}

static void
say_object (Stranger *self, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree gchar *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  room_client_say_text (self->client, text);
}

static JsonBuilder *
begin (Stranger *self, const gchar *type, const gchar *session)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, type);
  json_builder_set_member_name (builder, "to");
  json_builder_add_string_value (builder, self->target);
  json_builder_set_member_name (builder, "session");
  json_builder_add_string_value (builder, session);

  return builder;
}

/**
 * stranger_say:
 * @sdp: (nullable): for offers and answers
 */
void
stranger_say (
    Stranger *self, const gchar *type, const gchar *session, const gchar *sdp)
{
  g_autoptr (JsonBuilder) builder = begin (self, type, session);

  if (sdp) {
    json_builder_set_member_name (builder, "sdp");
    json_builder_add_string_value (builder, sdp);
  }
  say_object (self, builder);
}

void
stranger_say_candidate (
    Stranger *self, const gchar *session, const gchar *candidate, guint mline)
{
  g_autoptr (JsonBuilder) builder = begin (self, "candidate", session);

  json_builder_set_member_name (builder, "candidate");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "candidate");
  json_builder_add_string_value (builder, candidate);
  json_builder_set_member_name (builder, "sdpMLineIndex");
  json_builder_add_int_value (builder, mline);
  json_builder_end_object (builder);
  say_object (self, builder);
}
