/*
 * What all peers of a session share: written by the session on the loop, read
 * by its peers there.
 */
#pragma once

#include <gst/gst.h>

#include "session/reaper.h"

G_BEGIN_DECLS

/**
 * PealSessionSettings:
 * @bin: where elements go
 * @reaper: who ends them
 * @tracks: (element-type PealTrack): what we send
 * @own_id: (nullable): our id in the room
 * @latency_ms: jitter buffer of new connections, in milliseconds
 * @stun_server: (nullable): `stun://host:port`
 * @turn_servers: (nullable): `turn://user:pass@host:port`
 * @is_relay_only: use TURN candidates only
 * @certificate: (nullable): PEM of certificate and key
 * @is_signalling: whether we are in the room now
 */
typedef struct {
  GstBin *bin;
  PealReaper *reaper;
  GPtrArray *tracks;
  gchar *own_id;
  guint latency_ms;
  gchar *stun_server;
  GStrv turn_servers;
  gboolean is_relay_only;
  gchar *certificate;
  gboolean is_signalling;
} PealSessionSettings;

G_END_DECLS
