/*
 * What a track takes, and what a given input is. Any thread; no state.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

/**
 * PealTrackInput:
 * @PEAL_TRACK_INPUT_UNKNOWN: no caps have arrived yet
 * @PEAL_TRACK_INPUT_RAW: raw; the track has encoders
 * @PEAL_TRACK_INPUT_ENCODED: encoded by the source; passed through
 */
typedef enum {
  PEAL_TRACK_INPUT_UNKNOWN,
  PEAL_TRACK_INPUT_RAW,
  PEAL_TRACK_INPUT_ENCODED,
} PealTrackInput;

GstCaps *
peal_track_dup_template_caps (PealMediaKind kind);
GstPad *
peal_track_caps_make_sink (PealMediaKind kind);
PealTrackInput
peal_track_caps_classify (
    PealMediaKind kind, const GstCaps *caps, const PealCodec **codec);
gboolean
peal_track_caps_answer (PealMediaKind kind, GstQuery *query);
gboolean
peal_track_caps_allow (PealMediaKind kind, const PealCodec *input,
    const PealCodec *codec, GError **error);
const gchar *
peal_track_caps_get_advice (const GstCaps *caps);

G_END_DECLS
