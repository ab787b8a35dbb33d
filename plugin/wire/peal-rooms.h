/*
 * The codec of Peal rooms, version 1: text frames to PealMessage and back.
 * Pure; used by the client's signaller and by the server.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

#define PEAL_ROOMS_SUBPROTOCOL "peal.v1"
#define PEAL_ROOMS_MAX_FRAME_BYTES (64 * 1024)
/* What peal_rooms_is_valid_room() takes, for people. */
#define PEAL_ROOMS_ROOM_RULE "1 to 64 of A-Z a-z 0-9 . _ -"

/* The codes of `error` messages. */
#define PEAL_ROOMS_BAD_MESSAGE "bad-message"
#define PEAL_ROOMS_UNKNOWN_TYPE "unknown-type"
#define PEAL_ROOMS_NOT_JOINED "not-joined"
#define PEAL_ROOMS_ALREADY_JOINED "already-joined"
#define PEAL_ROOMS_ROOM_FULL "room-full"
#define PEAL_ROOMS_BAD_ROOM "bad-room"
#define PEAL_ROOMS_BAD_NAME "bad-name"
#define PEAL_ROOMS_UNAUTHORIZED "unauthorized"
#define PEAL_ROOMS_UNKNOWN_PEER "unknown-peer"
#define PEAL_ROOMS_TOO_LARGE "too-large"
#define PEAL_ROOMS_RATE_LIMITED "rate-limited"
#define PEAL_ROOMS_SHUTTING_DOWN "shutting-down"

/**
 * PealRoomsSide:
 * @PEAL_ROOMS_FROM_CLIENT: text that a client sends and a server reads
 * @PEAL_ROOMS_FROM_SERVER: text that a server sends and a client reads
 */
typedef enum {
  PEAL_ROOMS_FROM_CLIENT,
  PEAL_ROOMS_FROM_SERVER,
} PealRoomsSide;

PealMessage *
peal_rooms_decode (PealRoomsSide side, const gchar *text, gsize length,
    const gchar **error_code, GError **error);
gchar *
peal_rooms_encode (PealRoomsSide side, const PealMessage *message);

gboolean
peal_rooms_can_relay (const PealMessage *message, gsize frame_bytes);
gboolean
peal_rooms_is_valid_room (const gchar *room);
gboolean
peal_rooms_is_valid_name (const gchar *name);

G_END_DECLS
