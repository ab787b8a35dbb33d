/*
 * Many sockets and many timers, each as one source. Pipes of this process
 * stand for the sockets.
 */
#include "server/poller.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/pulse.h"
#include "wait.h"

typedef struct {
  PealPoller *poller;
  PealPolled *polled;
  gint ends[2];
  guint n_readable;
  guint n_writable;
  guint n_settled;
  gboolean asks_to_settle;
  PealPolled **removes; /* when it is read */
} End;

static void
on_readable (gpointer data)
{
  End *end = data;
  gchar bytes[16];

  end->n_readable++;
  g_assert_cmpint (read (end->ends[0], bytes, sizeof bytes), >, 0);
  if (end->asks_to_settle)
    peal_polled_settle_soon (end->polled);
  if (end->removes)
    g_clear_pointer (end->removes, peal_polled_remove);
}

static void
on_writable (gpointer data)
{
  End *end = data;

  if (++end->n_writable == 3)
    peal_polled_want_writable (end->polled, FALSE);
}

static void
on_settle (gpointer data)
{
  ((End *)data)->n_settled++;
}

static const PealPolledOwner owner = { on_readable, on_writable, on_settle };

static void
open_end (End *end, PealPoller *poller)
{
  *end = (End){ .poller = poller };
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, end->ends), ==, 0);
  end->polled = peal_poller_add (poller, end->ends[0], &owner, end);
}

static void
close_end (End *end)
{
  g_clear_pointer (&end->polled, peal_polled_remove);
  close (end->ends[0]);
  close (end->ends[1]);
}

static void
say (End *end)
{
  g_assert_cmpint (write (end->ends[1], "x", 1), ==, 1);
}

static void
run_all (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_readable (void)
{
  g_autoptr (PealPoller) poller = peal_poller_new ();
  End ends[100];

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    open_end (&ends[i], poller);
  say (&ends[7]);
  run_all ();
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    g_assert_cmpuint (ends[i].n_readable, ==, i == 7);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    say (&ends[i]);
  run_all ();
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_assert_cmpuint (ends[i].n_readable, ==, i == 7 ? 2 : 1);
    close_end (&ends[i]);
  }
}

static void
test_writable (void)
{
  g_autoptr (PealPoller) poller = peal_poller_new ();
  End end;

  open_end (&end, poller);
  run_all ();
  g_assert_cmpuint (end.n_writable, ==, 0);
  peal_polled_want_writable (end.polled, TRUE);
  run_all ();
  g_assert_cmpuint (end.n_writable, ==, 3);
  close_end (&end);
}

static void
test_settle (void)
{
  g_autoptr (PealPoller) poller = peal_poller_new ();
  End ends[2];

  open_end (&ends[0], poller);
  open_end (&ends[1], poller);
  ends[0].asks_to_settle = TRUE;
  say (&ends[0]);
  say (&ends[1]);
  peal_polled_settle_soon (ends[1].polled);
  peal_polled_settle_soon (ends[1].polled);
  run_all ();
  g_assert_cmpuint (ends[0].n_settled, ==, 1);
  g_assert_cmpuint (ends[1].n_settled, ==, 1);
  close_end (&ends[0]);
  close_end (&ends[1]);
}

static void
test_remove (void)
{
  g_autoptr (PealPoller) poller = peal_poller_new ();
  End ends[2];

  open_end (&ends[0], poller);
  open_end (&ends[1], poller);
  ends[0].removes = &ends[1].polled;
  ends[1].removes = &ends[0].polled;
  peal_polled_settle_soon (ends[0].polled);
  peal_polled_settle_soon (ends[1].polled);
  say (&ends[0]);
  say (&ends[1]);
  run_all ();
  g_assert_cmpuint (ends[0].n_readable + ends[1].n_readable, ==, 1);
  g_assert_cmpuint (ends[0].n_settled + ends[1].n_settled, ==, 1);
  close_end (&ends[0]);
  close_end (&ends[1]);
}

/* ---- the pulse ---- */

typedef struct {
  PealBeat *beat;
  guint n;
  guint removes_at;
  PealBeat **removes;
} Beating;

static void
on_beat (gpointer data)
{
  Beating *beating = data;

  if (++beating->n == beating->removes_at)
    g_clear_pointer (beating->removes, peal_beat_remove);
}

static gboolean
has_beaten (gpointer data)
{
  return ((Beating *)data)->n >= 3;
}

static void
test_pulse (void)
{
  g_autoptr (PealPulse) pulse = peal_pulse_new (32);
  Beating one = { 0 }, two = { 0 }, three = { 0 };

  one = (Beating){ peal_pulse_add (pulse, on_beat, &one), 0, 2, &two.beat };
  two.beat = peal_pulse_add (pulse, on_beat, &two);
  three =
      (Beating){ peal_pulse_add (pulse, on_beat, &three), 0, 1, &three.beat };
  wait_for (has_beaten, &one);
  g_assert_cmpuint (two.n, ==, 1);
  g_assert_cmpuint (three.n, ==, 1);
  g_assert_null (three.beat);
  peal_beat_remove (one.beat);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/poller/who-has-something-is-read-and-nobody-else", test_readable);
  g_test_add_func (
      "/poller/room-is-told-as-long-as-it-is-wanted", test_writable);
  g_test_add_func ("/poller/who-asks-is-settled-once", test_settle);
  g_test_add_func (
      "/poller/who-was-removed-in-the-same-round-is-not-called", test_remove);
  g_test_add_func (
      "/pulse/each-is-called-once-an-interval-until-it-is-removed", test_pulse);
  return g_test_run ();
}
