/*
 * One member of the demo's call: a pipeline with a pealbin, test media of its
 * own colour and tone, and sinks in which the demo looks once a second. The
 * sinks drop what nobody takes. Main thread.
 */
#include "app/demo-member.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "app/element.h"
#include "app/events.h"
#include "app/output.h"
#include "app/senses.h"
#include "app/source.h"
#include "app/summary.h"
#include "base/error.h"

/* Of a grid of 9 the other has a ninth, a good part of which is its colour. */
#define SEEN_SHARE 0.04
/* Of a mix of several voices. */
#define HEARD_SHARE 0.05
#define SAMPLE_RATE_HZ 48000

struct _PealDemoMember {
  const PealDemoRole *role;
  const PealDemoRole *other;
  PealConsole *console; /* the demo's */
  PealRun *run;         /* the demo's */
  GstElement *pipeline;
  GstElement *element; /* the pipeline's, as the next two */
  GstElement *video_sink;
  GstElement *audio_sink;
  PealSource *camera;
  PealSummary *summary;
  PealDemoFindings findings;
  guint64 digest; /* of the last picture */
  gboolean is_talkative;
  guint bus_watch;
};

/**
 * peal_demo_member_new:
 * @role: (transfer none): what it sends
 * @other: (transfer none): what it looks and listens for
 * @console: (transfer none): where to say things
 * @run: (transfer none): what to end if it fails
 *
 * Returns: (transfer full): a member that is not in a room yet
 */
PealDemoMember *
peal_demo_member_new (const PealDemoRole *role, const PealDemoRole *other,
    PealConsole *console, PealRun *run)
{
  PealDemoMember *self = g_new0 (PealDemoMember, 1);

  self->role = role;
  self->other = other;
  self->console = console;
  self->run = run;
  self->summary = peal_summary_new ();
  return self;
}

/**
 * peal_demo_member_free:
 * @self: (transfer full): a member; it leaves the room
 */
void
peal_demo_member_free (PealDemoMember *self)
{
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->camera, peal_source_free);
  g_clear_object (&self->pipeline);
  g_clear_pointer (&self->summary, peal_summary_free);
  g_free (self);
}

static void
on_element_message (PealDemoMember *self, GstMessage *message)
{
  const GstStructure *structure = gst_message_get_structure (message);
  g_autofree gchar *sentence = NULL;

  if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->element))
    return;
  peal_summary_note_message (self->summary, structure);
  sentence = peal_event_to_sentence (structure);
  if (sentence && self->is_talkative)
    peal_console_say (self->console, "  (%s) %s", self->role->name, sentence);
}

static void
on_error (PealDemoMember *self, GstMessage *message)
{
  g_autofree gchar *text = peal_element_describe_error (message);

  if (peal_run_is_over (self->run))
    return;
  peal_console_complain (self->console, "%s: %s", self->role->name, text);
  peal_run_quit (self->run, PEAL_EXIT_FAILURE);
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer data)
{
  PealDemoMember *self = data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT)
    on_element_message (self, message);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    on_error (self, message);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  return G_SOURCE_CONTINUE;
}

static gchar *
dup_line (PealDemoMember *self)
{
  g_autofree gchar *video = self->role->sends_camera
      ? g_strdup ("")
      : g_strdup_printf ("videotestsrc is-live=true pattern=ball "
                         "background-color=0xff%06x ! "
                         "video/x-raw,format=I420,width=640,height=360,"
                         "framerate=30/1 ! call.video_0",
            self->role->colour);

  return g_strdup_printf (
      "pealbin name=call %s "
      "audiotestsrc is-live=true freq=%u volume=0.2 ! "
      "audio/x-raw,format=S16LE,rate=%d,channels=1 ! call.audio_0 "
      "call.mix_video ! tee name=pictures ! queue leaky=downstream "
      "max-size-buffers=2 ! videoconvert ! videoscale ! "
      "video/x-raw,format=RGB,width=160,height=90 ! "
      "appsink name=eye max-buffers=1 drop=true sync=false "
      "call.mix_audio ! tee name=sounds ! queue ! audioconvert ! "
      "audioresample ! audio/x-raw,format=S16LE,rate=%d,channels=1 ! "
      "appsink name=ear max-buffers=100 drop=true sync=false",
      video, self->role->tone_hz, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ);
}

static gboolean
add_camera (PealDemoMember *self, GError **error)
{
  self->camera = peal_source_new_video ("camera", error);
  if (!self->camera)
    return FALSE;
  if (!self->camera->element)
    return peal_error_set (
        error, PEAL_ERROR_UNSUPPORTED, "there is no camera here that works");
  gst_bin_add (GST_BIN (self->pipeline), self->camera->element);
  return gst_element_link_pads (
      self->camera->element, "video", self->element, "video_0");
}

static void
add_output (PealDemoMember *self, PealOutput *output, const gchar *tee_name)
{
  g_autoptr (GstElement) tee =
      gst_bin_get_by_name (GST_BIN (self->pipeline), tee_name);

  gst_bin_add (GST_BIN (self->pipeline), output->element);
  gst_element_link (tee, output->element);
}

/* Whoever sits at the machine sees and hears what arrives. */
static void
add_outputs (PealDemoMember *self)
{
  PealOutput display = { 0 };
  PealOutput speaker = { 0 };

  peal_output_make_video (&display, TRUE);
  peal_output_make_audio (&speaker, TRUE);
  add_output (self, &display, "pictures");
  add_output (self, &speaker, "sounds");
  if (display.is_real || speaker.is_real)
    peal_console_say (self->console,
        "This machine has a %s: you %s what %s gets.",
        !speaker.is_real       ? "screen"
            : !display.is_real ? "speaker"
                               : "screen and a speaker",
        !speaker.is_real       ? "see"
            : !display.is_real ? "hear"
                               : "see and hear",
        self->role->name);
}

static GstElement *
get_child (PealDemoMember *self, const gchar *name)
{
  g_autoptr (GstElement) child =
      gst_bin_get_by_name (GST_BIN (self->pipeline), name);

  return child; /* the pipeline keeps it */
}

/**
 * peal_demo_member_start:
 * @self: a member
 * @uri: the room
 * @has_outputs: whether what it gets also goes to screen and speaker
 * @is_talkative: whether its messages are printed
 * @error: why it cannot
 *
 * Returns: whether it is on its way into the room
 */
gboolean
peal_demo_member_start (PealDemoMember *self, const gchar *uri,
    gboolean has_outputs, gboolean is_talkative, GError **error)
{
  g_autofree gchar *line = dup_line (self);
  g_autoptr (GstBus) bus = NULL;

  self->is_talkative = is_talkative;
  self->pipeline =
      gst_parse_launch_full (line, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (!self->pipeline)
    return FALSE;
  gst_object_ref_sink (self->pipeline);
  self->element = get_child (self, "call");
  self->video_sink = get_child (self, "eye");
  self->audio_sink = get_child (self, "ear");
  g_object_set (self->element, "uri", uri, "peer-name", self->role->name, NULL);
  if (self->role->sends_camera && !add_camera (self, error))
    return FALSE;
  if (has_outputs)
    add_outputs (self);
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, on_bus_message, self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return TRUE;
}

static void
look_at_picture (PealDemoMember *self, const PealPicture *picture)
{
  PealDemoFindings *findings = &self->findings;
  guint64 digest = peal_senses_digest (picture);
  gdouble share = self->other->sends_camera
      ? peal_senses_light_share (picture)
      : peal_senses_colour_share (picture, self->other->colour);

  findings->is_seen = share > SEEN_SHARE;
  findings->is_moving = findings->is_seen && digest != self->digest;
  findings->was_seen |= findings->is_moving && self->digest != 0;
  self->digest = digest;
}

static void
look (PealDemoMember *self)
{
  g_autoptr (GstSample) sample =
      gst_app_sink_try_pull_sample (GST_APP_SINK (self->video_sink), 0);
  GstVideoInfo info;
  GstVideoFrame frame;
  PealPicture picture = { 0 };

  self->findings.is_seen = FALSE;
  self->findings.is_moving = FALSE;
  if (!sample ||
      !gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      !gst_video_frame_map (
          &frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return;
  picture.rgb = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);
  picture.stride = GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);
  picture.width = GST_VIDEO_FRAME_WIDTH (&frame);
  picture.height = GST_VIDEO_FRAME_HEIGHT (&frame);
  look_at_picture (self, &picture);
  gst_video_frame_unmap (&frame);
}

static GArray *
take_sound (PealDemoMember *self)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (gint16));

  for (;;) {
    g_autoptr (GstSample) sample =
        gst_app_sink_try_pull_sample (GST_APP_SINK (self->audio_sink), 0);
    GstMapInfo map;

    if (!sample)
      return samples;
    if (!gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
      continue;
    g_array_append_vals (samples, map.data, map.size / sizeof (gint16));
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  }
}

static void
listen (PealDemoMember *self)
{
  g_autoptr (GArray) sound = take_sound (self);
  const gint16 *samples = (const gint16 *)sound->data;
  gdouble share = peal_senses_tone_share (
      samples, sound->len, SAMPLE_RATE_HZ, self->other->tone_hz);

  self->findings.loudness = peal_senses_loudness (samples, sound->len);
  self->findings.is_heard = share > HEARD_SHARE;
  self->findings.was_heard |= self->findings.is_heard;
}

/**
 * peal_demo_member_look:
 * @self: a started member
 *
 * Looks and listens; meant once a second.
 *
 * Returns: (transfer none): what arrives
 */
const PealDemoFindings *
peal_demo_member_look (PealDemoMember *self)
{
  g_autoptr (GstStructure) stats = NULL;

  look (self);
  listen (self);
  g_object_get (self->element, "stats", &stats, NULL);
  if (stats)
    peal_summary_note_stats (self->summary, stats,
        g_get_monotonic_time () / (gdouble)G_USEC_PER_SEC);
  return &self->findings;
}

/**
 * peal_demo_member_get_other:
 * @self: a member
 * @rates: (out): what changes per second
 *
 * Returns: (transfer none) (nullable): the connection with the other member
 */
const PealPeerView *
peal_demo_member_get_other (PealDemoMember *self, PealPeerRates *rates)
{
  return peal_summary_find_by_name (self->summary, self->other->name, rates);
}
