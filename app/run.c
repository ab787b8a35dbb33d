/*
 * The main loop of a command. SIGINT, SIGTERM and SIGHUP end it as q does:
 * the command gets to say goodbye to its room and to restore the terminal.
 * Lives on the default main context. Main thread.
 */
#include "app/run.h"

#include <glib-unix.h>
#include <signal.h>

#include "app/options.h"

struct _PealRun {
  GMainLoop *loop;
  GArray *sources; /* ids, each removed at the end */
  gint exit_status;
  gboolean is_over;
};

static gboolean
on_signal (gpointer data)
{
  peal_run_quit (data, PEAL_EXIT_OK);
  return G_SOURCE_CONTINUE;
}

static void
own_source (PealRun *self, guint id)
{
  g_array_append_val (self->sources, id);
}

/**
 * peal_run_new:
 * @limit_s: end by itself after so many seconds, from now on; 0: never
 *
 * Returns: (transfer full): a loop that is not running yet; signals are
 *   caught from now on
 */
PealRun *
peal_run_new (guint limit_s)
{
  PealRun *self = g_new0 (PealRun, 1);
  const gint signals[] = { SIGINT, SIGTERM, SIGHUP };

  self->loop = g_main_loop_new (NULL, FALSE);
  self->sources = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    own_source (self, g_unix_signal_add (signals[i], on_signal, self));
  if (limit_s > 0)
    own_source (self, g_timeout_add_seconds (limit_s, on_signal, self));
  return self;
}

/**
 * peal_run_free:
 * @self: (transfer full): a loop
 */
void
peal_run_free (PealRun *self)
{
  for (guint i = 0; i < self->sources->len; i++)
    g_source_remove (g_array_index (self->sources, guint, i));
  g_array_unref (self->sources);
  g_main_loop_unref (self->loop);
  g_free (self);
}

/**
 * peal_run_go:
 * @self: a loop
 *
 * Runs until somebody quits; not at all if somebody already has.
 *
 * Returns: the exit status
 */
gint
peal_run_go (PealRun *self)
{
  if (!self->is_over)
    g_main_loop_run (self->loop);
  return self->exit_status;
}

/**
 * peal_run_quit:
 * @self: a loop
 * @exit_status: what the process ends with; the first one counts
 */
void
peal_run_quit (PealRun *self, gint exit_status)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  self->exit_status = exit_status;
  g_main_loop_quit (self->loop);
}

/**
 * peal_run_is_over:
 * @self: a loop
 *
 * Returns: whether somebody has quit
 */
gboolean
peal_run_is_over (PealRun *self)
{
  return self->is_over;
}
