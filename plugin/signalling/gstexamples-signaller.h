/*
 * gst-examples' signalling as a signaller: for webrtc-sendrecv and its like,
 * on their server or ours.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

PealSignaller *
peal_gstexamples_signaller_new (
    const PealSignallerConfig *config, GError **error);

G_END_DECLS
