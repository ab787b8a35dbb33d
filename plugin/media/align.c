/*
 * Keeping an input in time with a mix that does not wait. See align.h. Pure.
 *
 * Used by the mixer, on the streaming thread of each input.
 *
 * Pictures are moved one by one: the newest one is what a viewer wants. Sound
 * has to stay continuous, so its offset changes rarely: it grows when the
 * input is late, and shrinks again, never under zero, when the input has come
 * with time to spare for a whole window.
 *
 * Nothing is ever moved past the present. A mix takes what it has at once, so
 * data in the future would let it run ahead of the clock, and the next input
 * would look late.
 */
#include "media/align.h"

#define MILLISECOND G_GINT64_CONSTANT (1000000)

/* Chosen: above what rounding and skew correction make of the present. */
#define TOLERANCE_NS (100 * MILLISECOND)
/* Chosen: two packets of 20 ms; scheduling jitter stays below. */
#define MARGIN_NS (40 * MILLISECOND)
/* Chosen: what can be won must be worth a small jump in the sound. */
#define WORTHWHILE_NS (60 * MILLISECOND)
/* Chosen: a jump at most every five seconds. */
#define WINDOW_NS (5000 * MILLISECOND)

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

static void
start_window (PealAlign *self, guint64 now_ns)
{
  self->has_window = TRUE;
  self->window_start_ns = now_ns;
  self->least_spare_ns = G_MAXINT64;
}

/* At the end of a window: takes back what of the offset was not needed. */
static gboolean
shrink (PealAlign *self, gint64 spare_ns, guint64 now_ns)
{
  gint64 gain_ns;

  if (!self->has_window)
    start_window (self, now_ns);
  self->least_spare_ns = MIN (self->least_spare_ns, spare_ns);
  if (now_ns < self->window_start_ns + WINDOW_NS)
    return FALSE;

  gain_ns = MIN (self->least_spare_ns - MARGIN_NS, self->offset_ns);
  start_window (self, now_ns);
  if (gain_ns < WORTHWHILE_NS)
    return FALSE;

  self->offset_ns -= gain_ns;
  return TRUE;
}

/**
 * peal_align_audio:
 * @time_ns: of the sound's first sample
 * @now_ns: the present
 * @latency_ns: how far the mix is behind it
 * @is_discontinuous: (out): whether the offset changed with this piece
 *
 * Returns: the time to play it
 */
guint64
peal_align_audio (PealAlign *self, guint64 time_ns, guint64 now_ns,
    guint64 latency_ns, gboolean *is_discontinuous)
{
  gint64 deadline_ns = get_deadline (now_ns, latency_ns);
  gint64 spare_ns = subtract (time_ns + self->offset_ns, deadline_ns);
  gint64 margin_ns = MIN (MARGIN_NS, (gint64)latency_ns / 2);

  if (spare_ns < 0 || spare_ns > (gint64)latency_ns + TOLERANCE_NS) {
    self->offset_ns += margin_ns - spare_ns;
    self->has_window = FALSE;
    *is_discontinuous = TRUE;
  } else {
    *is_discontinuous = shrink (self, spare_ns, now_ns);
  }

  return time_ns + self->offset_ns;
}
