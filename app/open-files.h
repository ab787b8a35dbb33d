/*
 * How many files, and so connections, the command may have open. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void
peal_open_files_raise (void);

G_END_DECLS
