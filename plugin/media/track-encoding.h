/*
 * PealTrackEncoding: one form in which a track goes out: a GstBin that begins
 * with a feed, converts and encodes (or only parses what is encoded already),
 * and has a `src` pad with what the codec's payloader takes.
 */
#pragma once

#include "media/encoder.h"
#include "media/feed.h"

G_BEGIN_DECLS

#define PEAL_TYPE_TRACK_ENCODING (peal_track_encoding_get_type ())
G_DECLARE_FINAL_TYPE (
    PealTrackEncoding, peal_track_encoding, PEAL, TRACK_ENCODING, GstBin)

PealTrackEncoding *
peal_track_encoding_new (const PealCodec *codec, const PealEncoder *encoder,
    guint bps, GstPad *input, GError **error);
PealTrackEncoding *
peal_track_encoding_find (GstObject *object);
const PealEncoder *
peal_track_encoding_get_encoder (PealTrackEncoding *self);
PealFeed *
peal_track_encoding_get_feed (PealTrackEncoding *self);
void
peal_track_encoding_set_bitrate (PealTrackEncoding *self, guint bps);

G_END_DECLS
