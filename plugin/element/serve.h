/*
 * `serve`: the room server inside the element.
 */
#pragma once

#include "element/settings.h"
#include "server/server.h"

G_BEGIN_DECLS

PealServer *
peal_serve_start (PealSettings *settings, GError **error);

G_END_DECLS
