/*
 * The format of an m-line, chosen from those that the peer lists.
 *
 * Thread: the loop.
 */
#pragma once

#include "session/sdp.h"

G_BEGIN_DECLS

const PealSdpFormat *
peal_format_choose_to_receive (const PealSdpMedia *media, GPtrArray *codecs);
const PealSdpFormat *
peal_format_choose_to_send (const PealSdpMedia *media, GPtrArray *codecs);

G_END_DECLS
