/*
 * PealInflow: what the peer's data channels bring, on its way from webrtcbin's
 * threads to the loop: in order, within bounds, and not faster than the
 * application should have to bear. Nothing is ever left out in the middle: a
 * peer that fills it has broken the contract, and its channels are to be
 * closed. Pure, with a lock of its own.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chosen: a quarter of a thousand messages of the largest size, or four
 * seconds' worth of small ones beyond what passes at once. */
#define PEAL_INFLOW_MAX_BYTES (16 * 1024 * 1024)
#define PEAL_INFLOW_MAX_ITEMS 16384
/* Chosen: a burst passes at once; for longer no faster than a busy control
 * loop needs. */
#define PEAL_INFLOW_BURST 4000
#define PEAL_INFLOW_PER_SECOND 2000

/**
 * PealInflowResult:
 * @PEAL_INFLOW_QUEUED: it will be seen in its turn
 * @PEAL_INFLOW_WAKE: likewise, and the loop is to be woken
 * @PEAL_INFLOW_FULL: not taken, and nothing will be from now on
 */
typedef enum {
  PEAL_INFLOW_QUEUED,
  PEAL_INFLOW_WAKE,
  PEAL_INFLOW_FULL,
} PealInflowResult;

typedef struct _PealInflow PealInflow;

PealInflow *
peal_inflow_new (GDestroyNotify destroy);
void
peal_inflow_free (PealInflow *self);
PealInflowResult
peal_inflow_push (PealInflow *self, gpointer item, gsize bytes);
gpointer
peal_inflow_pop (PealInflow *self, gint64 now_us, guint *wait_ms);
void
peal_inflow_end (PealInflow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealInflow, peal_inflow_free)

G_END_DECLS
