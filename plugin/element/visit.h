/*
 * PealVisit: one stay of a pealbin in a room: the session and its signaller,
 * and the server if one is served.
 *
 * Threads: the loop, except for peal_visit_free().
 */
#pragma once

#include "element/outputs.h"
#include "element/settings.h"

G_BEGIN_DECLS

typedef struct _PealVisit PealVisit;

PealVisit *
peal_visit_new (GstElement *element, PealOutputs *outputs);
gboolean
peal_visit_start (
    PealVisit *self, PealSettings *settings, GPtrArray *tracks, GError **error);
gboolean
peal_visit_play (PealVisit *self);
void
peal_visit_stop (PealVisit *self);
void
peal_visit_free (PealVisit *self);

PealSession *
peal_visit_get_session (PealVisit *self);

G_END_DECLS
