/*
 * Peal rooms as the server speaks it. See peal-rooms-server.h. The protocol
 * has the room's own words, so the codec (peal-rooms.c) does nearly all; here
 * is what is wrong with a frame, and the answer to `ping`. Pure.
 */
#include "wire/peal-rooms-server.h"

#include "wire/peal-rooms.h"

#define CLOSE_TOO_LARGE 1009 /* RFC 6455 section 7.4.1 */

struct _PealRoomsServer {
  PealDialect parent;
  gboolean is_over; /* ends when it has told the client why */
};

G_DEFINE_FINAL_TYPE (PealRoomsServer, peal_rooms_server, PEAL_TYPE_DIALECT)

static void
say_error (PealDialect *dialect, const gchar *code, const gchar *text,
    const gchar *peer_id)
{
  g_autoptr (PealMessage) message =
      peal_message_new_error (peer_id, code, text);

  peal_dialect_say (dialect, message);
}

static void
put_pong (PealDialect *dialect)
{
  g_autoptr (PealMessage) pong = peal_message_new (PEAL_MESSAGE_PONG, NULL);
  g_autofree gchar *text = peal_rooms_encode (PEAL_ROOMS_FROM_SERVER, pong);

  peal_dialect_put_frame (dialect, text);
}

static void
take (PealDialect *dialect, PealMessage *message, gsize length)
{
  message->can_resume = TRUE;
  if (message->kind == PEAL_MESSAGE_PING)
    put_pong (dialect);
  else if (!peal_rooms_can_relay (message, length))
    say_error (dialect, PEAL_ROOMS_TOO_LARGE, NULL, message->peer_id);
  else
    peal_dialect_say (dialect, message);
}

static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  const gchar *code = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message = NULL;

  if (length > PEAL_ROOMS_MAX_FRAME_BYTES) {
    PEAL_ROOMS_SERVER (dialect)->is_over = TRUE;
    say_error (dialect, PEAL_ROOMS_TOO_LARGE, NULL, NULL);
    return;
  }
  message =
      peal_rooms_decode (PEAL_ROOMS_FROM_CLIENT, text, length, &code, &error);
  if (message)
    take (dialect, message, length);
  else
    say_error (dialect, code, error->message, NULL);
}

static gboolean
send (PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  g_autofree gchar *text = peal_rooms_encode (PEAL_ROOMS_FROM_SERVER, message);

  peal_dialect_put_frame (dialect, text);
  if (PEAL_ROOMS_SERVER (dialect)->is_over)
    peal_dialect_end (dialect, CLOSE_TOO_LARGE, "a message is at most 64 KiB");
  return TRUE;
}

static void
peal_rooms_server_class_init (PealRoomsServerClass *class)
{
  PEAL_DIALECT_CLASS (class)->receive = receive;
  PEAL_DIALECT_CLASS (class)->send = send;
}

static void
peal_rooms_server_init (PealRoomsServer *self)
{
}

/**
 * peal_rooms_server_new:
 * @context: unused: `join` says it all
 */
PealDialect *
peal_rooms_server_new (const PealServerContext *context)
{
  return g_object_new (PEAL_TYPE_ROOMS_SERVER, NULL);
}
