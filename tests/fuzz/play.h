/*
 * A dialect that hears whatever comes: each line is a frame, and a line that
 * begins with `=` a word of its owner's to the peer named after it.
 */
#pragma once

#include "wire/dialect.h"

/* Makes the client's end of the next connection; @previous is NULL first. */
typedef PealDialect *(*PlayConnect) (PealDialect *previous);

void
play_lines (PealDialect *dialect, const guint8 *data, gsize size);
void
play_again (PlayConnect connect, const guint8 *data, gsize size);
