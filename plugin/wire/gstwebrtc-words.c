/*
 * What the gstwebrtc dialects say. See gstwebrtc-words.h. Pure.
 */
#include "wire/gstwebrtc-words.h"

#include <string.h>

#include "base/error.h"

/**
 * peal_gstwebrtc_put:
 * @error: (out) (optional): USAGE when it is too large for a frame
 *
 * Returns: whether it was said
 */
gboolean
peal_gstwebrtc_put (PealDialect *dialect, PealGstwebrtcSide side,
    const PealGstwebrtcMessage *message, GError **error)
{
  g_autofree gchar *text = peal_gstwebrtc_encode (side, message);

  if (strlen (text) > PEAL_GSTWEBRTC_MAX_FRAME_BYTES) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "a message of %" G_GSIZE_FORMAT " bytes is too large", strlen (text));
    return FALSE;
  }
  peal_dialect_put_frame (dialect, text);
  return TRUE;
}

/**
 * peal_gstwebrtc_put_end:
 * @version: the one that was declared
 * @reason: (nullable): said where the version can
 */
void
peal_gstwebrtc_put_end (PealDialect *dialect, PealGstwebrtcVersion version,
    const gchar *session, const gchar *reason)
{
  g_autoptr (PealGstwebrtcMessage) end =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_END_SESSION);

  end->session = g_strdup (session);
  end->version = version;
  end->text = g_strdup (reason);
  peal_gstwebrtc_put (dialect, PEAL_GSTWEBRTC_FROM_CLIENT, end, NULL);
}

/**
 * peal_gstwebrtc_put_start:
 * @offer: (nullable): for the producer to answer
 */
gboolean
peal_gstwebrtc_put_start (PealDialect *dialect, const gchar *peer_id,
    const gchar *offer, GError **error)
{
  g_autoptr (PealGstwebrtcMessage) start =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_START_SESSION);

  start->peer_id = g_strdup (peer_id);
  start->sdp = g_strdup (offer);
  return peal_gstwebrtc_put (dialect, PEAL_GSTWEBRTC_FROM_CLIENT, start, error);
}

gboolean
peal_gstwebrtc_put_description (PealDialect *dialect,
    const PealGstwebrtcLink *link, PealGstwebrtcKind kind, const gchar *sdp,
    GError **error)
{
  g_autoptr (PealGstwebrtcMessage) peer = peal_gstwebrtc_message_new (kind);

  peer->session = g_strdup (link->session);
  peer->sdp = g_strdup (sdp);
  return peal_gstwebrtc_put (dialect, PEAL_GSTWEBRTC_FROM_CLIENT, peer, error);
}

/**
 * peal_gstwebrtc_put_candidate:
 *
 * Neither the end of the candidates nor one without a line can be said.
 */
gboolean
peal_gstwebrtc_put_candidate (PealDialect *dialect,
    const PealGstwebrtcLink *link, const PealMessage *candidate, GError **error)
{
  g_autoptr (PealGstwebrtcMessage) peer =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_PEER_ICE);

  if (!candidate->candidate || candidate->sdp_mline_index < 0)
    return TRUE;
  peer->session = g_strdup (link->session);
  peer->candidate = g_strdup (candidate->candidate);
  peer->mline = candidate->sdp_mline_index;
  return peal_gstwebrtc_put (dialect, PEAL_GSTWEBRTC_FROM_CLIENT, peer, error);
}
