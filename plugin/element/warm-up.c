/*
 * Warming up a process. See warm-up.h. Called by peal-bin on its way to READY;
 * no state: what is made here is kept by those who made it.
 */
#include "element/warm-up.h"

#include "media/codec.h"

/* The process's DTLS key is made with the first dtlsdec; an RSA key takes a
 * good part of a second. */
static void
make_key (void)
{
  g_autoptr (GstElement) dtls = gst_element_factory_make ("dtlsdec", NULL);

  if (dtls)
    gst_object_ref_sink (dtls);
}

/* Loads the plugins of webrtcbin, and those that it makes later by itself. */
static void
load (void)
{
  static const gchar *const names[] = { "webrtcbin", "sctpenc", "sctpdec",
    "appsrc" };

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

static gpointer
run (gpointer data)
{
  make_key ();
  load ();
  try_encoders (PEAL_MEDIA_VIDEO);
  try_encoders (PEAL_MEDIA_AUDIO);

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
