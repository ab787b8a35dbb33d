/*
 * PealDataChannel: the data channels of one webrtcbin. The offerer makes one,
 * reliable, ordered and labelled `peal`, over which both sides talk; channels
 * that the peer opens besides are heard, each with its label. A peer that has
 * no `peal` channel, another's page, is answered over the one it opened first.
 *
 * Threads: made, used and ended on the loop, where its signals fire with no
 * lock held. webrtcbin's callbacks copy and queue.
 */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PEAL_DATA_CHANNEL_LABEL "peal"
/* What webrtcbin 1.22 lets pass, and RFC 8831 section 6.6 wants at least. */
#define PEAL_DATA_CHANNEL_MAX_BYTES (64 * 1024)

/**
 * PealDataChannelState:
 * @PEAL_DATA_CHANNEL_WAITING: it may still come
 * @PEAL_DATA_CHANNEL_OPEN: messages may be sent
 * @PEAL_DATA_CHANNEL_CLOSED: there is none, or there no longer is
 */
typedef enum {
  PEAL_DATA_CHANNEL_WAITING,
  PEAL_DATA_CHANNEL_OPEN,
  PEAL_DATA_CHANNEL_CLOSED,
} PealDataChannelState;

#define PEAL_TYPE_DATA_CHANNEL (peal_data_channel_get_type ())
G_DECLARE_FINAL_TYPE (
    PealDataChannel, peal_data_channel, PEAL, DATA_CHANNEL, GObject)

gboolean
peal_data_channel_is_supported (void);
PealDataChannel *
peal_data_channel_new (GstElement *webrtc);
void
peal_data_channel_create (PealDataChannel *self);
void
peal_data_channel_rule_out (PealDataChannel *self);
void
peal_data_channel_open_gate (PealDataChannel *self);
gboolean
peal_data_channel_send (
    PealDataChannel *self, const gchar *text, GError **error);
PealDataChannelState
peal_data_channel_get_state (PealDataChannel *self);
void
peal_data_channel_end (PealDataChannel *self);

G_END_DECLS
