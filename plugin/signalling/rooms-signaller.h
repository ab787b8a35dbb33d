/*
 * PealRoomsSignaller: the PealSignaller that speaks Peal rooms version 1
 * (`ws://`, `wss://`), and comes back by itself when the connection is lost.
 *
 * Thread: see signaller.h.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

#define PEAL_TYPE_ROOMS_SIGNALLER (peal_rooms_signaller_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRoomsSignaller, peal_rooms_signaller, PEAL, ROOMS_SIGNALLER, GObject)

PealSignaller *
peal_rooms_signaller_new (const PealSignallerConfig *config, GError **error);

G_END_DECLS
