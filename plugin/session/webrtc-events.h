/*
 * PealWebrtcEvents: what one webrtcbin says on its own threads, brought to the
 * loop. Its callbacks only copy and post (webrtcbin.md 2.2 says why); a post
 * that comes after the end finds nobody.
 *
 * Threads: made and ended on the loop, where its signals fire with no lock
 * held. peal_webrtc_events_get_packets() on any.
 */
#pragma once

#include <gst/gst.h>

#include "stats/ice-path.h"

G_BEGIN_DECLS

#define PEAL_TYPE_WEBRTC_EVENTS (peal_webrtc_events_get_type ())
G_DECLARE_FINAL_TYPE (
    PealWebrtcEvents, peal_webrtc_events, PEAL, WEBRTC_EVENTS, GObject)

PealWebrtcEvents *
peal_webrtc_events_new (GstElement *webrtc, const gchar *certificate);
void
peal_webrtc_events_end (PealWebrtcEvents *self);
guint
peal_webrtc_events_get_packets (PealWebrtcEvents *self);
const gchar *
peal_webrtc_events_get_ice (PealWebrtcEvents *self, PealIcePath *path);
void
peal_webrtc_events_release_pad (GstPad *pad);

void
peal_webrtc_events_create_offer (PealWebrtcEvents *self);
void
peal_webrtc_events_create_answer (PealWebrtcEvents *self);
void
peal_webrtc_events_set_local (PealWebrtcEvents *self, gpointer description);
void
peal_webrtc_events_set_remote (PealWebrtcEvents *self, gpointer description);
void
peal_webrtc_events_get_stats (PealWebrtcEvents *self);

G_END_DECLS
