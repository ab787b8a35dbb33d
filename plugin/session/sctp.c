/*
 * A guard around sctpenc and sctpdec. See sctp.h. Made and ended by
 * data-channel.
 *
 * In GStreamer 1.22 (still so in 1.28):
 * - webrtcbin draws the association's id at random out of 65,536, and two that
 *   draw the same share one association: so we count instead;
 * - sctpenc, when the peer does not read, waits for room in steps of 100 ms,
 *   and ends only if sctpdec happened to be stopped before: so its pads are
 *   flushed first;
 * - a malformed control message ends in a critical warning: so it is dropped;
 * - each stream gets a pad and threads, and there may be 1,024;
 * - when an element of a channel fails, webrtcbin closes the channel and keeps
 *   the message for ever, and the element with it: so messages pass through a
 *   bus of ours that lets go of them.
 *
 * Shared fields: streams is atomic; encoder is a weak reference.
 */
#include "session/sctp.h"

#include <gst/sctp/sctpreceivemeta.h>

#include "base/signals.h"
#include "session/data-channel.h"
#include "wire/dcep.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_sctp_debug);
#define GST_CAT_DEFAULT peal_session_sctp_debug

#define ID_PROPERTY "sctp-association-id"
#define ID_COUNT 65536 /* the property's range */

enum { SIGNAL_TOO_MANY, N_SIGNALS };

static guint signals[N_SIGNALS];
static gint last_id; /* atomic; of the process */

struct _PealSctp {
  GObject parent;

  GstElement *webrtc; /* NULL once ended */
  guint id;
  GWeakRef encoder;
  gint streams; /* atomic */
};

G_DEFINE_FINAL_TYPE (PealSctp, peal_sctp, G_TYPE_OBJECT)

/* ---- on webrtcbin's threads ---- */

static gboolean
is_acceptable (GstPad *pad, GstBuffer *buffer)
{
  GstSctpReceiveMeta *meta = gst_sctp_buffer_get_receive_meta (buffer);
  GstMapInfo map = GST_MAP_INFO_INIT;
  gboolean is_valid;

  if (gst_buffer_get_size (buffer) > PEAL_DATA_CHANNEL_MAX_BYTES) {
    GST_WARNING_OBJECT (pad,
        "a message of %" G_GSIZE_FORMAT " bytes is dropped",
        gst_buffer_get_size (buffer));
    return FALSE;
  }
  if (!meta || meta->ppid != PEAL_DCEP_PPID)
    return TRUE;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return FALSE;

  is_valid = peal_dcep_is_valid (map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  if (!is_valid)
    GST_WARNING_OBJECT (pad, "a malformed control message is dropped");

  return is_valid;
}

static GstPadProbeReturn
on_message (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return is_acceptable (pad, GST_PAD_PROBE_INFO_BUFFER (info))
      ? GST_PAD_PROBE_OK
      : GST_PAD_PROBE_DROP;
}

static void
on_stream (GstElement *decoder, GstPad *pad, gpointer data)
{
  PealSctp *self = data;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_message, NULL, NULL);
  if (g_atomic_int_add (&self->streams, 1) >= PEAL_SCTP_MAX_STREAMS)
    g_signal_emit (self, signals[SIGNAL_TOO_MANY], 0);
}

/* Nobody else has seen it, so that who still holds it has forgotten it. */
static GstBusSyncReply
on_channel_message (GstBus *bus, GstMessage *message, gpointer data)
{
  GstBus *bus_of_parent = data;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR) {
    gst_bus_post (bus_of_parent, message);
    return GST_BUS_DROP;
  }
  gst_bus_post (bus_of_parent, gst_message_ref (message));
  while (GST_MINI_OBJECT_REFCOUNT_VALUE (message) > 1)
    gst_message_unref (message);
  gst_message_unref (message);

  return GST_BUS_DROP;
}

/* webrtcbin's bin of one element that drops its errors. */
static gboolean
is_channel (GstBin *bin)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (bin), "WebRTCErrorIgnoreBin");
}

static void
watch_channel (GstElement *element)
{
  g_autoptr (GstBus) bus_of_parent = gst_element_get_bus (element);
  g_autoptr (GstBus) bus = NULL;

  if (!bus_of_parent)
    return;
  bus = g_object_new (GST_TYPE_BUS, "enable-async", FALSE, NULL);
  gst_object_ref_sink (bus);
  gst_bus_set_sync_handler (bus, on_channel_message,
      gst_object_ref (bus_of_parent), gst_object_unref);
  gst_element_set_bus (element, bus);
}

static const gchar *
get_factory_name (GstObject *object)
{
  GstElementFactory *factory = GST_IS_ELEMENT (object)
      ? gst_element_get_factory (GST_ELEMENT (object))
      : NULL;

  return factory ? GST_OBJECT_NAME (factory) : "";
}

static void
on_deep_element_added (
    GstBin *webrtc, GstBin *parent, GstElement *element, gpointer data)
{
  PealSctp *self = data;
  const gchar *name = get_factory_name (GST_OBJECT (element));

  if (is_channel (parent))
    watch_channel (element);
  if (g_str_equal (name, "sctpdec")) {
    g_object_set (element, ID_PROPERTY, self->id, NULL);
    peal_signal_connect_holding (
        element, "pad-added", G_CALLBACK (on_stream), G_OBJECT (self));
  } else if (g_str_equal (name, "sctpenc")) {
    g_object_set (element, ID_PROPERTY, self->id, NULL);
    g_weak_ref_set (&self->encoder, element);
  }
}

/* ---- on the loop ---- */

/**
 * peal_sctp_is_element:
 * @object: that posted an error
 *
 * Returns: whether it is about the data channels alone, so that media may go
 *   on. Any thread
 */
gboolean
peal_sctp_is_element (GstObject *object)
{
  return g_str_has_prefix (get_factory_name (object), "sctp");
}

static gboolean
flush (GstElement *encoder, GstPad *pad, gpointer data)
{
  gst_pad_send_event (pad, gst_event_new_flush_start ());

  return TRUE;
}

/**
 * peal_sctp_end:
 *
 * webrtcbin is about to stop: nothing may keep it from that.
 */
void
peal_sctp_end (PealSctp *self)
{
  g_autoptr (GstElement) encoder = g_weak_ref_get (&self->encoder);

  if (!self->webrtc)
    return;

  g_signal_handlers_disconnect_by_data (self->webrtc, self);
  if (encoder)
    gst_element_foreach_sink_pad (encoder, flush, NULL);
  g_clear_object (&self->webrtc);
}

/**
 * peal_sctp_new:
 * @webrtc: before it has made or taken a description
 */
PealSctp *
peal_sctp_new (GstElement *webrtc)
{
  PealSctp *self = g_object_new (PEAL_TYPE_SCTP, NULL);

  self->webrtc = gst_object_ref (webrtc);
  g_signal_connect_object (webrtc, "deep-element-added",
      G_CALLBACK (on_deep_element_added), self, 0);

  return self;
}

static void
peal_sctp_finalize (GObject *object)
{
  PealSctp *self = PEAL_SCTP (object);

  g_clear_object (&self->webrtc);
  g_weak_ref_clear (&self->encoder);

  G_OBJECT_CLASS (peal_sctp_parent_class)->finalize (object);
}

static void
peal_sctp_class_init (PealSctpClass *class)
{
  G_OBJECT_CLASS (class)->finalize = peal_sctp_finalize;

  /* Thread: a streaming thread of webrtcbin's, SCTP's lock held: only post */
  signals[SIGNAL_TOO_MANY] =
      peal_signal_new (G_TYPE_FROM_CLASS (class), "too-many", 0);

  GST_DEBUG_CATEGORY_INIT (
      peal_session_sctp_debug, "peal-session-sctp", 0, "Peal: SCTP elements");
}

static void
peal_sctp_init (PealSctp *self)
{
  self->id = (guint)g_atomic_int_add (&last_id, 1) % ID_COUNT;
  g_weak_ref_init (&self->encoder, NULL);
}
