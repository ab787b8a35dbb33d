/*
 * How long to wait for a missing packet. See gap-wait.h. Pure.
 *
 * Used by session/receive-path.c, on the thread that brings the packets.
 *
 * A packet's lateness is how much longer it took than the fastest of the last
 * ones (which follow a clock that drifts). playout.c makes of it the delay at
 * which nearly all are in time: the same that the stream is played with
 * (retimer.c), seen in front of the jitter buffer. Packets that come after all
 * count, too: who was given up too early is waited for the next time.
 */
#include "media/gap-wait.h"

#define MILLISECOND G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MILLISECOND)

/* Chosen: packets overtake each other by as much in calm networks, too. */
#define FLOOR_NS (10 * MILLISECOND)
/* Chosen: the fastest of 5 to 10 s of sound; clocks drift by 1 ms in 10 s. */
#define N_EPOCH 256

/**
 * peal_gap_wait_set_ceiling:
 * @ceiling_ns: the most to wait
 */
void
peal_gap_wait_set_ceiling (PealGapWait *self, gint64 ceiling_ns)
{
  peal_playout_set_limits (
      &self->playout, MIN (FLOOR_NS, ceiling_ns), ceiling_ns);
}

static void
begin (PealGapWait *self, const PealPacketTime *packet)
{
  self->has_begun = TRUE;
  self->next = packet->sequence;
  self->rtp_time = packet->rtp_time;
  self->media_ns = 0;
  self->least_ns = self->earlier_ns = packet->arrival_ns;
  self->n_seen = 0;
}

static void
follow (PealGapWait *self, gint64 transit_ns)
{
  if (++self->n_seen > N_EPOCH) {
    self->earlier_ns = self->least_ns;
    self->least_ns = transit_ns;
    self->n_seen = 1;
  }
  self->least_ns = MIN (self->least_ns, transit_ns);
}

static gint64
get_transit (PealGapWait *self, const PealPacketTime *packet)
{
  gint32 step = (gint32)(packet->rtp_time - self->rtp_time);

  self->rtp_time = packet->rtp_time;
  self->media_ns += step * SECOND / (gint64)packet->clock_rate;
  return packet->arrival_ns - self->media_ns;
}

/**
 * peal_gap_wait_add:
 * @packet: has come just now
 *
 * Returns: whether it shows that others are missing
 */
gboolean
peal_gap_wait_add (PealGapWait *self, const PealPacketTime *packet)
{
  gint64 transit_ns, lateness_ns;
  gint16 ahead;

  if (!self->has_begun)
    begin (self, packet);
  transit_ns = get_transit (self, packet);
  lateness_ns = transit_ns - MIN (self->least_ns, self->earlier_ns);
  if (ABS (lateness_ns) > SECOND) { /* its times have begun anew */
    begin (self, packet);
    lateness_ns = 0;
  } else {
    follow (self, transit_ns);
  }
  peal_playout_add (&self->playout, lateness_ns);
  ahead = (gint16)(packet->sequence - self->next);
  if (ahead >= 0)
    self->next = packet->sequence + 1;

  return ahead > 0;
}

/**
 * peal_gap_wait_get:
 *
 * Returns: after how long, from the time at which it would have come without
 *   jitter, a packet is lost; in nanoseconds
 */
gint64
peal_gap_wait_get (PealGapWait *self)
{
  peal_playout_shrink (&self->playout, G_MAXINT64);
  return self->playout.delay_ns;
}
