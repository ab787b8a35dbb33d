/*
 * A pipeline with live RTP sources of known content, as a webrtcbin gives
 * them: real encoders and payloaders, no network.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * RtpRig: a pipeline whose bus is read at once, and counts errors
 * @pipeline: where everything goes
 * @errors: how many ERROR messages reached the bus; atomic
 * @thread: reads the bus, as an application does
 * @is_over: whether that thread is to end; atomic
 */
typedef struct {
  GstElement *pipeline;
  gint errors;
  GThread *thread;
  gint is_over;
} RtpRig;

RtpRig *
rtp_rig_new (void);
void
rtp_rig_free (RtpRig *self);
void
rtp_rig_play (RtpRig *self);

GstElement *
rtp_rig_add_source (
    RtpRig *self, const gchar *codec_name, const gchar *content);
void
rtp_rig_start (GstElement *source);
void
rtp_rig_remove (RtpRig *self, GstElement *element);
GstElement *
rtp_rig_add_sink (RtpRig *self, GstPad *src, const gchar *description);

guint
rtp_count_buffers (GstPad *pad);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtpRig, rtp_rig_free)

G_END_DECLS
