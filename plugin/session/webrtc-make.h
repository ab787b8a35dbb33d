/*
 * A webrtcbin with the settings that it has for life (webrtcbin.md 2.1 to 2.3).
 * No state. Threads: the loop.
 */
#pragma once

#include <gst/gst.h>

#include "session/reaper.h"

G_BEGIN_DECLS

/**
 * PealConnectionConfig:
 * @bin: where the webrtcbin goes
 * @reaper: who ends it
 * @owner: (nullable): tag for bus messages, see peal_pipeline_tag()
 * @latency_ms: jitter buffer, in milliseconds
 * @stun_server: (nullable): `stun://host:port`
 * @turn_servers: (nullable): `turn://user:pass@host:port`
 * @is_relay_only: use TURN candidates only
 * @certificate: (nullable): PEM of certificate and key
 */
typedef struct {
  GstBin *bin;
  PealReaper *reaper;
  const gchar *owner;
  guint latency_ms;
  const gchar *stun_server;
  const gchar *const *turn_servers;
  gboolean is_relay_only;
  const gchar *certificate;
} PealConnectionConfig;

GstElement *
peal_webrtc_make (const PealConnectionConfig *config, GError **error);
gboolean
peal_webrtc_start (GstElement *webrtc, GError **error);

G_END_DECLS
