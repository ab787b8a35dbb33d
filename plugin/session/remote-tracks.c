/*
 * One peer's remote tracks. See remote-tracks.h. Called by the peer; calls
 * media's remote-track.
 */
#include "session/remote-tracks.h"

#include "base/error.h"
#include "base/pipeline-utils.h"

typedef struct {
  PealMediaKind kind;
  guint ordinal;
  PealRemoteTrack *track;
} Entry;

struct _PealRemoteTracks {
  const PealSessionSettings *settings;
  gchar *owner;
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->track);
  g_free (entry);
}

PealRemoteTracks *
peal_remote_tracks_new (const PealSessionSettings *settings, const gchar *owner)
{
  PealRemoteTracks *self = g_new0 (PealRemoteTracks, 1);

  self->settings = settings;
  self->owner = g_strdup (owner);
  self->entries = g_ptr_array_new_with_free_func (entry_free);

  return self;
}

/**
 * peal_remote_tracks_free:
 *
 * Hands the tracks to the reaper; whoever linked them has unlinked by now.
 */
void
peal_remote_tracks_free (PealRemoteTracks *self)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);
    GstElement *element = GST_ELEMENT (entry->track);

    peal_remote_track_detach (entry->track);
    peal_reaper_take (self->settings->reaper, self->settings->bin, &element, 1);
  }
  g_ptr_array_unref (self->entries);
  g_free (self->owner);
  g_free (self);
}

static PealRemoteTrack *
find (PealRemoteTracks *self, PealMediaKind kind, guint ordinal)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    if (entry->kind == kind && entry->ordinal == ordinal)
      return entry->track;
  }

  return NULL;
}

static PealRemoteTrack *
add (PealRemoteTracks *self, PealMediaKind kind, guint ordinal)
{
  Entry *entry = g_new0 (Entry, 1);
  PealDelays delays = {
    .floor = self->settings->min_latency_ms * GST_MSECOND,
    .ceiling = self->settings->latency_ms * GST_MSECOND,
  };
  GstElement *element = peal_remote_track_new (kind, &delays, NULL);

  entry->kind = kind;
  entry->ordinal = ordinal;
  entry->track = PEAL_REMOTE_TRACK (gst_object_ref_sink (element));
  peal_pipeline_tag (element, self->owner);
  gst_bin_add (self->settings->bin, element);
  gst_element_sync_state_with_parent (element);
  g_ptr_array_add (self->entries, entry);

  return entry->track;
}

/**
 * peal_remote_tracks_attach:
 * @pad: webrtcbin's, with caps and a first buffer waiting
 * @is_new: (out): whether the track was made just now
 *
 * Returns: (transfer none) (nullable): the track that @pad now feeds
 */
PealRemoteTrack *
peal_remote_tracks_attach (PealRemoteTracks *self, PealMediaKind kind,
    guint ordinal, GstPad *pad, gboolean *is_new, GError **error)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const PealCodec *codec = caps ? peal_codec_find_for_rtp_caps (caps) : NULL;
  PealRemoteTrack *track = find (self, kind, ordinal);

  *is_new = track == NULL;
  if (!codec || codec->kind != kind) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_PEER,
        "the peer sends %s in a format we did not agree on",
        peal_media_kind_to_string (kind));
    return NULL;
  }
  if (!track)
    track = add (self, kind, ordinal);
  if (!peal_remote_track_attach (track, pad, codec, error))
    return NULL;

  return track;
}

/**
 * peal_remote_tracks_detach:
 *
 * The connection is going; the tracks and what is linked to them stay.
 */
void
peal_remote_tracks_detach (PealRemoteTracks *self)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    peal_remote_track_detach (entry->track);
  }
}

/**
 * peal_remote_tracks_list:
 *
 * Returns: (transfer container) (element-type PealRemoteTrack): all of them
 */
GPtrArray *
peal_remote_tracks_list (PealRemoteTracks *self)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    g_ptr_array_add (list, entry->track);
  }

  return list;
}
