/*
 * The formats of a mix: what it can give, and which of what downstream takes.
 * See mix-format.h. Pure: values in, values out.
 *
 * Used by the mixer when it starts. A field that downstream leaves open gets
 * the default; of those that it bounds, the value nearest to the default.
 */
#include "media/mix-format.h"

#include <gst/audio/audio.h>

#define DEFAULT_RATE 48000
#define DEFAULT_CHANNELS 2

/* Formats that compositor and audiomixer make without loss and every sink
 * takes; others that they can make are accepted too. */
#define VIDEO_TEMPLATE                                                \
  "video/x-raw,format={I420,NV12,YUY2,UYVY,YV12,Y444,Y42B,BGRx,RGBx," \
  "xRGB,xBGR,BGRA,RGBA,ARGB,ABGR,RGB,BGR},width=[16,8192],"           \
  "height=[16,8192],framerate=[1/1,240/1]"
#define AUDIO_TEMPLATE                                              \
  "audio/x-raw,format={S16LE,F32LE,S32LE,F64LE},rate=[8000,192000]" \
  ",channels=[1,8],layout=interleaved"

static void
fixate_video (GstStructure *structure)
{
  gint width, height;

  gst_structure_fixate_field_string (structure, "format", "I420");
  gst_structure_fixate_field_nearest_fraction (structure, "framerate", 30, 1);
  if (gst_structure_get_int (structure, "height", &height))
    gst_structure_fixate_field_nearest_int (
        structure, "width", height * PEAL_MIX_WIDTH / PEAL_MIX_HEIGHT);
  gst_structure_fixate_field_nearest_int (structure, "width", PEAL_MIX_WIDTH);
  gst_structure_get_int (structure, "width", &width);
  gst_structure_fixate_field_nearest_int (
      structure, "height", width * PEAL_MIX_HEIGHT / PEAL_MIX_WIDTH);
  if (gst_structure_has_field (structure, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (
        structure, "pixel-aspect-ratio", 1, 1);
}

static void
fixate_audio (GstStructure *structure)
{
  gint channels = 0;

  gst_structure_fixate_field_string (structure, "format", "S16LE");
  gst_structure_fixate_field_nearest_int (structure, "rate", DEFAULT_RATE);
  gst_structure_fixate_field_nearest_int (
      structure, "channels", DEFAULT_CHANNELS);
  gst_structure_get_int (structure, "channels", &channels);
  if (channels > 2 && !gst_structure_has_field (structure, "channel-mask"))
    gst_structure_set (structure, "channel-mask", GST_TYPE_BITMASK,
        gst_audio_channel_get_fallback_mask (channels), NULL);
}

/**
 * peal_mix_format_dup_template:
 * @kind: pictures or voices
 *
 * Returns: (transfer full): all that a mix can give
 */
GstCaps *
peal_mix_format_dup_template (PealMediaKind kind)
{
  return gst_caps_from_string (
      kind == PEAL_MEDIA_VIDEO ? VIDEO_TEMPLATE : AUDIO_TEMPLATE);
}

/**
 * peal_mix_format_dup_pad_caps:
 * @kind: pictures or voices
 *
 * What a mix cannot be given as can be linked to it all the same: the mixer
 * says what is wrong when it starts. gst-launch-1.0 would tell nobody that a
 * link was refused: it waits for a pad that comes later, and for ever.
 *
 * Returns: (transfer full): what the pad of a mix may be linked to: all that it
 *   can give first, and then any raw format
 */
GstCaps *
peal_mix_format_dup_pad_caps (PealMediaKind kind)
{
  GstCaps *caps = peal_mix_format_dup_template (kind);

  gst_caps_append_structure (caps,
      gst_structure_new_empty (
          kind == PEAL_MEDIA_VIDEO ? "video/x-raw" : "audio/x-raw"));
  return caps;
}

/**
 * peal_mix_format_fixate:
 * @kind: pictures or voices
 * @structure: (inout): what downstream takes, a subset of the template
 *
 * Settles what matters; gst_caps_fixate() may settle the rest.
 */
void
peal_mix_format_fixate (PealMediaKind kind, GstStructure *structure)
{
  if (kind == PEAL_MEDIA_VIDEO)
    fixate_video (structure);
  else
    fixate_audio (structure);
}
