/*
 * PealReceiveHead: from one RTP stream to raw and to encoded media.
 *
 * A GstBin: `sink` (RTP), `raw` and `encoded` (source pads, always there).
 * Only what is wanted is made: with neither wanted, everything is dropped
 * behind the depayloader. Nothing that comes in, and nothing that decoders do,
 * ever fails towards upstream; a decoder that fails is replaced.
 *
 * Threads: made on the loop. peal_receive_head_prepare() is called on the
 * streaming thread, or where no data flows.
 */
#pragma once

#include "media/codec.h"

G_BEGIN_DECLS

#define PEAL_TYPE_RECEIVE_HEAD (peal_receive_head_get_type ())
G_DECLARE_FINAL_TYPE (
    PealReceiveHead, peal_receive_head, PEAL, RECEIVE_HEAD, GstBin)

PealReceiveHead *
peal_receive_head_new (const PealCodec *codec, GError **error);
gboolean
peal_receive_head_prepare (PealReceiveHead *self, gboolean wants_raw,
    gboolean wants_encoded, GError **error);

G_END_DECLS
