/*
 * What takes long the first time in a process, done while everything else
 * starts.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GThread *
peal_warm_up_start (gboolean sends_video, gboolean sends_audio);
GThread *
peal_warm_up_start_for_peers (void);

G_END_DECLS
