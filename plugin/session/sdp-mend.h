/*
 * Changes to session descriptions on their way into and out of webrtcbin,
 * which 1.22 needs. Thread: any; one description at a time.
 */
#pragma once

#include <gst/sdp/sdp.h>

G_BEGIN_DECLS

gboolean
peal_sdp_is_rejected (const GstSDPMedia *media);
void
peal_sdp_set_fingerprint (GstSDPMessage *message, const gchar *fingerprint);
void
peal_sdp_mend_rejected (GstSDPMessage *message);
void
peal_sdp_refuse_channel (GstSDPMessage *message);
gboolean
peal_sdp_has_channel (const GstSDPMessage *message);

G_END_DECLS
