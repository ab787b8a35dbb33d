/*
 * How long what was received has to wait so that the late does not come too
 * late. Pure: no clock, no lock.
 *
 * Each picture or piece of sound has a time at which it would be there without
 * jitter; its lateness is how much later it comes. All get the same delay on
 * top of that time: the least that is enough for nearly all of the last ones.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PEAL_PLAYOUT_WINDOW 128
#define PEAL_PLAYOUT_BUCKETS 512

/* Owned by one thread; begins as zeroes, then peal_playout_set_limits(). */
typedef struct {
  gint64 floor_ns;
  gint64 ceiling_ns;
  gint64 delay_ns;
  guint16 window[PEAL_PLAYOUT_WINDOW]; /* buckets of the last ones, a ring */
  guint16 counts[PEAL_PLAYOUT_BUCKETS];
  guint n_started; /* of the first ones, which do not count */
  guint n_seen;
  guint n_since_late;
  guint next;
} PealPlayout;

void
peal_playout_set_limits (PealPlayout *self, gint64 floor_ns, gint64 ceiling_ns);

gint64
peal_playout_add (PealPlayout *self, gint64 lateness_ns);

gint64
peal_playout_get_excess (const PealPlayout *self);

gint64
peal_playout_shrink (PealPlayout *self, gint64 most_ns);

G_END_DECLS
