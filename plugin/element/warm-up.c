/*
 * Warming up a process. See warm-up.h. Called by peal-bin on its way to READY;
 * no state: what is made here is kept by those who made it.
 */
#include "element/warm-up.h"

#include "media/codec.h"
#include "media/decoder.h"

/* The process's DTLS key is made with the first dtlsdec; an RSA key takes a
 * good part of a second. */
static void
make_key (void)
{
  g_autoptr (GstElement) dtls = gst_element_factory_make ("dtlsdec", NULL);

  if (dtls)
    gst_object_ref_sink (dtls);
}

/* Loads the plugins of webrtcbin and those that it makes later by itself:
 * libsrtp's library for ciphers alone takes longer than ICE does. */
static void
load_plugins (void)
{
  static const gchar *const names[] = { "webrtcbin", "rtpbin", "nicesrc",
    "srtpenc", "rtpfunnel", "rtpulpfecenc", "sctpenc", "appsrc" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GstElement) element = gst_element_factory_make (names[i], NULL);

    if (element)
      gst_object_ref_sink (element);
  }
}

/* Encoders are tried out once. */
static void
try_encoders (PealMediaKind kind)
{
  g_autoptr (GPtrArray) codecs = peal_codec_list_sendable (kind, NULL, NULL);
}

/* And so are decoders, of the codecs that are usual in calls. */
static void
try_decoders (void)
{
  static const gchar *const names[] = { "VP8", "H264", "OPUS" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    peal_decoder_first (peal_codec_find (names[i]));
}

static gpointer
load (gpointer data)
{
  load_plugins ();
  try_encoders (PEAL_MEDIA_VIDEO);
  try_encoders (PEAL_MEDIA_AUDIO);
  try_decoders ();

  return NULL;
}

static gpointer
run (gpointer data)
{
  GThread *loader = g_thread_new ("peal-loader", load, NULL);

  make_key ();
  g_thread_join (loader);

  return NULL;
}

/**
 * peal_warm_up_start:
 *
 * Begins, and returns at once.
 *
 * Returns: (transfer full): the thread, to be joined
 */
GThread *
peal_warm_up_start (void)
{
  return g_thread_new ("peal-warm-up", run, NULL);
}
