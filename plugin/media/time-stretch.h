/*
 * Sound made a little shorter, without a sound. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint
peal_time_stretch_shorten (gint16 *samples, guint n_frames, guint n_channels,
    guint rate, guint most_frames);

G_END_DECLS
