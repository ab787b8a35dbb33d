/*
 * Keeping an input in time with a mix that does not wait. See align.h. Pure.
 *
 * Used by the mixer, on the streaming thread of each input.
 *
 * Pictures are moved one by one: the newest one is what a viewer wants. Sound
 * has to stay continuous, so its offset changes rarely: it grows when the
 * input is late, and shrinks again, never under zero, when the input has been
 * ahead by more than it needs for a whole window.
 */
#include "media/align.h"

#define MILLISECOND G_GINT64_CONSTANT (1000000)

/* Chosen: above any jitter buffer that a live call has use for. */
#define MOST_AHEAD_NS (3000 * MILLISECOND)
/* Chosen: two packets of 20 ms; scheduling jitter stays below. */
#define MARGIN_NS (40 * MILLISECOND)
/* Chosen: what can be won must be worth a small jump in the sound. */
#define WORTHWHILE_NS (60 * MILLISECOND)
/* Chosen: a jump at most every five seconds. */
#define WINDOW_NS (5000 * MILLISECOND)

/**
 * peal_align_video:
 * @time_ns: of the picture
 * @position_ns: where the mix is: the next output begins there
 *
 * Returns: the time to show it
 */
guint64
peal_align_video (guint64 time_ns, guint64 position_ns)
{
  if (time_ns < position_ns || time_ns > position_ns + MOST_AHEAD_NS)
    return position_ns;

  return time_ns;
}

static void
start_window (PealAlign *self, guint64 position_ns)
{
  self->has_window = TRUE;
  self->window_start_ns = position_ns;
  self->least_ahead_ns = G_MAXINT64;
}

/* At the end of a window: takes back what of the offset was not needed. */
static gboolean
shrink (PealAlign *self, gint64 ahead_ns, guint64 position_ns)
{
  gint64 spare_ns;

  if (!self->has_window)
    start_window (self, position_ns);
  self->least_ahead_ns = MIN (self->least_ahead_ns, ahead_ns);
  if (position_ns < self->window_start_ns + WINDOW_NS)
    return FALSE;

  spare_ns = MIN (self->least_ahead_ns - MARGIN_NS, self->offset_ns);
  start_window (self, position_ns);
  if (spare_ns < WORTHWHILE_NS)
    return FALSE;

  self->offset_ns -= spare_ns;
  return TRUE;
}

/**
 * peal_align_audio:
 * @time_ns: of the sound's first sample
 * @position_ns: where the mix is: the next output begins there
 * @is_discontinuous: (out): whether the offset changed with this piece
 *
 * Returns: the time to play it
 */
guint64
peal_align_audio (PealAlign *self, guint64 time_ns, guint64 position_ns,
    gboolean *is_discontinuous)
{
  gint64 ahead_ns = (gint64)(time_ns - position_ns) + self->offset_ns;

  if (ahead_ns < 0 || ahead_ns > MOST_AHEAD_NS) {
    self->offset_ns += MARGIN_NS - ahead_ns;
    self->has_window = FALSE;
    *is_discontinuous = TRUE;
  } else {
    *is_discontinuous = shrink (self, ahead_ns, position_ns);
  }

  return time_ns + self->offset_ns;
}
