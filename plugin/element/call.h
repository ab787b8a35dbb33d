/*
 * PealCall: everything of a pealbin that lives on the loop: the session and
 * its signaller, and the server if one is served; and the loop itself.
 *
 * Threads: new, free, start and stop on the application's thread, never on
 * the loop, holding no lock; peal_call_run() on any.
 */
#pragma once

#include "base/loop-thread.h"
#include "element/outputs.h"
#include "element/settings.h"

G_BEGIN_DECLS

typedef struct _PealCall PealCall;

PealCall *
peal_call_new (GstElement *element, PealOutputs *outputs);
void
peal_call_free (PealCall *self);
gboolean
peal_call_start (PealCall *self, const PealSettings *settings,
    GPtrArray *tracks, GError **error);
void
peal_call_stop (PealCall *self);

void
peal_call_run (PealCall *self, PealLoopFunc func, gpointer data);
void
peal_call_post (
    PealCall *self, PealLoopFunc func, gpointer data, GDestroyNotify destroy);
gboolean
peal_call_is_current (PealCall *self);
PealSession *
peal_call_get_session (PealCall *self);

G_END_DECLS
