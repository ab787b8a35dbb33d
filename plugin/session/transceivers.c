/*
 * The m-lines of a webrtcbin. See transceivers.h.
 */
#include "session/transceivers.h"

#include <gst/webrtc/webrtc.h>

static void
set_up_transceiver (GstWebRTCRTPTransceiver *transceiver, GstCaps *preferences)
{
  const GstStructure *first = gst_caps_get_structure (preferences, 0);
  const gchar *media = gst_structure_get_string (first, "media");

  /* webrtcbin.md 2.4: retransmission is for video only. */
  g_object_set (transceiver, "codec-preferences", preferences, "do-nack",
      g_strcmp0 (media, "video") == 0, NULL);
}

/**
 * peal_transceivers_add_sending:
 * @mline: the m-line's index; must grow from call to call, together with
 *   those of peal_transceivers_add_receiving()
 * @preferences: RTP caps in order of preference
 *
 * Adds an m-line on which we send and receive.
 *
 * Returns: (transfer full) (nullable): the pad to send into
 */
GstPad *
peal_transceivers_add_sending (
    GstElement *webrtc, guint mline, GstCaps *preferences)
{
  g_autofree gchar *name = g_strdup_printf ("sink_%u", mline);
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  GstPad *pad = gst_element_request_pad_simple (webrtc, name);

  if (!pad)
    return NULL;
  g_object_get (pad, "transceiver", &transceiver, NULL);
  set_up_transceiver (transceiver, preferences);

  return pad;
}

/**
 * peal_transceivers_add_receiving:
 * @preferences: RTP caps in order of preference
 * @may_send: whether to announce that we may send on it as well
 *
 * Adds an m-line on which we only receive. Two sides that both only receive
 * would have nothing to connect for, and webrtcbin would leave them hanging:
 * one that sends nothing at all announces @may_send for one m-line.
 */
void
peal_transceivers_add_receiving (
    GstElement *webrtc, GstCaps *preferences, gboolean may_send)
{
  GstWebRTCRTPTransceiverDirection direction = may_send
      ? GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV
      : GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY;
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

  g_signal_emit_by_name (
      webrtc, "add-transceiver", direction, preferences, &transceiver);
  if (transceiver)
    set_up_transceiver (transceiver, preferences);
}

/**
 * peal_transceivers_find_mline:
 * @pad: a webrtcbin's, with data of the peer
 *
 * Returns: its m-line's index; G_MAXUINT if it has none
 */
guint
peal_transceivers_find_mline (GstPad *pad)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  guint mline = G_MAXUINT;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  if (transceiver)
    g_object_get (transceiver, "mlineindex", &mline, NULL);

  return mline;
}
