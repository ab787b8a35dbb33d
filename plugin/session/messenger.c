/*
 * Application messages. See messenger.h. Made by the session, which hands it
 * each peer and what the room brings.
 */
#include "session/messenger.h"

#include "base/error.h"
#include "base/signals.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_messenger_debug);
#define GST_CAT_DEFAULT peal_session_messenger_debug

enum { SIGNAL_MESSAGE, N_SIGNALS };

static guint signals[N_SIGNALS];

struct _PealMessenger {
  GObject parent;

  PealSignaller *signaller;
  PealMembership *members; /* outlives us */
};

G_DEFINE_FINAL_TYPE (PealMessenger, peal_messenger, G_TYPE_OBJECT)

static gboolean
send_by_room (
    PealMessenger *self, const gchar *peer_id, JsonNode *body, GError **error)
{
  g_autoptr (PealMessage) message = peal_message_new_text (peer_id, body);

  return peal_signaller_send (self->signaller, message, error);
}

/* ---- what talks say ---- */

static PealPeer *
find_peer (PealMessenger *self, PealTalk *talk)
{
  g_autoptr (GPtrArray) peers = peal_membership_list (self->members);

  for (guint i = 0; i < peers->len; i++) {
    PealPeer *peer = g_ptr_array_index (peers, i);

    if (peal_peer_get_talk (peer) == talk)
      return peer;
  }

  return NULL;
}

static void
on_message (PealTalk *talk, JsonNode *body, const gchar *label, gpointer data)
{
  PealMessenger *self = data;
  PealPeer *peer = find_peer (self, talk);

  if (peer)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, peal_peer_get_id (peer),
        peal_peer_get_name (peer), body, label);
}

static void
on_fallen_back (PealTalk *talk, JsonNode *body, gpointer data)
{
  PealMessenger *self = data;
  PealPeer *peer = find_peer (self, talk);
  g_autoptr (GError) error = NULL;

  if (peer && !send_by_room (self, peal_peer_get_id (peer), body, &error))
    GST_WARNING (
        "a message to %s is lost: %s", peal_peer_get_id (peer), error->message);
}

/**
 * peal_messenger_attach:
 * @peer: a new one
 */
void
peal_messenger_attach (PealMessenger *self, PealPeer *peer)
{
  PealTalk *talk = peal_peer_get_talk (peer);

  g_signal_connect (talk, "message", G_CALLBACK (on_message), self);
  g_signal_connect (talk, "fallen-back", G_CALLBACK (on_fallen_back), self);
}

/**
 * peal_messenger_detach:
 * @peer: one that leaves
 */
void
peal_messenger_detach (PealMessenger *self, PealPeer *peer)
{
  g_signal_handlers_disconnect_by_data (peal_peer_get_talk (peer), self);
}

/* ---- sending ---- */

static gboolean
send_to_one (
    PealMessenger *self, const gchar *peer_id, JsonNode *body, GError **error)
{
  PealPeer *peer = peal_membership_find (self->members, peer_id);
  gboolean is_for_room = FALSE;

  if (!peer) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "there is no peer '%s' in the room", peer_id);
    return FALSE;
  }
  if (!peal_talk_say (peal_peer_get_talk (peer), body, &is_for_room, error))
    return FALSE;

  return !is_for_room || send_by_room (self, peer_id, body, error);
}

/* Of several faults the first is told. */
static void
note_fault (GError **first, GError *fault)
{
  GST_INFO ("a message to one of the peers is not sent: %s", fault->message);
  if (*first)
    g_error_free (fault);
  else
    *first = fault;
}

/* One word to the room reaches all who have no channel, unless there are
 * others who would hear it twice. */
static guint
send_to_room (PealMessenger *self, GPtrArray *ids, gboolean is_everyone,
    JsonNode *body, GError **first)
{
  GError *error = NULL;
  guint sent = 0;

  if (is_everyone) {
    if (send_by_room (self, NULL, body, &error))
      return MAX (ids->len, 1);
    note_fault (first, error);
    return 0;
  }
  for (guint i = 0; i < ids->len; i++, error = NULL) {
    if (send_by_room (self, g_ptr_array_index (ids, i), body, &error))
      sent++;
    else
      note_fault (first, error);
  }

  return sent;
}

static gboolean
send_to_all (PealMessenger *self, JsonNode *body, GError **error)
{
  g_autoptr (GPtrArray) peers = peal_membership_list (self->members);
  g_autoptr (GPtrArray) by_room = g_ptr_array_new ();
  GError *first = NULL;
  guint sent = 0;

  for (guint i = 0; i < peers->len; i++) {
    PealPeer *peer = g_ptr_array_index (peers, i);
    gboolean is_for_room = FALSE;
    GError *why = NULL;

    if (!peal_talk_say (peal_peer_get_talk (peer), body, &is_for_room, &why))
      note_fault (&first, why);
    else if (is_for_room)
      g_ptr_array_add (by_room, (gpointer)peal_peer_get_id (peer));
    else
      sent++;
  }
  sent +=
      send_to_room (self, by_room, by_room->len == peers->len, body, &first);
  if (sent > 0)
    g_clear_error (&first);
  else
    g_propagate_error (error, first);

  return sent > 0;
}

/**
 * peal_messenger_send:
 * @peer_id: (nullable): one peer, or NULL for everyone
 * @body: any JSON
 * @error: PEAL_ERROR_USAGE: too large, or there is no such peer;
 *   PEAL_ERROR_RETRY: no way to it stands, or it does not read
 *
 * Returns: whether it will reach the peer, or with NULL at least one of all,
 *   as far as can be known
 */
gboolean
peal_messenger_send (
    PealMessenger *self, const gchar *peer_id, JsonNode *body, GError **error)
{
  return peer_id ? send_to_one (self, peer_id, body, error)
                 : send_to_all (self, body, error);
}

/**
 * peal_messenger_take:
 * @message: a PEAL_MESSAGE_TEXT of the room
 */
void
peal_messenger_take (PealMessenger *self, PealMessage *message)
{
  PealPeer *peer = peal_membership_find (self->members, message->peer_id);

  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message->peer_id,
      peer ? peal_peer_get_name (peer) : NULL, message->body, NULL);
}

/**
 * peal_messenger_new:
 * @signaller: kept
 * @members: (transfer none): outlives the messenger
 */
PealMessenger *
peal_messenger_new (PealSignaller *signaller, PealMembership *members)
{
  PealMessenger *self = g_object_new (PEAL_TYPE_MESSENGER, NULL);

  self->signaller = g_object_ref (signaller);
  self->members = members;

  return self;
}

static void
peal_messenger_finalize (GObject *object)
{
  PealMessenger *self = PEAL_MESSENGER (object);

  g_clear_object (&self->signaller);

  G_OBJECT_CLASS (peal_messenger_parent_class)->finalize (object);
}

static void
peal_messenger_class_init (PealMessengerClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = peal_messenger_finalize;

  /* Thread: the loop, no lock held. Id, name or NULL, body, label of the data
   * channel or NULL: through the room */
  signals[SIGNAL_MESSAGE] = peal_signal_new (type, "message", 4, G_TYPE_STRING,
      G_TYPE_STRING, JSON_TYPE_NODE, G_TYPE_STRING);

  GST_DEBUG_CATEGORY_INIT (peal_session_messenger_debug,
      "peal-session-messenger", 0, "Peal: messages of the application");
}

static void
peal_messenger_init (PealMessenger *self)
{
}
