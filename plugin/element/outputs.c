/*
 * The source side of pealbin. See outputs.h. Called by peal-bin; calls media's
 * mixer and remote-track.
 */
#include "element/outputs.h"

#include "base/pipeline-utils.h"
#include "element/remote-pad.h"
#include "media/mix-format.h"

typedef struct {
  PealRemoteTrack *track;
  GstPad *pad; /* ours: remote_…_%u */
  GstPad *mix; /* the track's, while a mixer takes it */
  GstPad *mixer_sink;
} Output;

struct _PealOutputs {
  GstBin *bin; /* the element that owns us */
  GPtrArray *outputs;
  GstElement *mixers[2]; /* by kind */
  GstPad *mix_pads[2];
  gboolean was_refused[2]; /* asked for, and given back without a link */
};

static const gchar *const mix_names[] = {
  [PEAL_MEDIA_AUDIO] = "mix_audio",
  [PEAL_MEDIA_VIDEO] = "mix_video",
};
static const gchar *const mix_helpers[] = {
  [PEAL_MEDIA_AUDIO] = "audioconvert or an encoder",
  [PEAL_MEDIA_VIDEO] = "videoconvert or an encoder",
};
static const gchar *const remote_names[] = {
  [PEAL_MEDIA_AUDIO] = "remote_audio_%u",
  [PEAL_MEDIA_VIDEO] = "remote_video_%u",
};

/* Raw, or encoded where downstream takes only that. */
static const gchar *const remote_caps[] = {
  [PEAL_MEDIA_AUDIO] = "audio/x-raw; audio/x-opus; audio/x-mulaw; "
                       "audio/x-alaw; audio/G722",
  [PEAL_MEDIA_VIDEO] = "video/x-raw; video/x-h264; video/x-vp8; "
                       "video/x-vp9; video/x-h265; video/x-av1",
};

static void
output_free (gpointer data)
{
  Output *output = data;

  g_clear_object (&output->track);
  g_clear_object (&output->pad);
  g_clear_object (&output->mix);
  g_clear_object (&output->mixer_sink);
  g_free (output);
}

/**
 * peal_outputs_install_templates:
 *
 * The mix_* templates come first, so that linking an element by its name
 * alone picks the pads that always flow.
 */
void
peal_outputs_install_templates (GstElementClass *class)
{
  for (guint kind = PEAL_MEDIA_AUDIO; kind <= PEAL_MEDIA_VIDEO; kind++) {
    g_autoptr (GstCaps) mix = peal_mix_format_dup_pad_caps (kind);
    g_autoptr (GstCaps) remote = gst_caps_from_string (remote_caps[kind]);

    gst_element_class_add_pad_template (class,
        gst_pad_template_new (
            mix_names[kind], GST_PAD_SRC, GST_PAD_REQUEST, mix));
    gst_element_class_add_pad_template (class,
        gst_pad_template_new_with_gtype (remote_names[kind], GST_PAD_SRC,
            GST_PAD_SOMETIMES, remote, PEAL_TYPE_REMOTE_PAD));
  }
}

/* What comes out of us is live. A flushing seek, which a pipeline sends to all
 * that it has when it rewinds a film, would stop it for good. */
static gboolean
on_upstream_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return gst_pad_event_default (pad, parent, event);

  gst_event_unref (event);
  return FALSE;
}

/* ---- mixing ---- */

static GQuark
was_linked_quark (void)
{
  return g_quark_from_static_string ("peal-mix-was-linked");
}

static void
mix_in (PealOutputs *self, Output *output)
{
  PealMediaKind kind = peal_remote_track_get_kind (output->track);

  if (!self->mixers[kind] || output->mix)
    return;

  output->mix =
      gst_element_request_pad_simple (GST_ELEMENT (output->track), "mix");
  output->mixer_sink =
      gst_element_request_pad_simple (self->mixers[kind], "sink_%u");
  if (output->mix && output->mixer_sink)
    gst_pad_link (output->mix, output->mixer_sink);
}

static void
mix_out (PealOutputs *self, Output *output)
{
  PealMediaKind kind = peal_remote_track_get_kind (output->track);

  if (!output->mix)
    return;

  gst_pad_unlink (output->mix, output->mixer_sink);
  gst_element_release_request_pad (self->mixers[kind], output->mixer_sink);
  gst_element_release_request_pad (GST_ELEMENT (output->track), output->mix);
  g_clear_object (&output->mixer_sink);
  g_clear_object (&output->mix);
}

/* A mixer gives what downstream takes, so it starts when it knows that. */
static void
on_mix_linked (GstPad *pad, GstPad *peer, gpointer mixer)
{
  g_object_set_qdata (
      G_OBJECT (pad), was_linked_quark (), GINT_TO_POINTER (TRUE));
  gst_element_sync_state_with_parent (mixer);
}

/**
 * peal_outputs_request_mix:
 *
 * Returns: (transfer none) (nullable): the pad of that kind, made now, or NULL
 *   if there is one already
 */
GstPad *
peal_outputs_request_mix (PealOutputs *self, PealMediaKind kind)
{
  GstElementClass *class = GST_ELEMENT_GET_CLASS (self->bin);
  GstPadTemplate *template =
      gst_element_class_get_pad_template (class, mix_names[kind]);
  g_autoptr (GstPad) src = NULL;

  if (self->mixers[kind])
    return NULL;

  self->was_refused[kind] = FALSE;
  self->mixers[kind] = gst_object_ref_sink (peal_mixer_new (kind, NULL));
  gst_bin_add (self->bin, self->mixers[kind]);
  src = gst_element_get_static_pad (self->mixers[kind], "src");
  self->mix_pads[kind] =
      gst_ghost_pad_new_from_template (mix_names[kind], src, template);
  gst_object_ref_sink (self->mix_pads[kind]);
  gst_pad_set_event_function (self->mix_pads[kind], on_upstream_event);
  g_signal_connect_object (self->mix_pads[kind], "linked",
      G_CALLBACK (on_mix_linked), self->mixers[kind], 0);
  gst_pad_set_active (self->mix_pads[kind], TRUE);
  gst_element_add_pad (GST_ELEMENT (self->bin), self->mix_pads[kind]);
  for (guint i = 0; i < self->outputs->len; i++) {
    Output *output = g_ptr_array_index (self->outputs, i);

    if (peal_remote_track_get_kind (output->track) == kind)
      mix_in (self, output);
  }

  return self->mix_pads[kind];
}

static void
release_kind (PealOutputs *self, PealMediaKind kind)
{
  for (guint i = 0; i < self->outputs->len; i++) {
    Output *output = g_ptr_array_index (self->outputs, i);

    if (peal_remote_track_get_kind (output->track) == kind)
      mix_out (self, output);
  }
  self->was_refused[kind] = !g_object_get_qdata (
      G_OBJECT (self->mix_pads[kind]), was_linked_quark ());
  gst_element_remove_pad (GST_ELEMENT (self->bin), self->mix_pads[kind]);
  peal_pipeline_remove (self->bin, self->mixers[kind]);
  g_clear_object (&self->mix_pads[kind]);
  g_clear_object (&self->mixers[kind]);
}

/**
 * peal_outputs_release_mix:
 *
 * Returns: whether @pad was a mix pad
 */
gboolean
peal_outputs_release_mix (PealOutputs *self, GstPad *pad)
{
  for (guint kind = PEAL_MEDIA_AUDIO; kind <= PEAL_MEDIA_VIDEO; kind++) {
    if (self->mix_pads[kind] == pad) {
      release_kind (self, kind);
      return TRUE;
    }
  }

  return FALSE;
}

/**
 * peal_outputs_tell_refused:
 *
 * Warns of each mix pad that was asked for and could not be linked. That is
 * for gst-launch-1.0, which then waits for a remote pad of that name, and for
 * ever.
 */
void
peal_outputs_tell_refused (PealOutputs *self)
{
  for (guint kind = PEAL_MEDIA_AUDIO; kind <= PEAL_MEDIA_VIDEO; kind++) {
    if (!self->was_refused[kind])
      continue;
    self->was_refused[kind] = FALSE;
    GST_ELEMENT_WARNING (self->bin, CORE, PAD,
        ("%s is not linked: what stands behind it does not take it; put %s in "
         "between",
            mix_names[kind], mix_helpers[kind]),
        ("it was asked for, and given back"));
  }
}

/* ---- remote pads ---- */

/* The lowest free number, so that the first caller is always _0. */
static gchar *
find_name (PealOutputs *self, PealMediaKind kind)
{
  for (guint n = 0;; n++) {
    g_autofree gchar *name = kind == PEAL_MEDIA_VIDEO
        ? g_strdup_printf ("remote_video_%u", n)
        : g_strdup_printf ("remote_audio_%u", n);
    g_autoptr (GstPad) taken =
        gst_element_get_static_pad (GST_ELEMENT (self->bin), name);

    if (!taken)
      return g_steal_pointer (&name);
  }
}

/**
 * peal_outputs_add_track:
 *
 * Gives @track a pad and, where there is a mixer, a place in it. `pad-added`
 * fires within.
 *
 * Returns: (transfer none): the pad's name
 */
const gchar *
peal_outputs_add_track (PealOutputs *self, PealRemoteTrack *track,
    const gchar *peer_id, const gchar *peer_name)
{
  PealMediaKind kind = peal_remote_track_get_kind (track);
  GstPadTemplate *template = gst_element_class_get_pad_template (
      GST_ELEMENT_GET_CLASS (self->bin), remote_names[kind]);
  g_autofree gchar *name = find_name (self, kind);
  g_autoptr (GstPad) target =
      gst_element_get_static_pad (GST_ELEMENT (track), "src");
  Output *output = g_new0 (Output, 1);

  output->track = g_object_ref (track);
  output->pad = gst_object_ref_sink (
      peal_remote_pad_new (name, template, target, peer_id, peer_name));
  gst_pad_set_event_function (output->pad, on_upstream_event);
  g_ptr_array_add (self->outputs, output);
  mix_in (self, output);
  gst_element_add_pad (GST_ELEMENT (self->bin), output->pad);

  return GST_OBJECT_NAME (output->pad);
}

static void
end_pad (GstElement *element, gpointer data)
{
  GstPad *pad = data;

  gst_pad_push_event (pad, gst_event_new_eos ());
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
}

/**
 * peal_outputs_remove_track:
 *
 * Takes @track out of the mix; its pad sends the end of its stream and goes,
 * on another thread.
 *
 * Returns: (transfer full) (nullable): the pad's name
 */
gchar *
peal_outputs_remove_track (PealOutputs *self, PealRemoteTrack *track)
{
  for (guint i = 0; i < self->outputs->len; i++) {
    Output *output = g_ptr_array_index (self->outputs, i);
    gchar *name;

    if (output->track != track)
      continue;
    name = g_strdup (GST_OBJECT_NAME (output->pad));
    mix_out (self, output);
    gst_ghost_pad_set_target (GST_GHOST_PAD (output->pad), NULL);
    gst_element_call_async (GST_ELEMENT (self->bin), end_pad,
        g_object_ref (output->pad), g_object_unref);
    g_ptr_array_remove_index (self->outputs, i);
    return name;
  }

  return NULL;
}

/**
 * peal_outputs_set_latency:
 * @latency_ms: what remote tracks report as theirs, in milliseconds
 *
 * Keeps the mixes behind the clock by as much from the start, so that they do
 * not jump when the first peer comes. For mixers made already.
 */
void
peal_outputs_set_latency (PealOutputs *self, guint latency_ms)
{
  for (guint kind = PEAL_MEDIA_AUDIO; kind <= PEAL_MEDIA_VIDEO; kind++)
    if (self->mixers[kind])
      peal_mixer_set_latency (
          PEAL_MIXER (self->mixers[kind]), latency_ms * GST_MSECOND);
}

/**
 * peal_outputs_send_eos:
 *
 * Ends every stream downstream, as `gst-launch-1.0 -e` asks for: files get
 * closed properly.
 */
void
peal_outputs_send_eos (PealOutputs *self)
{
  for (guint kind = PEAL_MEDIA_AUDIO; kind <= PEAL_MEDIA_VIDEO; kind++)
    if (self->mix_pads[kind])
      gst_pad_push_event (self->mix_pads[kind], gst_event_new_eos ());
  for (guint i = 0; i < self->outputs->len; i++) {
    Output *output = g_ptr_array_index (self->outputs, i);

    gst_pad_push_event (output->pad, gst_event_new_eos ());
  }
}

PealOutputs *
peal_outputs_new (GstBin *bin)
{
  PealOutputs *self = g_new0 (PealOutputs, 1);

  self->bin = bin;
  self->outputs = g_ptr_array_new_with_free_func (output_free);

  return self;
}

void
peal_outputs_free (PealOutputs *self)
{
  g_ptr_array_unref (self->outputs);
  for (guint kind = PEAL_MEDIA_AUDIO; kind <= PEAL_MEDIA_VIDEO; kind++) {
    g_clear_object (&self->mix_pads[kind]);
    g_clear_object (&self->mixers[kind]);
  }
  g_free (self);
}
