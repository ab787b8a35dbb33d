/*
 * The decoder table: which decoders there are for each codec, best first.
 * Rows are static and compare by pointer. Any thread.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

/**
 * PealDecoder:
 * @codec_name: the codec it takes
 * @description: factory and properties, as in gst-launch
 * @is_hardware: whether it spares the CPU
 */
typedef struct {
  const gchar *codec_name;
  const gchar *description;
  gboolean is_hardware;
} PealDecoder;

const PealDecoder *
peal_decoder_first (const PealCodec *codec);
const PealDecoder *
peal_decoder_next (const PealCodec *codec, const PealDecoder *previous);
void
peal_decoder_set_missing_error (const PealCodec *codec, GError **error);
GstElement *
peal_decoder_make (const PealDecoder *self, const gchar *name);

G_END_DECLS
