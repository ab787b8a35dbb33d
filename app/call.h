/*
 * `peal call`: a call from camera and microphone to screen and speaker. Main
 * thread.
 */
#pragma once

#include "app/console.h"
#include "app/options.h"

G_BEGIN_DECLS

gint
peal_call (const PealOptions *options, PealConsole *console);

G_END_DECLS
