/*
 * Two offers that cross, in protocols that leave it to the clients, between us
 * and one peer (protocols.md sections 3 and 4). Pure: called by the dialects
 * of clients.
 *
 * A page that never thought about it rolls its own offer back without a word
 * and answers ours; another page, or another pealbin, waits for an answer to
 * its own. Which it is shows only in what comes next. So the side that has to
 * yield holds the other's offer for a moment: an answer to ours settles the
 * matter; if none comes, the held offer is taken. The side that wins does the
 * same, only longer. Either way there is one session in the end.
 *
 * Many pages make a new connection of every offer that they hear. Where ours
 * was said more than once, such a page is in the connection of its last answer,
 * and we, who took the first, are not.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* Chosen: a browser answers within 0.1 s, a slow phone and network within
 * 0.5 s; and a call that begins 0.7 s later is no dead one. */
#define PEAL_CROSSING_YIELD_US (700 * 1000)
/* protocols.md section 3 and the issue: nobody has heard it. */
#define PEAL_CROSSING_UNHEARD_US (2 * G_USEC_PER_SEC)
#define PEAL_CROSSING_MAX_CANDIDATES 128

/**
 * PealCrossingVerdict:
 * @PEAL_CROSSING_PASS: it counts: hand it on
 * @PEAL_CROSSING_HOLD: it is kept; ask peal_crossing_take_due()
 * @PEAL_CROSSING_WIN: the same, and ours may not have been heard: say it again
 *   if no answer comes
 * @PEAL_CROSSING_LATE: an answer to an offer that we gave up, or that another
 *   connection of the peer's has answered before: the peer believes in a
 *   session that we are not in, so a new one is needed
 * @PEAL_CROSSING_DROP: it means nothing any more
 */
typedef enum {
  PEAL_CROSSING_PASS,
  PEAL_CROSSING_HOLD,
  PEAL_CROSSING_WIN,
  PEAL_CROSSING_LATE,
  PEAL_CROSSING_DROP,
} PealCrossingVerdict;

typedef struct _PealCrossing PealCrossing;

PealCrossing *
peal_crossing_new (void);
void
peal_crossing_free (PealCrossing *self);

void
peal_crossing_sent (PealCrossing *self, PealMessage *message, gint64 now_us);
void
peal_crossing_sent_again (PealCrossing *self, gint64 now_us);
PealCrossingVerdict
peal_crossing_heard (PealCrossing *self, PealMessage *message,
    gboolean is_smaller, gint64 now_us);
GPtrArray *
peal_crossing_take_due (PealCrossing *self, gint64 now_us);
gint64
peal_crossing_get_due_us (PealCrossing *self);
GPtrArray *
peal_crossing_get_ours (PealCrossing *self);
gint64
peal_crossing_get_sent_us (PealCrossing *self);
gboolean
peal_crossing_awaits_answer (PealCrossing *self);
void
peal_crossing_reset (PealCrossing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealCrossing, peal_crossing_free)

G_END_DECLS
