/*
 * The raw relay (protocols.md section 3) as a signaller: `relay+ws:` and
 * `relay+wss:`. The rest of the uri is the relay's own address.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

PealSignaller *
peal_relay_signaller_new (const PealSignallerConfig *config, GError **error);

G_END_DECLS
