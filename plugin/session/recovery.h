/*
 * When to try a lost peer again, and when to give it up. Pure: the caller
 * brings the time and the chance.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealRecovery: zero-initialised is a peer that has not been tried
 */
typedef struct {
  guint failures; /* since it was last connected */
  gboolean was_connected;
  gint64 retry_us; /* when to try again; 0: not */
  gint64 lost_us;  /* since when a connected peer is lost; 0: it is not */
  gint64 paid_us;  /* until when its share of connections is used up */
} PealRecovery;

void
peal_recovery_connected (PealRecovery *self);
void
peal_recovery_failed (PealRecovery *self, gint64 now_us, gdouble chance);
void
peal_recovery_asked (PealRecovery *self, gint64 now_us, gdouble chance);
void
peal_recovery_tried (PealRecovery *self);
gboolean
peal_recovery_may_open (PealRecovery *self, gint64 now_us);
gboolean
peal_recovery_may_restart (PealRecovery *self, gint64 now_us);
void
peal_recovery_ended (PealRecovery *self);
void
peal_recovery_hold (PealRecovery *self, gint64 now_us);
gboolean
peal_recovery_is_due (const PealRecovery *self, gint64 now_us);
gboolean
peal_recovery_is_gone (const PealRecovery *self, gint64 now_us);
gboolean
peal_recovery_is_interruption (const PealRecovery *self);

G_END_DECLS
