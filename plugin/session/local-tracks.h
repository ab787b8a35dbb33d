/*
 * PealLocalTracks: what we send to everyone, in order, and whether it is known
 * yet what that will be.
 *
 * Lives on the loop.
 */
#pragma once

#include "media/track.h"

G_BEGIN_DECLS

void
peal_local_tracks_add (GPtrArray *tracks, PealTrack *track);
gboolean
peal_local_tracks_are_known (GPtrArray *tracks);
gboolean
peal_local_tracks_review (GPtrArray *tracks);
void
peal_local_tracks_prepare (GPtrArray *tracks);
void
peal_local_tracks_set_muted (
    GPtrArray *tracks, gboolean is_audio_muted, gboolean is_video_muted);

gboolean
peal_local_tracks_fit (GPtrArray *tracks, const guint lines[2]);

G_END_DECLS
