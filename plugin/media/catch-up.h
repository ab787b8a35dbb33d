/*
 * Sound that waits for longer than it has to is played a little faster, until
 * it does not: periods of it are taken out (time-stretch.h).
 */
#pragma once

#include <gst/gst.h>

#include "media/playout.h"

G_BEGIN_DECLS

void
peal_catch_up (PealPlayout *playout, GstClockTime *last, GstPad *pad,
    GstBuffer *buffer, GstClockTime now);

G_END_DECLS
