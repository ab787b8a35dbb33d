/*
 * Small words of a Socket.IO server: packets as text, and what is read from a
 * CONNECT or of a room's name. Pure.
 */
#pragma once

#include "wire/message.h"
#include "wire/socketio.h"

G_BEGIN_DECLS

gchar *
peal_socketio_words_packet (PealSocketioType type, gint ack_id, JsonNode *data);
gchar *
peal_socketio_words_connect_error (const gchar *namespace, const gchar *why);
JsonNode *
peal_socketio_words_object (const gchar *name, const gchar *value);
JsonNode *
peal_socketio_words_nothing (void);
JsonNode *
peal_socketio_words_user_event (const gchar *name, const gchar *id);
PealMessage *
peal_socketio_words_members (const gchar *const *ids, guint n_ids);
PealMessage *
peal_socketio_words_newcomer (const gchar *room, const PealMember *member);
gchar *
peal_socketio_words_read_token (JsonNode *data);
gchar *
peal_socketio_words_spell_room (const gchar *room);

G_END_DECLS
