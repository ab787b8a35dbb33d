/*
 * The sources and outputs around the element in a call: which ones, said in
 * one line each, linked to the element, and what becomes of the call when one
 * of them fails. Main thread.
 */
#include "app/call-media.h"

#include <string.h>

#include "app/element.h"
#include "app/file-source.h"
#include "app/output.h"
#include "app/source.h"
#include "base/error.h"

struct _PealCallMedia {
  GstElement *pipeline; /* the call's */
  GstElement *element;  /* the call's */
  PealConsole *console; /* the call's */
  GPtrArray *sources;   /* of PealSource, each in the pipeline */
  GstElement *display;  /* the pipeline's */
};

/**
 * peal_call_media_new:
 * @pipeline: (transfer none): the call's pipeline; outlives this
 * @element: (transfer none): the pealbin in it
 * @console: (transfer none): where to say things
 *
 * Returns: (transfer full): nothing linked yet
 */
PealCallMedia *
peal_call_media_new (
    GstElement *pipeline, GstElement *element, PealConsole *console)
{
  PealCallMedia *self = g_new0 (PealCallMedia, 1);

  self->pipeline = pipeline;
  self->element = element;
  self->console = console;
  self->sources =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_source_free);
  return self;
}

/**
 * peal_call_media_free:
 * @self: (transfer full): the media of a call whose pipeline has stopped
 */
void
peal_call_media_free (PealCallMedia *self)
{
  g_ptr_array_unref (self->sources);
  g_free (self);
}

/* Sends what the source gives under @name, if it does. */
static gboolean
link_source (
    PealCallMedia *self, PealSource *source, const gchar *name, GError **error)
{
  g_autoptr (GstPad) from = gst_element_get_static_pad (source->element, name);
  g_autofree gchar *template = g_strdup_printf ("%s_%%u", name);
  g_autoptr (GstPad) to = NULL;

  if (!from)
    return TRUE;
  to = gst_element_request_pad_simple (self->element, template);
  if (to && gst_pad_link (from, to) == GST_PAD_LINK_OK)
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_BUG,
      "the %s cannot be linked to the call", source->label);
  return FALSE;
}

/* Takes @source. */
static gboolean
add_source (
    PealCallMedia *self, PealSource *source, const gchar *what, GError **error)
{
  if (source->apology)
    peal_console_say (self->console, "%s", source->apology);
  else
    peal_console_say (self->console, "Sending %s: %s.", what, source->label);
  g_ptr_array_add (self->sources, source);
  if (!source->element)
    return TRUE;
  gst_bin_add (GST_BIN (self->pipeline), source->element);
  return link_source (self, source, "video", error) &&
      link_source (self, source, "audio", error);
}

static gboolean
add_files (PealCallMedia *self, const PealOptions *options,
    gboolean has_file_video, gboolean has_file_audio, GError **error)
{
  gboolean is_same = has_file_video && has_file_audio &&
      strcmp (options->video, options->audio) == 0;
  PealSource *source = NULL;

  if (is_same) {
    source = peal_source_new_file (options->video, TRUE, TRUE, error);
    return source && add_source (self, source, "pictures and sound", error);
  }
  if (has_file_video) {
    gboolean is_sound = !options->audio && peal_file_has_audio (options->video);

    source = peal_source_new_file (options->video, TRUE, is_sound, error);
    if (!source ||
        !add_source (
            self, source, is_sound ? "pictures and sound" : "pictures", error))
      return FALSE;
  }
  if (has_file_audio) {
    source = peal_source_new_file (options->audio, FALSE, TRUE, error);
    return source && add_source (self, source, "sound", error);
  }
  return TRUE;
}

/**
 * peal_call_media_add_sources:
 * @self: the media
 * @options: the command line
 * @error: %PEAL_ERROR_USAGE for a name that does not exist
 *
 * Opens what is to be sent and links it. A file's sound goes with its
 * pictures unless --audio says otherwise.
 *
 * Returns: whether the call can begin
 */
gboolean
peal_call_media_add_sources (
    PealCallMedia *self, const PealOptions *options, GError **error)
{
  gboolean has_file_video = peal_source_is_file (options->video);
  gboolean has_file_audio = peal_source_is_file (options->audio);
  PealSource *source = NULL;

  if (!has_file_video) {
    source = peal_source_new_video (options->video, error);
    if (!source || !add_source (self, source, "pictures", error))
      return FALSE;
  }
  if (!add_files (self, options, has_file_video, has_file_audio, error))
    return FALSE;
  if (has_file_audio || (has_file_video && !options->audio))
    return TRUE;
  source = peal_source_new_audio (options->audio, error);
  return source && add_source (self, source, "sound", error);
}

static gboolean
link_output (
    PealCallMedia *self, GstElement *output, const gchar *pad, GError **error)
{
  gst_bin_add (GST_BIN (self->pipeline), output);
  if (gst_element_link_pads (self->element, pad, output, "sink"))
    return TRUE;
  g_set_error (
      error, PEAL_ERROR, PEAL_ERROR_BUG, "the call's %s cannot be linked", pad);
  return FALSE;
}

/**
 * peal_call_media_add_outputs:
 * @self: the media
 * @options: the command line
 * @error: a fault of ours
 *
 * Finds a screen and a speaker and links them; says so where there is none.
 *
 * Returns: whether the call can begin
 */
gboolean
peal_call_media_add_outputs (
    PealCallMedia *self, const PealOptions *options, GError **error)
{
  PealOutput display = { 0 };
  PealOutput speaker = { 0 };

  peal_output_make_video (&display, !options->no_display);
  peal_output_make_audio (&speaker, !options->no_speaker);
  if (!display.is_real && !options->no_display)
    peal_console_say (
        self->console, "No screen here: the others' pictures are not shown.");
  if (!speaker.is_real && !options->no_speaker)
    peal_console_say (
        self->console, "No speaker here: the others' sound is not played.");
  self->display = display.element;
  return link_output (self, display.element, "mix_video", error) &
      link_output (self, speaker.element, "mix_audio", error);
}

static void
cut_off (PealCallMedia *self, PealSource *source, const gchar *name)
{
  g_autoptr (GstPad) from = gst_element_get_static_pad (source->element, name);
  g_autoptr (GstPad) to = from ? gst_pad_get_peer (from) : NULL;

  if (!to)
    return;
  gst_pad_unlink (from, to);
  gst_element_release_request_pad (self->element, to);
}

static void
remove_source (PealCallMedia *self, PealSource *source)
{
  gst_element_set_locked_state (source->element, TRUE);
  gst_element_set_state (source->element, GST_STATE_NULL);
  cut_off (self, source, "video");
  cut_off (self, source, "audio");
  gst_bin_remove (GST_BIN (self->pipeline), source->element);
  g_ptr_array_remove (self->sources, source);
}

static PealSource *
find_source (PealCallMedia *self, GstObject *object)
{
  for (guint i = 0; i < self->sources->len; i++) {
    PealSource *source = g_ptr_array_index (self->sources, i);

    if (source->element &&
        gst_object_has_as_ancestor (object, GST_OBJECT (source->element)))
      return source;
  }
  return NULL;
}

/* What the X sinks say when the user closes the window. */
static gboolean
is_closed_window (PealCallMedia *self, GstObject *object, const GError *reason)
{
  return self->display &&
      gst_object_has_as_ancestor (object, GST_OBJECT (self->display)) &&
      g_error_matches (
          reason, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
}

static void
go_on_without (
    PealCallMedia *self, PealSource *source, const GError *reason, gchar **text)
{
  g_autofree gchar *failure =
      peal_source_describe_failure (source->label, reason);

  *text = g_strdup_printf ("The call goes on without it: %s", failure);
  remove_source (self, source);
}

/**
 * peal_call_media_judge:
 * @self: the media
 * @error: an error message from the bus
 * @text: (out) (transfer full) (nullable): one sentence about it; NULL if there
 *   is nothing to say
 *
 * A source that fails says so twice: v4l2src that its camera is busy, and then
 * that its data flow has ended. By then it may have been removed.
 *
 * Returns: what becomes of the call
 */
PealMediaVerdict
peal_call_media_judge (PealCallMedia *self, GstMessage *error, gchar **text)
{
  GstObject *object = GST_MESSAGE_SRC (error);
  PealSource *source = find_source (self, object);
  g_autoptr (GError) reason = NULL;

  *text = NULL;
  gst_message_parse_error (error, &reason, NULL);
  if (!gst_object_has_as_ancestor (object, GST_OBJECT (self->pipeline)))
    return PEAL_MEDIA_VERDICT_GO_ON;
  if (source && source->is_optional) {
    go_on_without (self, source, reason, text);
    return PEAL_MEDIA_VERDICT_GO_ON;
  }
  if (is_closed_window (self, object, reason))
    return PEAL_MEDIA_VERDICT_CLOSED;
  *text = source ? peal_source_describe_failure (source->label, reason)
                 : peal_element_describe_error (error);
  return PEAL_MEDIA_VERDICT_OTHER;
}
