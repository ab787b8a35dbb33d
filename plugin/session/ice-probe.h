/*
 * Asks one STUN or TURN server whether it would serve us, because libnice does
 * not say why it got no candidate from it.
 *
 * Threads: made, ended and told on the loop.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PealIceProbe PealIceProbe;

/**
 * PealIceProbeDone:
 * @fault: (nullable): one sentence without a secret; NULL: the server serves us
 *
 * Called on the loop, once, never from within peal_ice_probe_new(); may free
 * the probe.
 */
typedef void (*PealIceProbeDone) (const gchar *fault, gpointer data);

PealIceProbe *
peal_ice_probe_new (const gchar *uri, PealIceProbeDone done, gpointer data);
void
peal_ice_probe_free (PealIceProbe *self);

G_END_DECLS
