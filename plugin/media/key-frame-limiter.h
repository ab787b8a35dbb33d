/*
 * Merges the key-frame requests of many viewers into few. Pure: a value with
 * no clock of its own; the caller gives the time and guards it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chosen: one key frame costs about as much as ten others, so three a second
 * is the most a shared encoder should be asked for. */
#define PEAL_KEY_FRAME_INTERVAL_US (300 * G_TIME_SPAN_MILLISECOND)

/* Chosen: three pictures' time. What has not come by then may never come: an
 * encoder that nobody watched meanwhile was given no picture to encode. */
#define PEAL_KEY_FRAME_FLIGHT_US (100 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  gint64 last_sent_us;
  gboolean has_sent;     /* last_sent_us is valid */
  gboolean is_in_flight; /* sent, and no key frame has come since */
  gboolean is_pending;   /* asked for too soon; to be sent when due */
} PealKeyFrameLimiter;

gboolean
peal_key_frame_limiter_request (
    PealKeyFrameLimiter *self, gint64 now_us, gboolean is_newcomer);
gboolean
peal_key_frame_limiter_poll (PealKeyFrameLimiter *self, gint64 now_us);
void
peal_key_frame_limiter_note_key_frame (PealKeyFrameLimiter *self);

G_END_DECLS
