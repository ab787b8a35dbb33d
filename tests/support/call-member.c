/*
 * The members of a call-rig. See call-rig.h.
 *
 * Lock: `lock` guards `remotes`, which pealbin's loop fills as pads come.
 */
#include <gst/app/gstappsink.h>
#include <string.h>

#include "call-rig.h"
#include "member-log.h"
#include "wait.h"

#define CAMERA                                                            \
  "videotestsrc name=camera is-live=true pattern=ball "                   \
  "background-color=0xff%06x foreground-color=0xffffffff ! " PICTURE_CAPS \
  " ! identity"
#define MICROPHONE                                                       \
  "audiotestsrc is-live=true samplesperbuffer=480 volume=0.2 freq=%u ! " \
  "audio/x-raw,rate=48000,channels=1 ! identity"
#define MIXES                                                      \
  "call.mix_video ! " PICTURE_CAPS " ! " EYE_CAPS " ! " SENSE_SINK \
  " name=eye "                                                     \
  "call.mix_audio ! " EAR_CAPS " ! " SENSE_SINK " name=ear "

typedef struct {
  gchar *pad_name;
  GstElement *bin;
  Eye *eye;
  Ear *ear;
} Remote;

struct _Member {
  gchar *name;
  GstElement *pipeline;
  GstElement *call;
  MemberLog *log;
  Eye *eye; /* on mix_video, or NULL */
  Ear *ear; /* on mix_audio, or NULL */
  GPtrArray *flows;
  gboolean may_fail;
  GMutex lock;
  GPtrArray *remotes; /* of Remote */
};

/* ---- remote pads --------------------------------------------------------- */

static void
free_remote (gpointer data)
{
  Remote *remote = data;

  g_clear_pointer (&remote->eye, eye_free);
  g_clear_pointer (&remote->ear, ear_free);
  gst_object_unref (remote->bin);
  g_free (remote->pad_name);
  g_free (remote);
}

static void
on_pad_added (GstElement *call, GstPad *pad, gpointer data)
{
  Member *self = data;
  Remote *remote;
  gboolean is_video = strstr (GST_OBJECT_NAME (pad), "video") != NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) peer = NULL;

  if (!g_str_has_prefix (GST_OBJECT_NAME (pad), "remote_"))
    return;

  remote = g_new0 (Remote, 1);
  remote->pad_name = gst_object_get_name (GST_OBJECT (pad));
  remote->bin = gst_object_ref_sink (gst_parse_bin_from_description (is_video
          ? "queue ! " EYE_CAPS " ! " SENSE_SINK " name=sense"
          : "queue ! " EAR_CAPS " ! " SENSE_SINK " name=sense",
      TRUE, NULL));
  sink = gst_bin_get_by_name (GST_BIN (remote->bin), "sense");
  if (is_video)
    remote->eye = eye_new (sink);
  else
    remote->ear = ear_new (sink);
  gst_bin_add (GST_BIN (self->pipeline), remote->bin);
  gst_element_sync_state_with_parent (remote->bin);
  peer = gst_element_get_static_pad (remote->bin, "sink");
  g_assert_cmpint (gst_pad_link (pad, peer), ==, GST_PAD_LINK_OK);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->remotes, remote);
  g_mutex_unlock (&self->lock);
}

static void
end_remote (GstElement *pipeline, gpointer data)
{
  Remote *remote = data;

  gst_element_set_locked_state (remote->bin, TRUE);
  gst_element_set_state (remote->bin, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (pipeline), remote->bin);
}

static void
on_pad_removed (GstElement *call, GstPad *pad, gpointer data)
{
  Member *self = data;
  Remote *remote = NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; !remote && i < self->remotes->len; i++) {
    Remote *candidate = g_ptr_array_index (self->remotes, i);

    if (g_str_equal (candidate->pad_name, GST_OBJECT_NAME (pad)))
      remote = g_ptr_array_steal_index (self->remotes, i);
  }
  g_mutex_unlock (&self->lock);
  if (remote)
    gst_element_call_async (self->pipeline, end_remote, remote, free_remote);
}

/* ---- making -------------------------------------------------------------- */

/**
 * member_describe:
 *
 * Returns: (transfer full): its pipeline, as gst-launch-1.0 takes it
 */
gchar *
member_describe (Room *room, const MemberOptions *options)
{
  g_autofree gchar *uri = room ? room_dup_uri (room) : NULL;
  GString *text = g_string_new ("pealbin name=call ");

  if (options->uri || uri)
    g_string_append_printf (text, "uri=%s ", options->uri ? options->uri : uri);
  if (options->name)
    g_string_append_printf (text, "peer-name=%s ", options->name);
  if (options->properties)
    g_string_append_printf (text, "%s ", options->properties);
  if (options->video)
    g_string_append_printf (text, "%s ! call.video_0 ", options->video);
  else if (options->rgb != NO_CAMERA)
    g_string_append_printf (text, CAMERA " ! call.video_0 ", options->rgb);
  if (options->audio)
    g_string_append_printf (text, "%s ! call.audio_0 ", options->audio);
  else if (options->hz != NO_MICROPHONE)
    g_string_append_printf (text, MICROPHONE " ! call.audio_0 ", options->hz);
  if (!options->has_no_mix)
    g_string_append (text, MIXES);
  if (options->tail)
    g_string_append (text, options->tail);

  return g_string_free (text, FALSE);
}

static void
add_senses (Member *self)
{
  g_autoptr (GstElement) eye =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "eye");
  g_autoptr (GstElement) ear =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "ear");

  self->eye = eye ? eye_new (eye) : NULL;
  self->ear = ear ? ear_new (ear) : NULL;
}

/**
 * member_new:
 * @room: (nullable): where to; NULL when @options say
 *
 * Returns: a member whose pipeline does not play yet
 */
Member *
member_new (Room *room, const MemberOptions *options)
{
  g_autofree gchar *description = member_describe (room, options);
  g_autoptr (GError) error = NULL;
  Member *self = g_new0 (Member, 1);

  self->name = g_strdup (options->name);
  self->may_fail = options->may_fail;
  self->pipeline = gst_parse_launch_full (
      description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  g_assert_no_error (error);
  /* a description of one element gives no pipeline */
  if (!GST_IS_PIPELINE (self->pipeline)) {
    GstElement *alone = self->pipeline;

    self->pipeline = gst_pipeline_new (NULL);
    gst_bin_add (GST_BIN (self->pipeline), alone);
  }
  gst_object_ref_sink (self->pipeline);
  gst_object_set_name (GST_OBJECT (self->pipeline), options->name);
  self->call = gst_bin_get_by_name (GST_BIN (self->pipeline), "call");
  self->log = member_log_new (self->pipeline, self->call);
  self->flows = g_ptr_array_new_with_free_func ((GDestroyNotify)flow_free);
  g_mutex_init (&self->lock);
  self->remotes = g_ptr_array_new_with_free_func (free_remote);
  add_senses (self);
  if (options->watches_remotes) {
    g_signal_connect (self->call, "pad-added", G_CALLBACK (on_pad_added), self);
    g_signal_connect (
        self->call, "pad-removed", G_CALLBACK (on_pad_removed), self);
  }

  return self;
}

void
member_play (Member *self)
{
  GstStateChangeReturn result =
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING);

  if (!self->may_fail)
    g_assert_cmpint (result, !=, GST_STATE_CHANGE_FAILURE);
}

/**
 * member_stop:
 *
 * Leaves the room; member_play() comes back.
 */
void
member_stop (Member *self)
{
  g_assert_cmpint (gst_element_set_state (self->pipeline, GST_STATE_NULL), ==,
      GST_STATE_CHANGE_SUCCESS);
}

Member *
member_join_with (Room *room, const MemberOptions *options)
{
  Member *self = member_new (room, options);

  member_play (self);

  return self;
}

/**
 * member_join:
 * @rgb: of its camera, or NO_CAMERA
 * @hz: of its microphone, or NO_MICROPHONE
 */
Member *
member_join (Room *room, const gchar *name, guint rgb, guint hz)
{
  MemberOptions options = { .name = name, .rgb = rgb, .hz = hz };

  return member_join_with (room, &options);
}

/**
 * member_leave:
 *
 * Ends its pipeline, which must have had no error, and frees it.
 */
void
member_leave (Member *self)
{
  member_stop (self);
  if (!self->may_fail)
    g_assert_cmpuint (count_errors (self), ==, 0);
  g_ptr_array_unref (self->flows);
  g_signal_handlers_disconnect_by_data (self->call, self);
  member_log_free (self->log);
  g_ptr_array_unref (self->remotes);
  g_clear_pointer (&self->eye, eye_free);
  g_clear_pointer (&self->ear, ear_free);
  gst_object_unref (self->call);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self);
}

/* ---- its parts ----------------------------------------------------------- */

GstElement *
member_get_call (Member *self)
{
  return self->call;
}

GstElement *
member_get_pipeline (Member *self)
{
  return self->pipeline;
}

/**
 * member_get:
 *
 * Returns: (transfer full): an element of its pipeline by name
 */
GstElement *
member_get (Member *self, const gchar *element_name)
{
  GstElement *element =
      gst_bin_get_by_name (GST_BIN (self->pipeline), element_name);

  g_assert_nonnull (element);

  return element;
}

/**
 * member_add:
 *
 * Adds a bin to the pipeline that plays, its open ends as pads.
 *
 * Returns: (transfer none): the bin
 */
GstElement *
member_add (Member *self, const gchar *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_bin_from_description_full (
      description, TRUE, NULL, GST_PARSE_FLAG_NONE, &error);

  g_assert_no_error (error);
  gst_bin_add (GST_BIN (self->pipeline), bin);

  return bin;
}

/**
 * member_watch:
 * @pad_name: one of pealbin's pads
 *
 * Returns: (transfer none): its flow from now on
 */
Flow *
member_watch (Member *self, const gchar *pad_name)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->call, pad_name);
  Flow *flow;

  g_assert_nonnull (pad);
  flow = flow_new (pad);
  g_ptr_array_add (self->flows, flow);

  return flow;
}

typedef struct {
  const gchar *kind;
  const gchar *peer_name;
  const gchar *found;
} PadSearch;

static gboolean
match_pad (GstElement *call, GstPad *pad, gpointer data)
{
  PadSearch *search = data;
  g_autofree gchar *peer_name = NULL;

  if (!g_str_has_prefix (GST_OBJECT_NAME (pad), "remote_") ||
      !strstr (GST_OBJECT_NAME (pad), search->kind))
    return TRUE;

  g_object_get (pad, "peer-name", &peer_name, NULL);
  if (g_strcmp0 (peer_name, search->peer_name) == 0)
    search->found = g_intern_string (GST_OBJECT_NAME (pad));

  return TRUE;
}

/**
 * pad_of:
 * @kind: "video" or "audio"
 *
 * Returns: (nullable): the name of the remote pad of that peer, for ever
 */
const gchar *
pad_of (Member *self, const gchar *kind, const gchar *peer_name)
{
  PadSearch search = { kind, peer_name, NULL };

  gst_element_foreach_src_pad (self->call, match_pad, &search);

  return search.found;
}

/* ---- what it sees and hears ---------------------------------------------- */

gboolean
sees (Member *self, guint rgb)
{
  return eye_sees (self->eye, rgb) && eye_is_moving (self->eye);
}

gboolean
hears (Member *self, gdouble hz)
{
  return ear_hears (self->ear, hz);
}

gboolean
hears_silence (Member *self)
{
  return ear_hears_silence (self->ear);
}

/**
 * is_black:
 *
 * Returns: whether its mix shows nobody
 */
gboolean
is_black (Member *self)
{
  return eye_sees (self->eye, MEDIA_BLACK) && !eye_is_moving (self->eye);
}

static Remote *
find_remote (Member *self, const gchar *pad_name)
{
  for (guint i = 0; i < self->remotes->len; i++) {
    Remote *remote = g_ptr_array_index (self->remotes, i);

    if (g_str_equal (remote->pad_name, pad_name))
      return remote;
  }

  return NULL;
}

gboolean
sees_on (Member *self, const gchar *pad_name, guint rgb)
{
  Remote *remote;
  gboolean is_seen;

  g_mutex_lock (&self->lock);
  remote = find_remote (self, pad_name);
  is_seen =
      remote && eye_sees (remote->eye, rgb) && eye_is_moving (remote->eye);
  g_mutex_unlock (&self->lock);

  return is_seen;
}

gboolean
hears_on (Member *self, const gchar *pad_name, gdouble hz)
{
  Remote *remote;
  gboolean is_heard;

  g_mutex_lock (&self->lock);
  remote = find_remote (self, pad_name);
  is_heard = remote && ear_hears (remote->ear, hz);
  g_mutex_unlock (&self->lock);

  return is_heard;
}

gboolean
is_size_on (Member *self, const gchar *pad_name, guint width, guint height)
{
  Remote *remote;
  guint seen_width = 0;
  guint seen_height = 0;

  g_mutex_lock (&self->lock);
  remote = find_remote (self, pad_name);
  if (remote)
    eye_get_size (remote->eye, &seen_width, &seen_height);
  g_mutex_unlock (&self->lock);

  return seen_width == width && seen_height == height;
}

gboolean
has_pad (Member *self, const gchar *pad_name)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->call, pad_name);

  return pad != NULL;
}

/* ---- what it was told ---------------------------------------------------- */

guint
count_events (Member *self, const gchar *name, ...)
{
  va_list conditions;
  guint count;

  va_start (conditions, name);
  count = member_log_count (self->log, name, conditions);
  va_end (conditions);

  return count;
}

guint
count_signals (Member *self, const gchar *name)
{
  return member_log_count_signals (self->log, name);
}

/**
 * last_field:
 * @of: (nullable): a field that must have @value
 *
 * Returns: (nullable): @field of the last @event, for ever
 */
const gchar *
last_field (Member *self, const gchar *event, const gchar *of,
    const gchar *value, const gchar *field)
{
  return member_log_last_field (self->log, event, of, value, field);
}

/**
 * is_connected_to:
 *
 * Returns: whether the last that it heard of @name was `connected`
 */
gboolean
is_connected_to (Member *self, const gchar *name)
{
  return g_strcmp0 (last_field (self, "peer-state", "name", name, "state"),
             "connected") == 0;
}

static guint
count_rows (Member *self, const gchar *field, const gchar *value)
{
  g_autoptr (GstStructure) peers = NULL;
  guint count = 0;

  g_object_get (self->call, "peers", &peers, NULL);
  for (gint i = 0; i < gst_structure_n_fields (peers); i++) {
    const GstStructure *peer =
        gst_value_get_structure (gst_structure_get_value (
            peers, gst_structure_nth_field_name (peers, (guint)i)));

    if (g_strcmp0 (gst_structure_get_string (peer, field), value) == 0)
      count++;
  }

  return count;
}

/**
 * count_connected:
 *
 * Returns: how many of its `peers` are connected now
 */
guint
count_connected (Member *self)
{
  return count_rows (self, "state", "connected");
}

/**
 * count_peers:
 *
 * Returns: how many of its `peers` are called @name
 */
guint
count_peers (Member *self, const gchar *name)
{
  return count_rows (self, "name", name);
}

void
forget_events (Member *self)
{
  member_log_forget (self->log);
}

guint
count_errors (Member *self)
{
  return member_log_count_errors (self->log);
}

const gchar *
get_error (Member *self)
{
  return member_log_get_error (self->log);
}

gboolean
is_at_end (Member *self)
{
  return member_log_is_at_end (self->log);
}
