/*
 * The server's end of gst-examples' signalling (protocols.md 2.2): one client,
 * in a room with several, or one to one.
 *
 * Who says ROOM is a member like others. Who says SESSION and an id (or the
 * name) of a member has a call with that one. Who says neither waits to be
 * called: the room finds it a partner.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

#define PEAL_TYPE_GSTEXAMPLES_SERVER (peal_gstexamples_server_get_type ())
G_DECLARE_FINAL_TYPE (PealGstexamplesServer, peal_gstexamples_server, PEAL,
    GSTEXAMPLES_SERVER, PealDialect)

PealDialect *
peal_gstexamples_server_new (const PealServerContext *context);

G_END_DECLS
