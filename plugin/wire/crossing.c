/*
 * Two offers that cross. See crossing.h. Pure.
 */
#include "wire/crossing.h"

#include "wire/session-names.h"

/* Chosen: an answer that is later than this belongs to no crossing. */
#define LATE_LIMIT_US (10 * G_USEC_PER_SEC)

struct _PealCrossing {
  GPtrArray *ours;   /* of PealMessage: our unanswered offer, its candidates */
  gint64 sent_us;    /* when it was said last */
  guint said;        /* how often our last offer was said */
  guint answers;     /* that came to it */
  gint64 settled_us; /* when it was answered or given up, or 0 */
  gchar *user;       /* the ICE user of the answer that was taken, or NULL */
  GPtrArray *held;   /* of PealMessage: their offer, what came after it */
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
  g_free (self->user);
  g_free (self);
}

static void
drop_held (PealCrossing *self)
{
  g_ptr_array_set_size (self->held, 0);
  self->due_us = G_MAXINT64;
}

/* Ours is no more; @answer was taken, or it was given up. What else answers
 * it will be late. */
static void
settle (PealCrossing *self, const PealMessage *answer, gint64 now_us)
{
  g_ptr_array_set_size (self->ours, 0);
  self->settled_us = now_us;
  g_free (self->user);
  self->user = answer ? peal_sdp_ice_user (answer->sdp) : NULL;
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
  self->settled_us = 0;
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
  self->said = 1;
  self->answers = 0;
  self->settled_us = 0;
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
  self->said++;
}

static PealCrossingVerdict
hear_offer (PealCrossing *self, PealMessage *message, gboolean is_smaller,
    gint64 now_us)
{
  drop_held (self);
  if (self->ours->len == 0)
    return PEAL_CROSSING_PASS;
  if (now_us - self->sent_us >= PEAL_CROSSING_UNHEARD_US) {
    settle (self, NULL, now_us);
    return PEAL_CROSSING_PASS;
  }
  add (self->held, message);
  self->due_us =
      now_us + (is_smaller ? PEAL_CROSSING_YIELD_US : PEAL_CROSSING_UNHEARD_US);
  return is_smaller ? PEAL_CROSSING_HOLD : PEAL_CROSSING_WIN;
}

/* As many as ours was said may answer it; each is of a connection of its own
 * where the peer makes one of every offer. */
static PealCrossingVerdict
hear_answer (PealCrossing *self, const PealMessage *message, gint64 now_us)
{
  gboolean is_known = self->answers++ < self->said;
  g_autofree gchar *user = NULL;

  if (self->ours->len > 0) {
    drop_held (self);
    settle (self, message, now_us);
    return PEAL_CROSSING_PASS;
  }
  if (!is_known || self->settled_us == 0 ||
      now_us - self->settled_us >= LATE_LIMIT_US)
    return PEAL_CROSSING_DROP;
  user = peal_sdp_ice_user (message->sdp);
  return g_strcmp0 (user, self->user) == 0 ? PEAL_CROSSING_DROP
                                           : PEAL_CROSSING_LATE;
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
    return hear_answer (self, message, now_us);
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
    settle (self, NULL, now_us);
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

/**
 * peal_crossing_awaits_answer:
 *
 * Returns: whether our last offer was said more often than it was answered
 */
gboolean
peal_crossing_awaits_answer (PealCrossing *self)
{
  return self->answers < self->said;
}
