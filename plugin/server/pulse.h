/*
 * One timer for many that want to be called once in each interval. The
 * interval is cut into slices, and each is called in the slice in which it
 * came; so neither do thousands of timers stand in the main context, nor does
 * everybody come at once. Without anybody there is no timer.
 *
 * Thread: the one that made it. Functions are called there with no lock held,
 * and may add and remove.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PealPulse PealPulse;
typedef struct _PealBeat PealBeat;
typedef void (*PealBeatFunc) (gpointer data);

PealPulse *
peal_pulse_new (guint interval_ms);
PealPulse *
peal_pulse_ref (PealPulse *self);
void
peal_pulse_unref (PealPulse *self);

PealBeat *
peal_pulse_add (PealPulse *self, PealBeatFunc func, gpointer data);
void
peal_beat_remove (PealBeat *beat);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealPulse, peal_pulse_unref)

G_END_DECLS
