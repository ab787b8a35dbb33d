/*
 * Warnings of other people's that end no test. Called by call-rig's rooms.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void
bear_known_faults (void);

G_END_DECLS
