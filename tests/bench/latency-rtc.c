/*
 * Plain webrtcbin's signalling. See latency-rtc.h.
 *
 * Lines that begin with ">": the description in base64, or a candidate after
 * its m-line. Whoever reads them hands them to the other end.
 */
#include "latency-rtc.h"

#include <gst/webrtc/webrtc.h>
#include <stdio.h>

static GstElement *rtc; /* on the main thread; set once before it runs */

static void
on_candidate (
    GstElement *element, guint mline, const gchar *text, gpointer data)
{
  printf ("> %u %s\n", mline, text);
  fflush (stdout);
}

/* On webrtcbin's thread. */
static void
on_described (GstPromise *promise, gpointer data)
{
  const GstStructure *reply = gst_promise_get_reply (promise);
  g_autoptr (GstWebRTCSessionDescription) description = NULL;
  g_autofree gchar *text = NULL;
  g_autofree gchar *line = NULL;

  gst_structure_get (
      reply, data, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  gst_promise_unref (promise);
  g_signal_emit_by_name (rtc, "set-local-description", description, NULL);
  text = gst_sdp_message_as_text (description->sdp);
  line = g_base64_encode ((const guchar *)text, strlen (text));
  printf ("> %s %s\n", (const gchar *)data, line);
  fflush (stdout);
}

static void
describe (const gchar *what)
{
  g_signal_emit_by_name (rtc,
      g_str_equal (what, "offer") ? "create-offer" : "create-answer", NULL,
      gst_promise_new_with_change_func (on_described, (gpointer)what, NULL));
}

static gboolean
has_caps (GstElement *element, GstPad *pad, gpointer data)
{
  return gst_pad_has_current_caps (pad);
}

/* One offer is enough, once both pads have caps. */
static void
on_caps (GstPad *pad, GParamSpec *pspec, gpointer data)
{
  static gint has_offered;

  if (gst_element_foreach_sink_pad (rtc, has_caps, NULL) &&
      g_atomic_int_compare_and_exchange (&has_offered, 0, 1))
    describe ("offer");
}

static gboolean
watch_caps (GstElement *element, GstPad *pad, gpointer data)
{
  g_signal_connect (pad, "notify::caps", G_CALLBACK (on_caps), NULL);
  return TRUE;
}

/* gst_parse_launch() links what comes first to what was written first, whatever
 * it is; so that pipeline leaves these pads to us. */
static void
on_stream (GstElement *element, GstPad *pad, gpointer data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const gchar *media;
  g_autofree gchar *name = NULL;
  g_autoptr (GstElement) first = NULL;
  g_autoptr (GstPad) sink = NULL;

  if (!caps || GST_PAD_IS_SINK (pad))
    return;
  media = gst_structure_get_string (gst_caps_get_structure (caps, 0), "media");
  name = g_strdup_printf ("take_%s", media);
  first = gst_bin_get_by_name (GST_BIN (data), name);
  sink = first ? gst_element_get_static_pad (first, "sink") : NULL;
  if (!sink || GST_PAD_LINK_FAILED (gst_pad_link (pad, sink)))
    g_printerr ("nothing takes the %s\n", media);
}

void
latency_rtc_start (GstBin *pipeline, gboolean offers)
{
  rtc = gst_bin_get_by_name (pipeline, "rtc");
  g_signal_connect (rtc, "on-ice-candidate", G_CALLBACK (on_candidate), NULL);
  g_signal_connect (rtc, "pad-added", G_CALLBACK (on_stream), pipeline);
  if (offers)
    gst_element_foreach_sink_pad (rtc, watch_caps, NULL);
}

static void
take_description (const gchar *what, const gchar *base64)
{
  gboolean is_offer = g_str_equal (what, "offer");
  g_autoptr (GstWebRTCSessionDescription) description = NULL;
  g_autofree guchar *text = NULL;
  GstSDPMessage *sdp;
  gsize size;

  text = g_base64_decode (base64, &size);
  gst_sdp_message_new (&sdp);
  gst_sdp_message_parse_buffer (text, size, sdp);
  description = gst_webrtc_session_description_new (
      is_offer ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
  g_signal_emit_by_name (rtc, "set-remote-description", description, NULL);
  if (is_offer)
    describe ("answer");
}

void
latency_rtc_take (const gchar *line)
{
  g_auto (GStrv) words = g_strsplit (g_strchomp ((gchar *)line), " ", 3);

  if (!rtc || g_strv_length (words) < 3)
    return;
  if (g_ascii_isdigit (*words[1]))
    g_signal_emit_by_name (rtc, "add-ice-candidate",
        (guint)g_ascii_strtoull (words[1], NULL, 10), words[2]);
  else
    take_description (words[1], words[2]);
}
