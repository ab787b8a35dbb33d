/*
 * The last picture of a source. See last-picture.h. Used by track-lane.c, under
 * its lock; has no clock of its own.
 *
 * At 30 pictures a second a newcomer waits 17 ms for the next one; a camera in
 * the dark makes ten. Instead the encoder gets the last one again, with the
 * time that it would have now.
 */
#include "media/last-picture.h"

/* Chosen: a source that has not given any for longer has stopped, and what it
 * gave last would pass for what it sees now. */
#define MAX_AGE_US G_TIME_SPAN_SECOND
/* Whose time is further back has begun anew. */
#define MAX_LEAD ((GstClockTimeDiff)GST_SECOND)

/**
 * peal_last_picture_take:
 * @buffer: (transfer none): its time is a running time
 * @caps: (transfer none): what it is
 * @now_us: monotonic time
 *
 * Keeps @buffer instead of the one before.
 *
 * Returns: whether it may be encoded; FALSE: its time is not after that of a
 *   repetition, and encoders refuse what goes back
 */
gboolean
peal_last_picture_take (
    PealLastPicture *self, GstBuffer *buffer, GstCaps *caps, gint64 now_us)
{
  GstClockTimeDiff ahead =
      GST_CLOCK_DIFF (GST_BUFFER_PTS (buffer), self->repeated);
  gboolean is_overtaken = self->has_repeated && ahead >= 0 && ahead <= MAX_LEAD;

  gst_buffer_replace (&self->buffer, buffer);
  gst_caps_replace (&self->caps, caps);
  self->taken_us = now_us;
  self->has_repeated = is_overtaken;

  return !is_overtaken;
}

/**
 * peal_last_picture_repeat:
 * @now_us: monotonic time
 * @caps: (out) (transfer full): what it is
 *
 * Returns: (transfer full) (nullable): the picture with the time that it would
 *   have if it were taken now; NULL when there is none, or it is too old
 */
GstBuffer *
peal_last_picture_repeat (PealLastPicture *self, gint64 now_us, GstCaps **caps)
{
  gint64 age_us = MAX (now_us - self->taken_us, 1);
  GstBuffer *buffer;
  GstClockTime time;

  if (!self->buffer || age_us > MAX_AGE_US ||
      !GST_BUFFER_PTS_IS_VALID (self->buffer))
    return NULL;

  time = GST_BUFFER_PTS (self->buffer) + (GstClockTime)age_us * GST_USECOND;
  if (self->has_repeated && time <= self->repeated)
    return NULL;

  buffer = gst_buffer_copy (self->buffer);
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  self->repeated = time;
  self->has_repeated = TRUE;
  *caps = gst_caps_ref (self->caps);

  return buffer;
}

/**
 * peal_last_picture_forget:
 *
 * Nobody is to see it any more.
 */
void
peal_last_picture_forget (PealLastPicture *self)
{
  gst_clear_buffer (&self->buffer);
  gst_clear_caps (&self->caps);
  self->has_repeated = FALSE;
}
