/*
 * Keeping an input in time with a mix that does not wait. Pure.
 *
 * A mix is behind the clock by its latency, and goes on whether an input has
 * come or not. An input that is always later than that, because its path is
 * longer than it says or its clock is off, would be thrown away piece by piece
 * for ever, and one in the future would drag the mix ahead of the clock. Both
 * are moved here. All times are running times in nanoseconds.
 */
#pragma once

#include "media/playout.h"

G_BEGIN_DECLS

/**
 * PealAlign: the state of one input; zero-filled at first
 * @base_ns: what is added to times of a clock that is not ours
 * @playout: what is added, on top, to sound that comes late; whoever can make
 *   sound shorter takes it back from here (peal_playout_shrink())
 */
typedef struct {
  gint64 base_ns;
  PealPlayout playout;
} PealAlign;

guint64
peal_align_video (guint64 time_ns, guint64 now_ns, guint64 latency_ns);
guint64
peal_align_audio (PealAlign *self, guint64 time_ns, guint64 now_ns,
    guint64 slack_ns, gboolean *is_discontinuous);

G_END_DECLS
