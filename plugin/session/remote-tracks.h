/*
 * PealRemoteTracks: what one peer sends us, by kind and place. The tracks
 * outlive the connections behind them, so that a rebuilt connection comes back
 * on the same pads.
 *
 * Lives on the loop.
 */
#pragma once

#include "media/remote-track.h"
#include "session/settings.h"

G_BEGIN_DECLS

typedef struct _PealRemoteTracks PealRemoteTracks;

PealRemoteTracks *
peal_remote_tracks_new (
    const PealSessionSettings *settings, const gchar *owner);
void
peal_remote_tracks_free (PealRemoteTracks *self);
PealRemoteTrack *
peal_remote_tracks_attach (PealRemoteTracks *self, PealMediaKind kind,
    guint ordinal, GstPad *pad, gboolean *is_new, GError **error);
void
peal_remote_tracks_detach (PealRemoteTracks *self);
GPtrArray *
peal_remote_tracks_list (PealRemoteTracks *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealRemoteTracks, peal_remote_tracks_free)

G_END_DECLS
