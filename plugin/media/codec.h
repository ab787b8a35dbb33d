/*
 * The codec table: everything that differs between codecs, in one place.
 * Rows are static; a `const PealCodec *` is valid for ever and compares by
 * pointer. Any thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  PEAL_MEDIA_AUDIO,
  PEAL_MEDIA_VIDEO,
} PealMediaKind;

/**
 * PealCodec:
 * @name: what users write in `video-codecs` and `audio-codecs`, e.g. `H264`
 * @kind: audio or video
 * @encoding_name: in RTP caps, upper case, e.g. `OPUS`
 * @clock_rate: RTP clock in Hz
 * @payload_type: the one we offer (static ones as in RFC 3551)
 * @media_caps: caps of an encoded stream as a source may give it, which we
 *   then pass through, e.g. `video/x-h264`
 * @payload_caps: the one form of @media_caps that the payloader gets, e.g.
 *   byte-stream with whole access units
 * @rtp_fields: (nullable): further fields of the offer's caps, e.g.
 *   `packetization-mode=(string)1`
 * @payloader: factory and properties of the payloader, as in gst-launch
 * @depayloader: factory of the depayloader
 * @parser: (nullable): factory and properties of the parser
 */
typedef struct {
  const gchar *name;
  PealMediaKind kind;
  const gchar *encoding_name;
  guint clock_rate;
  guint payload_type;
  const gchar *media_caps;
  const gchar *payload_caps;
  const gchar *rtp_fields;
  const gchar *payloader;
  const gchar *depayloader;
  const gchar *parser;
} PealCodec;

const gchar *
peal_media_kind_to_string (PealMediaKind kind);

const PealCodec *
peal_codec_find (const gchar *name);
const PealCodec *
peal_codec_find_for_media_caps (const GstCaps *caps);
const PealCodec *
peal_codec_find_for_rtp_caps (const GstCaps *caps);
GPtrArray *
peal_codec_list (PealMediaKind kind, const gchar *const *names);
GPtrArray *
peal_codec_list_sendable (
    PealMediaKind kind, const gchar *const *names, GError **error);
gboolean
peal_codec_can_encode (const PealCodec *self);
gboolean
peal_codec_can_decode (const PealCodec *self);
GstCaps *
peal_codec_dup_rtp_caps (const PealCodec *self, guint payload_type, guint ssrc);

G_END_DECLS
