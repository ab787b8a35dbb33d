/*
 * A shorter way into webrtcbin. See send-path.h.
 *
 * webrtcbin puts three elements in front of its rtpfunnel, one after the other
 * for each pad that it sends from:
 *
 *   sink_%u (ghost) ! clocksync ! bin ( rtpulpfecenc ! rtpredenc ) ! rtpfunnel
 *
 * The first waits, in a thread of ours, until a picture's time has come, which
 * is a whole frame late with a camera that says so of its latency. The others
 * do nothing without FEC, which we do not ask for; but rtpredenc takes buffer
 * lists apart, so that everything behind it runs once a packet instead of once
 * a picture. So the ghost pad gets the funnel for its target. Where a webrtcbin
 * looks different, all stays as it is.
 */
#include "session/send-path.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_send_path_debug);
#define GST_CAT_DEFAULT peal_session_send_path_debug

static gboolean
is_made_by (GstElement *element, const gchar *name)
{
  GstElementFactory *factory =
      element ? gst_element_get_factory (element) : NULL;

  return factory && g_str_equal (GST_OBJECT_NAME (factory), name);
}

/* The pad behind the element that @sink belongs to, if it has one src pad. */
static GstPad *
find_next (GstPad *sink)
{
  g_autoptr (GstElement) element = gst_pad_get_parent_element (sink);
  g_autoptr (GstPad) src =
      element ? gst_element_get_static_pad (element, "src") : NULL;

  return src ? gst_pad_get_peer (src) : NULL;
}

static gboolean
belongs_to (GstPad *pad, const gchar *name)
{
  g_autoptr (GstElement) element =
      pad ? gst_pad_get_parent_element (pad) : NULL;

  return is_made_by (element, name);
}

static gboolean
contains (GstPad *pad, const gchar *const *names)
{
  g_autoptr (GstElement) bin = gst_pad_get_parent_element (pad);
  guint found = 0;

  if (!GST_IS_BIN (bin))
    return FALSE;
  GST_OBJECT_LOCK (bin);
  for (GList *child = GST_BIN_CHILDREN (bin); child; child = child->next)
    for (guint i = 0; names[i]; i++)
      found += is_made_by (child->data, names[i]);
  GST_OBJECT_UNLOCK (bin);

  return found == g_strv_length ((GStrv)names) &&
      found == (guint)GST_BIN_NUMCHILDREN (bin);
}

/**
 * peal_send_path_shorten:
 * @sink: a webrtcbin's sink pad, negotiated; no media passes yet
 *
 * The loop. Does it once; a second call finds nothing to do.
 *
 * Returns: whether @sink now leads into the funnel
 */
gboolean
peal_send_path_shorten (GstPad *sink)
{
  static const gchar *const fec[] = { "rtpulpfecenc", "rtpredenc", NULL };
  g_autoptr (GstPad) sync = gst_ghost_pad_get_target (GST_GHOST_PAD (sink));
  g_autoptr (GstPad) fec_sink = NULL;
  g_autoptr (GstPad) funnel = NULL;
  g_autoptr (GstPad) fec_src = NULL;

  GST_DEBUG_CATEGORY_INIT (peal_session_send_path_debug,
      "peal-session-send-path", 0, "Peal: a shorter way into webrtcbin");
  if (belongs_to (sync, "clocksync"))
    fec_sink = find_next (sync);
  if (fec_sink && contains (fec_sink, fec))
    funnel = find_next (fec_sink);
  if (!belongs_to (funnel, "rtpfunnel")) {
    GST_INFO_OBJECT (sink, "this webrtcbin is left as it is");
    return FALSE;
  }
  fec_src = gst_pad_get_peer (funnel);
  gst_pad_unlink (fec_src, funnel);

  return gst_ghost_pad_set_target (GST_GHOST_PAD (sink), funnel);
}
