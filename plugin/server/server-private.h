/*
 * What tests may set on a server, besides its options.
 */
#pragma once

#include "server/server-limits.h"
#include "server/server.h"

G_BEGIN_DECLS

void
peal_server_set_limits (PealServer *self, const PealServerLimits *limits);

G_END_DECLS
