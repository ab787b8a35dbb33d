/*
 * PealFanOut: the end of an encoding: an element with a sink pad only, that
 * hands a reference of each buffer to any number of feeds.
 *
 * It always accepts, never blocks and never fails. Key-frame requests of all
 * its feeds are merged and go upstream through the sink pad.
 */
#pragma once

#include "media/feed.h"

G_BEGIN_DECLS

#define PEAL_TYPE_FAN_OUT (peal_fan_out_get_type ())
G_DECLARE_FINAL_TYPE (PealFanOut, peal_fan_out, PEAL, FAN_OUT, GstElement)

PealFanOut *
peal_fan_out_new (const gchar *name);
PealFeed *
peal_fan_out_make_feed (
    PealFanOut *self, const gchar *name, const PealFeedParams *params);
gboolean
peal_fan_out_remove_feed (PealFanOut *self, PealFeed *feed);
guint
peal_fan_out_count_feeds (PealFanOut *self);
gboolean
peal_fan_out_has_open_feed (PealFanOut *self);
void
peal_fan_out_request_key_frame (PealFanOut *self, gboolean is_newcomer);
void
peal_fan_out_update_latency (PealFanOut *self);

G_END_DECLS
