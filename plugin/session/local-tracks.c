/*
 * Our tracks as a session sees them. See local-tracks.h. No state of its own:
 * what was last offered is kept beside each track.
 */
#include "session/local-tracks.h"

#include "base/post.h"

#define CODECS_KEY "peal-codecs"

static gchar *
describe_codecs (PealTrack *track)
{
  g_autoptr (GPtrArray) codecs = peal_track_list_codecs (track, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; codecs && i < codecs->len; i++) {
    const PealCodec *codec = g_ptr_array_index (codecs, i);

    g_string_append_printf (text, "%s ", codec->name);
  }

  return g_string_free (text, FALSE);
}

static gboolean
has_changed (PealTrack *track)
{
  g_autofree gchar *now = describe_codecs (track);
  const gchar *before = g_object_get_data (G_OBJECT (track), CODECS_KEY);
  gboolean is_same = g_strcmp0 (before, now) == 0;

  g_object_set_data_full (
      G_OBJECT (track), CODECS_KEY, g_steal_pointer (&now), g_free);

  return !is_same;
}

static gint
compare_tracks (gconstpointer a, gconstpointer b)
{
  PealTrack *left = *(PealTrack **)a;
  PealTrack *right = *(PealTrack **)b;

  return g_strcmp0 (GST_OBJECT_NAME (left), GST_OBJECT_NAME (right));
}

/**
 * peal_local_tracks_add:
 * @tracks: (element-type PealTrack): kept in the order of the tracks' names
 */
void
peal_local_tracks_add (GPtrArray *tracks, PealTrack *track)
{
  g_ptr_array_add (tracks, g_object_ref (track));
  g_ptr_array_sort (tracks, compare_tracks);
}

/**
 * peal_local_tracks_are_known:
 *
 * Returns: whether every track has seen its input's caps
 */
gboolean
peal_local_tracks_are_known (GPtrArray *tracks)
{
  for (guint i = 0; i < tracks->len; i++)
    if (peal_track_get_input (g_ptr_array_index (tracks, i)) ==
        PEAL_TRACK_INPUT_UNKNOWN)
      return FALSE;

  return TRUE;
}

/**
 * peal_local_tracks_review:
 *
 * Returns: whether what we can send has changed since the last review
 */
gboolean
peal_local_tracks_review (GPtrArray *tracks)
{
  gboolean is_changed = FALSE;

  for (guint i = 0; i < tracks->len; i++)
    is_changed |= has_changed (g_ptr_array_index (tracks, i));

  return is_changed;
}

static void
prepare (gpointer track, gpointer data)
{
  peal_track_prepare (track);
}

/**
 * peal_local_tracks_prepare:
 *
 * Has what a newcomer's first picture needs made ready, once the loop has
 * nothing else to do.
 */
void
peal_local_tracks_prepare (GPtrArray *tracks)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  for (guint i = 0; i < tracks->len; i++)
    peal_post_last (context, g_ptr_array_index (tracks, i), prepare);
}

/**
 * peal_local_tracks_set_muted:
 *
 * Stops or resumes every track of a kind.
 */
void
peal_local_tracks_set_muted (
    GPtrArray *tracks, gboolean is_audio_muted, gboolean is_video_muted)
{
  for (guint i = 0; i < tracks->len; i++) {
    PealTrack *track = g_ptr_array_index (tracks, i);

    peal_track_set_muted (track,
        peal_track_get_kind (track) == PEAL_MEDIA_AUDIO ? is_audio_muted
                                                        : is_video_muted);
  }
}

/**
 * peal_local_tracks_fit:
 * @lines: m-lines by #PealMediaKind
 *
 * Returns: whether each of @tracks has an m-line to go out on
 */
gboolean
peal_local_tracks_fit (GPtrArray *tracks, const guint lines[2])
{
  guint counts[2] = { 0, 0 };

  for (guint i = 0; i < tracks->len; i++)
    counts[peal_track_get_kind (g_ptr_array_index (tracks, i))]++;

  return counts[0] <= lines[0] && counts[1] <= lines[1];
}
