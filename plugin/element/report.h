/*
 * The read-only structures `peers` and `stats` of pealbin.
 */
#pragma once

#include "session/session.h"

G_BEGIN_DECLS

GstStructure *
peal_report_make (PealSession *session, gboolean is_full);

G_END_DECLS
