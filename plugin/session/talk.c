/*
 * Messages to and from one peer. See talk.h. Made by the peer, which hands it
 * the data channel of each attempt; used by the messenger.
 *
 * What a channel had taken when it broke may be lost: there are no
 * acknowledgements above SCTP's. Nothing is sent twice.
 */
#include "session/talk.h"

#include "base/error.h"
#include "base/signals.h"
#include "wire/app-body.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_talk_debug);
#define GST_CAT_DEFAULT peal_session_talk_debug

enum { SIGNAL_FALLEN_BACK, SIGNAL_MESSAGE, N_SIGNALS };

static guint signals[N_SIGNALS];

struct _PealTalk {
  GObject parent;

  PealDataChannel *channel; /* of the current attempt, or NULL */
  gboolean is_overdue;      /* this channel is no longer waited for */
  PealOutbox outbox;
};

G_DEFINE_FINAL_TYPE (PealTalk, peal_talk, G_TYPE_OBJECT)

static PealRoute
find_route (PealTalk *self, gint64 now_us)
{
  if (!self->channel)
    return PEAL_ROUTE_ROOM;

  switch (peal_data_channel_get_state (self->channel)) {
    case PEAL_DATA_CHANNEL_OPEN:
      return peal_outbox_is_settled (&self->outbox, now_us) ? PEAL_ROUTE_CHANNEL
                                                            : PEAL_ROUTE_WAIT;
    case PEAL_DATA_CHANNEL_WAITING:
      return self->is_overdue ? PEAL_ROUTE_ROOM : PEAL_ROUTE_WAIT;
    case PEAL_DATA_CHANNEL_CLOSED:
    default:
      return PEAL_ROUTE_ROOM;
  }
}

static void
fall_back (PealTalk *self, const gchar *text)
{
  g_autoptr (JsonNode) body = peal_app_body_new (text);

  peal_outbox_note_room (&self->outbox, g_get_monotonic_time ());
  g_signal_emit (self, signals[SIGNAL_FALLEN_BACK], 0, body);
}

static void
send_kept (PealTalk *self)
{
  gchar *text;

  while ((text = peal_outbox_pop (&self->outbox))) {
    g_autoptr (GError) error = NULL;

    if (peal_outbox_get_route (&self->outbox) == PEAL_ROUTE_ROOM)
      fall_back (self, text);
    else if (!peal_data_channel_send (self->channel, text, &error))
      GST_WARNING ("a message is lost: %s", error->message);
    g_free (text);
  }
}

static void
review (PealTalk *self)
{
  gint64 now_us = g_get_monotonic_time ();

  peal_outbox_set_route (&self->outbox, find_route (self, now_us), now_us);
  send_kept (self);
}

static void
on_state_changed (PealDataChannel *channel, gpointer data)
{
  review (data);
}

static void
on_message (
    PealDataChannel *channel, const gchar *label, JsonNode *body, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_MESSAGE], 0, body, label);
}

/**
 * peal_talk_set_channel:
 * @channel: (nullable): of the peer's new attempt; NULL: it has none
 */
void
peal_talk_set_channel (PealTalk *self, PealDataChannel *channel)
{
  if (self->channel)
    g_signal_handlers_disconnect_by_data (self->channel, self);
  g_set_object (&self->channel, channel);
  self->is_overdue = FALSE;
  if (channel) {
    peal_outbox_begin (&self->outbox);
    g_signal_connect (
        channel, "state-changed", G_CALLBACK (on_state_changed), self);
    g_signal_connect (channel, "message", G_CALLBACK (on_message), self);
  }
  review (self);
}

static gboolean
check_size (const gchar *text, GError **error)
{
  gsize length = strlen (text);

  if (length <= PEAL_DATA_CHANNEL_MAX_BYTES)
    return TRUE;

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "a message of %" G_GSIZE_FORMAT " bytes is too large (at most %d)",
      length, PEAL_DATA_CHANNEL_MAX_BYTES);
  return FALSE;
}

/**
 * peal_talk_say:
 * @is_for_room: (out): whether the caller has to send it through the room; it
 *   has not been sent then
 * @error: PEAL_ERROR_USAGE: too large; PEAL_ERROR_RETRY: the peer does not
 *   read, or too much waits
 *
 * Returns: FALSE if it cannot be sent at all
 */
gboolean
peal_talk_say (
    PealTalk *self, JsonNode *body, gboolean *is_for_room, GError **error)
{
  g_autofree gchar *text = peal_app_body_to_wire (body);

  *is_for_room = FALSE;
  if (!check_size (text, error))
    return FALSE;

  switch (peal_outbox_get_route (&self->outbox)) {
    case PEAL_ROUTE_CHANNEL:
      return peal_data_channel_send (self->channel, text, error);
    case PEAL_ROUTE_WAIT:
      return peal_outbox_keep (&self->outbox, text, error);
    case PEAL_ROUTE_ROOM:
    default:
      *is_for_room = TRUE;
      if (self->channel)
        peal_outbox_note_room (&self->outbox, g_get_monotonic_time ());
      return TRUE;
  }
}

/**
 * peal_talk_tick:
 * @now_us: monotonic time
 *
 * To be called twice a second.
 */
void
peal_talk_tick (PealTalk *self, gint64 now_us)
{
  self->is_overdue |= peal_outbox_is_overdue (&self->outbox, now_us);
  review (self);
}

PealTalk *
peal_talk_new (void)
{
  return g_object_new (PEAL_TYPE_TALK, NULL);
}

static void
peal_talk_finalize (GObject *object)
{
  PealTalk *self = PEAL_TALK (object);

  g_assert (!self->channel);
  peal_outbox_clear (&self->outbox);

  G_OBJECT_CLASS (peal_talk_parent_class)->finalize (object);
}

static void
peal_talk_class_init (PealTalkClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = peal_talk_finalize;

  /* Thread: the loop, no lock held. Body: waited for the channel, and has to
   * go through the room now */
  signals[SIGNAL_FALLEN_BACK] =
      peal_signal_new (type, "fallen-back", 1, JSON_TYPE_NODE);
  /* Thread: the loop, no lock held. Body, label of the channel */
  signals[SIGNAL_MESSAGE] =
      peal_signal_new (type, "message", 2, JSON_TYPE_NODE, G_TYPE_STRING);

  GST_DEBUG_CATEGORY_INIT (
      peal_session_talk_debug, "peal-session-talk", 0, "Peal: messages");
}

static void
peal_talk_init (PealTalk *self)
{
  peal_outbox_init (&self->outbox);
}
