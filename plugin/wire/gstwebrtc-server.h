/*
 * The server's end of gst-plugins-rs' signalling (protocols.md 2.1): one
 * client, to whom the members of the room are producers.
 *
 * A client that produces (webrtcsink) offers only when a consumer starts a
 * session, so the server starts one with it for each member. One that consumes
 * (webrtcsrc, a page) starts them itself, and the member is asked to offer.
 * Between a client and a member there is one session: the latest.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

#define PEAL_TYPE_GSTWEBRTC_SERVER (peal_gstwebrtc_server_get_type ())
G_DECLARE_FINAL_TYPE (PealGstwebrtcServer, peal_gstwebrtc_server, PEAL,
    GSTWEBRTC_SERVER, PealDialect)

PealDialect *
peal_gstwebrtc_server_new (const PealServerContext *context);

G_END_DECLS
