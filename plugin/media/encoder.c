/*
 * The encoder table.
 *
 * Hardware first, then software. A row counts only if its element reaches
 * READY, which is tried once per process and remembered; an encoder that gets
 * so far and fails later is the business of track-encoding.c, which then takes
 * the next row. Properties that an element does not have are skipped, so one
 * row serves several versions. Any thread; the probe cache has its own lock.
 */
#include "media/encoder.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "media/factory.h"

/* Key frames come on demand (PLI); this is only a safety net, in frames. */
#define KEY_INTERVAL "300"

/* Chroma is subsampled, so both sides are even; square pixels, because RTP
 * carries no pixel aspect ratio for VP8. */
#define RAW_SIZE                                    \
  "width=(int)[16,8192,2],height=(int)[16,8192,2]," \
  "pixel-aspect-ratio=(fraction)1/1"
#define RAW_I420 "video/x-raw,format=(string)I420," RAW_SIZE
#define RAW_NV12 "video/x-raw,format=(string)NV12," RAW_SIZE
#define RAW_PLANAR "video/x-raw,format=(string){I420,NV12}," RAW_SIZE

#define H264_CAPS \
  "video/x-h264,stream-format=(string)byte-stream,alignment=(string)au"
#define H264_BASELINE \
  H264_CAPS ",profile=(string){constrained-baseline,baseline}"
/* The bcm2835 encoder refuses sizes over its default level 1b without it. */
#define H264_V4L2                                                 \
  "video/x-h264,profile=(string){constrained-baseline,baseline}," \
  "level=(string)4"

static const PealEncoder encoders[] = {
  { "H264", "v4l2h264enc", TRUE, PEAL_BITRATE_V4L2, "extra-controls",
      RAW_PLANAR, H264_V4L2 },
  { "H264",
      "vah264enc rate-control=cbr key-int-max=" KEY_INTERVAL
      " b-frames=0 ref-frames=1 cabac=false dct8x8=false target-usage=6",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, H264_BASELINE },
  { "H264",
      "vaapih264enc rate-control=cbr keyframe-period=" KEY_INTERVAL
      " max-bframes=0 quality-level=7",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, H264_BASELINE },
  { "H264",
      "nvh264enc rc-mode=cbr-ld-hq preset=low-latency-hq zerolatency=true "
      "gop-size=" KEY_INTERVAL " bframes=0",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, H264_BASELINE },
  { "H264",
      "qsvh264enc rate-control=cbr low-latency=true gop-size=" KEY_INTERVAL
      " b-frames=0",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, H264_BASELINE },
  { "H264",
      "msdkh264enc rate-control=cbr gop-size=" KEY_INTERVAL
      " b-frames=0 async-depth=1",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, H264_BASELINE },
  { "H264", "omxh264enc control-rate=variable periodicty-idr=" KEY_INTERVAL,
      TRUE, PEAL_BITRATE_BITS, "target-bitrate", RAW_PLANAR, H264_BASELINE },
  { "H264",
      "x264enc tune=zerolatency speed-preset=ultrafast bframes=0 "
      "byte-stream=true key-int-max=" KEY_INTERVAL " vbv-buf-capacity=300",
      FALSE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_I420, H264_BASELINE },
  { "H264",
      "openh264enc usage-type=camera complexity=low rate-control=bitrate "
      "enable-frame-skip=false scene-change-detection=false "
      "gop-size=" KEY_INTERVAL,
      FALSE, PEAL_BITRATE_BITS, "bitrate", RAW_I420, H264_BASELINE },

  { "VP8", "v4l2vp8enc", TRUE, PEAL_BITRATE_V4L2, "extra-controls", RAW_PLANAR,
      NULL },
  { "VP8",
      "vaapivp8enc rate-control=cbr keyframe-period=" KEY_INTERVAL
      " quality-level=7",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, NULL },
  /* A negative cpu-used fixes the speed; six is libwebrtc's for desktops. */
  { "VP8",
      "vp8enc deadline=1 cpu-used=-6 end-usage=cbr lag-in-frames=0 "
      "error-resilient=default keyframe-max-dist=" KEY_INTERVAL
      " token-partitions=4 undershoot=100 overshoot=15 "
      "buffer-size=1000 buffer-initial-size=500 buffer-optimal-size=600 "
      "min-quantizer=2 max-quantizer=56 static-threshold=1",
      FALSE, PEAL_BITRATE_BITS, "target-bitrate", RAW_I420, NULL },

  { "VP9", "v4l2vp9enc", TRUE, PEAL_BITRATE_V4L2, "extra-controls", RAW_PLANAR,
      NULL },
  { "VP9",
      "vp9enc deadline=1 cpu-used=8 end-usage=cbr lag-in-frames=0 "
      "keyframe-max-dist=" KEY_INTERVAL
      " threads=4 row-mt=true tile-columns=2 frame-parallel-decoding=false "
      "undershoot=100 overshoot=15 buffer-size=1000 "
      "buffer-initial-size=500 buffer-optimal-size=600",
      FALSE, PEAL_BITRATE_BITS, "target-bitrate", RAW_I420, NULL },

  { "H265", "v4l2h265enc", TRUE, PEAL_BITRATE_V4L2, "extra-controls",
      RAW_PLANAR, NULL },
  { "H265",
      "vah265enc rate-control=cbr key-int-max=" KEY_INTERVAL
      " b-frames=0 ref-frames=1 target-usage=6",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, NULL },
  { "H265",
      "vaapih265enc rate-control=cbr keyframe-period=" KEY_INTERVAL
      " max-bframes=0 quality-level=7",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, NULL },
  { "H265",
      "nvh265enc rc-mode=cbr-ld-hq preset=low-latency-hq zerolatency=true "
      "gop-size=" KEY_INTERVAL " bframes=0",
      TRUE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_NV12, NULL },
  { "H265",
      "x265enc tune=zerolatency speed-preset=ultrafast "
      "key-int-max=" KEY_INTERVAL " log-level=none",
      FALSE, PEAL_BITRATE_KILOBITS, "bitrate", RAW_I420, NULL },

  { "AV1",
      "av1enc usage-profile=realtime cpu-used=10 end-usage=cbr "
      "lag-in-frames=0 row-mt=true threads=4 keyframe-max-dist=" KEY_INTERVAL,
      FALSE, PEAL_BITRATE_KILOBITS, "target-bitrate", RAW_I420, NULL },

  { "OPUS",
      "opusenc frame-size=20 audio-type=generic bitrate-type=constrained-vbr "
      "complexity=6",
      FALSE, PEAL_BITRATE_BITS, "bitrate",
      "audio/x-raw,rate=(int)48000,channels=(int)[1,2]", NULL },
  { "PCMU", "mulawenc", FALSE, PEAL_BITRATE_NONE, NULL,
      "audio/x-raw,rate=(int)8000,channels=(int)1", NULL },
  { "PCMA", "alawenc", FALSE, PEAL_BITRATE_NONE, NULL,
      "audio/x-raw,rate=(int)8000,channels=(int)1", NULL },
  { "G722", "avenc_g722", FALSE, PEAL_BITRATE_NONE, NULL,
      "audio/x-raw,rate=(int)16000,channels=(int)1", NULL },
};

typedef enum {
  PROBE_UNTRIED,
  PROBE_WORKS,
  PROBE_FAILS,
} Probe;

G_LOCK_DEFINE_STATIC (probes);
static Probe probes[G_N_ELEMENTS (encoders)]; /* guarded by the probes lock */

static gboolean
reaches_ready (const PealEncoder *self)
{
  g_autoptr (GstElement) element =
      peal_factory_make (self->description, NULL, NULL);
  gboolean is_ready;

  if (element == NULL)
    return FALSE;
  gst_object_ref_sink (element);
  is_ready = gst_element_set_state (element, GST_STATE_READY) ==
      GST_STATE_CHANGE_SUCCESS;
  gst_element_set_state (element, GST_STATE_NULL);
  return is_ready;
}

static gboolean
is_usable (const PealEncoder *self)
{
  Probe *probe = &probes[self - encoders];
  gboolean works;

  G_LOCK (probes);
  if (*probe == PROBE_UNTRIED)
    *probe = reaches_ready (self) ? PROBE_WORKS : PROBE_FAILS;
  works = *probe == PROBE_WORKS;
  G_UNLOCK (probes);
  return works;
}

/**
 * peal_encoder_find:
 * @factory_name: an element factory, e.g. `x264enc`
 *
 * Returns: (transfer none) (nullable): its row, usable or not
 */
const PealEncoder *
peal_encoder_find (const gchar *factory_name)
{
  gsize length = strlen (factory_name);

  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++)
    if (g_str_has_prefix (encoders[i].description, factory_name) &&
        strcspn (encoders[i].description, " ") == length)
      return &encoders[i];
  return NULL;
}

/**
 * peal_encoder_first:
 * @codec: a codec
 *
 * Tries encoders out if nobody has yet; that can take a while.
 *
 * Returns: (transfer none) (nullable): the best one that works here
 */
const PealEncoder *
peal_encoder_first (const PealCodec *codec)
{
  return peal_encoder_next (codec, NULL);
}

/**
 * peal_encoder_next:
 * @codec: a codec
 * @previous: (nullable): the one that has failed; %NULL asks for the first
 *
 * Returns: (transfer none) (nullable): the next best one that works here
 */
const PealEncoder *
peal_encoder_next (const PealCodec *codec, const PealEncoder *previous)
{
  guint start = previous == NULL ? 0 : previous - encoders + 1;

  g_return_val_if_fail (codec != NULL, NULL);

  for (guint i = start; i < G_N_ELEMENTS (encoders); i++)
    if (g_str_equal (encoders[i].codec_name, codec->name) &&
        is_usable (&encoders[i]))
      return &encoders[i];
  return NULL;
}

/**
 * peal_encoder_has_hardware:
 * @codec: a codec
 *
 * Returns: whether the best working encoder for it is a hardware one
 */
gboolean
peal_encoder_has_hardware (const PealCodec *codec)
{
  const PealEncoder *first = peal_encoder_first (codec);

  return first != NULL && first->is_hardware;
}

/**
 * peal_encoder_set_missing_error:
 * @codec: a codec with no working encoder
 * @error: set to %PEAL_ERROR_UNSUPPORTED; names the first software encoder and
 *   its Debian package
 */
void
peal_encoder_set_missing_error (const PealCodec *codec, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++)
    if (g_str_equal (encoders[i].codec_name, codec->name) &&
        !encoders[i].is_hardware) {
      peal_factory_set_missing_error (encoders[i].description, error);
      return;
    }
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
      "There is no encoder for %s", codec->name);
}

static void
set_integer (GstElement *element, const gchar *property, guint value)
{
  g_autofree gchar *text = g_strdup_printf ("%u", value);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), property) !=
      NULL)
    gst_util_set_object_arg (G_OBJECT (element), property, text);
}

/* VP8's threads spin while they wait for each other. Measured at 720p on two
 * cores: a second one saves 13 % of the time for 33 % more CPU. */
static guint
choose_vp8_threads (void)
{
  return g_get_num_processors () >= 4 ? 2 : 1;
}

/**
 * peal_encoder_make:
 * @self: a row
 * @name: (nullable): the element's name
 * @bps: target bitrate in bit/s
 *
 * Returns: (transfer floating) (nullable): an encoder set up for low delay
 */
GstElement *
peal_encoder_make (const PealEncoder *self, const gchar *name, guint bps)
{
  GstElement *element = peal_factory_make (self->description, name, NULL);

  if (element == NULL)
    return NULL;
  if (g_str_equal (self->codec_name, "VP8") && !self->is_hardware)
    set_integer (element, "threads", choose_vp8_threads ());
  peal_encoder_set_bitrate (self, element, bps);
  return element;
}

/* Live: a V4L2 encoder hands the controls to its device at once. */
static void
set_v4l2_bitrate (GstElement *element, const gchar *property, guint bps)
{
  g_autoptr (GstStructure) controls = gst_structure_new ("controls",
      "repeat_sequence_header", G_TYPE_INT, 1, "video_gop_size", G_TYPE_INT,
      atoi (KEY_INTERVAL), "video_bitrate", G_TYPE_INT, (gint)bps, NULL);

  g_object_set (element, property, controls, NULL);
}

/**
 * peal_encoder_set_bitrate:
 * @self: the row of @element
 * @element: an encoder, in any state
 * @bps: target bitrate in bit/s
 *
 * Takes effect with the next frame.
 */
void
peal_encoder_set_bitrate (
    const PealEncoder *self, GstElement *element, guint bps)
{
  switch (self->bitrate_unit) {
    case PEAL_BITRATE_NONE:
      break;
    case PEAL_BITRATE_BITS:
      set_integer (element, self->bitrate_property, bps);
      break;
    case PEAL_BITRATE_KILOBITS:
      set_integer (element, self->bitrate_property, MAX (bps / 1000, 1));
      break;
    case PEAL_BITRATE_V4L2:
      set_v4l2_bitrate (element, self->bitrate_property, bps);
      break;
  }
}
