/*
 * The client's end of Peal rooms (protocols.md section 1). See rooms-client.h.
 * Pure.
 *
 * What PealMessage says is what this protocol says; all that is to be
 * remembered is the resume key, by which the server knows us again.
 */
#include "wire/rooms-client.h"

#include <string.h>

#include "base/error.h"
#include "wire/peal-rooms.h"

struct _PealRoomsClient {
  PealDialect parent;

  PealMessage *join;
  gchar *resume; /* never logged */
};

G_DEFINE_FINAL_TYPE (PealRoomsClient, peal_rooms_client, PEAL_TYPE_DIALECT)

static void
peal_rooms_client_open (PealDialect *dialect, gint64 now_us)
{
  PealRoomsClient *self = PEAL_ROOMS_CLIENT (dialect);
  g_autofree gchar *text = NULL;

  g_free (self->join->resume);
  self->join->resume = g_strdup (self->resume);
  text = peal_rooms_encode (PEAL_ROOMS_FROM_CLIENT, self->join);
  peal_dialect_put_frame (dialect, text);
}

static void
peal_rooms_client_receive (
    PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealRoomsClient *self = PEAL_ROOMS_CLIENT (dialect);
  g_autoptr (PealMessage) message =
      peal_rooms_decode (PEAL_ROOMS_FROM_SERVER, text, length, NULL, NULL);

  if (!message)
    return;
  if (message->kind == PEAL_MESSAGE_JOINED) {
    g_free (self->resume);
    self->resume = g_strdup (message->resume);
  }
  peal_dialect_say (dialect, message);
}

static gboolean
peal_rooms_client_send (
    PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  g_autofree gchar *text = peal_rooms_encode (PEAL_ROOMS_FROM_CLIENT, message);

  if (strlen (text) > PEAL_ROOMS_MAX_FRAME_BYTES) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "a message of %" G_GSIZE_FORMAT " bytes is too large (at most %d)",
        strlen (text), PEAL_ROOMS_MAX_FRAME_BYTES);
    return FALSE;
  }
  peal_dialect_put_frame (dialect, text);
  return TRUE;
}

static void
peal_rooms_client_finalize (GObject *object)
{
  PealRoomsClient *self = PEAL_ROOMS_CLIENT (object);

  peal_message_unref (self->join);
  g_free (self->resume);

  G_OBJECT_CLASS (peal_rooms_client_parent_class)->finalize (object);
}

static void
peal_rooms_client_class_init (PealRoomsClientClass *klass)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = peal_rooms_client_finalize;
  dialect_class->open = peal_rooms_client_open;
  dialect_class->receive = peal_rooms_client_receive;
  dialect_class->send = peal_rooms_client_send;
}

static void
peal_rooms_client_init (PealRoomsClient *self)
{
}

/**
 * peal_rooms_client_new:
 * @join: (transfer full): what to say first; its resume key is ours to fill
 * @previous: (nullable): the end of the connection before
 */
PealDialect *
peal_rooms_client_new (PealMessage *join, PealDialect *previous)
{
  PealRoomsClient *self = g_object_new (PEAL_TYPE_ROOMS_CLIENT, NULL);

  self->join = join;
  if (previous)
    self->resume = g_strdup (PEAL_ROOMS_CLIENT (previous)->resume);
  return PEAL_DIALECT (self);
}
