/*
 * The m-lines of one connection. See peer-media.h.
 *
 * As offerer: plan_offer -> (offer, answer) -> take_answer -> send.
 * As answerer: plan_answer -> (answer) -> send. Then set_open when connected.
 *
 * The order of m-lines is all video, then all audio: webrtcbin attributes an
 * unknown SSRC to the first one (webrtcbin.md 2.4).
 */
#include "session/peer-media.h"

#include "base/error.h"
#include "base/pipeline-utils.h"
#include "session/format-choice.h"
#include "session/send-path.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_peer_media_debug);
#define GST_CAT_DEFAULT peal_session_peer_media_debug

#define TWCC_FIELD "extmap-1"
#define TWCC_URI            \
  "http://www.ietf.org/id/" \
  "draft-holmer-rmcat-transport-wide-cc-extensions-01"

typedef struct {
  PealMediaKind kind;
  guint ordinal; /* among the m-lines of its kind */
  guint mline;
  PealTrack *track;       /* what we send on it, or NULL */
  const PealCodec *codec; /* agreed for sending, or NULL */
  PealBranchParams params;
  GstPad *pad;             /* webrtcbin's, or NULL */
  PealTrackBranch *branch; /* or NULL; in the bin */
  gboolean is_linked;      /* the branch, to the pad */
} Line;

struct _PealPeerMedia {
  GstBin *bin;
  PealReaper *reaper;
  PealConnection *connection;
  GPtrArray *tracks;
  gchar *owner;
  GPtrArray *lines; /* of Line */
  gchar *note;      /* what the peer does not get of us, and why; or NULL */
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_clear_object (&line->track);
  g_clear_object (&line->pad);
  g_clear_object (&line->branch);
  g_free (line);
}

static Line *
add_line (
    PealPeerMedia *self, PealMediaKind kind, guint ordinal, PealTrack *track)
{
  Line *line = g_new0 (Line, 1);

  line->kind = kind;
  line->ordinal = ordinal;
  line->mline = self->lines->len;
  line->track = track ? g_object_ref (track) : NULL;
  while (line->params.ssrc == 0)
    line->params.ssrc = g_random_int ();
  g_ptr_array_add (self->lines, line);

  return line;
}

/* ---- tracks and codecs ---- */

static PealTrack *
nth_track (PealPeerMedia *self, PealMediaKind kind, guint n)
{
  for (guint i = 0; i < self->tracks->len; i++) {
    PealTrack *track = g_ptr_array_index (self->tracks, i);

    if (peal_track_get_kind (track) == kind && n-- == 0)
      return track;
  }

  return NULL;
}

static guint
count_tracks (PealPeerMedia *self, PealMediaKind kind)
{
  guint count = 0;

  while (nth_track (self, kind, count))
    count++;

  return count;
}

static void
append_new (GPtrArray *codecs, const PealCodec *codec)
{
  if (!g_ptr_array_find (codecs, codec, NULL))
    g_ptr_array_add (codecs, (gpointer)codec);
}

static void
append_decodable (GPtrArray *codecs, PealMediaKind kind)
{
  g_autoptr (GPtrArray) all = peal_codec_list (kind, NULL);

  for (guint i = 0; i < all->len; i++)
    if (peal_codec_can_decode (g_ptr_array_index (all, i)))
      append_new (codecs, g_ptr_array_index (all, i));
}

/* What an m-line of ours lists: what we can send, best first, and what we can
 * only receive: a peer that has none of the former is seen all the same, and
 * need not reject the m-line. Firefox, which may have no H.264, drops the
 * whole bundle with a first m-line that it rejects. */
static GPtrArray *
list_codecs (PealMediaKind kind, PealTrack *track, GError **error)
{
  g_autoptr (GPtrArray) codecs = g_ptr_array_new ();

  if (track) {
    g_autoptr (GPtrArray) sendable = peal_track_list_codecs (track, error);

    if (!sendable)
      return NULL;
    for (guint i = 0; i < sendable->len; i++)
      append_new (codecs, g_ptr_array_index (sendable, i));
  }
  append_decodable (codecs, kind);
  if (codecs->len == 0) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "no %s codec works on this machine; install gstreamer1.0-plugins-good, "
        "-bad and gstreamer1.0-libav",
        peal_media_kind_to_string (kind));
    return NULL;
  }

  return g_steal_pointer (&codecs);
}

static GstCaps *
make_preferences (GPtrArray *codecs, guint ssrc)
{
  GstCaps *caps = gst_caps_new_empty ();

  for (guint i = 0; i < codecs->len; i++) {
    const PealCodec *codec = g_ptr_array_index (codecs, i);
    /* One a=ssrc per m-line: the first format carries it. */
    GstCaps *format =
        peal_codec_dup_rtp_caps (codec, codec->payload_type, i == 0 ? ssrc : 0);

    gst_caps_set_simple (format, TWCC_FIELD, G_TYPE_STRING, TWCC_URI, NULL);
    gst_caps_append (caps, format);
  }

  return caps;
}

/* ---- planning ---- */

static gboolean
attach_line (
    PealPeerMedia *self, Line *line, GstCaps *preferences, GError **error)
{
  if (!line->track) {
    peal_connection_add_receiving (self->connection, preferences,
        self->tracks->len == 0 && line->kind == PEAL_MEDIA_AUDIO &&
            line->ordinal == 0);
    return TRUE;
  }

  line->pad =
      peal_connection_add_sending (self->connection, line->mline, preferences);
  if (line->pad)
    return TRUE;

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
      "webrtcbin gives no pad; is gstreamer1.0-nice installed?");
  return FALSE;
}

static gboolean
plan_kind (
    PealPeerMedia *self, PealMediaKind kind, guint min_lines, GError **error)
{
  guint count = MAX (count_tracks (self, kind), MAX (min_lines, 1));

  for (guint i = 0; i < count; i++) {
    Line *line = add_line (self, kind, i, nth_track (self, kind, i));
    g_autoptr (GPtrArray) codecs = list_codecs (kind, line->track, error);
    g_autoptr (GstCaps) preferences = NULL;

    if (!codecs)
      return FALSE;
    preferences = make_preferences (codecs, line->params.ssrc);
    if (!attach_line (self, line, preferences, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * peal_peer_media_plan_offer:
 * @min_video: m-lines to offer at least, also without tracks of ours
 * @min_audio: likewise; at least one of each kind is always offered
 *
 * Adds our m-lines to the connection.
 */
gboolean
peal_peer_media_plan_offer (
    PealPeerMedia *self, guint min_video, guint min_audio, GError **error)
{
  return plan_kind (self, PEAL_MEDIA_VIDEO, min_video, error) &&
      plan_kind (self, PEAL_MEDIA_AUDIO, min_audio, error);
}

/* The peer has none of the codecs in which we can send a track. */
static void
note_unsent (PealPeerMedia *self, PealTrack *track)
{
  const gchar *kind = peal_media_kind_to_string (peal_track_get_kind (track));
  g_autoptr (GPtrArray) codecs = peal_track_list_codecs (track, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autofree gchar *list = NULL;

  for (guint i = 0; codecs && i < codecs->len; i++)
    g_strv_builder_add (
        builder, ((const PealCodec *)g_ptr_array_index (codecs, i))->name);
  names = g_strv_builder_end (builder);
  list = g_strjoinv (", ", names);
  g_free (self->note);
  self->note =
      g_strdup_printf (peal_track_get_input (track) == PEAL_TRACK_INPUT_ENCODED
              ? "it gets no %1$s, because it cannot decode %2$s; raw %1$s "
                "linked to "
                "the element would be encoded as it needs it"
              : "it gets no %1$s, because it can decode none of %2$s",
          kind, list);
}

/* The format to send @track in; none: the peer hears of it. */
static const PealSdpFormat *
choose_sendable (
    PealPeerMedia *self, const PealSdpMedia *media, PealTrack *track)
{
  g_autoptr (GPtrArray) codecs = peal_track_list_codecs (track, NULL);
  const PealSdpFormat *format = peal_format_choose_to_send (media, codecs);

  if (!format)
    note_unsent (self, track);

  return format;
}

/* The answer names one format (webrtcbin.md 2.4): one to send our track in, or
 * else one to receive. An m-line with nothing in common keeps the peer's first
 * one, so that the others can work. */
static GstCaps *
make_answer_preferences (
    PealPeerMedia *self, const PealSdpMedia *media, Line *line)
{
  const PealSdpFormat *format =
      line->track ? choose_sendable (self, media, line->track) : NULL;

  if (format) {
    line->codec = format->codec;
  } else {
    g_autoptr (GPtrArray) codecs = list_codecs (line->kind, NULL, NULL);

    g_clear_object (&line->track);
    format = peal_format_choose_to_receive (media, codecs);
    if (!format && media->formats->len == 0)
      return NULL;
    if (!format)
      format = &g_array_index (media->formats, PealSdpFormat, 0);
  }
  line->params.payload_type = format->payload_type;

  return gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING,
      peal_media_kind_to_string (line->kind), "encoding-name", G_TYPE_STRING,
      format->codec->encoding_name, "payload", G_TYPE_INT,
      (gint)format->payload_type, "clock-rate", G_TYPE_INT,
      (gint)format->codec->clock_rate, NULL);
}

/* Lines up answer and offer: transport-cc only with the offer's own id. */
static void
copy_extension (const PealSdpMedia *media, GstCaps *preferences)
{
  const PealSdpFormat *format =
      &g_array_index (media->formats, PealSdpFormat, 0);
  const GstStructure *fields = gst_caps_get_structure (format->caps, 0);

  for (gint i = 0; i < gst_structure_n_fields (fields); i++) {
    const gchar *name = gst_structure_nth_field_name (fields, (guint)i);

    if (g_str_has_prefix (name, "extmap-") &&
        g_strcmp0 (gst_structure_get_string (fields, name), TWCC_URI) == 0)
      gst_caps_set_simple (preferences, name, G_TYPE_STRING, TWCC_URI, NULL);
  }
}

static gboolean
plan_line (
    PealPeerMedia *self, const PealSdpMedia *media, Line *line, GError **error)
{
  g_autoptr (GstCaps) preferences = NULL;

  if (!(media->direction & PEAL_SDP_RECEIVE))
    g_clear_object (&line->track);
  preferences = make_answer_preferences (self, media, line);
  if (!preferences) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "the peer's %s has no codec in common with ours",
        peal_media_kind_to_string (line->kind));
    return FALSE;
  }
  copy_extension (media, preferences);
  if (line->track)
    gst_caps_set_simple (
        preferences, "ssrc", G_TYPE_UINT, line->params.ssrc, NULL);

  return attach_line (self, line, preferences, error);
}

/**
 * peal_peer_media_plan_answer:
 * @offer: the peer's
 *
 * Adds m-lines that answer those of @offer, and settles the codecs.
 */
gboolean
peal_peer_media_plan_answer (
    PealPeerMedia *self, const PealSdp *offer, GError **error)
{
  guint counts[2] = { 0, 0 };

  for (guint i = 0; i < offer->media->len; i++) {
    const PealSdpMedia *media = peal_sdp_get_media (offer, i);
    guint ordinal;
    Line *line;

    if (media->is_application || media->is_rejected) {
      add_line (self, media->kind, G_MAXUINT, NULL);
      continue;
    }
    ordinal = counts[media->kind]++;
    line = add_line (
        self, media->kind, ordinal, nth_track (self, media->kind, ordinal));
    if (!plan_line (self, media, line, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * peal_peer_media_take_answer:
 * @answer: the peer's answer to our offer, checked
 *
 * Settles the codecs from what it accepted.
 */
void
peal_peer_media_take_answer (PealPeerMedia *self, const PealSdp *answer)
{
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);
    const PealSdpMedia *media = peal_sdp_get_media (answer, i);
    const PealSdpFormat *format;

    if (!line->track || !media || media->is_rejected ||
        !(media->direction & PEAL_SDP_RECEIVE))
      continue;
    format = choose_sendable (self, media, line->track);
    if (format) {
      line->codec = format->codec;
      line->params.payload_type = format->payload_type;
    }
  }
}

/**
 * peal_peer_media_get_note:
 *
 * Returns: (nullable): what of ours the peer does not get, and why, in words
 *   for users, as soon as there are both descriptions
 */
const gchar *
peal_peer_media_get_note (PealPeerMedia *self)
{
  return self->note;
}

/* ---- sending ---- */

static gboolean
make_branch (PealPeerMedia *self, Line *line, GError **error)
{
  line->branch =
      peal_track_add_branch (line->track, line->codec, &line->params, error);
  if (!line->branch)
    return FALSE;

  g_object_ref_sink (line->branch);
  peal_pipeline_tag (GST_ELEMENT (line->branch), self->owner);
  return gst_bin_add (self->bin, GST_ELEMENT (line->branch));
}

static gboolean
link_branch (Line *line)
{
  GstElement *element = GST_ELEMENT (line->branch);
  g_autoptr (GstPad) src = gst_element_get_static_pad (element, "src");

  line->is_linked = gst_pad_link (src, line->pad) == GST_PAD_LINK_OK &&
      gst_element_sync_state_with_parent (element);

  return line->is_linked;
}

static gboolean
send_line (PealPeerMedia *self, Line *line, GError **error)
{
  if (!line->branch && !make_branch (self, line, error))
    return FALSE;
  if (line->is_linked || link_branch (line))
    return TRUE;

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_BUG,
      "webrtcbin does not take our %s", line->codec->name);
  return FALSE;
}

/**
 * peal_peer_media_prepare:
 *
 * The codecs are settled: makes the branches, and has key frames made for them.
 * What fails fails again in peal_peer_media_send().
 */
void
peal_peer_media_prepare (PealPeerMedia *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);

    if (line->track && line->codec && !line->branch)
      make_branch (self, line, NULL);
  }
  peal_peer_media_expect_open (self);
}

/**
 * peal_peer_media_send:
 *
 * Links the branches, those that are not there made before; gates closed.
 */
gboolean
peal_peer_media_send (PealPeerMedia *self, GError **error)
{
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);

    if (line->track && line->codec && !send_line (self, line, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * peal_peer_media_expect_open:
 *
 * The gates will open in a moment, if all goes well; they stay closed.
 */
void
peal_peer_media_expect_open (PealPeerMedia *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);

    if (line->branch)
      peal_track_branch_expect_open (line->branch);
  }
}

/**
 * peal_peer_media_set_open:
 *
 * Opens or closes the gates: media may leave only to a peer that is connected
 * and verified.
 */
void
peal_peer_media_set_open (PealPeerMedia *self, gboolean is_open)
{
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);

    if (line->branch && is_open)
      peal_send_path_shorten (line->pad);
    if (line->branch)
      peal_track_branch_set_open (line->branch, is_open);
  }
}

/**
 * peal_peer_media_locate:
 * @mline: an m-line's index
 * @kind: (out): audio or video
 * @ordinal: (out): its place among the m-lines of that kind
 *
 * Returns: whether there is such an m-line
 */
gboolean
peal_peer_media_locate (
    PealPeerMedia *self, guint mline, PealMediaKind *kind, guint *ordinal)
{
  const Line *line;

  if (mline >= self->lines->len)
    return FALSE;

  line = g_ptr_array_index (self->lines, mline);
  *kind = line->kind;
  *ordinal = line->ordinal;

  return line->ordinal != G_MAXUINT;
}

PealPeerMedia *
peal_peer_media_new (GstBin *bin, PealReaper *reaper,
    PealConnection *connection, GPtrArray *tracks, const gchar *owner)
{
  PealPeerMedia *self = g_new0 (PealPeerMedia, 1);

  GST_DEBUG_CATEGORY_INIT (peal_session_peer_media_debug,
      "peal-session-peer-media", 0, "Peal: one peer's m-lines");
  self->bin = gst_object_ref (bin);
  self->reaper = reaper;
  self->connection = g_object_ref (connection);
  self->tracks = g_ptr_array_ref (tracks);
  self->owner = g_strdup (owner);
  self->lines = g_ptr_array_new_with_free_func (line_free);

  return self;
}

/**
 * peal_peer_media_free:
 *
 * Takes the branches off their tracks and hands them to the reaper, behind
 * the connection, which its owner has closed.
 */
void
peal_peer_media_free (PealPeerMedia *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);
    GstElement *element;

    if (!line->branch)
      continue;
    element = GST_ELEMENT (line->branch);
    peal_track_remove_branch (line->track, line->branch);
    peal_reaper_take (self->reaper, self->bin, &element, 1);
  }
  g_ptr_array_unref (self->lines);
  g_free (self->note);
  g_object_unref (self->connection);
  g_ptr_array_unref (self->tracks);
  gst_object_unref (self->bin);
  g_free (self->owner);
  g_free (self);
}
