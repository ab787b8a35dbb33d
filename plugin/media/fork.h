/*
 * PealFork: one stream to several consumers, none of which can hurt it.
 *
 * Like tee, but a wall: every buffer is taken with success, whatever a
 * consumer returns; EOS and flushes end here; of upstream events only requests
 * for a key frame pass. It asks nobody downstream about caps: it takes the
 * caps it was made with, and consumers get what comes.
 *
 * Threads: outputs are added and removed on any thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define PEAL_TYPE_FORK (peal_fork_get_type ())
G_DECLARE_FINAL_TYPE (PealFork, peal_fork, PEAL, FORK, GstElement)

GstElement *
peal_fork_new (const gchar *name, GstCaps *caps);
GstPad *
peal_fork_add_output (PealFork *self, const gchar *name);
void
peal_fork_remove_output (PealFork *self, GstPad *pad);

G_END_DECLS
