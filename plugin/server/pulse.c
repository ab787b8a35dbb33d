/*
 * One timer for many. See pulse.h. Called by the server's WebSocket
 * transports; owned by the server, and by each that is called.
 */
#include "server/pulse.h"

#include "base/sources.h"

#define N_SLICES 16 /* chosen: once a second for pings of 15 s */

struct _PealPulse {
  grefcount ref_count;
  guint slice_ms;
  guint now; /* the slice that was called last */
  guint n_beats;
  GQueue slices[N_SLICES]; /* of PealBeat */
  GQueue due;              /* those of this slice not called yet */
  GSource *timer;
};

struct _PealBeat {
  GList link;
  GQueue *queue; /* in which it is */
  PealPulse *pulse;
  PealBeatFunc func;
  gpointer data;
};

static void
move (PealBeat *beat, GQueue *queue)
{
  if (beat->queue)
    g_queue_unlink (beat->queue, &beat->link);
  beat->queue = queue;
  if (queue)
    g_queue_push_tail_link (queue, &beat->link);
}

static gboolean
on_slice (gpointer data)
{
  PealPulse *self = peal_pulse_ref (data);
  GQueue *slice;

  self->now = (self->now + 1) % N_SLICES;
  slice = &self->slices[self->now];
  while (slice->head)
    move (slice->head->data, &self->due);
  while (self->due.head) {
    PealBeat *beat = self->due.head->data;

    move (beat, slice);
    beat->func (beat->data);
  }
  peal_pulse_unref (self);
  return G_SOURCE_CONTINUE;
}

/**
 * peal_pulse_new:
 * @interval_ms: between two calls of the same function
 *
 * Belongs to the thread-default main context.
 */
PealPulse *
peal_pulse_new (guint interval_ms)
{
  PealPulse *self = g_new0 (PealPulse, 1);

  g_ref_count_init (&self->ref_count);
  self->slice_ms = MAX (interval_ms / N_SLICES, 1);
  return self;
}

PealPulse *
peal_pulse_ref (PealPulse *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

void
peal_pulse_unref (PealPulse *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  peal_source_clear (&self->timer);
  g_free (self);
}

/**
 * peal_pulse_add:
 * @func: called after one interval first, or a slice less
 *
 * Returns: (transfer full): to be given back with peal_beat_remove()
 */
PealBeat *
peal_pulse_add (PealPulse *self, PealBeatFunc func, gpointer data)
{
  PealBeat *beat = g_new0 (PealBeat, 1);

  beat->link.data = beat;
  beat->pulse = peal_pulse_ref (self);
  beat->func = func;
  beat->data = data;
  move (beat, &self->slices[self->now]);
  if (self->n_beats++ == 0)
    peal_source_start_timer (
        &self->timer, self->slice_ms, "peal-pulse", on_slice, self);
  return beat;
}

/**
 * peal_beat_remove:
 * @beat: (transfer full)
 */
void
peal_beat_remove (PealBeat *beat)
{
  PealPulse *pulse = beat->pulse;

  move (beat, NULL);
  g_free (beat);
  if (--pulse->n_beats == 0)
    peal_source_clear (&pulse->timer);
  peal_pulse_unref (pulse);
}
