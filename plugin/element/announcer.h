/*
 * What happens in a call, told twice: as a signal of the element and as an
 * element message of the same name on the bus.
 *
 * Threads: on the loop, with no lock held. A signal's handler runs there too:
 * it may set properties and emit actions, but must not change the state of the
 * element (as on any streaming thread) nor wait for another thread that does.
 */
#pragma once

#include <gst/gst.h>

#include "session/session.h"

G_BEGIN_DECLS

void
peal_announcer_install_signals (GType type);

void
peal_announcer_attach (GstElement *element, PealSession *session);
void
peal_announcer_track (GstElement *element, PealPeer *peer, PealMediaKind kind,
    const gchar *pad, gboolean is_added);
void
peal_announcer_error (GstElement *element, const GError *error);

G_END_DECLS
