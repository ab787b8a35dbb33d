/*
 * Which of a peer's formats. See format-choice.h. Called by peer-media.
 */
#include "session/format-choice.h"

#include "media/encoder.h"

/* H.264 comes in several profiles and packetization modes: of those a peer
 * lists, take the one that our encoders and payloader make. */
static guint
rate_format (const PealSdpFormat *format)
{
  const GstStructure *fields = gst_caps_get_structure (format->caps, 0);
  const gchar *mode = gst_structure_get_string (fields, "packetization-mode");
  const gchar *profile = gst_structure_get_string (fields, "profile-level-id");
  guint rating = 1;

  if (g_strcmp0 (format->codec->name, "H264") != 0)
    return rating;
  if (g_strcmp0 (mode, "1") == 0)
    rating += 2;
  if (profile && g_ascii_strncasecmp (profile, "42", 2) == 0)
    rating += 4;
  if (profile && g_ascii_strncasecmp (profile, "42e0", 4) == 0)
    rating += 1;

  return rating;
}

static const PealSdpFormat *
find_best_format (const PealSdpMedia *media, const PealCodec *codec)
{
  const PealSdpFormat *best = NULL;
  guint best_rating = 0;

  for (guint i = 0; i < media->formats->len; i++) {
    const PealSdpFormat *format =
        &g_array_index (media->formats, PealSdpFormat, i);

    if (format->codec == codec && rate_format (format) > best_rating) {
      best = format;
      best_rating = rate_format (format);
    }
  }

  return best;
}

/**
 * peal_format_choose_to_receive:
 * @media: the peer's m-line
 * @codecs: (nullable) (element-type PealCodec): what we can decode
 *
 * The peer's order counts (RFC 3264 section 6.1): one whose source is encoded
 * lists that codec first and can send no other.
 *
 * Returns: (transfer none) (nullable): one of @media's
 */
const PealSdpFormat *
peal_format_choose_to_receive (const PealSdpMedia *media, GPtrArray *codecs)
{
  for (guint i = 0; codecs && i < media->formats->len; i++) {
    const PealCodec *codec =
        g_array_index (media->formats, PealSdpFormat, i).codec;

    if (codec && g_ptr_array_find (codecs, codec, NULL))
      return find_best_format (media, codec);
  }

  return NULL;
}

/**
 * peal_format_choose_to_send:
 * @media: the peer's m-line
 * @codecs: (nullable) (element-type PealCodec): in which we can send our track,
 *   best first
 *
 * The peer's order counts here, too, because we receive in the same format;
 * unless hardware of ours encodes one of them.
 *
 * Returns: (transfer none) (nullable): one of @media's
 */
const PealSdpFormat *
peal_format_choose_to_send (const PealSdpMedia *media, GPtrArray *codecs)
{
  const PealCodec *best =
      codecs && codecs->len > 0 ? g_ptr_array_index (codecs, 0) : NULL;
  const PealSdpFormat *format = best && peal_encoder_has_hardware (best)
      ? find_best_format (media, best)
      : NULL;

  return format ? format : peal_format_choose_to_receive (media, codecs);
}
