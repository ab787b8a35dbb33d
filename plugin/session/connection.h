/*
 * PealConnection: one attempt at a peer connection, which is one webrtcbin.
 * The only file that touches webrtcbin. It is made for one session, used once
 * and closed; to recover means to make another.
 *
 * Threads: made, used and closed on the loop, where all its signals fire with
 * no lock held; a handler may close it. webrtcbin's own callbacks only copy
 * and post. Closing hands the webrtcbin to the reaper's thread.
 */
#pragma once

#include <gst/gst.h>

#include "media/codec.h"
#include "session/data-channel.h"
#include "session/sdp.h"
#include "session/webrtc-make.h"
#include "stats/ice-path.h"

G_BEGIN_DECLS

/**
 * PealConnectionState:
 * @PEAL_CONNECTION_CONNECTING: from the beginning
 * @PEAL_CONNECTION_CONNECTED: ICE and DTLS stand, and the certificate is the
 *   one that the session description promised
 * @PEAL_CONNECTION_FAILED: over; close it
 */
typedef enum {
  PEAL_CONNECTION_CONNECTING,
  PEAL_CONNECTION_CONNECTED,
  PEAL_CONNECTION_FAILED,
} PealConnectionState;

#define PEAL_TYPE_CONNECTION (peal_connection_get_type ())
G_DECLARE_FINAL_TYPE (
    PealConnection, peal_connection, PEAL, CONNECTION, GObject)

PealConnection *
peal_connection_new (const PealConnectionConfig *config, GError **error);
GstPad *
peal_connection_add_sending (
    PealConnection *self, guint mline, GstCaps *preferences);
void
peal_connection_add_receiving (
    PealConnection *self, GstCaps *preferences, gboolean may_send);
gboolean
peal_connection_start (PealConnection *self, GError **error);
void
peal_connection_create_offer (PealConnection *self);
void
peal_connection_accept_offer (PealConnection *self, const PealSdp *offer);
void
peal_connection_create_answer (PealConnection *self);
void
peal_connection_accept_answer (PealConnection *self, const PealSdp *answer);
void
peal_connection_add_candidate (
    PealConnection *self, guint mline, const gchar *candidate);
void
peal_connection_close (PealConnection *self);
void
peal_connection_fail (PealConnection *self, const GError *error);

PealConnectionState
peal_connection_get_state (PealConnection *self);
const GError *
peal_connection_get_error (PealConnection *self);
const gchar *
peal_connection_get_ice (PealConnection *self, PealIcePath *path);
PealDataChannel *
peal_connection_get_channel (PealConnection *self);
guint64
peal_connection_get_packets (PealConnection *self);
void
peal_connection_get_stats (PealConnection *self);

G_END_DECLS
