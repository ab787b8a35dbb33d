/*
 * Merges key-frame requests. Used by fan-out.c, which calls it under its lock
 * and sends a request upstream whenever a function here says so. A zeroed
 * struct is a limiter that has seen nothing. Pure.
 */
#include "media/key-frame-limiter.h"

static gboolean
is_too_soon (const PealKeyFrameLimiter *self, gint64 now_us)
{
  return self->has_sent &&
      now_us - self->last_sent_us < PEAL_KEY_FRAME_INTERVAL_US;
}

static gboolean
is_coming (const PealKeyFrameLimiter *self, gint64 now_us)
{
  return self->is_in_flight &&
      now_us - self->last_sent_us < PEAL_KEY_FRAME_FLIGHT_US;
}

static gboolean
send (PealKeyFrameLimiter *self, gint64 now_us)
{
  self->last_sent_us = now_us;
  self->has_sent = TRUE;
  self->is_in_flight = TRUE;
  self->is_pending = FALSE;
  return TRUE;
}

/**
 * peal_key_frame_limiter_request:
 * @self: a limiter
 * @now_us: monotonic time
 * @is_newcomer: whether somebody waits who has had no picture yet
 *
 * A newcomer is served at once, unless a key frame is on its way already, which
 * then serves it too. Others wait for the interval to pass.
 *
 * Returns: whether to ask the encoder now
 */
gboolean
peal_key_frame_limiter_request (
    PealKeyFrameLimiter *self, gint64 now_us, gboolean is_newcomer)
{
  if (is_too_soon (self, now_us)) {
    if (is_newcomer && !is_coming (self, now_us))
      return send (self, now_us);
    self->is_pending = TRUE;
    return FALSE;
  }
  return send (self, now_us);
}

/**
 * peal_key_frame_limiter_poll:
 * @self: a limiter
 * @now_us: monotonic time
 *
 * To be called now and then, e.g. with each frame.
 *
 * Returns: whether a request that had to wait is due now
 */
gboolean
peal_key_frame_limiter_poll (PealKeyFrameLimiter *self, gint64 now_us)
{
  if (!self->is_pending || is_too_soon (self, now_us))
    return FALSE;
  return send (self, now_us);
}

/**
 * peal_key_frame_limiter_note_key_frame:
 * @self: a limiter
 *
 * A key frame goes out to everybody: it serves all who have asked so far.
 */
void
peal_key_frame_limiter_note_key_frame (PealKeyFrameLimiter *self)
{
  self->is_in_flight = FALSE;
  self->is_pending = FALSE;
}
