/*
 * A dialect at work. See conversation.h. Owned by a room connection; calls the
 * dialect and its owner, and keeps the dialect's timer.
 *
 * Life: new -> open -> stopped; a reference is held inside each method, since
 * the owner may let go while it is told something.
 */
#include "server/conversation.h"

#include "base/sources.h"

struct _PealConversation {
  grefcount ref_count;
  PealDialect *dialect;
  const PealConversationOwner *owner; /* NULL: stopped */
  gpointer data;
  GQueue said;    /* of PealMessage */
  guint end_code; /* with which the dialect ended; 0: it has not */
  gchar *end_reason;
  gboolean is_settling; /* what is said now is handed on soon */
  GSource *timer;       /* when the dialect wants to be called */
  GSource *round;       /* to hand on what was said meanwhile */
};

static PealConversation *
ref (PealConversation *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
hand_on_all (PealConversation *self)
{
  PealMessage *message;

  while ((message = g_queue_pop_head (&self->said))) {
    if (self->owner)
      self->owner->message (self->data, message);
    peal_message_unref (message);
  }
}

static void
settle (PealConversation *self);

static gboolean
on_timer (gpointer data)
{
  g_autoptr (PealConversation) self = ref (data);

  peal_source_clear (&self->timer);
  settle (self);
  return G_SOURCE_REMOVE;
}

/* Lets the dialect see the clock, and comes back when it wants to. */
static void
tick (PealConversation *self)
{
  gint64 next_us = peal_dialect_tick (self->dialect, g_get_monotonic_time ());

  peal_source_start_timer_at (
      &self->timer, next_us, "peal-dialect-timer", on_timer, self);
}

static void
settle (PealConversation *self)
{
  if (!self->owner)
    return;
  self->is_settling = TRUE;
  hand_on_all (self);
  if (self->owner && !self->end_code)
    tick (self);
  hand_on_all (self);
  self->is_settling = FALSE;
  if (self->owner && self->end_code)
    self->owner->end (self->data, self->end_code, self->end_reason);
}

static gboolean
on_round (gpointer data)
{
  g_autoptr (PealConversation) self = ref (data);

  peal_source_clear (&self->round);
  settle (self);
  return G_SOURCE_REMOVE;
}

static void
ask_for_round (PealConversation *self)
{
  if (self->is_settling || !self->owner || self->round)
    return;
  self->round = g_idle_source_new ();
  g_source_set_priority (self->round, G_PRIORITY_DEFAULT);
  peal_source_attach (self->round, "peal-dialect-round", on_round, self);
}

static void
on_frame (gpointer data, const gchar *text)
{
  PealConversation *self = data;

  if (self->owner)
    self->owner->frame (self->data, text);
}

static void
on_message (gpointer data, PealMessage *message)
{
  PealConversation *self = data;

  g_queue_push_tail (&self->said, peal_message_ref (message));
  ask_for_round (self);
}

static void
on_end (gpointer data, guint code, const gchar *reason)
{
  PealConversation *self = data;

  self->end_code = code;
  g_free (self->end_reason);
  self->end_reason = g_strdup (reason);
  ask_for_round (self);
}

static const PealDialectSink sink = { on_frame, on_message, on_end };

/**
 * peal_conversation_new:
 * @dialect: (transfer full): not opened yet
 * @owner: static
 * @data: handed to @owner's functions
 */
PealConversation *
peal_conversation_new (
    PealDialect *dialect, const PealConversationOwner *owner, gpointer data)
{
  PealConversation *self = g_new0 (PealConversation, 1);

  g_ref_count_init (&self->ref_count);
  self->dialect = dialect;
  self->owner = owner;
  self->data = data;
  g_queue_init (&self->said);
  peal_dialect_set_sink (dialect, &sink, self);
  return self;
}

/**
 * peal_conversation_stop:
 *
 * The owner hears nothing more, nor does the dialect. May be called again.
 */
void
peal_conversation_stop (PealConversation *self)
{
  self->owner = NULL;
  peal_source_clear (&self->timer);
  peal_source_clear (&self->round);
}

void
peal_conversation_unref (PealConversation *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  peal_conversation_stop (self);
  peal_dialect_set_sink (self->dialect, NULL, NULL);
  g_object_unref (self->dialect);
  g_queue_clear_full (&self->said, (GDestroyNotify)peal_message_unref);
  g_free (self->end_reason);
  g_free (self);
}

/**
 * peal_conversation_open:
 *
 * The connection stands.
 */
void
peal_conversation_open (PealConversation *conversation)
{
  g_autoptr (PealConversation) self = ref (conversation);

  self->is_settling = TRUE;
  peal_dialect_open (self->dialect, g_get_monotonic_time ());
  settle (self);
}

/**
 * peal_conversation_receive:
 * @text: one frame of @length bytes
 */
void
peal_conversation_receive (
    PealConversation *conversation, const gchar *text, gsize length)
{
  g_autoptr (PealConversation) self = ref (conversation);

  if (!self->owner || self->end_code)
    return;
  self->is_settling = TRUE;
  peal_dialect_receive (self->dialect, text, length, g_get_monotonic_time ());
  settle (self);
}

/**
 * peal_conversation_send:
 * @message: (transfer none): what the client is to be told
 * @error: why it cannot be told
 */
gboolean
peal_conversation_send (
    PealConversation *self, PealMessage *message, GError **error)
{
  if (!self->owner)
    return TRUE;
  /* What it says or ends meanwhile asks for itself. */
  if (peal_dialect_has_times (self->dialect))
    ask_for_round (self);
  return peal_dialect_send (
      self->dialect, message, g_get_monotonic_time (), error);
}
