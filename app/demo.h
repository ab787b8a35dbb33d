/*
 * `peal demo`: a whole call for a machine with nobody at it. Main thread.
 */
#pragma once

#include "app/console.h"
#include "app/options.h"

G_BEGIN_DECLS

gint
peal_demo (const PealOptions *options, PealConsole *console);

G_END_DECLS
