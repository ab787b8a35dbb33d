/*
 * gst-plugins-rs' signalling as a signaller: for webrtcsink and webrtcsrc, on
 * their server or ours.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

PealSignaller *
peal_gstwebrtc_signaller_new (
    const PealSignallerConfig *config, GError **error);

G_END_DECLS
