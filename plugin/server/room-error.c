/*
 * The words of the protocol's errors. See room-error.h. Pure; any thread.
 */
#include "server/room-error.h"

#include "wire/peal-rooms.h"

static const struct {
  const gchar *code;
  const gchar *text;
} error_texts[] = {
  { PEAL_ROOMS_NOT_JOINED, "join a room first" },
  { PEAL_ROOMS_ALREADY_JOINED, "this connection is in a room already" },
  { PEAL_ROOMS_ROOM_FULL, "there is no place left in this room" },
  { PEAL_ROOMS_BAD_ROOM, "which room? A room's name is " PEAL_ROOMS_ROOM_RULE },
  { PEAL_ROOMS_UNAUTHORIZED,
      "this server wants its token, and this is not "
      "it" },
  { PEAL_ROOMS_UNKNOWN_PEER, "nobody in this room has that id" },
  { PEAL_ROOMS_TOO_LARGE, "a message is at most 64 KiB" },
  { PEAL_ROOMS_RATE_LIMITED, "too much at once; wait a little" },
  { PEAL_ROOMS_SHUTTING_DOWN, "the server is going away" },
};

/**
 * peal_room_error_text:
 * @code: a code of the protocol
 *
 * Returns: (transfer none): what to tell a person
 */
const gchar *
peal_room_error_text (const gchar *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (error_texts); i++) {
    if (g_str_equal (error_texts[i].code, code))
      return error_texts[i].text;
  }
  return code;
}
