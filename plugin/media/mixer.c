/*
 * All remote pictures in one grid, or all voices in one stream. See mixer.h.
 *
 *   sink_0 ───────────────────┐
 *   sink_1 ───────────────────┼─ compositor ─ capsfilter ─ drop queue ─ src
 *   sink_0 ─ convert ─ resample ─ audiomixer ─ capsfilter ─ src
 *
 * Made by the element, one per kind; the inputs are `mix` pads of remote
 * tracks. The aggregator runs on the clock (`force-live`) and does not wait
 * for inputs that never gave anything (`ignore-inactive-pads`), so it flows
 * with any inputs or none. An input gets its place in time where it enters
 * (mix-entry.h), the mix where it leaves (mix-latency.h). A single input of the
 * mix's own format goes by the compositor (mix-direct.h).
 *
 * The list of inputs belongs to the loop.
 */
#include "media/mixer.h"

#include <gst/video/video.h>

#include "media/drop-queue.h"
#include "media/grid.h"
#include "media/mix-anchor.h"
#include "media/mix-entry.h"
#include "media/mix-format.h"
#include "media/mix-time.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

typedef struct {
  GstPad *ghost;
  GstPad *mixer_pad;
  GstElement *convert;
  GstElement *resample;
} Input;

struct _PealMixer {
  GstBin parent;

  PealMix mix;
  GstElement *aggregator;
  GstElement *filter;
  GstElement *queue; /* of pictures, or NULL */
  PealMixAnchor anchor;
  GstPad *src;
  PealMixTime time;
  GList *inputs; /* of Input, in order of arrival */
  guint n_requested;
  guint width;
  guint height;
};

G_DEFINE_FINAL_TYPE (PealMixer, peal_mixer, GST_TYPE_BIN)

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS ("video/x-raw; audio/x-raw"));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-raw; audio/x-raw"));

/* --- layout --- */

static void
lay_out (PealMixer *self)
{
  guint count = g_list_length (self->inputs);
  guint i = 0;

  if (self->mix.kind != PEAL_MEDIA_VIDEO)
    return;

  if (self->mix.direct)
    peal_mix_direct_set_open (self->mix.direct, count == 1);
  for (GList *l = self->inputs; l; l = l->next, i++) {
    Input *input = l->data;
    PealGridCell cell =
        peal_grid_get_cell (count, i, self->width, self->height);

    g_object_set (input->mixer_pad, "xpos", cell.x, "ypos", cell.y, "width",
        cell.width, "height", cell.height, NULL);
  }
}

/* --- output format --- */

/* Without it the aggregator would try again and again, and nobody be told. */
static void
refuse (PealMixer *self)
{
  g_autoptr (GstCaps) wanted = gst_pad_peer_query_caps (self->src, NULL);
  g_autofree gchar *text = gst_caps_to_string (wanted);
  gboolean is_video = self->mix.kind == PEAL_MEDIA_VIDEO;

  GST_ELEMENT_ERROR (self, STREAM, FORMAT,
      ("The mix cannot be given as %s; put %s behind it", text,
          is_video ? "videoconvert and videorate" : "audioconvert"),
      ("the first capabilities of %s in gst-inspect-1.0 pealbin are what it "
       "can be given as",
          is_video ? "mix_video" : "mix_audio"));
}

/* NULL, after an error, when downstream takes nothing of the template. */
static GstCaps *
settle (PealMixer *self)
{
  g_autoptr (GstCaps) template = peal_mix_format_dup_template (self->mix.kind);
  g_autoptr (GstCaps) accepted = gst_pad_peer_query_caps (self->src, template);
  GstCaps *caps;

  if (accepted && gst_caps_is_empty (accepted)) {
    refuse (self);
    return NULL;
  }
  if (!accepted)
    gst_caps_replace (&accepted, template);
  caps = gst_caps_truncate (gst_caps_copy (accepted));
  caps = gst_caps_make_writable (caps);
  peal_mix_format_fixate (self->mix.kind, gst_caps_get_structure (caps, 0));

  return gst_caps_fixate (caps);
}

static gboolean
settle_output (PealMixer *self)
{
  g_autoptr (GstCaps) caps = settle (self);
  GstStructure *structure;
  gint width, height;

  if (!caps)
    return FALSE;
  GST_INFO_OBJECT (self, "output: %" GST_PTR_FORMAT, caps);
  structure = gst_caps_get_structure (caps, 0);
  g_object_set (self->filter, "caps", caps, NULL);
  if (gst_structure_get_int (structure, "width", &width) &&
      gst_structure_get_int (structure, "height", &height)) {
    self->width = width;
    self->height = height;
  }
  lay_out (self);
  return TRUE;
}

/* --- inputs --- */

static GstPad *
build_video_input (PealMixer *self, Input *input)
{
  gst_util_set_object_arg (
      G_OBJECT (input->mixer_pad), "sizing-policy", "keep-aspect-ratio");
  return gst_object_ref (input->mixer_pad);
}

/* Voices come at any rate; audiomixer mixes equal rates only. */
static GstPad *
build_audio_input (PealMixer *self, Input *input)
{
  g_autoptr (GstPad) resampled = NULL;

  input->convert = gst_element_factory_make ("audioconvert", NULL);
  input->resample = gst_element_factory_make ("audioresample", NULL);
  gst_bin_add_many (GST_BIN (self), input->convert, input->resample, NULL);
  gst_element_link (input->convert, input->resample);
  resampled = gst_element_get_static_pad (input->resample, "src");
  gst_pad_link (resampled, input->mixer_pad);
  gst_element_sync_state_with_parent (input->resample);
  gst_element_sync_state_with_parent (input->convert);

  return gst_element_get_static_pad (input->convert, "sink");
}

static void
add_ghost (PealMixer *self, Input *input, GstPadTemplate *template,
    const gchar *wanted_name)
{
  g_autofree gchar *name = wanted_name
      ? g_strdup (wanted_name)
      : g_strdup_printf ("sink_%u", self->n_requested);
  g_autoptr (GstPad) target = self->mix.kind == PEAL_MEDIA_VIDEO
      ? build_video_input (self, input)
      : build_audio_input (self, input);

  self->n_requested++;
  input->ghost = gst_ghost_pad_new_from_template (name, target, template);
  peal_mix_entry_add (input->ghost, &self->mix);
}

/* GstAggregator 1.22 answers on its own thread; when the pad is released just
 * then, the asker gets its query back while that thread still writes to it. */
static GstPadProbeReturn
on_input_query (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  return GST_QUERY_TYPE (query) == GST_QUERY_ALLOCATION ? GST_PAD_PROBE_DROP
                                                        : GST_PAD_PROBE_OK;
}

static GstPad *
peal_mixer_request_new_pad (GstElement *element, GstPadTemplate *template,
    const gchar *name, const GstCaps *caps)
{
  PealMixer *self = PEAL_MIXER (element);
  Input *input = g_new0 (Input, 1);

  input->mixer_pad =
      gst_element_request_pad_simple (self->aggregator, "sink_%u");
  gst_pad_add_probe (input->mixer_pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      on_input_query, NULL, NULL);
  add_ghost (self, input, template, name);
  self->inputs = g_list_append (self->inputs, input);
  lay_out (self);
  gst_pad_set_active (input->ghost, TRUE);
  gst_element_add_pad (element, input->ghost);

  return input->ghost;
}

static void
remove_element (PealMixer *self, GstElement *element)
{
  if (!element)
    return;

  gst_element_set_locked_state (element, TRUE);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), element);
}

/* The aggregator's pad first: that frees a push that waits in it. */
static void
free_input (PealMixer *self, Input *input)
{
  gst_element_release_request_pad (self->aggregator, input->mixer_pad);
  gst_object_unref (input->mixer_pad);
  gst_pad_set_active (input->ghost, FALSE);
  gst_element_remove_pad (GST_ELEMENT (self), input->ghost);
  remove_element (self, input->resample);
  remove_element (self, input->convert);
  g_free (input);
}

static void
peal_mixer_release_pad (GstElement *element, GstPad *pad)
{
  PealMixer *self = PEAL_MIXER (element);

  for (GList *l = self->inputs; l; l = l->next) {
    Input *input = l->data;

    if (input->ghost != pad)
      continue;
    self->inputs = g_list_delete_link (self->inputs, l);
    lay_out (self);
    free_input (self, input);
    return;
  }
}

/* --- the element --- */

static gboolean
before_change (PealMixer *self, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (!settle_output (self))
      return FALSE;
    peal_mix_latency_restart (&self->mix.latency);
    if (self->mix.direct)
      peal_mix_direct_restart (self->mix.direct);
  }
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY && self->queue)
    peal_drop_queue_stop (PEAL_DROP_QUEUE (self->queue));
  peal_mix_time_before_change (&self->time, transition);
  return TRUE;
}

static GstStateChangeReturn
peal_mixer_change_state (GstElement *element, GstStateChange transition)
{
  PealMixer *self = PEAL_MIXER (element);
  GstStateChangeReturn result;

  if (self->aggregator && !before_change (self, transition))
    return GST_STATE_CHANGE_FAILURE;
  result = GST_ELEMENT_CLASS (peal_mixer_parent_class)
               ->change_state (element, transition);
  if (self->aggregator)
    peal_mix_time_after_change (
        &self->time, transition, peal_mix_latency_get (&self->mix.latency));

  return result;
}

/* An input's converter that fails costs that input. */
static void
peal_mixer_handle_message (GstBin *bin, GstMessage *message)
{
  PealMixer *self = PEAL_MIXER (bin);
  GstObject *source = GST_MESSAGE_SRC (message);
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR ||
      source == GST_OBJECT_CAST (self->aggregator) ||
      source == GST_OBJECT_CAST (self->filter)) {
    GST_BIN_CLASS (peal_mixer_parent_class)->handle_message (bin, message);
    return;
  }

  gst_message_parse_error (message, &error, NULL);
  GST_WARNING_OBJECT (self, "%s: %s", GST_OBJECT_NAME (source),
      error ? error->message : "error");
  gst_message_unref (message);
}

static void
peal_mixer_dispose (GObject *object)
{
  PealMixer *self = PEAL_MIXER (object);

  while (self->inputs) {
    Input *input = self->inputs->data;

    self->inputs = g_list_delete_link (self->inputs, self->inputs);
    free_input (self, input);
  }
  peal_mix_anchor_remove (&self->anchor, self->aggregator);
  G_OBJECT_CLASS (peal_mixer_parent_class)->dispose (object);
}

static void
peal_mixer_finalize (GObject *object)
{
  PealMixer *self = PEAL_MIXER (object);

  g_clear_pointer (&self->mix.direct, peal_mix_direct_free);
  peal_mix_latency_clear (&self->mix.latency);
  G_OBJECT_CLASS (peal_mixer_parent_class)->finalize (object);
}

static void
peal_mixer_class_init (PealMixerClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      debug_category, "peal-media-mixer", 0, "all pictures, or all voices");
  G_OBJECT_CLASS (klass)->dispose = peal_mixer_dispose;
  G_OBJECT_CLASS (klass)->finalize = peal_mixer_finalize;
  element_class->request_new_pad = peal_mixer_request_new_pad;
  element_class->release_pad = peal_mixer_release_pad;
  element_class->change_state = peal_mixer_change_state;
  GST_BIN_CLASS (klass)->handle_message = peal_mixer_handle_message;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Peal mixer",
      "Filter/Mixer/Bin", "All pictures in a grid, or all voices", "Peal");
}

static void
peal_mixer_init (PealMixer *self)
{
  peal_mix_latency_init (&self->mix.latency);
  self->mix.element = GST_ELEMENT (self);
  self->width = PEAL_MIX_WIDTH;
  self->height = PEAL_MIX_HEIGHT;
}

/* Its plugin may be missing: then there is a pad, so that the pipeline can be
 * made, and its element says what is missing when it starts. */
static void
add_aggregator (PealMixer *self)
{
  gboolean is_video = self->mix.kind == PEAL_MEDIA_VIDEO;

  self->aggregator =
      gst_element_factory_make_full (is_video ? "compositor" : "audiomixer",
          "force-live", TRUE, "ignore-inactive-pads", TRUE, NULL);
  if (!self->aggregator)
    return;

  if (is_video)
    gst_util_set_object_arg (
        G_OBJECT (self->aggregator), "background", "black");
  self->time.aggregator = self->aggregator;
  gst_bin_add (GST_BIN (self), self->aggregator);
  gst_element_link (self->aggregator, self->filter);
  peal_mix_anchor_add (&self->anchor, self->aggregator);
}

/* Pictures come two ways. */
static void
add_direct (PealMixer *self, GstPad *mixed)
{
  self->queue = peal_drop_queue_new ("mix-queue");
  gst_bin_add (GST_BIN (self), self->queue);
  gst_element_link (self->filter, self->queue);
  self->mix.direct = peal_mix_direct_new (mixed, self->queue);
}

static void
build (PealMixer *self)
{
  g_autoptr (GstPad) mixed = NULL;
  g_autoptr (GstPad) src = NULL;

  self->filter = gst_element_factory_make ("capsfilter", NULL);
  gst_bin_add (GST_BIN (self), self->filter);
  add_aggregator (self);
  mixed = gst_element_get_static_pad (self->filter, "src");
  if (self->aggregator)
    peal_mix_latency_start (
        &self->mix.latency, self->aggregator, self->mix.kind, mixed);
  if (self->mix.kind == PEAL_MEDIA_VIDEO)
    add_direct (self, mixed);
  src = gst_element_get_static_pad (
      self->queue ? self->queue : self->filter, "src");
  self->src = gst_ghost_pad_new ("src", src);
  peal_mix_latency_answer_on (&self->mix.latency, self->src);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

/**
 * peal_mixer_new:
 * @kind: pictures or voices
 * @name: (nullable): the element's name
 *
 * Returns: (transfer floating): a mixer without inputs
 */
GstElement *
peal_mixer_new (PealMediaKind kind, const gchar *name)
{
  PealMixer *self = g_object_new (PEAL_TYPE_MIXER, "name", name, NULL);

  self->mix.kind = kind;
  build (self);

  return GST_ELEMENT (self);
}

/**
 * peal_mixer_set_latency:
 * @latency: what inputs report as theirs, in nanoseconds
 *
 * The mix reports as much, and is ready for such inputs from the start. Any
 * thread; takes effect with the next latency query.
 */
void
peal_mixer_set_latency (PealMixer *self, GstClockTime latency)
{
  if (self->aggregator)
    peal_mix_latency_set_floor (&self->mix.latency, latency);
}
