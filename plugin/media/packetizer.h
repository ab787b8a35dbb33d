/*
 * PealPacketizer: an RTP payloader that is called like a function. It serves
 * all viewers of an encoding, so what it makes is nobody's: payload type,
 * sequence numbers and SSRC come with each viewer's stamp (rtp-burst.h).
 */
#pragma once

#include "media/codec.h"
#include "media/rtp-burst.h"

G_BEGIN_DECLS

#define PEAL_TYPE_PACKETIZER (peal_packetizer_get_type ())
G_DECLARE_FINAL_TYPE (
    PealPacketizer, peal_packetizer, PEAL, PACKETIZER, GObject)

PealPacketizer *
peal_packetizer_new (const PealCodec *codec, GError **error);
PealRtpBurst *
peal_packetizer_pack (PealPacketizer *self, GstBuffer *media, GstCaps *caps);
void
peal_packetizer_skip (PealPacketizer *self);

G_END_DECLS
