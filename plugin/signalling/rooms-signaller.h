/*
 * Peal rooms version 1 (protocols.md section 1) as a signaller: `ws:` and
 * `wss:`.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

PealSignaller *
peal_rooms_signaller_new (const PealSignallerConfig *config, GError **error);

G_END_DECLS
