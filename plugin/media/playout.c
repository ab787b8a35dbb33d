/*
 * The delay of what was received. See playout.h. Pure.
 *
 * Used by remote tracks, on the streaming thread of each.
 *
 * After the delay manager of libwebrtc's NetEQ (delay_manager.cc,
 * histogram.cc: a histogram of delays relative to the fastest, of which a high
 * quantile is the target) and RFC 3550 section 6.4.1, whose mean deviation
 * says too little of the tail. Instead of forgetting by a factor, the histogram
 * holds the last 128 exactly, so that its memory has an end: 3 s of sound, 4 s
 * of pictures.
 *
 * What is later than the delay raises it at once, or it would miss its time.
 * The delay is taken back by whoever uses it, in steps that nobody notices.
 */
#include "media/playout.h"

#define MILLISECOND G_GINT64_CONSTANT (1000000)

/* Chosen: finer than what anybody could hear or see. */
#define BUCKET_NS (2 * MILLISECOND)
/* Chosen: one or two in a hundred may raise the delay again. */
#define TAIL (PEAL_PLAYOUT_WINDOW * 2 / 100)
/* Chosen: what comes while a connection starts has waited for us, not for the
 * network. */
#define N_START 16
/* Chosen: a second of pictures. */
#define N_ENOUGH 32
/* Chosen: what a thread may need to be woken on a busy machine. */
#define MARGIN_NS (3 * MILLISECOND)
/* Chosen: whoever was late once may be again; a few more tell whether the tail
 * has grown. */
#define N_AFTER_LATE 8
/* Chosen: less is not worth touching the stream for. */
#define WORTHWHILE_NS (4 * MILLISECOND)

static gint64
clamp (const PealPlayout *self, gint64 delay_ns)
{
  return CLAMP (delay_ns, self->floor_ns, self->ceiling_ns);
}

/**
 * peal_playout_set_limits:
 * @floor_ns: the least delay, not negative
 * @ceiling_ns: the most, not below @floor_ns
 */
void
peal_playout_set_limits (PealPlayout *self, gint64 floor_ns, gint64 ceiling_ns)
{
  self->floor_ns = floor_ns;
  self->ceiling_ns = MAX (floor_ns, ceiling_ns);
  self->delay_ns = clamp (self, self->delay_ns);
}

static void
remember (PealPlayout *self, gint64 lateness_ns)
{
  gint64 bucket = CLAMP (lateness_ns / BUCKET_NS, 0, PEAL_PLAYOUT_BUCKETS - 1);

  if (self->n_seen == PEAL_PLAYOUT_WINDOW)
    self->counts[self->window[self->next]]--;
  else
    self->n_seen++;
  self->window[self->next] = (guint16)bucket;
  self->counts[bucket]++;
  self->next = (self->next + 1) % PEAL_PLAYOUT_WINDOW;
}

/* Enough for all but the tail. */
static gint64
get_target (const PealPlayout *self)
{
  gint bucket = PEAL_PLAYOUT_BUCKETS - 1;
  guint later = self->counts[bucket];

  while (bucket > 0 && later <= TAIL)
    later += self->counts[--bucket];

  return clamp (self, (bucket + 1) * BUCKET_NS + MARGIN_NS);
}

/**
 * peal_playout_add:
 * @lateness_ns: of what has just come; negative when it is early
 *
 * Raises the delay if this comes too late for it, and up to the ceiling.
 *
 * Returns: by how much the delay has grown, in nanoseconds
 */
gint64
peal_playout_add (PealPlayout *self, gint64 lateness_ns)
{
  gint64 before_ns = self->delay_ns;

  if (self->n_started < N_START)
    self->n_started++;
  else
    remember (self, lateness_ns);
  self->n_since_late++;
  if (lateness_ns > self->delay_ns) {
    self->n_since_late = 0;
    self->delay_ns =
        MAX (self->delay_ns, clamp (self, lateness_ns + MARGIN_NS));
  }

  return self->delay_ns - before_ns;
}

/**
 * peal_playout_get_excess:
 *
 * Returns: by how much the delay could shrink; 0 when it is not worth it, when
 *   it has just grown, or when too little has come to tell
 */
gint64
peal_playout_get_excess (const PealPlayout *self)
{
  gint64 excess_ns = self->delay_ns - get_target (self);

  if (self->n_seen < N_ENOUGH || self->n_since_late < N_AFTER_LATE ||
      excess_ns < WORTHWHILE_NS)
    return 0;

  return excess_ns;
}

/**
 * peal_playout_shrink:
 * @most_ns: what the stream can do without just now
 *
 * Returns: by how much the delay has shrunk, in nanoseconds
 */
gint64
peal_playout_shrink (PealPlayout *self, gint64 most_ns)
{
  gint64 less_ns = MIN (peal_playout_get_excess (self), MAX (most_ns, 0));

  self->delay_ns -= less_ns;
  return less_ns;
}
