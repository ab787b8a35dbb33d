/*
 * PealFanOut: the end of an encoding: an element with a sink pad only, that
 * makes RTP packets of each buffer, once, and hands them to any number of
 * feeds.
 *
 * It always accepts, never blocks and never fails. Key-frame requests of all
 * its feeds are merged and go upstream through the sink pad.
 */
#pragma once

#include "media/codec.h"
#include "media/feed.h"

G_BEGIN_DECLS

/**
 * PealFanOutHurry:
 *
 * A newcomer waits for a key frame, which has been asked for. Called on any
 * thread, no lock held.
 */
typedef void (*PealFanOutHurry) (gpointer data);

#define PEAL_TYPE_FAN_OUT (peal_fan_out_get_type ())
G_DECLARE_FINAL_TYPE (PealFanOut, peal_fan_out, PEAL, FAN_OUT, GstElement)

PealFanOut *
peal_fan_out_new (const gchar *name, const PealCodec *codec);
gboolean
peal_fan_out_prepare (PealFanOut *self, GError **error);
void
peal_fan_out_set_hurry (PealFanOut *self, PealFanOutHurry hurry, gpointer data);
PealFeed *
peal_fan_out_make_feed (
    PealFanOut *self, const gchar *name, const PealFeedParams *params);
gboolean
peal_fan_out_remove_feed (PealFanOut *self, PealFeed *feed);
guint
peal_fan_out_count_feeds (PealFanOut *self);
gboolean
peal_fan_out_is_wanted (PealFanOut *self);
void
peal_fan_out_expect_feed (PealFanOut *self);
void
peal_fan_out_open_feed (PealFanOut *self, PealFeed *feed);
void
peal_fan_out_request_key_frame (PealFanOut *self, gboolean is_newcomer);
void
peal_fan_out_update_latency (PealFanOut *self);

G_END_DECLS
