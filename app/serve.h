/*
 * `peal serve`: rooms and the page, until told to end. Main thread.
 */
#pragma once

#include "app/console.h"
#include "app/options.h"

G_BEGIN_DECLS

gint
peal_serve (const PealOptions *options, PealConsole *console);

G_END_DECLS
