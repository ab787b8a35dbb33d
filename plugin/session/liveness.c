/*
 * The watchdog's judgement. A peer that sends media or RTCP does so at least
 * once a second, so that silence of SILENCE_US means that it is gone. One that
 * sends less often (only RTCP, of an idle audio session: RFC 3550 section 6.2
 * allows 5 s and more) is given three of its own longest gaps. One that never
 * sent any of it, whatever its m-lines promise, is left to ICE's own checks.
 * Pure; called by the attempt twice a second.
 */
#include "session/liveness.h"

#define SILENCE_US (4 * G_USEC_PER_SEC) /* the promise is: known within 5 s */
#define PATIENCE 3
#define MAX_SILENCE_US (30 * G_USEC_PER_SEC)

/**
 * peal_liveness_is_media:
 * @first_byte: of a packet
 *
 * Returns: whether it is RTP or RTCP (RFC 7983 section 7). Who sends neither
 *   may be silent for as long as it likes: messages come when there are any.
 */
gboolean
peal_liveness_is_media (guint8 first_byte)
{
  return first_byte >= 128 && first_byte <= 191;
}

/**
 * peal_liveness_observe:
 * @packets: all packets received so far, from the first one with media on
 * @now_us: monotonic, in microseconds
 */
void
peal_liveness_observe (PealLiveness *self, guint64 packets, gint64 now_us)
{
  if (packets == self->packets)
    return;

  self->packets = packets;
  if (self->last_us > 0)
    self->longest_gap_us = MAX (self->longest_gap_us, now_us - self->last_us);
  self->last_us = now_us;
}

/**
 * peal_liveness_is_dead:
 *
 * Returns: whether the peer has been silent for too long
 */
gboolean
peal_liveness_is_dead (const PealLiveness *self, gint64 now_us)
{
  gint64 limit_us =
      CLAMP (self->longest_gap_us * PATIENCE, SILENCE_US, MAX_SILENCE_US);

  return self->last_us > 0 && now_us - self->last_us >= limit_us;
}
