/*
 * The certificate that DTLS shows. Called by webrtc-events for each transport
 * that a webrtcbin makes. No state.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void
peal_dtls_certificate_set (GstElement *decoder, const gchar *pem);

G_END_DECLS
