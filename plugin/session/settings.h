/*
 * What all peers of a session share: written by the session on the loop, read
 * by its peers there.
 */
#pragma once

#include <gst/gst.h>

#include "session/dtls-keeper.h"
#include "session/ice-check.h"
#include "session/reaper.h"

G_BEGIN_DECLS

/**
 * PealSessionSettings:
 * @bin: where elements go
 * @reaper: who ends them
 * @tracks: (element-type PealTrack): what we send
 * @own_id: (nullable): our id in the room
 * @latency_ms: most delay of what comes late, in milliseconds, for new
 *   connections
 * @min_latency_ms: least delay of all that comes, likewise
 * @stun_server: (nullable): `stun://host:port`
 * @turn_servers: (nullable): `turn://user:pass@host:port`
 * @is_relay_only: use TURN candidates only
 * @ice_check: of these servers; made by the session
 * @certificate: (nullable): PEM of certificate and key
 * @dtls: (nullable): keeps it ready
 * @has_own_servers: whether the user chose them, so that the room's are not
 *   used
 * @is_signalling: whether we are in the room now
 */
typedef struct {
  GstBin *bin;
  PealReaper *reaper;
  GPtrArray *tracks;
  gchar *own_id;
  guint latency_ms;
  guint min_latency_ms;
  gchar *stun_server;
  GStrv turn_servers;
  gboolean is_relay_only;
  PealIceCheck *ice_check;
  gchar *certificate;
  PealDtlsKeeper *dtls;
  gboolean has_own_servers;
  gboolean is_signalling;
} PealSessionSettings;

/**
 * PealSessionConfig: what the user chose; NULL or 0 leaves it to the room
 * @latency_ms: most delay of what comes late, in milliseconds
 * @min_latency_ms: least delay of all that comes, in milliseconds
 * @stun_server: (nullable): as the user wrote it
 * @turn_servers: (nullable): as the user wrote them
 * @is_relay_only: use TURN candidates only
 * @certificate: (nullable): PEM of certificate and key
 */
typedef struct {
  guint latency_ms;
  guint min_latency_ms;
  const gchar *stun_server;
  const gchar *const *turn_servers;
  gboolean is_relay_only;
  const gchar *certificate;
} PealSessionConfig;

void
peal_session_settings_init (PealSessionSettings *self, gpointer session);
void
peal_session_settings_clear (PealSessionSettings *self);
gboolean
peal_session_settings_configure (
    PealSessionSettings *self, const PealSessionConfig *config, GError **error);
void
peal_session_settings_offer_servers (
    PealSessionSettings *self, GPtrArray *servers);

G_END_DECLS
