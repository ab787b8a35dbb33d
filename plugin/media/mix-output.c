/*
 * What a received stream gives to the mixer. See mix-output.h.
 *
 * Nothing else is locked while `lock` is held.
 */
#include "media/mix-output.h"

#include "media/drop-queue.h"
#include "media/pad-tools.h"

/**
 * peal_mix_output_init:
 * @self: zeroed memory
 * @bin: (transfer none): outlives @self
 * @fork: (transfer none): in @bin
 */
void
peal_mix_output_init (PealMixOutput *self, GstElement *bin, PealFork *fork)
{
  g_mutex_init (&self->lock);
  self->bin = bin;
  self->fork = fork;
}

/**
 * peal_mix_output_clear:
 * @self: a closed output
 */
void
peal_mix_output_clear (PealMixOutput *self)
{
  g_mutex_clear (&self->lock);
}

static GstPad *
add_ghost_pad (PealMixOutput *self, GstPadTemplate *template)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->queue, "src");
  GstPad *pad = gst_ghost_pad_new_from_template (
      GST_PAD_TEMPLATE_NAME_TEMPLATE (template), src, template);

  gst_pad_set_active (pad, TRUE);
  gst_element_add_pad (self->bin, pad);
  return pad;
}

/**
 * peal_mix_output_open:
 * @template: of the bin's new pad, which has its name
 * @latency: of the queue, in nanoseconds
 *
 * Returns: (transfer none) (nullable): the bin's new pad; %NULL if it has one
 */
GstPad *
peal_mix_output_open (
    PealMixOutput *self, GstPadTemplate *template, GstClockTime latency)
{
  g_autoptr (GstPad) sink = NULL;
  GstPad *pad;

  if (self->pad)
    return NULL;

  self->queue = peal_drop_queue_new ("mix-queue");
  peal_drop_queue_set_latency (PEAL_DROP_QUEUE (self->queue), latency);
  gst_bin_add (GST_BIN (self->bin), self->queue);
  pad = add_ghost_pad (self, template);
  gst_element_sync_state_with_parent (self->queue);
  self->from = peal_fork_add_output (self->fork, "mix");
  sink = gst_element_get_static_pad (self->queue, "sink");
  gst_pad_link (self->from, sink);

  g_mutex_lock (&self->lock);
  self->pad = pad;
  g_mutex_unlock (&self->lock);
  return pad;
}

/**
 * peal_mix_output_close:
 * @self: an output
 *
 * Removes pad and queue. Without effect if there are none.
 */
void
peal_mix_output_close (PealMixOutput *self)
{
  GstPad *pad;

  g_mutex_lock (&self->lock);
  pad = g_steal_pointer (&self->pad);
  g_mutex_unlock (&self->lock);
  if (!pad)
    return;

  peal_fork_remove_output (self->fork, self->from);
  gst_element_set_locked_state (self->queue, TRUE);
  gst_element_set_state (self->queue, GST_STATE_NULL);
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (self->bin, pad);
  gst_bin_remove (GST_BIN (self->bin), self->queue);
  self->from = NULL;
  self->queue = NULL;
}

/**
 * peal_mix_output_stop:
 * @self: an output
 *
 * Nobody waits for its consumer any more.
 */
void
peal_mix_output_stop (PealMixOutput *self)
{
  if (self->queue)
    peal_drop_queue_stop (PEAL_DROP_QUEUE (self->queue));
}

/**
 * peal_mix_output_is_linked:
 * @self: an output
 *
 * Returns: whether what it gives arrives at an element. Any thread.
 */
gboolean
peal_mix_output_is_linked (PealMixOutput *self)
{
  g_autoptr (GstPad) pad = NULL;

  g_mutex_lock (&self->lock);
  g_set_object (&pad, self->pad);
  g_mutex_unlock (&self->lock);
  return pad && peal_pad_leads_somewhere (pad);
}
