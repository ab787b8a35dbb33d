/*
 * A media file as a live source that begins again at its end: decoded, paced
 * by the pipeline's clock, with a pad `video`, `audio` or both. At the end of
 * all its streams the file is played from the start, and the streams' offset
 * moves on, so that downstream sees one stream without end: neither the end
 * of the stream nor the seek's flush leaves the bin.
 *
 * Threads: made and looped on the main thread; the probe runs on streaming
 * threads and touches nothing but the atomic count.
 */
#include "app/file-source.h"

#include <gio/gio.h>
#include <gst/pbutils/pbutils.h>

#include "base/error.h"

/* Long enough for a slow disk or a network share. */
#define DISCOVER_TIMEOUT_S 10

typedef struct {
  GWeakRef bin;
  GstElement *decoder; /* owned by the bin, as the state is */
  gint open_streams;   /* atomic: streams that have not ended */
  gint stream_count;   /* atomic */
} Loop;

static void
free_loop (gpointer data, GClosure *closure)
{
  Loop *loop = data;

  g_weak_ref_clear (&loop->bin);
  g_free (loop);
}

static void
shift_pad (GstElement *bin, const gchar *name, GstClockTime offset)
{
  g_autoptr (GstElement) pacer = gst_bin_get_by_name (GST_BIN (bin), name);
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) peer = NULL;

  if (!pacer)
    return;
  sink = gst_element_get_static_pad (pacer, "sink");
  peer = gst_pad_get_peer (sink);
  if (peer)
    gst_pad_set_offset (peer, offset);
}

/* On the main thread: everything has ended, so play it again. */
static gboolean
begin_again (gpointer data)
{
  GstElement *bin = data;
  Loop *loop = g_object_get_data (G_OBJECT (bin), "peal-loop");
  GstClockTime now = gst_element_get_current_running_time (bin);

  if (!GST_CLOCK_TIME_IS_VALID (now) || GST_STATE (bin) < GST_STATE_PAUSED)
    return G_SOURCE_REMOVE;
  g_atomic_int_set (
      &loop->open_streams, g_atomic_int_get (&loop->stream_count));
  shift_pad (bin, "video-pacer", now);
  shift_pad (bin, "audio-pacer", now);
  gst_element_seek_simple (loop->decoder, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, 0);
  return G_SOURCE_REMOVE;
}

static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Loop *loop = data;

  switch (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))) {
    case GST_EVENT_FLUSH_START:
    case GST_EVENT_FLUSH_STOP:
      return GST_PAD_PROBE_DROP;
    case GST_EVENT_EOS: {
      g_autoptr (GstElement) bin = g_weak_ref_get (&loop->bin);

      if (bin && g_atomic_int_dec_and_test (&loop->open_streams))
        g_idle_add_full (G_PRIORITY_DEFAULT, begin_again, gst_object_ref (bin),
            gst_object_unref);
      return GST_PAD_PROBE_DROP;
    }
    default:
      return GST_PAD_PROBE_OK;
  }
}

static const gchar *
get_entry_name (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_query_caps (pad, NULL);
  const gchar *media = NULL;

  if (gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return NULL;
  media = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  if (g_str_has_prefix (media, "video/"))
    return "video-entry";
  return g_str_has_prefix (media, "audio/") ? "audio-entry" : NULL;
}

/* Streaming thread: the first stream of each medium is taken. */
static void
on_stream_found (GstElement *decoder, GstPad *pad, gpointer data)
{
  Loop *loop = data;
  g_autoptr (GstElement) bin = g_weak_ref_get (&loop->bin);
  const gchar *name = get_entry_name (pad);
  g_autoptr (GstElement) entry =
      bin && name ? gst_bin_get_by_name (GST_BIN (bin), name) : NULL;
  g_autoptr (GstPad) sink =
      entry ? gst_element_get_static_pad (entry, "sink") : NULL;

  if (!sink || gst_pad_is_linked (sink))
    return;
  gst_pad_link (pad, sink);
}

static void
guard_pacer (Loop *loop, GstElement *bin, const gchar *name)
{
  g_autoptr (GstElement) pacer = gst_bin_get_by_name (GST_BIN (bin), name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (pacer, "sink");

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      on_event, loop, NULL);
  loop->stream_count++;
  loop->open_streams++;
}

static void
expose (GstElement *bin, const gchar *pacer_name, const gchar *pad_name)
{
  g_autoptr (GstElement) pacer =
      gst_bin_get_by_name (GST_BIN (bin), pacer_name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (pacer, "src");

  gst_element_add_pad (bin, gst_ghost_pad_new (pad_name, pad));
}

static GstElement *
make_bin (gboolean has_video, gboolean has_audio, GError **error)
{
  g_autofree gchar *line = g_strdup_printf (
      "uridecodebin name=decoder caps=\"video/x-raw;audio/x-raw\" %s %s",
      has_video ? "videoconvert name=video-entry ! queue max-size-buffers=4 ! "
                  "clocksync name=video-pacer"
                : "",
      has_audio ? "audioconvert name=audio-entry ! audioresample ! queue ! "
                  "clocksync name=audio-pacer"
                : "");

  return gst_parse_bin_from_description_full (
      line, FALSE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
}

static void
watch (GstElement *bin, gboolean has_video, gboolean has_audio)
{
  Loop *loop = g_new0 (Loop, 1);
  g_autoptr (GstElement) decoder =
      gst_bin_get_by_name (GST_BIN (bin), "decoder");

  g_weak_ref_init (&loop->bin, bin);
  loop->decoder = decoder;
  g_object_set_data (G_OBJECT (bin), "peal-loop", loop);
  g_signal_connect_data (
      decoder, "pad-added", G_CALLBACK (on_stream_found), loop, free_loop, 0);
  if (has_video)
    guard_pacer (loop, bin, "video-pacer");
  if (has_audio)
    guard_pacer (loop, bin, "audio-pacer");
}

/* An info may come together with an error; then it is of no use. */
static GstDiscovererInfo *
discover (const gchar *path, gchar **uri, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) fault = NULL;
  g_autoptr (GstDiscoverer) discoverer =
      gst_discoverer_new (DISCOVER_TIMEOUT_S * GST_SECOND, &fault);
  g_autofree gchar *found = g_file_get_uri (file);
  g_autoptr (GstDiscovererInfo) info = discoverer
      ? gst_discoverer_discover_uri (discoverer, found, &fault)
      : NULL;

  if (fault) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return NULL;
  }
  if (uri)
    *uri = g_steal_pointer (&found);
  return g_steal_pointer (&info);
}

static gboolean
has_streams (GList *streams)
{
  gboolean is_any = streams != NULL;

  gst_discoverer_stream_info_list_free (streams);
  return is_any;
}

/**
 * peal_file_has_audio:
 * @path: a file
 *
 * Returns: whether the file is media with sound
 */
gboolean
peal_file_has_audio (const gchar *path)
{
  g_autoptr (GstDiscovererInfo) info = discover (path, NULL, NULL);

  return info && has_streams (gst_discoverer_info_get_audio_streams (info));
}

static gboolean
check (GstDiscovererInfo *info, const gchar *path, gboolean wants_video,
    gboolean wants_audio, GError **error)
{
  gboolean has_video =
      has_streams (gst_discoverer_info_get_video_streams (info));
  gboolean has_audio =
      has_streams (gst_discoverer_info_get_audio_streams (info));

  if ((!wants_video || has_video) && (!wants_audio || has_audio))
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE, "%s has no %s", path,
      wants_video && !has_video ? "pictures" : "sound");
  return FALSE;
}

/**
 * peal_file_source_new:
 * @path: a file
 * @wants_video: whether the bin has a pad `video`
 * @wants_audio: whether the bin has a pad `audio`
 * @error: why it cannot be played
 *
 * Returns: (transfer floating) (nullable): the bin
 */
GstElement *
peal_file_source_new (const gchar *path, gboolean wants_video,
    gboolean wants_audio, GError **error)
{
  g_autofree gchar *uri = NULL;
  g_autoptr (GstDiscovererInfo) info = discover (path, &uri, error);
  g_autoptr (GstElement) decoder = NULL;
  GstElement *bin = NULL;

  if (!info) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  if (!check (info, path, wants_video, wants_audio, error))
    return NULL;
  bin = make_bin (wants_video, wants_audio, error);
  if (!bin)
    return NULL;
  decoder = gst_bin_get_by_name (GST_BIN (bin), "decoder");
  g_object_set (decoder, "uri", uri, NULL);
  if (wants_video)
    expose (bin, "video-pacer", "video");
  if (wants_audio)
    expose (bin, "audio-pacer", "audio");
  watch (bin, wants_video, wants_audio);
  return bin;
}
