/*
 * Keeping an input in time with a mix that does not wait. Pure.
 *
 * A mix goes on at a constant rate. An input that is late against it, because
 * its path got longer or its clock is off, would be thrown away piece by piece
 * for ever; here it is moved instead: a late one later, one far in the future
 * earlier. All times are running times in nanoseconds.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealAlign: the state of one input; zero-filled at first
 * @offset_ns: what is added to its timestamps now
 * @least_ahead_ns: how near to the mix's position it came in this window
 * @window_start_ns: when this window began
 * @has_window: whether a window has begun
 */
typedef struct {
  gint64 offset_ns;
  gint64 least_ahead_ns;
  guint64 window_start_ns;
  gboolean has_window;
} PealAlign;

guint64
peal_align_video (guint64 time_ns, guint64 position_ns);
guint64
peal_align_audio (PealAlign *self, guint64 time_ns, guint64 position_ns,
    gboolean *is_discontinuous);

G_END_DECLS
