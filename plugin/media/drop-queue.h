/*
 * PealDropQueue: a consumer behind a wall of time.
 *
 * A queue with its own thread that never makes upstream wait, never returns a
 * failure to it, and never ends its own stream because downstream failed: not
 * linked, refused caps, an error, all only drop. When downstream stalls, the
 * oldest data goes; of encoded video all goes up to the next key frame, and
 * one is asked for.
 *
 * Threads: see the .c file.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define PEAL_TYPE_DROP_QUEUE (peal_drop_queue_get_type ())
G_DECLARE_FINAL_TYPE (
    PealDropQueue, peal_drop_queue, PEAL, DROP_QUEUE, GstElement)

GstElement *
peal_drop_queue_new (const gchar *name);
void
peal_drop_queue_set_latency (PealDropQueue *self, GstClockTime latency);
guint64
peal_drop_queue_get_dropped (PealDropQueue *self);
void
peal_drop_queue_stop (PealDropQueue *self);

G_END_DECLS
