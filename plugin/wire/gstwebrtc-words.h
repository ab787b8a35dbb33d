/*
 * What the two ends of gst-plugins-rs' signalling say, one function a word.
 * Except for the first and put_start, which is the client's, they are the same
 * from either side. Pure; used by both dialects.
 */
#pragma once

#include "wire/dialect.h"
#include "wire/gstwebrtc-link.h"

G_BEGIN_DECLS

gboolean
peal_gstwebrtc_put (PealDialect *dialect, PealGstwebrtcSide side,
    const PealGstwebrtcMessage *message, GError **error);

void
peal_gstwebrtc_put_end (PealDialect *dialect, PealGstwebrtcVersion version,
    const gchar *session, const gchar *reason);
gboolean
peal_gstwebrtc_put_start (PealDialect *dialect, const gchar *peer_id,
    const gchar *offer, GError **error);
gboolean
peal_gstwebrtc_put_description (PealDialect *dialect,
    const PealGstwebrtcLink *link, PealGstwebrtcKind kind, const gchar *sdp,
    GError **error);
gboolean
peal_gstwebrtc_put_candidate (PealDialect *dialect,
    const PealGstwebrtcLink *link, const PealMessage *candidate,
    GError **error);

G_END_DECLS
