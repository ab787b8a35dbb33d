/*
 * What the signallers of other GStreamer protocols keep alike: where to connect
 * and as whom. Their own settings begin with it.
 *
 * Thread: like every signaller.
 */
#pragma once

#include "signalling/client-transport.h"
#include "signalling/gst-uri.h"
#include "signalling/signaller.h"

G_BEGIN_DECLS

typedef struct {
  PealGstUri *uri;
  PealSignallerConfig *config;
} PealGstSettings;

PealClientTransport *
peal_gst_settings_make_transport (gpointer settings);
void
peal_gst_settings_free (gpointer settings);

G_END_DECLS
