/*
 * PealFeedCrew: see the header. Made by fan-out.c, for the feeds of its
 * branches.
 *
 * Threads: all functions from any thread, leave() from none of the crew's own.
 * Workers come with the first job and go with the last member. Lock: `lock`,
 * never held while a job runs.
 */
#include "media/feed-crew.h"

/* Chosen: one for the next picture, one for when that is held up. */
#define MAX_IDLE 2

typedef struct {
  PealFeedCrew *crew;
  GThread *thread;
  PealFeedJob *job;     /* (nullable): runs */
  gint64 since_us;      /* when that began */
  gboolean is_released; /* nobody needs it any more */
} Worker;

struct _PealFeedCrew {
  GMutex lock;
  GCond has_work;
  GCond has_finished;
  GQueue jobs;        /* that wait; guarded by lock */
  GQueue slow_jobs;   /* likewise, after the others; guarded by lock */
  gint64 waits_us;    /* since when some wait; guarded by lock */
  GPtrArray *workers; /* guarded by lock */
  guint n_idle;       /* of them; guarded by lock */
  guint n_members;    /* guarded by lock */
  guint n_leaving;    /* who wait for a job to finish; guarded by lock */
  gboolean is_called; /* a worker is waking up; guarded by lock */
};

/* Lock held. */
static gboolean
has_waiting (PealFeedCrew *self)
{
  return self->jobs.length > 0 || self->slow_jobs.length > 0;
}

static GQueue *
get_line (PealFeedCrew *self, PealFeedJob *job)
{
  return job->is_slow ? &self->slow_jobs : &self->jobs;
}

/* Lock held. */
static void
put_in_line (PealFeedCrew *self, PealFeedJob *job, gint64 now_us)
{
  if (!has_waiting (self))
    self->waits_us = now_us;
  job->state = PEAL_FEED_JOB_WAITS;
  g_queue_push_tail_link (get_line (self, job), &job->link);
}

/* Lock held. */
static PealFeedJob *
take_first (PealFeedCrew *self)
{
  GList *link = g_queue_pop_head_link (&self->jobs);

  if (link == NULL)
    link = g_queue_pop_head_link (&self->slow_jobs);
  return link != NULL ? link->data : NULL;
}

/* Lock held. */
static void
finish (PealFeedCrew *self, Worker *worker, PealFeedJob *job)
{
  gint64 now_us = g_get_monotonic_time ();

  worker->job = NULL;
  job->is_slow = now_us - worker->since_us > PEAL_FEED_CREW_SLOW_US;
  if (job->state == PEAL_FEED_JOB_RUNS_AGAIN)
    put_in_line (self, job, now_us);
  else
    job->state = PEAL_FEED_JOB_RESTS;
  if (self->n_leaving > 0)
    g_cond_broadcast (&self->has_finished);
}

/* Lock held, but not in the job. */
static void
do_job (PealFeedCrew *self, Worker *worker, PealFeedJob *job)
{
  worker->job = job;
  worker->since_us = g_get_monotonic_time ();
  job->state = PEAL_FEED_JOB_RUNS;
  g_mutex_unlock (&self->lock);
  job->work (job->data);
  g_mutex_lock (&self->lock);
  finish (self, worker, job);
}

/* Lock held. */
static void
wait_for_work (PealFeedCrew *self)
{
  self->n_idle++;
  g_cond_wait (&self->has_work, &self->lock);
  self->n_idle--;
  self->is_called = FALSE;
}

/* Lock held. Nobody waits for the thread. */
static void
release (PealFeedCrew *self, Worker *worker)
{
  worker->is_released = TRUE;
  g_ptr_array_remove_fast (self->workers, worker);
  g_thread_unref (worker->thread);
}

static void
call_if_needed (PealFeedCrew *self, gint64 now_us);

/* Lock held. A worker that had been released may have been called for what new
 * members have. */
static void
pass_call_on (PealFeedCrew *self)
{
  if (has_waiting (self))
    call_if_needed (self, g_get_monotonic_time ());
}

static gpointer
run (gpointer data)
{
  Worker *worker = data;
  PealFeedCrew *self = worker->crew;

  g_mutex_lock (&self->lock);
  self->is_called = FALSE;
  while (!worker->is_released) {
    PealFeedJob *job = take_first (self);

    if (job != NULL)
      do_job (self, worker, job);
    else if (self->n_idle < MAX_IDLE)
      wait_for_work (self);
    else
      release (self, worker);
  }
  pass_call_on (self);
  g_mutex_unlock (&self->lock);
  peal_feed_crew_unref (self);
  g_free (worker);
  return NULL;
}

/* Lock held. */
static void
engage (PealFeedCrew *self)
{
  Worker *worker = g_new0 (Worker, 1);

  worker->crew = peal_feed_crew_ref (self);
  worker->thread = g_thread_try_new ("peal-fan-out", run, worker, NULL);
  self->is_called = worker->thread != NULL;
  if (self->is_called) {
    g_ptr_array_add (self->workers, worker);
    return;
  }
  peal_feed_crew_unref (self);
  g_free (worker);
}

static gboolean
is_stuck (const Worker *worker, gint64 now_us)
{
  return worker->job->is_slow ||
      now_us - worker->since_us > PEAL_FEED_CREW_SLOW_US;
}

/* Lock held. Calls a worker if nobody gets to what waits, or not in time. */
static void
call_if_needed (PealFeedCrew *self, gint64 now_us)
{
  gboolean is_behind = now_us - self->waits_us > PEAL_FEED_CREW_SLOW_US;
  guint n_going = 0;

  for (guint i = 0; i < self->workers->len; i++) {
    Worker *worker = g_ptr_array_index (self->workers, i);

    n_going += worker->job != NULL && !is_stuck (worker, now_us);
  }
  if (self->is_called ||
      (n_going > 0 && (!is_behind || n_going >= g_get_num_processors ())))
    return;
  if (self->n_idle == 0) {
    engage (self);
    return;
  }
  self->is_called = TRUE;
  g_cond_signal (&self->has_work);
}

/**
 * peal_feed_crew_new:
 *
 * Returns: (transfer full): a crew without workers
 */
PealFeedCrew *
peal_feed_crew_new (void)
{
  PealFeedCrew *self = g_atomic_rc_box_new0 (PealFeedCrew);

  g_mutex_init (&self->lock);
  g_cond_init (&self->has_work);
  g_cond_init (&self->has_finished);
  self->workers = g_ptr_array_new ();
  return self;
}

PealFeedCrew *
peal_feed_crew_ref (PealFeedCrew *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  PealFeedCrew *self = data;

  g_assert (self->n_members == 0);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->has_work);
  g_cond_clear (&self->has_finished);
  g_ptr_array_unref (self->workers);
}

void
peal_feed_crew_unref (PealFeedCrew *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/**
 * peal_feed_crew_enter:
 * @self: a crew
 * @job: with @work and @data set; stays where it is until
 *   peal_feed_crew_leave()
 *
 * From now on @job may be added.
 */
void
peal_feed_crew_enter (PealFeedCrew *self, PealFeedJob *job)
{
  g_mutex_lock (&self->lock);
  job->link.data = job;
  job->state = PEAL_FEED_JOB_RESTS;
  job->is_slow = FALSE;
  self->n_members++;
  g_mutex_unlock (&self->lock);
}

/* Lock held. Returns (transfer full): the threads, which are going. */
static GPtrArray *
release_all (PealFeedCrew *self)
{
  GPtrArray *threads = g_ptr_array_new ();

  for (guint i = 0; i < self->workers->len; i++) {
    Worker *worker = g_ptr_array_index (self->workers, i);

    worker->is_released = TRUE;
    g_ptr_array_add (threads, worker->thread);
  }
  g_ptr_array_set_size (self->workers, 0);
  g_cond_broadcast (&self->has_work);
  return threads;
}

/* Lock held, but not while it waits. */
static void
take_out (PealFeedCrew *self, PealFeedJob *job)
{
  self->n_leaving++;
  while (job->state == PEAL_FEED_JOB_RUNS ||
      job->state == PEAL_FEED_JOB_RUNS_AGAIN) {
    job->state = PEAL_FEED_JOB_RUNS;
    g_cond_wait (&self->has_finished, &self->lock);
  }
  self->n_leaving--;
  if (job->state == PEAL_FEED_JOB_WAITS)
    g_queue_unlink (get_line (self, job), &job->link);
  job->state = PEAL_FEED_JOB_IS_OUT;
}

/**
 * peal_feed_crew_leave:
 * @self: a crew
 * @job: one that has entered
 *
 * Waits until @job neither runs nor ever will again. Whoever blocks it must be
 * told to let go before. When the last one leaves, the threads end.
 */
void
peal_feed_crew_leave (PealFeedCrew *self, PealFeedJob *job)
{
  g_autoptr (GPtrArray) threads = NULL;

  g_mutex_lock (&self->lock);
  take_out (self, job);
  if (--self->n_members == 0)
    threads = release_all (self);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; threads != NULL && i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
}

/**
 * peal_feed_crew_add:
 * @self: a crew
 * @job: there is something to do
 *
 * Never blocks. It runs once more, however often it was added before that; not
 * at all while it is no member.
 */
void
peal_feed_crew_add (PealFeedCrew *self, PealFeedJob *job)
{
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  if (job->state == PEAL_FEED_JOB_RUNS)
    job->state = PEAL_FEED_JOB_RUNS_AGAIN;
  if (job->state == PEAL_FEED_JOB_RESTS)
    put_in_line (self, job, now_us);
  if (has_waiting (self))
    call_if_needed (self, now_us);
  g_mutex_unlock (&self->lock);
}

/**
 * peal_feed_crew_count_workers:
 * @self: a crew
 *
 * Returns: how many threads there are
 */
guint
peal_feed_crew_count_workers (PealFeedCrew *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->workers->len;
  g_mutex_unlock (&self->lock);
  return count;
}
