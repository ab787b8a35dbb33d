/*
 * PealFeedCrew: one thread that does many feeds' work, and more only while that
 * one is stuck.
 *
 * A thread for each feed costs a wake-up and a switch for each of its pictures,
 * and all of them at once contend for the locks of the libraries below. Here
 * jobs wait in line for a worker. What made a worker wait once is slow: it goes
 * last from then on, and its worker counts as gone, so that another takes up
 * what waits.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chosen: a hundred times what a picture needs from here to the socket. */
#define PEAL_FEED_CREW_SLOW_US (10 * G_TIME_SPAN_MILLISECOND)

typedef struct _PealFeedCrew PealFeedCrew;

typedef enum {
  PEAL_FEED_JOB_IS_OUT,
  PEAL_FEED_JOB_RESTS,
  PEAL_FEED_JOB_WAITS,
  PEAL_FEED_JOB_RUNS,
  PEAL_FEED_JOB_RUNS_AGAIN,
} PealFeedJobState;

/**
 * PealFeedJob:
 * @work: does all that there is to do; a worker's thread, no locks held, never
 *   twice at a time
 * @data: its argument
 *
 * A part of who has the work to do. The other fields are the crew's.
 */
typedef struct {
  void (*work) (gpointer data);
  gpointer data;

  GList link;
  PealFeedJobState state;
  gboolean is_slow;
} PealFeedJob;

PealFeedCrew *
peal_feed_crew_new (void);
PealFeedCrew *
peal_feed_crew_ref (PealFeedCrew *self);
void
peal_feed_crew_unref (PealFeedCrew *self);
void
peal_feed_crew_enter (PealFeedCrew *self, PealFeedJob *job);
void
peal_feed_crew_leave (PealFeedCrew *self, PealFeedJob *job);
void
peal_feed_crew_add (PealFeedCrew *self, PealFeedJob *job);
guint
peal_feed_crew_count_workers (PealFeedCrew *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealFeedCrew, peal_feed_crew_unref)

G_END_DECLS
