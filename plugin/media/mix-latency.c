/*
 * The latency of a mix. See mix-latency.h.
 *
 * A part of the mixer. Called by it on the loop, by its inputs on their
 * streaming threads, and by probes on the aggregator's.
 *
 * Lock: `lock` guards what is marked; nothing is called with it held.
 */
#include "media/mix-latency.h"

/* Chosen: what a thread may need to be woken on a busy machine. Inputs come
 * with times at which they are there (retimer.h), pictures of a compositor to
 * be shown at once; sound that comes later moves itself (align.h). */
#define PICTURES_WAIT (15 * GST_MSECOND)
#define SOUND_WAITS (10 * GST_MSECOND)
/* audiomixer's default, and what most devices take at a time. */
#define BLOCK (10 * GST_MSECOND)
/* Chosen: soon enough after an input came, and rare enough to cost nothing. */
#define INTERVAL_US (200 * G_TIME_SPAN_MILLISECOND)

void
peal_mix_latency_init (PealMixLatency *self)
{
  g_mutex_init (&self->lock);
}

void
peal_mix_latency_clear (PealMixLatency *self)
{
  g_mutex_clear (&self->lock);
}

/* Called in a push of the aggregator, where it holds none of its locks. */
static void
ask (PealMixLatency *self)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GstQuery) query = NULL;
  GstClockTime latency;

  if (self->asked_us && now_us - self->asked_us < INTERVAL_US)
    return;

  self->asked_us = now_us;
  query = gst_query_new_latency ();
  if (!gst_element_query (self->aggregator, query))
    return;
  gst_query_parse_latency (query, NULL, &latency, NULL);
  g_mutex_lock (&self->lock);
  self->latency = latency;
  g_mutex_unlock (&self->lock);
}

/* Its time never goes backwards, so the shift does not shrink. */
static GstPadProbeReturn
on_mixed (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PealMixLatency *self = data;
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstClockTime latency, floor;

  ask (self);
  latency = peal_mix_latency_get (self);
  floor = peal_mix_latency_get_floor (self);
  if (latency > floor)
    self->shift = MAX (self->shift, latency - floor);
  if (GST_BUFFER_PTS_IS_VALID (buffer))
    GST_BUFFER_PTS (buffer) += self->shift;
  GST_PAD_PROBE_INFO_DATA (info) = buffer;

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_query (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return GST_PAD_PROBE_OK;

  gst_query_set_latency (
      query, TRUE, peal_mix_latency_get_floor (data), GST_CLOCK_TIME_NONE);
  return GST_PAD_PROBE_HANDLED;
}

/**
 * peal_mix_latency_start:
 * @aggregator: (transfer none): live; outlives @self
 * @kind: what it makes
 * @mixed: where that comes, and is stamped
 *
 * Before anything flows.
 */
void
peal_mix_latency_start (PealMixLatency *self, GstElement *aggregator,
    PealMediaKind kind, GstPad *mixed)
{
  self->aggregator = aggregator;
  if (kind == PEAL_MEDIA_AUDIO) {
    self->block = BLOCK;
    g_object_set (aggregator, "output-buffer-duration", BLOCK, NULL);
  }
  peal_mix_latency_set_floor (self, 0);
  gst_pad_add_probe (mixed, GST_PAD_PROBE_TYPE_BUFFER, on_mixed, self, NULL);
}

/**
 * peal_mix_latency_answer_on:
 * @src: where downstream asks for the latency; goes before @self
 */
void
peal_mix_latency_answer_on (PealMixLatency *self, GstPad *src)
{
  gst_pad_add_probe (
      src, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, on_query, self, NULL);
}

/**
 * peal_mix_latency_restart:
 *
 * Time begins anew. While nothing flows.
 */
void
peal_mix_latency_restart (PealMixLatency *self)
{
  self->asked_us = 0;
  self->shift = 0;
}

/**
 * peal_mix_latency_set_floor:
 * @floor: what remote tracks report as theirs, in nanoseconds
 *
 * The mix is behind the clock by as much from the start, so that it does not
 * jump when the first of them comes. Any thread; takes effect with the
 * aggregator's next latency query.
 */
void
peal_mix_latency_set_floor (PealMixLatency *self, GstClockTime floor)
{
  GstClockTime wait = MAX (floor, self->block ? SOUND_WAITS : PICTURES_WAIT);

  g_mutex_lock (&self->lock);
  self->floor = floor;
  self->latency = MAX (self->latency, wait + self->block);
  g_mutex_unlock (&self->lock);
  g_object_set (self->aggregator, "min-upstream-latency", wait, NULL);
}

/**
 * peal_mix_latency_get:
 *
 * Returns: how far the aggregator is behind the clock, in ns. Any thread.
 */
GstClockTime
peal_mix_latency_get (PealMixLatency *self)
{
  GstClockTime latency;

  g_mutex_lock (&self->lock);
  latency = self->latency;
  g_mutex_unlock (&self->lock);

  return latency;
}

/**
 * peal_mix_latency_get_floor:
 *
 * Returns: what downstream knows of it, in ns. Any thread.
 */
GstClockTime
peal_mix_latency_get_floor (PealMixLatency *self)
{
  GstClockTime floor;

  g_mutex_lock (&self->lock);
  floor = self->floor;
  g_mutex_unlock (&self->lock);

  return floor;
}

/**
 * peal_mix_latency_get_slack:
 *
 * Returns: how late any sample may come and still be in the mix, in ns: the
 *   block that it is in is made a block later than its first one. Any thread.
 */
GstClockTime
peal_mix_latency_get_slack (PealMixLatency *self)
{
  return peal_mix_latency_get (self) - self->block;
}
