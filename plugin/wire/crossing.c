/*
 * Two offers that cross. See crossing.h. Pure.
 */
#include "wire/crossing.h"

/* Chosen: an answer that is later than this belongs to no crossing. */
#define LATE_LIMIT_US (10 * G_USEC_PER_SEC)

struct _PealCrossing {
  GPtrArray *ours;    /* of PealMessage: our unanswered offer, its candidates */
  gint64 sent_us;     /* when it was said last */
  gint64 given_up_us; /* when an offer of ours was given up, or 0 */
  GPtrArray *held;    /* of PealMessage: their offer, what came after it */
  gint64 due_us;
};

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
}

PealCrossing *
peal_crossing_new (void)
{
  PealCrossing *self = g_new0 (PealCrossing, 1);

  self->ours = new_list ();
  self->held = new_list ();
  self->due_us = G_MAXINT64;
  return self;
}

void
peal_crossing_free (PealCrossing *self)
{
  g_ptr_array_unref (self->ours);
  g_ptr_array_unref (self->held);
  g_free (self);
}

static void
drop_held (PealCrossing *self)
{
  g_ptr_array_set_size (self->held, 0);
  self->due_us = G_MAXINT64;
}

/**
 * peal_crossing_reset:
 *
 * No offer is on the way, in either direction.
 */
void
peal_crossing_reset (PealCrossing *self)
{
  g_ptr_array_set_size (self->ours, 0);
  self->given_up_us = 0;
  drop_held (self);
}

static void
add (GPtrArray *list, PealMessage *message)
{
  if (list->len <= PEAL_CROSSING_MAX_CANDIDATES)
    g_ptr_array_add (list, peal_message_ref (message));
}

static const gchar *
get_session (PealCrossing *self)
{
  return self->ours->len == 0
      ? NULL
      : ((PealMessage *)g_ptr_array_index (self->ours, 0))->session;
}

/**
 * peal_crossing_sent:
 * @message: an offer, answer or candidate of ours, that goes out now
 */
void
peal_crossing_sent (PealCrossing *self, PealMessage *message, gint64 now_us)
{
  if (message->kind == PEAL_MESSAGE_CANDIDATE) {
    if (self->ours->len > 0 &&
        g_strcmp0 (get_session (self), message->session) == 0)
      add (self->ours, message);
    return;
  }
  g_ptr_array_set_size (self->ours, 0);
  if (message->kind != PEAL_MESSAGE_OFFER)
    return;
  add (self->ours, message);
  self->sent_us = now_us;
  self->given_up_us = 0;
}

/**
 * peal_crossing_sent_again:
 *
 * What peal_crossing_get_ours() gives was said once more.
 */
void
peal_crossing_sent_again (PealCrossing *self, gint64 now_us)
{
  self->sent_us = now_us;
}

static PealCrossingVerdict
hear_offer (PealCrossing *self, PealMessage *message, gboolean is_smaller,
    gint64 now_us)
{
  drop_held (self);
  if (self->ours->len == 0)
    return PEAL_CROSSING_PASS;
  if (now_us - self->sent_us >= PEAL_CROSSING_UNHEARD_US) {
    g_ptr_array_set_size (self->ours, 0);
    self->given_up_us = now_us;
    return PEAL_CROSSING_PASS;
  }
  add (self->held, message);
  self->due_us =
      now_us + (is_smaller ? PEAL_CROSSING_YIELD_US : PEAL_CROSSING_UNHEARD_US);
  return is_smaller ? PEAL_CROSSING_HOLD : PEAL_CROSSING_WIN;
}

static PealCrossingVerdict
hear_answer (PealCrossing *self, gint64 now_us)
{
  gboolean is_late =
      self->given_up_us > 0 && now_us - self->given_up_us < LATE_LIMIT_US;

  if (self->ours->len > 0) {
    peal_crossing_reset (self);
    return PEAL_CROSSING_PASS;
  }
  self->given_up_us = 0;
  return is_late ? PEAL_CROSSING_LATE : PEAL_CROSSING_DROP;
}

/**
 * peal_crossing_heard:
 * @message: an offer, answer or candidate of the peer's
 * @is_smaller: whether we are the side that yields
 */
PealCrossingVerdict
peal_crossing_heard (PealCrossing *self, PealMessage *message,
    gboolean is_smaller, gint64 now_us)
{
  if (message->kind == PEAL_MESSAGE_OFFER)
    return hear_offer (self, message, is_smaller, now_us);
  if (message->kind == PEAL_MESSAGE_ANSWER)
    return hear_answer (self, now_us);
  if (self->held->len == 0)
    return PEAL_CROSSING_PASS;
  add (self->held, message);
  return PEAL_CROSSING_HOLD;
}

/**
 * peal_crossing_take_due:
 *
 * Returns: (transfer full) (nullable) (element-type PealMessage): when its time
 *   has come, the offer that was held and the candidates after it; ours is
 *   given up then
 */
GPtrArray *
peal_crossing_take_due (PealCrossing *self, gint64 now_us)
{
  GPtrArray *due;

  if (now_us < self->due_us)
    return NULL;
  due = g_steal_pointer (&self->held);
  self->held = new_list ();
  self->due_us = G_MAXINT64;
  if (self->ours->len > 0)
    self->given_up_us = now_us;
  g_ptr_array_set_size (self->ours, 0);
  return due;
}

/**
 * peal_crossing_get_due_us:
 *
 * Returns: when to call peal_crossing_take_due(), or G_MAXINT64
 */
gint64
peal_crossing_get_due_us (PealCrossing *self)
{
  return self->due_us;
}

/**
 * peal_crossing_get_ours:
 *
 * Returns: (transfer none) (element-type PealMessage): our unanswered offer and
 *   its candidates so far; may be empty
 */
GPtrArray *
peal_crossing_get_ours (PealCrossing *self)
{
  return self->ours;
}

/**
 * peal_crossing_get_sent_us:
 *
 * Returns: when our offer was said last
 */
gint64
peal_crossing_get_sent_us (PealCrossing *self)
{
  return self->sent_us;
}
