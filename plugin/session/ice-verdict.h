/*
 * What to tell of an attempt whose ICE gets nowhere: that it is over, and why.
 * How far ICE has got says the watch; whose fault it is, the servers, which are
 * asked when there is something to suspect them of.
 *
 * Threads: the loop.
 */
#pragma once

#include "session/ice-check.h"
#include "session/ice-watch.h"

G_BEGIN_DECLS

/**
 * PealIceVerdict: zero-initialised, then peal_ice_verdict_begin()
 * @watch: how far ICE has got
 * @check: (unowned): asks the session's servers
 * @is_relay_only: whether a relay is the only way
 */
typedef struct {
  PealIceWatch watch;
  PealIceCheck *check;
  gboolean is_relay_only;
} PealIceVerdict;

void
peal_ice_verdict_begin (
    PealIceVerdict *self, PealIceCheck *check, gboolean is_relay_only);
void
peal_ice_verdict_described (PealIceVerdict *self);
void
peal_ice_verdict_note (PealIceVerdict *self, const gchar *candidate);
GError *
peal_ice_verdict_explain (const PealIceVerdict *self, const gchar *reason);
gboolean
peal_ice_verdict_check (PealIceVerdict *self, gint64 now_us, GError **error);
gchar *
peal_ice_verdict_dup_trouble (const PealIceVerdict *self);

G_END_DECLS
