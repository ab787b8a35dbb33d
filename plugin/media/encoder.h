/*
 * The encoder table: which encoders there are for each codec, best first, how
 * each is set up for a live call, and in which unit it takes its bitrate.
 * Rows are static and compare by pointer. Any thread.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

/**
 * PealBitrateUnit:
 * @PEAL_BITRATE_NONE: the bitrate is fixed by the codec
 * @PEAL_BITRATE_BITS: an integer property in bit/s
 * @PEAL_BITRATE_KILOBITS: an integer property in kbit/s (1000 bit/s)
 * @PEAL_BITRATE_V4L2: the V4L2 control `video_bitrate` in bit/s, in the
 *   `extra-controls` property
 */
typedef enum {
  PEAL_BITRATE_NONE,
  PEAL_BITRATE_BITS,
  PEAL_BITRATE_KILOBITS,
  PEAL_BITRATE_V4L2,
} PealBitrateUnit;

/**
 * PealEncoder:
 * @codec_name: the codec it makes
 * @description: factory and properties for low delay, as in gst-launch
 * @is_hardware: whether it spares the CPU
 * @bitrate_unit: unit of @bitrate_property
 * @bitrate_property: (nullable): the property to set
 * @raw_caps: input that it gets, after conversion
 * @encoded_caps: (nullable): output that is asked of it
 */
typedef struct {
  const gchar *codec_name;
  const gchar *description;
  gboolean is_hardware;
  PealBitrateUnit bitrate_unit;
  const gchar *bitrate_property;
  const gchar *raw_caps;
  const gchar *encoded_caps;
} PealEncoder;

const PealEncoder *
peal_encoder_find (const gchar *factory_name);
const PealEncoder *
peal_encoder_first (const PealCodec *codec);
const PealEncoder *
peal_encoder_next (const PealCodec *codec, const PealEncoder *previous);
gboolean
peal_encoder_has_hardware (const PealCodec *codec);
void
peal_encoder_set_missing_error (const PealCodec *codec, GError **error);
GstElement *
peal_encoder_make (const PealEncoder *self, const gchar *name, guint bps);
void
peal_encoder_set_bitrate (
    const PealEncoder *self, GstElement *element, guint bps);

G_END_DECLS
