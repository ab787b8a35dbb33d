/*
 * PealMixer: all remote pictures in one grid, or all remote voices in one
 * stream, always flowing.
 *
 * A GstBin with an always `src` pad (raw) and request pads `sink_%u`. It is
 * live and gives black pictures or silence at a constant rate while it has no
 * input, whatever comes, goes, stalls or changes its caps. The output format
 * is settled once, when the bin goes to PAUSED, from what downstream accepts,
 * as near as possible to 1280x720 at 30 frames/s, or 48 kHz stereo.
 *
 * Threads: pads are requested and released on the loop.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

#define PEAL_TYPE_MIXER (peal_mixer_get_type ())
G_DECLARE_FINAL_TYPE (PealMixer, peal_mixer, PEAL, MIXER, GstBin)

GstElement *
peal_mixer_new (PealMediaKind kind, const gchar *name);
void
peal_mixer_set_latency (PealMixer *self, GstClockTime latency);

G_END_DECLS
