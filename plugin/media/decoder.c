/*
 * The decoder table and the probe of what works here. See decoder.h.
 *
 * Used by receive heads. A decoder counts only if it reaches READY: a hardware
 * decoder's plugin may be installed where its device is not. Each row is
 * tried once per process. One that starts and then fails at work is left by
 * the head for the next row.
 *
 * Lock: `lock` guards `states`.
 */
#include "media/decoder.h"

#include "media/factory.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* A damaged stream costs pictures and a request for a key frame, never the
 * decoder; pictures known to be damaged are not shown. */
#define ENDURE "max-errors=-1 automatic-request-sync-points=true"

/* libvpx's VP8 threads wait for each other by spinning: on two busy cores one
 * picture took up to 400 ms with the default, and 1 ms with one thread. */
static const PealDecoder decoders[] = {
  { "VP8", "v4l2vp8dec " ENDURE, TRUE },
  { "VP8", "vavp8dec " ENDURE, TRUE },
  { "VP8", "vp8dec threads=1 " ENDURE, FALSE },
  { "VP8", "avdec_vp8 " ENDURE, FALSE },
  { "H264", "v4l2h264dec " ENDURE, TRUE },
  { "H264", "vah264dec " ENDURE, TRUE },
  { "H264", "nvh264dec " ENDURE, TRUE },
  { "H264", "avdec_h264 " ENDURE, FALSE },
  { "H264", "openh264dec " ENDURE, FALSE },
  { "VP9", "v4l2vp9dec " ENDURE, TRUE },
  { "VP9", "vavp9dec " ENDURE, TRUE },
  { "VP9", "vp9dec " ENDURE, FALSE },
  { "VP9", "avdec_vp9 " ENDURE, FALSE },
  { "H265", "v4l2h265dec " ENDURE, TRUE },
  { "H265", "vah265dec " ENDURE, TRUE },
  { "H265", "nvh265dec " ENDURE, TRUE },
  { "H265", "avdec_h265 " ENDURE, FALSE },
  { "AV1", "vaav1dec " ENDURE, TRUE },
  { "AV1", "dav1ddec " ENDURE, FALSE },
  { "AV1", "av1dec " ENDURE, FALSE },
  /* Conceals what is lost. In-band error correction would have opusdec hold
   * each packet until the next one is there: 20 ms more for all sound, and what
   * opusenc sends has none in it (packet-loss-percentage is 0). */
  { "OPUS", "opusdec plc=true max-errors=-1", FALSE },
  { "OPUS", "avdec_opus max-errors=-1", FALSE },
  { "PCMU", "mulawdec max-errors=-1", FALSE },
  { "PCMA", "alawdec max-errors=-1", FALSE },
  { "G722", "avdec_g722 max-errors=-1", FALSE },
};

typedef enum {
  STATE_UNKNOWN,
  STATE_WORKS,
  STATE_FAILS,
} State;

static GMutex lock;
static State states[G_N_ELEMENTS (decoders)]; /* guarded by lock */

static void
ensure_category (void)
{
  static gsize once;

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (
        debug_category, "peal-media-decoder", 0, "the decoder table");
    g_once_init_leave (&once, 1);
  }
}

static State
probe (const PealDecoder *decoder)
{
  GstElement *element = peal_factory_make (decoder->description, NULL, NULL);
  State state = STATE_FAILS;

  if (!element)
    return STATE_FAILS;

  gst_object_ref_sink (element);
  if (gst_element_set_state (element, GST_STATE_READY) ==
      GST_STATE_CHANGE_SUCCESS)
    state = STATE_WORKS;
  gst_element_set_state (element, GST_STATE_NULL);
  GST_INFO ("%s %s", GST_OBJECT_NAME (element),
      state == STATE_WORKS ? "works" : "does not start");
  gst_object_unref (element);

  return state;
}

/* The lock is held in the probe: two tries of one device would disturb each
 * other. */
static gboolean
works (guint index)
{
  State state;

  g_mutex_lock (&lock);
  if (states[index] == STATE_UNKNOWN)
    states[index] = probe (&decoders[index]);
  state = states[index];
  g_mutex_unlock (&lock);

  return state == STATE_WORKS;
}

static const PealDecoder *
find_from (const PealCodec *codec, guint start)
{
  ensure_category ();
  for (guint i = start; i < G_N_ELEMENTS (decoders); i++)
    if (g_str_equal (decoders[i].codec_name, codec->name) && works (i))
      return &decoders[i];

  return NULL;
}

/**
 * peal_decoder_first:
 * @codec: a codec
 *
 * The first call for a codec in a process tries decoders out.
 *
 * Returns: (transfer none) (nullable): the best decoder that works here
 */
const PealDecoder *
peal_decoder_first (const PealCodec *codec)
{
  g_return_val_if_fail (codec != NULL, NULL);

  return find_from (codec, 0);
}

/**
 * peal_decoder_next:
 * @codec: a codec
 * @previous: a row of this table
 *
 * Returns: (transfer none) (nullable): the best one after @previous
 */
const PealDecoder *
peal_decoder_next (const PealCodec *codec, const PealDecoder *previous)
{
  g_return_val_if_fail (codec != NULL, NULL);
  g_return_val_if_fail (
      previous >= decoders && previous < decoders + G_N_ELEMENTS (decoders),
      NULL);

  return find_from (codec, previous - decoders + 1);
}

/**
 * peal_decoder_set_missing_error:
 * @codec: a codec without a working decoder
 * @error: set to %PEAL_ERROR_UNSUPPORTED; the text names the usual decoder and
 *   the Debian package that has it
 */
void
peal_decoder_set_missing_error (const PealCodec *codec, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (decoders); i++)
    if (g_str_equal (decoders[i].codec_name, codec->name) &&
        !decoders[i].is_hardware) {
      peal_factory_set_missing_error (decoders[i].description, error);
      return;
    }
  peal_factory_set_missing_error (codec->depayloader, error);
}

/**
 * peal_decoder_make:
 * @name: (nullable): the element's name
 *
 * Returns: (transfer floating) (nullable): a new decoder in state NULL
 */
GstElement *
peal_decoder_make (const PealDecoder *self, const gchar *name)
{
  return peal_factory_make (self->description, name, NULL);
}
