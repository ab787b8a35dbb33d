/*
 * Who is in the room, and what they say. The second half of socketio-client.h.
 * Pure.
 */
#include "wire/socketio-client-private.h"

static void
say (PealSocketioClient *self, PealMessage *message)
{
  peal_dialect_say (PEAL_DIALECT (self), message);
}

static void
meet (PealSocketioClient *self, const gchar *id, const gchar *name,
    gint64 offer_us)
{
  g_autoptr (PealMessage) message = NULL;

  if (g_strcmp0 (id, self->id) == 0 ||
      !peal_foreign_peers_add (self->peers, id, offer_us))
    return;
  message = peal_message_new (PEAL_MESSAGE_PEER_JOINED, id);
  message->member = peal_socketio_client_make_member (id, name);
  say (self, message);
}

static void
part (PealSocketioClient *self, const gchar *id, const gchar *reason)
{
  g_autoptr (PealMessage) message = NULL;

  if (!peal_foreign_peers_remove (self->peers, id))
    return;
  message = peal_message_new (PEAL_MESSAGE_PEER_LEFT, id);
  message->text = g_strdup (reason);
  say (self, message);
}

void
peal_socketio_client_take_members (
    PealSocketioClient *self, GPtrArray *members, gint64 now_us)
{
  if (self->phase != PEAL_SOCKETIO_PHASE_JOINED) {
    peal_socketio_client_enter (self, members, now_us + NEWCOMER_WAIT_US);
    return;
  }
  for (guint i = 0; i < members->len; i++) {
    PealMember *member = g_ptr_array_index (members, i);

    meet (self, member->id, member->name, now_us + NEWCOMER_WAIT_US);
  }
}

/* The second of two came. It offers to nobody; a page of `codelab` breaks over
 * an offer before its camera is ready, so that is waited for. */
static void
meet_second (PealSocketioClient *self, gint64 now_us)
{
  gint64 wait_us = self->is_peer_ready ? 0 : PATIENCE_US;

  if (peal_foreign_peers_has (self->peers, PEAL_SOCKETIO_PEER_ID))
    return;
  self->is_first = TRUE;
  meet (self, PEAL_SOCKETIO_PEER_ID, NULL, now_us + wait_us);
}

static void
take_ready (PealSocketioClient *self, PealProfileWord word, gint64 now_us)
{
  self->is_peer_ready = TRUE;
  if (word == PEAL_WORD_START)
    meet_second (self, now_us);
  if (self->is_first)
    peal_foreign_peers_offer_at (self->peers, PEAL_SOCKETIO_PEER_ID, now_us);
}

static void
part_second (PealSocketioClient *self)
{
  self->is_peer_ready = FALSE;
  part (self, PEAL_SOCKETIO_PEER_ID, "left");
}

/* ---- what they say ---- */

/* Who says it: as told; the one there is; or the one that there must be. */
static const gchar *
find_sender (PealSocketioClient *self, PealMessage *message)
{
  const gchar *only = peal_foreign_peers_get_only (self->peers);

  if (peal_profile_is_for_two (peal_socketio_client_get_profile (self)))
    return PEAL_SOCKETIO_PEER_ID;
  if (message->peer_id)
    return message->peer_id;
  return only;
}

static void
take_from_peer (PealSocketioClient *self, PealMessage *message, gint64 now_us)
{
  g_autofree gchar *id = g_strdup (find_sender (self, message));

  if (!id || g_strcmp0 (id, self->id) == 0)
    return;
  if (message->kind == PEAL_MESSAGE_BYE) {
    part (self, id, "left");
    return;
  }
  if (message->kind == PEAL_MESSAGE_OFFER)
    meet (self, id, NULL, G_MAXINT64);
  g_free (message->peer_id);
  message->peer_id = g_steal_pointer (&id);
  peal_foreign_peers_heard (self->peers, message, now_us);
}

void
peal_socketio_client_take_word_in_room (PealSocketioClient *self,
    PealProfileWord word, PealMessage *message, gint64 now_us)
{
  switch (word) {
    case PEAL_WORD_PEER_JOINED:
      if (message->member)
        meet (self, message->member->id, message->member->name,
            now_us + MEMBER_WAIT_US);
      else
        meet_second (self, now_us);
      break;
    case PEAL_WORD_PEER_LEFT:
      part (self, message->peer_id, "left");
      break;
    case PEAL_WORD_START:
    case PEAL_WORD_MEDIA:
      take_ready (self, word, now_us);
      break;
    case PEAL_WORD_BYE:
      if (peal_profile_is_for_two (peal_socketio_client_get_profile (self)))
        part_second (self);
      else
        take_from_peer (self, message, now_us);
      break;
    case PEAL_WORD_OFFER:
    case PEAL_WORD_ANSWER:
    case PEAL_WORD_CANDIDATE:
      take_from_peer (self, message, now_us);
      break;
    case PEAL_WORD_MEMBERS:
      peal_socketio_client_take_members (self, message->members, now_us);
      break;
    case PEAL_WORD_ERROR:
      peal_socketio_client_say_error (
          self, "bad-message", message->text ? message->text : "");
      break;
    default:
      break;
  }
}
