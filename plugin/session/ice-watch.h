/*
 * How far ICE has got in one attempt: when to suspect the STUN and TURN
 * servers, and when to give up. Pure: the caller brings the time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealIceWatch: zero-initialised, then @opened_us set, is an attempt that has
 *   just begun
 * @opened_us: when it began
 * @described_us: when both descriptions were there; 0: not yet
 * @candidates: our own
 * @relays: those of them that a TURN server gave
 */
typedef struct {
  gint64 opened_us;
  gint64 described_us;
  guint candidates;
  guint relays;
  gboolean has_gathered;
} PealIceWatch;

void
peal_ice_watch_note (PealIceWatch *self, const gchar *candidate);
gboolean
peal_ice_watch_is_suspicious (
    const PealIceWatch *self, gboolean wants_relay, gint64 now_us);
const gchar *
peal_ice_watch_find_end (const PealIceWatch *self, gint64 now_us);

G_END_DECLS
