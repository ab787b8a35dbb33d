/*
 * Everyone who was in the call, from beginning to end, with what was last
 * known of each. Pure.
 */
#pragma once

#include "app/peer-view.h"

G_BEGIN_DECLS

typedef struct _PealSummary PealSummary;

PealSummary *
peal_summary_new (void);
void
peal_summary_free (PealSummary *self);
void
peal_summary_note_message (PealSummary *self, const GstStructure *message);
void
peal_summary_note_stats (
    PealSummary *self, const GstStructure *stats, gdouble now_s);
GStrv
peal_summary_dup_status (PealSummary *self);
GPtrArray *
peal_summary_dup_events (PealSummary *self);
GStrv
peal_summary_dup_lines (PealSummary *self);
JsonNode *
peal_summary_to_json (PealSummary *self);
const PealPeerView *
peal_summary_find_by_name (
    PealSummary *self, const gchar *name, PealPeerRates *rates);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealSummary, peal_summary_free)

G_END_DECLS
