/*
 * A bounded queue of frames. See kept-frames.h. Pure.
 */
#include "signalling/kept-frames.h"

#include "base/error.h"

void
peal_kept_frames_init (PealKeptFrames *self)
{
  g_queue_init (&self->frames);
  self->bytes = 0;
}

/**
 * peal_kept_frames_clear:
 *
 * Forgets everything; the queue stays usable.
 */
void
peal_kept_frames_clear (PealKeptFrames *self)
{
  g_queue_clear_full (&self->frames, g_free);
  self->bytes = 0;
}

/**
 * peal_kept_frames_push:
 * @frame: (transfer none): what to keep
 * @error: (out) (optional): RETRY when the queue is full
 *
 * Returns: whether @frame is kept
 */
gboolean
peal_kept_frames_push (PealKeptFrames *self, const gchar *frame, GError **error)
{
  gsize length = strlen (frame);

  if (self->frames.length >= PEAL_KEPT_FRAMES_MAX ||
      self->bytes + length > PEAL_KEPT_FRAMES_MAX_BYTES) {
    g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_RETRY,
        "too much waits for the connection to come back");
    return FALSE;
  }

  g_queue_push_tail (&self->frames, g_strdup (frame));
  self->bytes += length;
  return TRUE;
}

/**
 * peal_kept_frames_pop:
 *
 * Returns: (transfer full) (nullable): the oldest frame
 */
gchar *
peal_kept_frames_pop (PealKeptFrames *self)
{
  gchar *frame = g_queue_pop_head (&self->frames);

  if (frame)
    self->bytes -= strlen (frame);
  return frame;
}
