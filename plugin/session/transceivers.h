/*
 * The m-lines of a webrtcbin: one transceiver each, to send and receive on or
 * only to receive. Called by connection on the loop, before the webrtcbin has
 * made a description. No state.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GstPad *
peal_transceivers_add_sending (
    GstElement *webrtc, guint mline, GstCaps *preferences);
void
peal_transceivers_add_receiving (
    GstElement *webrtc, GstCaps *preferences, gboolean may_send);
guint
peal_transceivers_find_mline (GstPad *pad);

G_END_DECLS
