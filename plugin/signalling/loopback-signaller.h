/*
 * PealLoopbackSignaller: the PealSignaller of a PealLoopbackRoom, for tests.
 *
 * Thread: see signaller.h; members of one room may be on different contexts.
 */
#pragma once

#include "signalling/loopback-room.h"
#include "signalling/signaller.h"

G_BEGIN_DECLS

#define PEAL_TYPE_LOOPBACK_SIGNALLER (peal_loopback_signaller_get_type ())
G_DECLARE_FINAL_TYPE (PealLoopbackSignaller, peal_loopback_signaller, PEAL,
    LOOPBACK_SIGNALLER, GObject)

PealSignaller *
peal_loopback_signaller_new (
    PealLoopbackRoom *room, const PealSignallerConfig *config);

G_END_DECLS
