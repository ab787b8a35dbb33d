/*
 * A Peal server in the test's own thread: it runs while the test waits.
 */
#pragma once

#include "server/server-private.h"

G_BEGIN_DECLS

PealServer *
server_here_new (
    const PealServerOptions *options, const PealServerLimits *limits);
void
server_here_free (PealServer *server);

G_END_DECLS
