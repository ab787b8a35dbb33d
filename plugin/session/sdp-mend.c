/*
 * What webrtcbin 1.22 writes or cannot read. See sdp-mend.h. Called by the
 * connection on the loop. No state.
 */
#include "session/sdp-mend.h"

/**
 * peal_sdp_is_rejected:
 *
 * Returns: whether @media is refused, in an answer, or never was wanted
 */
gboolean
peal_sdp_is_rejected (const GstSDPMedia *media)
{
  return gst_sdp_media_get_port (media) == 0 &&
      !gst_sdp_media_get_attribute_val (media, "bundle-only");
}

static void
remove_attribute (GstSDPMedia *media, const gchar *key)
{
  for (guint i = gst_sdp_media_attributes_len (media); i > 0; i--)
    if (g_str_equal (gst_sdp_media_get_attribute (media, i - 1)->key, key))
      gst_sdp_media_remove_attribute (media, i - 1);
}

static void
replace_attribute (GstSDPMedia *media, const gchar *key, const gchar *value)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *old = gst_sdp_media_get_attribute (media, i);
    GstSDPAttribute attribute = { 0 };

    if (!g_str_equal (old->key, key))
      continue;
    gst_sdp_attribute_set (&attribute, key, value);
    gst_sdp_media_replace_attribute (media, i, &attribute);
  }
}

/**
 * peal_sdp_set_fingerprint:
 * @message: our own description
 * @fingerprint: of the certificate that we show
 *
 * Puts @fingerprint in the place of those that are there.
 */
void
peal_sdp_set_fingerprint (GstSDPMessage *message, const gchar *fingerprint)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++)
    replace_attribute (&g_array_index (message->medias, GstSDPMedia, i),
        "fingerprint", fingerprint);
}

static const GstSDPMedia *
find_accepted (const GstSDPMessage *message)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (message, i);

    if (gst_sdp_media_get_port (media) != 0)
      return media;
  }

  return NULL;
}

/**
 * peal_sdp_mend_rejected:
 * @message: an answer
 *
 * webrtcbin 1.22 leaves the offerer's fingerprint and ICE credentials in
 * m-lines that it rejects; then it refuses, on either side, that they differ
 * from the others, or takes them for the peer's. It leaves bundle-only, too,
 * which an answer must not have (RFC 8843 section 7.3).
 */
void
peal_sdp_mend_rejected (GstSDPMessage *message)
{
  static const gchar *const keys[] = { "fingerprint", "ice-ufrag", "ice-pwd" };
  const GstSDPMedia *good = find_accepted (message);

  for (guint i = 0; good && i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = &g_array_index (message->medias, GstSDPMedia, i);

    if (gst_sdp_media_get_port (media) != 0)
      continue;
    for (guint j = 0; j < G_N_ELEMENTS (keys); j++) {
      const gchar *value = gst_sdp_media_get_attribute_val (good, keys[j]);

      if (value)
        replace_attribute (media, keys[j], value);
    }
    remove_attribute (media, "bundle-only");
  }
}

static gboolean
is_channel (const GstSDPMedia *media)
{
  return g_strcmp0 (gst_sdp_media_get_media (media), "application") == 0;
}

/**
 * peal_sdp_refuse_channel:
 * @message: an offer
 *
 * Makes webrtcbin reject the data channel: it would crash on one when its SCTP
 * elements are missing.
 */
void
peal_sdp_refuse_channel (GstSDPMessage *message)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = &g_array_index (message->medias, GstSDPMedia, i);

    if (!is_channel (media))
      continue;
    remove_attribute (media, "sctp-port");
    remove_attribute (media, "sctpmap");
  }
}

/**
 * peal_sdp_has_channel:
 * @message: an offer or an answer
 *
 * Returns: whether it has a data channel that webrtcbin can take
 */
gboolean
peal_sdp_has_channel (const GstSDPMessage *message)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (message, i);

    if (is_channel (media) && !peal_sdp_is_rejected (media) &&
        (gst_sdp_media_get_attribute_val (media, "sctp-port") ||
            gst_sdp_media_get_attribute_val (media, "sctpmap")))
      return TRUE;
  }

  return FALSE;
}
