/*
 * PealCall: everything of a pealbin that lives on the loop: the visit to the
 * room, the outputs; and the loop itself.
 *
 * Threads: its methods may be called on any thread, with no lock held; they
 * run on the loop and wait for it, or, while there is none, run right there.
 * open, close, start and stop are for the thread that changes the element's
 * state, which is never the loop.
 */
#pragma once

#include "element/outputs.h"
#include "element/settings.h"

G_BEGIN_DECLS

typedef struct _PealCall PealCall;

PealCall *
peal_call_new (GstElement *element);
void
peal_call_free (PealCall *self);
void
peal_call_open (PealCall *self);
void
peal_call_close (PealCall *self);
gboolean
peal_call_start (PealCall *self, const PealSettings *settings,
    GPtrArray *tracks, GError **error);
void
peal_call_stop (PealCall *self);
gboolean
peal_call_play (PealCall *self);
void
peal_call_settle (PealCall *self);
gboolean
peal_call_is_current (PealCall *self);

void
peal_call_add_track (PealCall *self, PealTrack *track);
void
peal_call_remove_track (PealCall *self, PealTrack *track);
void
peal_call_review_tracks (PealCall *self);
GstPad *
peal_call_request_mix (PealCall *self, PealMediaKind kind);
void
peal_call_release_mix (PealCall *self, GstPad *pad);
void
peal_call_send_eos (PealCall *self);

gboolean
peal_call_send_message (
    PealCall *self, const gchar *peer_id, const gchar *text);
/* The peer, or NULL for all. */
void
peal_call_hang_up (PealCall *self, const gchar *peer_id);
void
peal_call_request_key_frame (PealCall *self, const gchar *peer_id);
void
peal_call_set_muted (
    PealCall *self, gboolean is_audio_muted, gboolean is_video_muted);
void
peal_call_fail_peer (PealCall *self, const gchar *peer_id, const GError *error);
GstStructure *
peal_call_make_report (PealCall *self, gboolean is_full);

G_END_DECLS
