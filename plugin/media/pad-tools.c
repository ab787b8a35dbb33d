/*
 * Questions to pads, and what to do with one that nobody listens to. See
 * pad-tools.h. Used by remote tracks. No state but what it notes on the pad.
 */
#include "media/pad-tools.h"

/* On a pad that drops: the id of the probe that does it. */
#define DROP_PROBE_KEY "peal-drop-probe"

/**
 * peal_pad_leads_somewhere:
 * @pad: a source pad
 *
 * Whether data pushed to @pad ends in an element. Ghost pads outside make
 * every pad look linked; they are looked through.
 */
gboolean
peal_pad_leads_somewhere (GstPad *pad)
{
  g_autoptr (GstPad) current = gst_object_ref (pad);

  while (TRUE) {
    g_autoptr (GstPad) peer = gst_pad_get_peer (current);
    GstProxyPad *internal;

    if (!peer)
      return FALSE;
    if (!GST_IS_PROXY_PAD (peer) || GST_IS_GHOST_PAD (peer))
      return TRUE;
    internal = gst_proxy_pad_get_internal (GST_PROXY_PAD (peer));
    if (!internal)
      return FALSE;
    gst_object_unref (current);
    current = GST_PAD_CAST (internal);
  }
}

static GstPadProbeReturn
drop (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_DROP;
}

/**
 * peal_pad_set_dropping:
 * @pad: a source pad
 * @is_dropping: whether what is pushed is dropped, with success
 *
 * A webrtcbin must not see an unlinked pad: that would end the thread which
 * all its streams share.
 */
void
peal_pad_set_dropping (GstPad *pad, gboolean is_dropping)
{
  gulong id =
      GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (pad), DROP_PROBE_KEY));

  if (id)
    gst_pad_remove_probe (pad, id);
  id = 0;
  if (is_dropping)
    id = gst_pad_add_probe (pad,
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, drop, NULL,
        NULL);
  g_object_set_data (G_OBJECT (pad), DROP_PROBE_KEY, GSIZE_TO_POINTER (id));
}
