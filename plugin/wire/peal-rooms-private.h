/*
 * What the parts of the Peal rooms codec share: the limits of protocol fields,
 * and the two ways to read and write: any message by way of a tree of JSON,
 * what members send most without one. Pure.
 *
 * Room, id, session and name limits are the protocol's (version 1). The rest
 * are chosen: several times what real clients send, and such that `joined`
 * with a full room stays within a frame.
 */
#pragma once

#include "wire/peal-rooms.h"

G_BEGIN_DECLS

#define PEAL_ROOMS_MAX_ID_BYTES 64
#define PEAL_ROOMS_MAX_ROOM_BYTES 64
#define PEAL_ROOMS_MAX_NAME_BYTES 128
#define PEAL_ROOMS_MIN_SESSION_BYTES 8
#define PEAL_ROOMS_MAX_SESSION_BYTES 32
#define PEAL_ROOMS_MAX_TOKEN_BYTES 1024
#define PEAL_ROOMS_MAX_RESUME_BYTES 128
#define PEAL_ROOMS_MAX_META_BYTES 1024
#define PEAL_ROOMS_MAX_META_DEPTH 8
#define PEAL_ROOMS_MAX_CANDIDATE_BYTES 1024
#define PEAL_ROOMS_MAX_MID_BYTES 256
#define PEAL_ROOMS_MAX_MLINE_INDEX 1023
#define PEAL_ROOMS_MAX_REASON_BYTES 512
#define PEAL_ROOMS_MAX_CODE_BYTES 64
#define PEAL_ROOMS_MAX_MEMBERS 256
#define PEAL_ROOMS_MAX_ICE_SERVERS 16
#define PEAL_ROOMS_MAX_URLS 8
#define PEAL_ROOMS_MAX_URL_BYTES 512

gboolean
peal_rooms_is_relayed (PealMessageKind kind);
gboolean
peal_rooms_is_valid_id (const gchar *id);
gboolean
peal_rooms_is_valid_session (const gchar *session);

PealMessage *
peal_rooms_decode_tree (PealRoomsSide side, const gchar *text, gsize length,
    const gchar **error_code, GError **error);
gchar *
peal_rooms_encode_tree (PealRoomsSide side, const PealMessage *message);

PealMessage *
peal_rooms_decode_quick (PealRoomsSide side, const gchar *text, gsize length);
gchar *
peal_rooms_encode_quick (PealRoomsSide side, const PealMessage *message);

G_END_DECLS
