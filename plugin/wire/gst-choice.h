/*
 * Which of the two protocols of GStreamer programs a client speaks, where the
 * path does not say it: both have the bare host as their default address. Pure.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

PealDialect *
peal_gst_server_new_for_first_frame (const PealServerContext *context);

G_END_DECLS
