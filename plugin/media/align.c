/*
 * Keeping an input in time with a mix that does not wait. See align.h. Pure.
 *
 * Used by the mixer, on the streaming thread of each input.
 *
 * Pictures are moved one by one: the newest one is what a viewer wants. Sound
 * has to stay continuous. When a piece comes too late, it and all that follow
 * get a delay, as much as it was late; playout.c keeps count of who needs it
 * still, and the owner takes the rest out of the sound, some milliseconds at a
 * time. So what a hiccup of some thread costs is over after seconds.
 *
 * Nothing is moved far past the present. A mix takes what it has at once, so
 * data in the future would let it run ahead of the clock, and the next input
 * would look late.
 */
#include "media/align.h"

#define MILLISECOND G_GINT64_CONSTANT (1000000)

/* Chosen: above what rounding and skew correction make of the present. */
#define TOLERANCE_NS (100 * MILLISECOND)
/* Chosen: nobody's network or thread is late by more; a clock may be. It is
 * as far as playout.c can count, too. */
#define LATEST_NS (1000 * MILLISECOND)

/* What is older than this misses the mix. */
static gint64
get_deadline (guint64 now_ns, guint64 latency_ns)
{
  return now_ns > latency_ns ? now_ns - latency_ns : 0;
}

/* A sender's clock may be anywhere: differences are wider than one might
 * think, but wrap correctly. */
static gint64
subtract (guint64 a_ns, guint64 b_ns)
{
  return (gint64)(a_ns - b_ns);
}

/**
 * peal_align_video:
 * @time_ns: of the picture
 * @now_ns: the present
 * @latency_ns: how far the mix is behind it
 *
 * Returns: the time to show it
 */
guint64
peal_align_video (guint64 time_ns, guint64 now_ns, guint64 latency_ns)
{
  gint64 deadline_ns = get_deadline (now_ns, latency_ns);

  if (subtract (time_ns, deadline_ns) < 0 ||
      subtract (time_ns, now_ns) > TOLERANCE_NS)
    return deadline_ns;

  return time_ns;
}

/* Its clock is not ours, or has jumped. */
static gboolean
is_wild (gint64 lateness_ns, guint64 slack_ns)
{
  return lateness_ns > LATEST_NS ||
      lateness_ns < -(gint64)slack_ns - TOLERANCE_NS;
}

static void
restart (PealAlign *self)
{
  self->playout = (PealPlayout){ 0 };
  peal_playout_set_limits (&self->playout, 0, LATEST_NS);
}

/**
 * peal_align_audio:
 * @time_ns: of the sound's first sample
 * @now_ns: the present
 * @slack_ns: how late a sample may come to be in the mix all the same
 * @is_discontinuous: (out): whether the sound jumps with this piece
 *
 * Returns: the time to play it
 */
guint64
peal_align_audio (PealAlign *self, guint64 time_ns, guint64 now_ns,
    guint64 slack_ns, gboolean *is_discontinuous)
{
  gint64 lateness_ns =
      subtract (get_deadline (now_ns, slack_ns), time_ns + self->base_ns);
  gboolean is_wild_now = is_wild (lateness_ns, slack_ns);
  gint64 growth_ns;

  if (is_wild_now) {
    self->base_ns += lateness_ns;
    lateness_ns = 0;
  }
  if (is_wild_now || self->playout.ceiling_ns == 0)
    restart (self);
  growth_ns = peal_playout_add (&self->playout, lateness_ns);
  *is_discontinuous = is_wild_now || growth_ns > 0;

  return time_ns + self->base_ns + self->playout.delay_ns;
}
