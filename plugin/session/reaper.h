/*
 * The reaper: stops elements and takes them out of their bin, on a thread of
 * its own, because ending a connected webrtcbin takes milliseconds and joins
 * half a dozen threads.
 *
 * Threads: any thread may hand over; peal_reaper_finish() waits.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _PealReaper PealReaper;

PealReaper *
peal_reaper_new (void);
void
peal_reaper_free (PealReaper *self);
void
peal_reaper_take (
    PealReaper *self, GstBin *bin, GstElement *const *elements, guint count);

void
peal_reaper_wait (PealReaper *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealReaper, peal_reaper_free)

G_END_DECLS
