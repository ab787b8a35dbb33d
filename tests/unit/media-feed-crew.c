/*
 * Who does the work of many feeds: one thread, as long as nobody holds it up.
 */
#include "media/feed-crew.h"
#include "wait.h"

#define JOBS 20

/* Counts its runs; may be made to stand still, as a push to a viewer whose
 * connection is full does. */
typedef struct {
  PealFeedJob job;
  PealFeedCrew *crew;
  gint n_runs;   /* atomic */
  gint is_held;  /* atomic */
  gint is_stuck; /* atomic */
  gint64 began_us;
  gint place; /* when it last began, among all */
} Viewer;

static gint places; /* atomic */

static void
send (gpointer data)
{
  Viewer *self = data;

  self->began_us = g_get_monotonic_time ();
  self->place = g_atomic_int_add (&places, 1);
  g_atomic_int_set (&self->is_stuck, g_atomic_int_get (&self->is_held));
  while (g_atomic_int_get (&self->is_held))
    g_thread_yield ();
  g_atomic_int_set (&self->is_stuck, FALSE);
  g_atomic_int_inc (&self->n_runs);
}

static void
enter (Viewer *self, PealFeedCrew *crew)
{
  *self = (Viewer){ .job = { .work = send, .data = self }, .crew = crew };
  peal_feed_crew_enter (crew, &self->job);
}

static void
leave (Viewer *self)
{
  peal_feed_crew_leave (self->crew, &self->job);
}

static gboolean
has_run (gpointer data)
{
  return g_atomic_int_get (&((Viewer *)data)->n_runs) > 0;
}

static gboolean
has_run_twice (gpointer data)
{
  return g_atomic_int_get (&((Viewer *)data)->n_runs) == 2;
}

static gboolean
is_stuck (gpointer data)
{
  return g_atomic_int_get (&((Viewer *)data)->is_stuck);
}

static void
when_stuck (Viewer *self)
{
  g_atomic_int_set (&self->is_held, TRUE);
  peal_feed_crew_add (self->crew, &self->job);
  wait_for (is_stuck, self);
}

static gboolean
has_run_with_the_next_picture (gpointer data)
{
  Viewer *viewer = data;

  peal_feed_crew_add (viewer->crew, &viewer->job);
  return has_run (data);
}

static void
test_one_thread (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();
  Viewer viewers[JOBS];
  guint workers = 0;

  for (guint i = 0; i < JOBS; i++)
    enter (&viewers[i], crew);
  for (guint picture = 0; picture < 10; picture++) {
    for (guint i = 0; i < JOBS; i++) {
      g_atomic_int_set (&viewers[i].n_runs, 0);
      peal_feed_crew_add (crew, &viewers[i].job);
    }
    for (guint i = 0; i < JOBS; i++)
      wait_for (has_run, &viewers[i]);
    workers = MAX (workers, peal_feed_crew_count_workers (crew));
  }
  g_assert_cmpuint (workers, <, JOBS / 2);
  for (guint i = 0; i < JOBS; i++)
    leave (&viewers[i]);
  g_assert_cmpuint (peal_feed_crew_count_workers (crew), ==, 0);
}

static void
test_stuck (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();
  Viewer alice, bob;

  enter (&alice, crew);
  enter (&bob, crew);
  when_stuck (&alice);
  wait_for (has_run_with_the_next_picture, &bob);
  g_assert_cmpint (alice.n_runs, ==, 0);
  g_atomic_int_set (&alice.is_held, FALSE);
  wait_for (has_run, &alice);
  leave (&alice);
  leave (&bob);
}

/* All of them but one; that one does not wait for theirs. */
static void
test_many_stuck (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();
  Viewer viewers[JOBS];
  Viewer *alice = &viewers[JOBS - 1];

  for (guint i = 0; i < JOBS; i++)
    enter (&viewers[i], crew);
  for (guint i = 0; i < JOBS - 1; i++)
    g_atomic_int_set (&viewers[i].is_held, TRUE);
  for (guint i = 0; i < JOBS - 1; i++)
    peal_feed_crew_add (crew, &viewers[i].job);
  wait_for (has_run_with_the_next_picture, alice);
  for (guint i = 0; i < JOBS - 1; i++)
    g_atomic_int_set (&viewers[i].is_held, FALSE);
  for (guint i = 0; i < JOBS; i++)
    leave (&viewers[i]);
  g_assert_cmpuint (peal_feed_crew_count_workers (crew), ==, 0);
}

typedef struct {
  PealFeedJob job;
  Viewer alice;
  Viewer bob;
} Picture;

/* A job in which both get something, first Alice. */
static void
hand_on (gpointer data)
{
  Picture *self = data;

  peal_feed_crew_add (self->alice.crew, &self->alice.job);
  peal_feed_crew_add (self->bob.crew, &self->bob.job);
}

static gboolean
has_waited_long (gpointer data)
{
  Viewer *viewer = data;

  return g_get_monotonic_time () - viewer->began_us >
      2 * PEAL_FEED_CREW_SLOW_US;
}

/* Alice is slow; the crew may have two threads then, which leave it to chance
 * who begins, so it is tried again. */
static gboolean
is_bob_first (gpointer data)
{
  Picture *self = data;

  when_stuck (&self->alice);
  wait_for (has_waited_long, &self->alice);
  g_atomic_int_set (&self->alice.is_held, FALSE);
  wait_for (has_run, &self->alice);
  g_atomic_int_set (&self->alice.n_runs, 0);
  g_atomic_int_set (&self->bob.n_runs, 0);
  peal_feed_crew_add (self->bob.crew, &self->job);
  wait_for (has_run, &self->alice);
  wait_for (has_run, &self->bob);
  g_atomic_int_set (&self->alice.n_runs, 0);
  return self->bob.place < self->alice.place;
}

static void
test_slow_goes_last (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();
  Picture picture = { .job = { .work = hand_on, .data = &picture } };

  enter (&picture.alice, crew);
  enter (&picture.bob, crew);
  peal_feed_crew_enter (crew, &picture.job);
  wait_for (is_bob_first, &picture);
  leave (&picture.alice);
  leave (&picture.bob);
  peal_feed_crew_leave (crew, &picture.job);
}

/* What comes while somebody's work is done is not forgotten. */
static void
test_again (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();
  Viewer alice;

  enter (&alice, crew);
  when_stuck (&alice);
  peal_feed_crew_add (crew, &alice.job);
  peal_feed_crew_add (crew, &alice.job);
  g_atomic_int_set (&alice.is_held, FALSE);
  wait_for (has_run_twice, &alice);
  leave (&alice);
  g_assert_cmpint (alice.n_runs, ==, 2);
}

static gpointer
let_go (gpointer data)
{
  Viewer *viewer = data;

  while (!has_waited_long (viewer))
    g_thread_yield ();
  g_atomic_int_set (&viewer->is_held, FALSE);
  return NULL;
}

/* Leaving waits for the work that is under way, and for no other. Carol stays,
 * so that no thread ends, which would be waited for, too. */
static void
test_leaves (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();
  Viewer alice, bob, carol;
  GThread *thread;

  enter (&alice, crew);
  enter (&bob, crew);
  enter (&carol, crew);
  when_stuck (&alice);
  peal_feed_crew_add (crew, &bob.job);
  leave (&bob);
  peal_feed_crew_add (crew, &bob.job);
  thread = g_thread_new ("let-go", let_go, &alice);
  leave (&alice);
  g_assert_cmpint (alice.n_runs, ==, 1);
  g_assert_cmpint (bob.n_runs, <=, 1);
  g_thread_join (thread);
  leave (&carol);
  g_assert_cmpuint (peal_feed_crew_count_workers (crew), ==, 0);
}

/* Members of one crew come and go while work is done. */
static void
test_comings_and_goings (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();
  Viewer viewers[JOBS];

  for (guint round = 0; round < 500; round++) {
    for (guint i = 0; i < 3; i++)
      enter (&viewers[i], crew);
    for (guint i = 0; i < 3; i++)
      peal_feed_crew_add (crew, &viewers[i].job);
    if (round % 2 == 0)
      wait_for (has_run, &viewers[2]);
    for (guint i = 0; i < 3; i++)
      leave (&viewers[i]);
  }
  g_assert_cmpuint (peal_feed_crew_count_workers (crew), ==, 0);
}

static gpointer
leave_last (gpointer data)
{
  leave (data);
  return NULL;
}

/* Bob enters while the threads are on their way home, and gets one thing. */
static void
test_crossing (void)
{
  g_autoptr (PealFeedCrew) crew = peal_feed_crew_new ();

  for (guint round = 0; round < 100; round++) {
    Viewer alice, bob;
    GThread *thread;

    enter (&alice, crew);
    peal_feed_crew_add (crew, &alice.job);
    while (!has_run (&alice))
      g_thread_yield ();
    thread = g_thread_new ("leaving", leave_last, &alice);
    while (peal_feed_crew_count_workers (crew) > 0)
      g_thread_yield ();
    enter (&bob, crew);
    peal_feed_crew_add (crew, &bob.job);
    wait_for (has_run, &bob);
    leave (&bob);
    g_thread_join (thread);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/feed-crew/one-thread-serves-all", test_one_thread);
  g_test_add_func ("/feed-crew/who-is-stuck-holds-up-nobody", test_stuck);
  g_test_add_func (
      "/feed-crew/many-that-are-stuck-hold-up-nobody", test_many_stuck);
  g_test_add_func (
      "/feed-crew/who-was-slow-is-served-last", test_slow_goes_last);
  g_test_add_func ("/feed-crew/what-comes-meanwhile-is-done-next", test_again);
  g_test_add_func (
      "/feed-crew/leaving-waits-for-ones-own-work-only", test_leaves);
  g_test_add_func ("/feed-crew/members-come-and-go", test_comings_and_goings);
  g_test_add_func (
      "/feed-crew/who-enters-as-the-last-leaves-is-served", test_crossing);

  return g_test_run ();
}
