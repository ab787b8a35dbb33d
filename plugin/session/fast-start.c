/*
 * Streams that are passed on from their first packets. See fast-start.h.
 *
 * rtpjitterbuffer holds the first packet of a stream for its whole latency,
 * because it may be a late one. Two in a row say that it is not, and then it
 * can start at once. But it looks for them only when a packet comes, and only
 * at the head of its queue; and there stand the events of the stream until its
 * task has taken them. A key frame's packets come quicker than that. It then
 * lay there until the source's next picture, 8 to 60 ms, or until the latency
 * was over. So the first packet waits for the events that precede it.
 *
 * Threads: the first packet waits on the thread that brings it, for the jitter
 * buffer's own task; `lock` guards what that sets.
 */
#include "session/fast-start.h"

/* A key frame and 40 ms of sound have as many. */
#define FAST_START_PACKETS 2
/* Chosen: the task takes 0.1 ms for it; this is for what must not happen. */
#define PATIENCE_US (20 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  gatomicrefcount n_users; /* two probes */
  GMutex lock;
  GCond changed;
  gboolean has_begun; /* the events are through; guarded by lock */
} Beginning;

static void
beginning_unref (gpointer data)
{
  Beginning *self = data;

  if (!g_atomic_ref_count_dec (&self->n_users))
    return;
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* The segment is the last event before media. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Beginning *self = data;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_SEGMENT)
    return GST_PAD_PROBE_OK;

  g_mutex_lock (&self->lock);
  self->has_begun = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_REMOVE;
}

static GstPadProbeReturn
on_first_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Beginning *self = data;
  gint64 limit_us = g_get_monotonic_time () + PATIENCE_US;
  gboolean is_in_time = TRUE;

  g_mutex_lock (&self->lock);
  while (!self->has_begun && is_in_time)
    is_in_time = g_cond_wait_until (&self->changed, &self->lock, limit_us);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_REMOVE;
}

/**
 * peal_fast_start_set_up:
 * @jitter_buffer: an rtpjitterbuffer that nothing has flowed through
 *
 * Has it pass on a stream as soon as two packets in a row are there. Any
 * thread.
 */
void
peal_fast_start_set_up (GstElement *jitter_buffer)
{
  Beginning *beginning = g_new0 (Beginning, 1);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (jitter_buffer, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (jitter_buffer, "src");

  g_object_set (
      jitter_buffer, "faststart-min-packets", FAST_START_PACKETS, NULL);
  g_atomic_ref_count_init (&beginning->n_users);
  g_atomic_ref_count_inc (&beginning->n_users);
  g_mutex_init (&beginning->lock);
  g_cond_init (&beginning->changed);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event,
      beginning, beginning_unref);
  gst_pad_add_probe (sink,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
      on_first_packet, beginning, beginning_unref);
}
