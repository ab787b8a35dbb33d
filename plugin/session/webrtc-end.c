/*
 * What goes before the end of a webrtcbin. See webrtc-end.h.
 *
 * A bin stops its elements from the sinks to the sources, so that what the
 * network still brings runs into elements that are just being stopped. Not all
 * of them stand that: srtpdec 1.22 forgets the start of its stream before it
 * waits for the packet that is in it; if that is the first of RTP or RTCP, such
 * as the BYE of a peer that leaves, it asks for a new one in a way that is a
 * critical warning. And a first message brings webrtcbin to add elements while
 * it stops the others.
 */
#include "session/webrtc-end.h"

/* webrtcbin's bin of what ICE brings: nicesrc ! capsfilter ! queue ! DTLS */
static gboolean
is_entrance (GstElement *queue)
{
  g_autoptr (GstObject) parent = gst_object_get_parent (GST_OBJECT (queue));

  return parent &&
      g_str_equal (G_OBJECT_TYPE_NAME (parent), "TransportReceiveBin");
}

static void
shut (const GValue *item, gpointer data)
{
  GstElement *queue = g_value_get_object (item);

  if (!is_entrance (queue))
    return;
  gst_element_set_locked_state (queue, TRUE);
  gst_element_set_state (queue, GST_STATE_NULL);
}

/**
 * peal_webrtc_end_receiving:
 * @webrtc: a webrtcbin that is about to end, or another bin
 *
 * Takes no more from the network, and waits for what is under way. Any thread
 * that is none of its own, no lock held that they may want.
 */
void
peal_webrtc_end_receiving (GstElement *webrtc)
{
  g_autoptr (GstIterator) queues = NULL;

  if (!GST_IS_BIN (webrtc))
    return;
  queues =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (webrtc), "queue");
  while (gst_iterator_foreach (queues, shut, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (queues);
}
