/*
 * The sink side of pealbin. See inputs.h. Called by peal-bin; calls media's
 * track. Lock: `lock` guards `pads` and each `has_ended`; nothing is called
 * with it held.
 */
#include "element/inputs.h"

#include "base/pipeline-utils.h"

#define INPUT_KEY "peal-input"

typedef struct {
  PealInputs *owner;
  GstElement *pace;
  GstElement *track;
  gboolean has_ended; /* guarded by the owner's lock */
} Input;

struct _PealInputs {
  GstBin *bin; /* the element that owns us */
  PealInputsFunc on_changed;
  PealInputsFunc on_ended;
  GMutex lock;
  GPtrArray *pads;   /* guarded by lock */
  guint counters[2]; /* next pad number by kind */
};

static void
input_free (gpointer data)
{
  Input *input = data;

  gst_object_unref (input->pace);
  gst_object_unref (input->track);
  g_free (input);
}

static Input *
get_input (GstPad *pad)
{
  return g_object_get_data (G_OBJECT (pad), INPUT_KEY);
}

/**
 * peal_inputs_get_track:
 * @pad: one of ours
 *
 * Returns: (transfer none): its track
 */
PealTrack *
peal_inputs_get_track (GstPad *pad)
{
  return PEAL_TRACK (get_input (pad)->track);
}

/* ---- streaming thread ---- */

/* A live source keeps time by itself; a file would rush through. */
static void
settle_pace (GstPad *pad, Input *input)
{
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  gboolean is_live = TRUE;

  if (gst_pad_peer_query (pad, query))
    gst_query_parse_latency (query, &is_live, NULL, NULL);
  g_object_set (input->pace, "sync", !is_live, NULL);
}

static gboolean
have_all_ended (PealInputs *self)
{
  for (guint i = 0; i < self->pads->len; i++)
    if (!get_input (g_ptr_array_index (self->pads, i))->has_ended)
      return FALSE;

  return TRUE;
}

/* A source that ended may be followed by another one, or flushed; and the pad
 * of one that never ends may be released before the others end.
 *
 * Returns: whether this was the end of the last input that went on */
static gboolean
note_end (Input *input, gboolean has_ended)
{
  PealInputs *self = input->owner;
  gboolean is_last;

  g_mutex_lock (&self->lock);
  input->has_ended = has_ended;
  is_last = has_ended && have_all_ended (self);
  g_mutex_unlock (&self->lock);

  return is_last;
}

static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Input *input = data;
  PealInputs *self = input->owner;

  switch (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))) {
    case GST_EVENT_SEGMENT:
      settle_pace (pad, input);
      break;
    case GST_EVENT_STREAM_START:
    case GST_EVENT_FLUSH_STOP:
      note_end (input, FALSE);
      break;
    case GST_EVENT_EOS:
      if (note_end (input, TRUE))
        self->on_ended (GST_ELEMENT (self->bin));
      break;
    default:
      break;
  }

  return GST_PAD_PROBE_OK;
}

static void
on_input_changed (PealTrack *track, gpointer data)
{
  PealInputs *self = data;

  self->on_changed (GST_ELEMENT (self->bin));
}

/* ---- adding and removing ---- */

static gboolean
is_taken (PealInputs *self, const gchar *name)
{
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (GST_ELEMENT (self->bin), name);

  return pad != NULL;
}

static gchar *
make_name (PealInputs *self, PealMediaKind kind, const gchar *wanted)
{
  gchar *name = g_strdup (wanted);

  if (name && is_taken (self, name))
    g_clear_pointer (&name, g_free);
  while (!wanted && (!name || is_taken (self, name))) {
    g_free (name);
    name = g_strdup_printf (
        "%s_%u", peal_media_kind_to_string (kind), self->counters[kind]++);
  }

  return name;
}

static Input *
make_input (PealInputs *self, PealMediaKind kind, const gchar *name)
{
  g_autofree gchar *track_name = g_strdup_printf ("track-%s", name);
  Input *input = g_new0 (Input, 1);

  input->owner = self;
  input->pace =
      gst_object_ref_sink (gst_element_factory_make ("clocksync", NULL));
  g_object_set (input->pace, "sync", FALSE, NULL);
  input->track = gst_object_ref_sink (peal_track_new (kind, track_name));
  g_signal_connect (
      input->track, "input-changed", G_CALLBACK (on_input_changed), self);
  gst_bin_add_many (self->bin, input->pace, input->track, NULL);
  gst_element_link_pads_full (
      input->pace, "src", input->track, "sink", GST_PAD_LINK_CHECK_NOTHING);

  return input;
}

/**
 * peal_inputs_add:
 * @name: (nullable): the pad's name, or NULL for the next free one
 *
 * Returns: (transfer none) (nullable): the pad, not yet added to the element;
 *   NULL if the name is taken
 */
GstPad *
peal_inputs_add (PealInputs *self, PealMediaKind kind, GstPadTemplate *template,
    const gchar *name)
{
  g_autofree gchar *pad_name = make_name (self, kind, name);
  g_autoptr (GstPad) target = NULL;
  Input *input;
  GstPad *pad;

  if (!pad_name)
    return NULL;

  input = make_input (self, kind, pad_name);
  target = gst_element_get_static_pad (input->pace, "sink");
  pad = gst_ghost_pad_new_from_template (pad_name, target, template);
  g_object_set_data_full (G_OBJECT (pad), INPUT_KEY, input, input_free);
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      on_event, input, NULL);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->pads, gst_object_ref_sink (pad));
  g_mutex_unlock (&self->lock);
  gst_element_sync_state_with_parent (input->track);
  gst_element_sync_state_with_parent (input->pace);
  gst_pad_set_active (pad, TRUE);

  return pad;
}

/**
 * peal_inputs_remove:
 * @pad: one of ours, whose track nobody sends any more
 */
void
peal_inputs_remove (PealInputs *self, GstPad *pad)
{
  g_autoptr (GstPad) kept = gst_object_ref (pad);
  Input *input = get_input (pad);

  g_signal_handlers_disconnect_by_data (input->track, self);
  gst_element_remove_pad (GST_ELEMENT (self->bin), pad);
  peal_pipeline_remove (self->bin, input->pace);
  peal_pipeline_remove (self->bin, input->track);
  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->pads, pad);
  g_mutex_unlock (&self->lock);
}

/* ---- the rest ---- */

/**
 * peal_inputs_list_tracks:
 *
 * Returns: (transfer full) (element-type PealTrack): a snapshot
 */
GPtrArray *
peal_inputs_list_tracks (PealInputs *self)
{
  GPtrArray *tracks = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->pads->len; i++)
    g_ptr_array_add (tracks,
        g_object_ref (
            peal_inputs_get_track (g_ptr_array_index (self->pads, i))));
  g_mutex_unlock (&self->lock);

  return tracks;
}

/**
 * peal_inputs_rewind:
 *
 * The element starts anew: every input is yet to end.
 */
void
peal_inputs_rewind (PealInputs *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->pads->len; i++)
    get_input (g_ptr_array_index (self->pads, i))->has_ended = FALSE;
  g_mutex_unlock (&self->lock);
}

gboolean
peal_inputs_is_empty (PealInputs *self)
{
  return self->pads->len == 0;
}

/**
 * peal_inputs_apply:
 * @settings: a copy
 *
 * Any thread.
 */
void
peal_inputs_apply (PealTrack *track, const PealSettings *settings)
{
  PealMediaKind kind = peal_track_get_kind (track);
  g_auto (GStrv) names = peal_settings_list_codecs (settings, kind);

  peal_track_set_codec_names (track, (const gchar *const *)names);
  if (kind == PEAL_MEDIA_VIDEO)
    peal_track_set_bitrate (track, settings->min_bitrate,
        settings->start_bitrate, settings->max_bitrate);
}

PealInputs *
peal_inputs_new (
    GstBin *bin, PealInputsFunc on_changed, PealInputsFunc on_ended)
{
  PealInputs *self = g_new0 (PealInputs, 1);

  self->bin = bin;
  self->on_changed = on_changed;
  self->on_ended = on_ended;
  self->pads = g_ptr_array_new_with_free_func (gst_object_unref);
  g_mutex_init (&self->lock);

  return self;
}

void
peal_inputs_free (PealInputs *self)
{
  g_ptr_array_unref (self->pads);
  g_mutex_clear (&self->lock);
  g_free (self);
}
