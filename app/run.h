/*
 * The main loop of a command: runs until a signal, the end of its time, or
 * somebody who quits with an exit status. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PealRun PealRun;

PealRun *
peal_run_new (guint limit_s);
void
peal_run_free (PealRun *self);
gint
peal_run_go (PealRun *self);
void
peal_run_quit (PealRun *self, gint exit_status);
gboolean
peal_run_is_over (PealRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealRun, peal_run_free)

G_END_DECLS
