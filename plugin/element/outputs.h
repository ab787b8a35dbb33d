/*
 * PealOutputs: what comes out of a pealbin: the remote_* pads and the mixers
 * behind mix_video and mix_audio, and who feeds what.
 *
 * Threads: on the loop while there is one, else on the application's thread;
 * never on two at once. Pads are removed on a GStreamer helper thread, because
 * the end of stream that they send first may have to wait for downstream.
 */
#pragma once

#include "media/mixer.h"
#include "media/remote-track.h"

G_BEGIN_DECLS

typedef struct _PealOutputs PealOutputs;

void
peal_outputs_install_templates (GstElementClass *class);

PealOutputs *
peal_outputs_new (GstBin *bin);
void
peal_outputs_free (PealOutputs *self);
const gchar *
peal_outputs_add_track (PealOutputs *self, PealRemoteTrack *track,
    const gchar *peer_id, const gchar *peer_name);
gchar *
peal_outputs_remove_track (PealOutputs *self, PealRemoteTrack *track);
GstPad *
peal_outputs_request_mix (PealOutputs *self, PealMediaKind kind);
gboolean
peal_outputs_release_mix (PealOutputs *self, GstPad *pad);
void
peal_outputs_tell_refused (PealOutputs *self);
void
peal_outputs_set_latency (PealOutputs *self, guint latency_ms);
void
peal_outputs_send_eos (PealOutputs *self);

G_END_DECLS
