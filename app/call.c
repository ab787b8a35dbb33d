/*
 * `peal call`: one pipeline with a pealbin, sources and outputs around it; the
 * bus says what happens, keys say what the user wants, and the summary is the
 * last line. Everything here runs on the main thread, the bus watch included.
 */
#include "app/call.h"

#include <gst/pbutils/pbutils.h>

#include "app/call-media.h"
#include "app/element.h"
#include "app/events.h"
#include "app/keys.h"
#include "app/room-server.h"
#include "app/run.h"
#include "app/summary.h"
#include "base/error.h"

#define STATUS_INTERVAL_S 1

typedef struct {
  const PealOptions *options;
  PealConsole *console;
  PealRun *run;
  PealServer *server;
  GstElement *pipeline;
  GstElement *element; /* the pipeline's */
  PealCallMedia *media;
  PealSummary *summary;
  PealKeys *keys;
  gchar *typed; /* the text being typed */
  guint bus_watch;
  guint status_timer;
} Call;

static void
fail (Call *self, const gchar *text, gint status)
{
  g_autoptr (JsonNode) event = peal_event_new_error (text, status);
  g_autofree gchar *line = peal_event_clean_text (text);

  if (peal_run_is_over (self->run))
    return;
  peal_console_complain (self->console, "%s", line);
  peal_console_event (self->console, event);
  peal_run_quit (self->run, status);
}

static void
fail_with (Call *self, const GError *error)
{
  gboolean is_usage = g_error_matches (error, PEAL_ERROR, PEAL_ERROR_USAGE);

  fail (self, error->message, is_usage ? PEAL_EXIT_USAGE : PEAL_EXIT_FAILURE);
}

/* --- status --- */

static void
look_at_stats (Call *self)
{
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (self->element, "stats", &stats, NULL);
  if (stats)
    peal_summary_note_stats (self->summary, stats,
        g_get_monotonic_time () / (gdouble)G_USEC_PER_SEC);
}

static gchar *
dup_foot_line (Call *self)
{
  gboolean is_audio_muted = FALSE;
  gboolean is_video_muted = FALSE;

  if (self->typed)
    return g_strdup_printf ("Text to all: %s_", self->typed);
  g_object_get (self->element, "mute-audio", &is_audio_muted, "mute-video",
      &is_video_muted, NULL);
  return g_strdup_printf ("[m] %s  [v] %s  [t] text  [q] quit",
      is_audio_muted ? "MUTED" : "mute",
      is_video_muted ? "VIDEO OFF" : "video");
}

static void
draw_status (Call *self)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) peers = NULL;
  g_auto (GStrv) lines = NULL;

  if (!peal_console_is_terminal (self->console))
    return;
  builder = g_strv_builder_new ();
  peers = peal_summary_dup_status (self->summary);
  g_strv_builder_addv (builder, (const gchar **)peers);
  if (!peers[0])
    g_strv_builder_add (builder, "Nobody else is here.");
  if (self->keys) {
    g_autofree gchar *foot = dup_foot_line (self);

    g_strv_builder_add (builder, foot);
  }
  lines = g_strv_builder_end (builder);
  peal_console_set_status (self->console, (const gchar *const *)lines);
}

static void
print_stats (Call *self)
{
  g_autoptr (GPtrArray) events = peal_summary_dup_events (self->summary);

  for (guint i = 0; i < events->len; i++)
    peal_console_event (self->console, g_ptr_array_index (events, i));
}

static gboolean
on_status_due (gpointer data)
{
  Call *self = data;

  look_at_stats (self);
  draw_status (self);
  print_stats (self);
  if (peal_console_is_broken (self->console))
    peal_run_quit (self->run, PEAL_EXIT_OK);
  return G_SOURCE_CONTINUE;
}

/* --- the bus --- */

static void
on_element_message (Call *self, GstMessage *message)
{
  const GstStructure *structure = gst_message_get_structure (message);
  g_autoptr (JsonNode) event = NULL;
  g_autofree gchar *sentence = NULL;

  if (gst_is_missing_plugin_message (message)) {
    g_autofree gchar *what =
        gst_missing_plugin_message_get_description (message);

    peal_console_complain (self->console, "missing plugin: %s", what);
    return;
  }
  if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->element))
    return;
  look_at_stats (self); /* what is known now may be gone in a second */
  peal_summary_note_message (self->summary, structure);
  event = peal_event_from_structure (structure);
  peal_console_event (self->console, event);
  sentence = peal_event_to_sentence (structure);
  if (sentence && !peal_console_is_json (self->console))
    peal_console_say (self->console, "%s", sentence);
  draw_status (self);
}

static void
warn (Call *self, const gchar *text)
{
  g_autofree gchar *line = peal_event_clean_text (text);
  g_autoptr (JsonNode) event = peal_event_new_warning (text);

  peal_console_event (self->console, event);
  if (!peal_console_is_json (self->console))
    peal_console_say (self->console, "%s", line);
}

static void
on_error (Call *self, GstMessage *message)
{
  g_autofree gchar *text = NULL;

  switch (peal_call_media_judge (self->media, message, &text)) {
    case PEAL_MEDIA_VERDICT_GO_ON:
      if (text)
        warn (self, text);
      break;
    case PEAL_MEDIA_VERDICT_CLOSED:
      peal_console_say (self->console, "The window was closed.");
      peal_run_quit (self->run, PEAL_EXIT_OK);
      break;
    case PEAL_MEDIA_VERDICT_OTHER:
      fail (self, text, peal_element_status_for_error (message));
      break;
  }
}

static void
on_warning (Call *self, GstMessage *message)
{
  g_autoptr (GError) reason = NULL;

  if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->element))
    return;
  gst_message_parse_warning (message, &reason, NULL);
  warn (self, reason->message);
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer data)
{
  Call *self = data;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ELEMENT:
      on_element_message (self, message);
      break;
    case GST_MESSAGE_ERROR:
      on_error (self, message);
      break;
    case GST_MESSAGE_WARNING:
      on_warning (self, message);
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;
    case GST_MESSAGE_CLOCK_LOST:
      gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

/* --- keys --- */

static void
toggle (Call *self, const gchar *property)
{
  gboolean value = FALSE;

  g_object_get (self->element, property, &value, NULL);
  g_object_set (self->element, property, !value, NULL);
}

static void
send_text (Call *self, const gchar *text)
{
  gboolean is_sent = FALSE;

  g_signal_emit_by_name (self->element, "send-message", NULL, text, &is_sent);
  peal_console_say (self->console, "%s: %s",
      is_sent ? "You say" : "Nobody could be told", text);
}

static void
on_text (Call *self, const gchar *text, gboolean is_complete)
{
  g_clear_pointer (&self->typed, g_free);
  if (!is_complete)
    self->typed = g_strdup (text);
  else if (text && text[0])
    send_text (self, text);
}

static void
on_key (gchar key, const gchar *text, gboolean is_complete, gpointer data)
{
  Call *self = data;

  if (key == 0)
    on_text (self, text, is_complete);
  else if (key == 'm')
    toggle (self, "mute-audio");
  else if (key == 'v')
    toggle (self, "mute-video");
  else if (key == 't')
    peal_keys_begin_text (self->keys);
  else if (key == 'q')
    peal_run_quit (self->run, PEAL_EXIT_OK);
  draw_status (self);
}

/* --- the life of a call --- */

/* With a server of our own we call that. Its certificate is its own
 * authority, so that is what we trust. */
static gchar *
dup_own_uri (Call *self, gchar **certificate, GError **error)
{
  self->server = peal_room_server_start (
      self->options, self->options->serve_address, error);
  if (!self->server)
    return NULL;
  peal_room_server_announce (self->server, self->options, self->console);
  *certificate = g_strdup (peal_server_get_certificate_file (self->server));
  return peal_server_dup_signalling_uri (
      self->server, peal_room_server_get_room (self->options));
}

static gboolean
make_element (Call *self, GError **error)
{
  g_autofree gchar *certificate = NULL;
  g_autofree gchar *uri = self->options->serve
      ? dup_own_uri (self, &certificate, error)
      : g_strdup (self->options->uri);

  if (!uri)
    return FALSE;
  self->element = peal_element_new (self->options, uri, error);
  if (!self->element)
    return FALSE;
  if (certificate)
    g_object_set (self->element, "tls-ca-file", certificate, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->element);
  return TRUE;
}

static gboolean
prepare (Call *self, GError **error)
{
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = gst_pipeline_new ("peal-call");
  if (!make_element (self, error))
    return FALSE;
  self->media =
      peal_call_media_new (self->pipeline, self->element, self->console);
  if (!peal_call_media_add_sources (self->media, self->options, error) ||
      !peal_call_media_add_outputs (self->media, self->options, error))
    return FALSE;
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, on_bus_message, self);
  return TRUE;
}

static void
start (Call *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  self->status_timer =
      g_timeout_add_seconds (STATUS_INTERVAL_S, on_status_due, self);
  if (!peal_console_is_json (self->console))
    self->keys = peal_keys_new (on_key, self);
  draw_status (self);
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) ==
          GST_STATE_CHANGE_FAILURE &&
      !gst_bus_have_pending (bus))
    fail (self, "the pipeline does not start", PEAL_EXIT_FAILURE);
}

static void
print_summary (Call *self)
{
  g_autoptr (JsonNode) event = peal_summary_to_json (self->summary);
  g_auto (GStrv) lines = peal_summary_dup_lines (self->summary);

  peal_console_set_status (self->console, NULL);
  peal_console_event (self->console, event);
  if (peal_console_is_json (self->console))
    return;
  for (guint i = 0; lines[i]; i++)
    peal_console_say (self->console, "%s", lines[i]);
}

static void
clear_call (Call *self)
{
  g_clear_handle_id (&self->status_timer, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  g_clear_pointer (&self->keys, peal_keys_free);
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->media, peal_call_media_free);
  g_clear_object (&self->pipeline);
  if (self->server)
    peal_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->summary, peal_summary_free);
  g_clear_pointer (&self->typed, g_free);
  g_clear_pointer (&self->run, peal_run_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, clear_call)

/**
 * peal_call:
 * @options: the command line
 * @console: where to say things
 *
 * Runs the command to its end.
 *
 * Returns: the exit status
 */
gint
peal_call (const PealOptions *options, PealConsole *console)
{
  g_auto (Call) self = { options, console };
  g_autoptr (GError) error = NULL;
  gint status = PEAL_EXIT_OK;

  self.run = peal_run_new (options->seconds);
  self.summary = peal_summary_new ();
  if (!prepare (&self, &error)) {
    fail_with (&self, error);
    return peal_run_go (self.run);
  }
  start (&self);
  status = peal_run_go (self.run);
  look_at_stats (&self);
  print_summary (&self);
  return status;
}
