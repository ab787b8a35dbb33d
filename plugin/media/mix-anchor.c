/*
 * The input that stays. See mix-anchor.h. Called by the mixer when it is made
 * and when it ends.
 *
 * When its last input goes, compositor 1.22 starts again from time 0, and may
 * fail while it does. So it keeps one input for ever: a pad that never gives
 * anything, and answers that it is live.
 */
#include "media/mix-anchor.h"

static gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);

  gst_query_set_latency (query, TRUE, 0, GST_CLOCK_TIME_NONE);
  return TRUE;
}

/**
 * peal_mix_anchor_add:
 * @aggregator: gets the input
 */
void
peal_mix_anchor_add (PealMixAnchor *self, GstElement *aggregator)
{
  self->source = gst_object_ref_sink (gst_pad_new ("anchor", GST_PAD_SRC));
  gst_pad_set_query_function (self->source, answer_query);
  gst_pad_set_active (self->source, TRUE);
  self->sink = gst_element_request_pad_simple (aggregator, "sink_%u");
  gst_pad_link_full (self->source, self->sink, GST_PAD_LINK_CHECK_NOTHING);
}

/**
 * peal_mix_anchor_remove:
 * @aggregator: the one that it was added to
 *
 * Without effect when none was added.
 */
void
peal_mix_anchor_remove (PealMixAnchor *self, GstElement *aggregator)
{
  if (!self->source)
    return;

  gst_pad_unlink (self->source, self->sink);
  gst_element_release_request_pad (aggregator, self->sink);
  gst_clear_object (&self->sink);
  gst_pad_set_active (self->source, FALSE);
  gst_clear_object (&self->source);
}
