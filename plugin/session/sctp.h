/*
 * PealSctp: a guard around the SCTP elements that webrtcbin makes for its data
 * channels. It gives the association a name that no other in the process has,
 * keeps away what they cannot take, counts the streams that the peer opens,
 * and sees that they can be stopped.
 *
 * Threads: made and ended on the loop; in between it works on webrtcbin's.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Chosen: each costs two threads; pages have one or two. */
#define PEAL_SCTP_MAX_STREAMS 16

#define PEAL_TYPE_SCTP (peal_sctp_get_type ())
G_DECLARE_FINAL_TYPE (PealSctp, peal_sctp, PEAL, SCTP, GObject)

PealSctp *
peal_sctp_new (GstElement *webrtc);
void
peal_sctp_end (PealSctp *self);
gboolean
peal_sctp_is_element (GstObject *object);

G_END_DECLS
