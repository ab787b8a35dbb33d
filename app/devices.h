/*
 * `peal devices`: what can be captured, encoded and played here. Main thread.
 */
#pragma once

#include "app/console.h"
#include "app/options.h"

G_BEGIN_DECLS

gint
peal_devices (const PealOptions *options, PealConsole *console);

G_END_DECLS
