/*
 * Checks of remote session descriptions (RFC 8866, RFC 8829, RFC 8843). Called
 * by peer-negotiation on the loop before a description goes to webrtcbin, and
 * for our own, to know their m-lines. See webrtcbin.md 2.1 for what each check
 * protects. No state.
 */
#include "session/sdp.h"

#include <string.h>

#include "base/error.h"
#include "session/candidate.h"
#include "session/fingerprint.h"
#include "session/sdp-mend.h"

#define MAX_BYTES (64 * 1024) /* a frame of Peal rooms */
#define MAX_MEDIA 16          /* chosen: eight tracks of each kind */
#define MAX_ATTRIBUTES 1000   /* chosen: Chromium's m-lines have about 150 */
#define MAX_FORMATS 64
#define MAX_MID_BYTES 32

static gboolean
fail (GError **error, const gchar *text)
{
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_PEER,
      "the peer's session description is invalid: %s", text);
  return FALSE;
}

static void
clear_format (gpointer data)
{
  PealSdpFormat *format = data;

  gst_clear_caps (&format->caps);
}

static void
free_media (gpointer data)
{
  PealSdpMedia *media = data;

  g_free (media->mid);
  g_array_unref (media->formats);
  g_free (media);
}

static PealSdpMedia *
new_media (void)
{
  PealSdpMedia *media = g_new0 (PealSdpMedia, 1);

  media->formats = g_array_new (FALSE, TRUE, sizeof (PealSdpFormat));
  g_array_set_clear_func (media->formats, clear_format);

  return media;
}

static PealSdpDirection
read_direction (const GstSDPMedia *media)
{
  if (gst_sdp_media_get_attribute_val (media, "inactive"))
    return PEAL_SDP_INACTIVE;
  if (gst_sdp_media_get_attribute_val (media, "sendonly"))
    return PEAL_SDP_SEND;
  if (gst_sdp_media_get_attribute_val (media, "recvonly"))
    return PEAL_SDP_RECEIVE;

  return PEAL_SDP_SEND | PEAL_SDP_RECEIVE;
}

static gboolean
is_token (const gchar *text)
{
  gsize length = text ? strlen (text) : 0;

  if (length == 0 || length > MAX_MID_BYTES)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;

  return TRUE;
}

static void
read_format (const GstSDPMedia *media, PealSdpMedia *result, guint index)
{
  guint64 payload_type;
  g_autoptr (GstCaps) caps = NULL;
  PealSdpFormat format = { 0 };

  if (!g_ascii_string_to_unsigned (gst_sdp_media_get_format (media, index), 10,
          0, 127, &payload_type, NULL))
    return;
  caps = gst_sdp_media_get_caps_from_media (media, (gint)payload_type);
  if (!caps)
    return;
  gst_structure_set_name (
      gst_caps_get_structure (caps, 0), "application/x-rtp");
  format.codec = peal_codec_find_for_rtp_caps (caps);
  if (!format.codec)
    return;
  format.payload_type = (guint)payload_type;
  format.caps = g_steal_pointer (&caps);
  g_array_append_val (result->formats, format);
}

static gboolean
read_kind (const GstSDPMedia *media, PealSdpMedia *result)
{
  const gchar *kind = gst_sdp_media_get_media (media);

  result->is_application = g_strcmp0 (kind, "application") == 0;
  if (g_strcmp0 (kind, "audio") == 0)
    result->kind = PEAL_MEDIA_AUDIO;
  else if (g_strcmp0 (kind, "video") == 0)
    result->kind = PEAL_MEDIA_VIDEO;
  else
    return result->is_application;

  return TRUE;
}

static gboolean
check_media (const GstSDPMedia *media, GError **error)
{
  static const gchar *const needed[] = { "setup", "ice-ufrag", "ice-pwd",
    "fingerprint", NULL };

  if (!is_token (gst_sdp_media_get_attribute_val (media, "mid")))
    return fail (error, "an m-line has no usable mid");
  if (gst_sdp_media_attributes_len (media) > MAX_ATTRIBUTES)
    return fail (error, "an m-line has too many attributes");
  if (gst_sdp_media_formats_len (media) > MAX_FORMATS ||
      gst_sdp_media_formats_len (media) == 0)
    return fail (error, "an m-line has no formats or too many");
  for (guint i = 0; needed[i]; i++) {
    if (!gst_sdp_media_get_attribute_val (media, needed[i])) {
      g_autofree gchar *text =
          g_strdup_printf ("an m-line has no a=%s", needed[i]);
      return fail (error, text);
    }
  }

  return TRUE;
}

static gboolean
read_media (PealSdp *self, guint index, GError **error)
{
  const GstSDPMedia *media = gst_sdp_message_get_media (self->message, index);
  PealSdpMedia *result = new_media ();

  g_ptr_array_add (self->media, result);
  if (!read_kind (media, result))
    return fail (error, "an m-line is neither audio, video nor application");
  result->is_rejected = peal_sdp_is_rejected (media);
  if (!result->is_rejected && !check_media (media, error))
    return FALSE;
  result->mid = g_strdup (gst_sdp_media_get_attribute_val (media, "mid"));
  if (!is_token (result->mid))
    return fail (error, "an m-line has no usable mid");
  result->direction = read_direction (media);
  for (guint i = 0;
       !result->is_application && i < gst_sdp_media_formats_len (media); i++)
    read_format (media, result, i);

  return TRUE;
}

static gboolean
has_mid (const PealSdp *self, const gchar *mid, guint before)
{
  for (guint i = 0; i < before; i++) {
    const PealSdpMedia *media = g_ptr_array_index (self->media, i);

    if (g_str_equal (media->mid, mid))
      return TRUE;
  }

  return FALSE;
}

static gboolean
check_mids (const PealSdp *self, GError **error)
{
  for (guint i = 0; i < self->media->len; i++) {
    const PealSdpMedia *media = g_ptr_array_index (self->media, i);

    if (has_mid (self, media->mid, i))
      return fail (error, "two m-lines have the same mid");
  }

  return TRUE;
}

static gboolean
check_group (const PealSdp *self, const gchar *group, GError **error)
{
  g_auto (GStrv) mids = g_strsplit (group, " ", MAX_MEDIA + 2);

  for (guint i = 1; mids[i]; i++)
    if (!has_mid (self, mids[i], self->media->len))
      return fail (error, "its BUNDLE group names an unknown mid");

  return TRUE;
}

static gboolean
is_bundle (const gchar *group)
{
  return g_str_equal (group, "BUNDLE") || g_str_has_prefix (group, "BUNDLE ");
}

static gboolean
check_bundle (const PealSdp *self, GError **error)
{
  guint groups = 0;

  for (guint i = 0;; i++) {
    const gchar *group =
        gst_sdp_message_get_attribute_val_n (self->message, "group", i);

    if (!group)
      break;
    if (!is_bundle (group))
      continue;
    groups++;
    if (!check_group (self, group, error))
      return FALSE;
  }
  if (groups > 1)
    return fail (error, "it has more than one BUNDLE group");
  if (groups == 0 && self->media->len > 1)
    return fail (error, "it does not bundle its m-lines");

  return TRUE;
}

/* Session-level attributes count for each m-line (RFC 8866 section 5.13), but
 * webrtcbin 1.22 looks for them in the m-line only. */
static void
push_down (GstSDPMessage *message, const gchar *key)
{
  const gchar *value = gst_sdp_message_get_attribute_val (message, key);

  if (!value)
    return;

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = &g_array_index (message->medias, GstSDPMedia, i);

    if (!gst_sdp_media_get_attribute_val (media, key))
      gst_sdp_media_add_attribute (media, key, value);
  }
}

static gboolean
is_unwanted (const GstSDPAttribute *attribute)
{
  g_autofree gchar *text = g_strconcat ("candidate:", attribute->value, NULL);

  return !peal_candidate_is_acceptable (text, NULL);
}

/* What passes counts for all m-lines together, as candidates that come later
 * do; the rest is left out. */
static void
remove_unwanted (GstSDPMessage *message)
{
  guint kept = 0;

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = &g_array_index (message->medias, GstSDPMedia, i);

    for (guint j = gst_sdp_media_attributes_len (media); j > 0; j--) {
      const GstSDPAttribute *attribute =
          gst_sdp_media_get_attribute (media, j - 1);

      if (g_str_equal (attribute->key, "candidate") &&
          (is_unwanted (attribute) || ++kept > PEAL_CANDIDATE_LIMIT))
        gst_sdp_media_remove_attribute (media, j - 1);
    }
  }
}

static void
collect_fingerprints (PealSdp *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < gst_sdp_message_medias_len (self->message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (self->message, i);

    for (guint j = 0;; j++) {
      const gchar *value =
          gst_sdp_media_get_attribute_val_n (media, "fingerprint", j);

      if (!value)
        break;
      if (peal_fingerprint_is_valid (value))
        g_strv_builder_add (builder, value);
    }
  }
  self->fingerprints = g_strv_builder_end (builder);
}

static gboolean
read_all (PealSdp *self, GError **error)
{
  static const gchar *const inherited[] = { "setup", "fingerprint", "ice-ufrag",
    "ice-pwd" };
  guint length = gst_sdp_message_medias_len (self->message);

  if (length == 0 || length > MAX_MEDIA)
    return fail (error, "it has no m-lines or too many");
  if (gst_sdp_message_attributes_len (self->message) > MAX_ATTRIBUTES)
    return fail (error, "it has too many attributes");

  for (guint i = 0; i < G_N_ELEMENTS (inherited); i++)
    push_down (self->message, inherited[i]);
  for (guint i = 0; i < length; i++)
    if (!read_media (self, i, error))
      return FALSE;
  if (!check_mids (self, error) || !check_bundle (self, error))
    return FALSE;

  remove_unwanted (self->message);
  collect_fingerprints (self);
  if (!self->fingerprints[0])
    return fail (error, "it has no certificate fingerprint that we accept");

  return TRUE;
}

/**
 * peal_sdp_parse:
 * @text: a session description from the network, or our own
 *
 * Checks that webrtcbin can take it, moves session-level attributes to the
 * m-lines and removes candidates that are not IP literals, or too many.
 *
 * Returns: (transfer full) (nullable): or NULL with PEAL_ERROR_PEER
 */
PealSdp *
peal_sdp_parse (const gchar *text, GError **error)
{
  g_autoptr (PealSdp) self = g_new0 (PealSdp, 1);

  self->media = g_ptr_array_new_with_free_func (free_media);
  /* GStreamer's parser asserts that there is something. */
  if (!*text || strlen (text) > MAX_BYTES ||
      !g_utf8_validate (text, -1, NULL)) {
    fail (error, "it is empty, too large, or no text");
    return NULL;
  }
  if (gst_sdp_message_new_from_text (text, &self->message) != GST_SDP_OK) {
    fail (error, "it does not parse");
    return NULL;
  }
  if (!read_all (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
peal_sdp_free (PealSdp *self)
{
  if (self->message)
    gst_sdp_message_free (self->message);
  g_ptr_array_unref (self->media);
  g_strfreev (self->fingerprints);
  g_free (self);
}

/**
 * peal_sdp_answers:
 *
 * Returns: whether @answer has the same m-lines as @offer, in the same order
 *   and with the same mids (RFC 8829 section 5.3.1); webrtcbin asserts it
 */
gboolean
peal_sdp_answers (const PealSdp *answer, const PealSdp *offer, GError **error)
{
  if (answer->media->len != offer->media->len)
    return fail (error, "the answer's m-lines are not the offer's");

  for (guint i = 0; i < offer->media->len; i++) {
    const PealSdpMedia *ours = g_ptr_array_index (offer->media, i);
    const PealSdpMedia *theirs = g_ptr_array_index (answer->media, i);

    if (!g_str_equal (ours->mid, theirs->mid) ||
        ours->is_application != theirs->is_application ||
        (!ours->is_application && ours->kind != theirs->kind))
      return fail (error, "the answer's m-lines are not the offer's");
  }

  return TRUE;
}

/**
 * peal_sdp_count:
 *
 * Returns: how many m-lines of @kind there are that are not rejected
 */
guint
peal_sdp_count (const PealSdp *self, PealMediaKind kind)
{
  guint count = 0;

  for (guint i = 0; i < self->media->len; i++) {
    const PealSdpMedia *media = g_ptr_array_index (self->media, i);

    if (!media->is_application && !media->is_rejected && media->kind == kind)
      count++;
  }

  return count;
}

/**
 * peal_sdp_only_sends:
 *
 * Returns: whether who wrote it has media to send and wants none
 */
gboolean
peal_sdp_only_sends (const PealSdp *self)
{
  gboolean sends = FALSE;

  for (guint i = 0; i < self->media->len; i++) {
    const PealSdpMedia *media = g_ptr_array_index (self->media, i);

    if (media->is_application || media->is_rejected)
      continue;
    if (media->direction & PEAL_SDP_RECEIVE)
      return FALSE;
    sends = TRUE;
  }

  return sends;
}

/**
 * peal_sdp_get_media:
 *
 * Returns: (transfer none) (nullable): the m-line, or NULL beyond the last
 */
const PealSdpMedia *
peal_sdp_get_media (const PealSdp *self, guint index)
{
  if (index >= self->media->len)
    return NULL;

  return g_ptr_array_index (self->media, index);
}

/**
 * peal_sdp_find_mline:
 * @mid: (nullable): an m-line's name, which counts more than its number
 * @index: its number, or less than 0
 *
 * Returns: the number of the m-line that a candidate is for, or -1
 */
gint
peal_sdp_find_mline (const PealSdp *self, const gchar *mid, gint index)
{
  for (guint i = 0; mid && i < self->media->len; i++)
    if (g_str_equal (peal_sdp_get_media (self, i)->mid, mid))
      return (gint)i;

  return index >= 0 && (guint)index < self->media->len ? index : -1;
}

/**
 * peal_sdp_media_find_format:
 *
 * Returns: (transfer none) (nullable): the first format of @codec
 */
const PealSdpFormat *
peal_sdp_media_find_format (const PealSdpMedia *media, const PealCodec *codec)
{
  for (guint i = 0; i < media->formats->len; i++) {
    const PealSdpFormat *format =
        &g_array_index (media->formats, PealSdpFormat, i);

    if (format->codec == codec)
      return format;
  }

  return NULL;
}
