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

/**
 * peal_pad_wants_encoded:
 * @pad: a source pad
 * @raw: media type of the raw media that it could give
 * @encoded: caps of the encoded media that it could give instead
 *
 * Returns: whether what follows takes no raw media but that encoding
 */
gboolean
peal_pad_wants_encoded (GstPad *pad, const gchar *raw, const gchar *encoded)
{
  g_autoptr (GstCaps) raw_caps = gst_caps_new_empty_simple (raw);
  g_autoptr (GstCaps) encoded_caps = gst_caps_from_string (encoded);
  g_autoptr (GstCaps) accepted = gst_pad_peer_query_caps (pad, NULL);

  gst_caps_set_features_simple (raw_caps, gst_caps_features_new_any ());
  return accepted && !gst_caps_can_intersect (accepted, raw_caps) &&
      gst_caps_can_intersect (accepted, encoded_caps);
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
