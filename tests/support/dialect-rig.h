/*
 * A protocol's end between two parties that a script plays, line by line:
 *
 *   < FRAME     the other side sends this
 *   = MESSAGE   the owner says this; `= MESSAGE ?` must be refused
 *   + MS        time passes
 *   > FRAME     now this must go to the other side
 *   ! MESSAGE   now this must be said to the owner
 *   x CODE      now the connection must be ended
 *
 * In the order of the script, and nothing else. A frame of JSON has '
 * for ". A message is a line of words:
 *
 *   join ROOM NAME, joined ID [ID…], peer-joined ID NAME offers|waits,
 *   peer-left ID, offer|answer ID SESSION SDP, candidate ID SESSION LINE TEXT,
 *   renegotiate ID SESSION, message ID TEXT, bye ID SESSION, error CODE
 *
 * Of an SDP only the first line is told. `-` is nothing. Sessions that the
 * dialect makes up are #1, #2, … in the order in which they are heard of; UUIDs
 * in frames are $1, $2, … likewise.
 */
#pragma once

#include "wire/dialect.h"

G_BEGIN_DECLS

void
dialect_rig_play (PealDialect *dialect, const gchar *script);

G_END_DECLS
