/*
 * Is a peer still sending? From a packet counter that is looked at now and
 * then. Pure: the caller brings the time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealLiveness: zero-initialised is a peer that has not sent anything yet
 */
typedef struct {
  guint64 packets;
  gint64 last_us; /* when the counter last moved; 0: never */
  gint64 longest_gap_us;
} PealLiveness;

gboolean
peal_liveness_is_media (guint8 first_byte);
void
peal_liveness_observe (PealLiveness *self, guint64 packets, gint64 now_us);
gboolean
peal_liveness_is_dead (const PealLiveness *self, gint64 now_us);

G_END_DECLS
