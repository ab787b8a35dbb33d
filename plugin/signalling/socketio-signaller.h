/*
 * Socket.IO signalling servers (protocols.md section 4) as a signaller:
 * `socketio+ws:` and `socketio+wss:`.
 *
 *   socketio+ws://host:port/ROOM?profile=py&path=/socket.io/&name=Ada&token=T
 *
 * Every parameter may be left out: the room is `lobby`, the profile is found
 * from what the server says.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

PealSignaller *
peal_socketio_signaller_new (const PealSignallerConfig *config, GError **error);

G_END_DECLS
