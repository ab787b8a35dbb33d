/*
 * What goes before the end of a webrtcbin. See webrtc-end.h.
 *
 * webrtcbin 1.22 stops its elements while its own thread may be adding some:
 * that thread ends last. The new ones are raised while the others are lowered,
 * and one that cannot be leaves those half-way that come after it. So whatever
 * it was asked for before is waited for.
 *
 * A bin stops its elements from the sinks to the sources, so that what the
 * network still brings runs into elements that are just being stopped. Not all
 * of them stand that: srtpdec 1.22 forgets the start of its stream before it
 * waits for the packet that is in it; if that is the first of RTP or RTCP, such
 * as the BYE of a peer that leaves, it asks for a new one in a way that is a
 * critical warning. And a first message brings webrtcbin to add elements again.
 */
#include "session/webrtc-end.h"

static gboolean
is_webrtcbin (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory && g_str_equal (GST_OBJECT_NAME (factory), "webrtcbin");
}

/* It answers in the order in which it is asked. Below READY it has no thread,
 * and would not answer. */
static void
wait_for_thread (GstElement *webrtc)
{
  g_autoptr (GstPromise) promise = NULL;

  if (GST_STATE (webrtc) < GST_STATE_READY)
    return;
  promise = gst_promise_new ();
  g_signal_emit_by_name (webrtc, "get-stats", NULL, promise);
  gst_promise_wait (promise);
}

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

static void
shut_entrances (GstElement *webrtc)
{
  g_autoptr (GstIterator) queues =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (webrtc), "queue");

  while (gst_iterator_foreach (queues, shut, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (queues);
}

/**
 * peal_webrtc_settle:
 * @webrtc: a webrtcbin that is asked for nothing any more and about to end;
 *   other elements are left alone
 *
 * Waits for what it is doing, and takes no more from the network. Any thread
 * that is none of its own, no lock held that they may want.
 */
void
peal_webrtc_settle (GstElement *webrtc)
{
  if (!is_webrtcbin (webrtc))
    return;
  wait_for_thread (webrtc);
  shut_entrances (webrtc);
  wait_for_thread (webrtc); /* what came in meanwhile, such as DTLS's success */
}
