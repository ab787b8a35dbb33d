/*
 * Session descriptions from the network, checked before webrtcbin sees them:
 * webrtcbin 1.22 asserts on several that are merely odd. No pad, no thread.
 */
#pragma once

#include <gst/sdp/sdp.h>

#include "media/codec.h"

G_BEGIN_DECLS

typedef enum {
  PEAL_SDP_INACTIVE = 0,
  PEAL_SDP_SEND = 1 << 0,
  PEAL_SDP_RECEIVE = 1 << 1,
} PealSdpDirection;

/**
 * PealSdpMedia: one m-line
 * @is_application: the data channel's m-line; then @kind means nothing
 * @is_rejected: port 0 without bundle-only
 * @direction: seen from the side that wrote it
 * @formats: (element-type PealSdpFormat): codecs we know, in its order
 */
typedef struct {
  PealMediaKind kind;
  gboolean is_application;
  gboolean is_rejected;
  gchar *mid;
  PealSdpDirection direction;
  GArray *formats;
} PealSdpMedia;

typedef struct {
  const PealCodec *codec;
  guint payload_type;
  GstCaps *caps; /* owned; application/x-rtp, as the m-line has it */
} PealSdpFormat;

/**
 * PealSdp:
 * @message: the description without what must not reach libnice
 * @media: (element-type PealSdpMedia)
 * @fingerprints: (array zero-terminated=1)
 */
typedef struct {
  GstSDPMessage *message;
  GPtrArray *media;
  GStrv fingerprints;
} PealSdp;

PealSdp *
peal_sdp_parse (const gchar *text, GError **error);
void
peal_sdp_free (PealSdp *self);
gboolean
peal_sdp_answers (const PealSdp *answer, const PealSdp *offer, GError **error);
guint
peal_sdp_count (const PealSdp *self, PealMediaKind kind);
gboolean
peal_sdp_only_sends (const PealSdp *self);
const PealSdpMedia *
peal_sdp_get_media (const PealSdp *self, guint index);
gint
peal_sdp_find_mline (const PealSdp *self, const gchar *mid, gint index);
const PealSdpFormat *
peal_sdp_media_find_format (const PealSdpMedia *media, const PealCodec *codec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealSdp, peal_sdp_free)

G_END_DECLS
