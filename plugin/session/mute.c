/*
 * Muting. See mute.h. Called by the session, on the loop.
 */
#include "session/mute.h"

#include "session/local-tracks.h"
#include "wire/app-body.h"

/**
 * peal_mute_set:
 * @tracks: (element-type PealTrack): what is stopped or resumed
 *
 * Returns: whether that is different from before
 */
gboolean
peal_mute_set (
    PealMute *self, GPtrArray *tracks, gboolean is_audio, gboolean is_video)
{
  gboolean is_new = self->is_audio != is_audio || self->is_video != is_video;

  *self = (PealMute){ is_audio, is_video };
  peal_local_tracks_set_muted (tracks, is_audio, is_video);

  return is_new;
}

/**
 * peal_mute_tell:
 * @peer_id: (nullable): one peer, or NULL for everyone
 *
 * Returns: (transfer full): what they are told
 */
PealMessage *
peal_mute_tell (const PealMute *self, const gchar *peer_id)
{
  g_autoptr (JsonNode) body =
      peal_app_body_new_mute (self->is_audio, self->is_video);

  return peal_message_new_text (peer_id, body);
}
