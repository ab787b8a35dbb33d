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
try_decoders (const gchar *const *names)
{
  for (; *names; names++)
    peal_decoder_first (peal_codec_find (*names));
}

typedef struct {
  gboolean sends_video;
  gboolean sends_audio;
} Needs;

static gpointer
load (gpointer data)
{
  static const gchar *const small[] = { "VP8", "OPUS", NULL };
  const Needs *needs = data;

  load_plugins ();
  if (needs->sends_video)
    try_encoders (PEAL_MEDIA_VIDEO);
  if (needs->sends_audio)
    try_encoders (PEAL_MEDIA_AUDIO);
  try_decoders (small);

  return NULL;
}

static gpointer
run (gpointer data)
{
  g_autofree Needs *needs = data;
  GThread *loader = g_thread_new ("peal-loader", load, needs);

  make_key ();
  g_thread_join (loader);

  return NULL;
}

/* Without a hardware decoder this is FFmpeg's: with the libraries that it
 * brings along, 30 MiB and a tenth of a second. */
static gpointer
load_for_peers (gpointer data)
{
  static const gchar *const large[] = { "H264", NULL };

  try_decoders (large);

  return NULL;
}

/**
 * peal_warm_up_start:
 * @sends_video: whether encoders are needed
 * @sends_audio: the same for sound
 *
 * Begins, and returns at once.
 *
 * Returns: (transfer full): the thread, to be joined
 */
GThread *
peal_warm_up_start (gboolean sends_video, gboolean sends_audio)
{
  Needs *needs = g_new0 (Needs, 1);

  needs->sends_video = sends_video;
  needs->sends_audio = sends_audio;
  return g_thread_new ("peal-warm-up", run, needs);
}

/**
 * peal_warm_up_start_for_peers:
 *
 * What is only worth its memory once there is somebody to call: begins, while
 * the connection is made, and returns at once.
 *
 * Returns: (transfer full): the thread, to be joined
 */
GThread *
peal_warm_up_start_for_peers (void)
{
  return g_thread_new ("peal-warm-up-2", load_for_peers, NULL);
}
