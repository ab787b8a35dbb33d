/*
 * Signals and bus messages of pealbin. See announcer.h. Called by call; no
 * state but the signal ids.
 */
#include "element/announcer.h"

#include "base/error.h"
#include "wire/app-body.h"

enum {
  SIGNAL_SIGNALLING_STATE,
  SIGNAL_PEER_JOINED,
  SIGNAL_PEER_STATE,
  SIGNAL_TRACK_ADDED,
  SIGNAL_TRACK_REMOVED,
  SIGNAL_PEER_LEFT,
  SIGNAL_MESSAGE,
  N_SIGNALS
};

#define MAX_ARGUMENTS 5

/* A signal's arguments are strings; the bus message has them as fields. */
static const struct {
  const gchar *name;
  const gchar *fields[MAX_ARGUMENTS + 1];
} table[N_SIGNALS] = {
  [SIGNAL_SIGNALLING_STATE] = { "signalling-state", { "state", "error" } },
  [SIGNAL_PEER_JOINED] = { "peer-joined", { "id", "name" } },
  [SIGNAL_PEER_STATE] = { "peer-state", { "id", "name", "state", "reason" } },
  [SIGNAL_TRACK_ADDED] = { "track-added", { "id", "name", "kind", "pad" } },
  [SIGNAL_TRACK_REMOVED] = { "track-removed", { "id", "name", "kind", "pad" } },
  [SIGNAL_PEER_LEFT] = { "peer-left", { "id", "name", "reason" } },
  [SIGNAL_MESSAGE] = { "message", { "id", "name", "body", "text", "label" } },
};

static guint
count_fields (guint signal)
{
  guint count = 0;

  while (table[signal].fields[count])
    count++;

  return count;
}

/**
 * peal_announcer_install_signals:
 * @type: the element's type
 *
 * Installs, all with string arguments, on the loop, no lock held:
 * signalling-state (state, error), peer-joined (id, name),
 * peer-state (id, name, state, reason; connected with a reason: that is what
 * of ours the peer does not get, and why), track-added and track-removed
 * (id, name, kind, pad), peer-left (id, name, reason),
 * message (id, name, body, text, label).
 */
void
peal_announcer_install_signals (GType type)
{
  GType strings[MAX_ARGUMENTS] = { G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
    G_TYPE_STRING, G_TYPE_STRING };

  for (guint i = 0; i < N_SIGNALS; i++) {
    /* Thread: the loop, no lock held; see announcer.h. */
    g_signal_newv (table[i].name, type, G_SIGNAL_RUN_LAST, NULL, NULL, NULL,
        NULL, G_TYPE_NONE, count_fields (i), strings);
  }
}

static void
post (GstElement *element, guint signal, const gchar *const *values)
{
  GstStructure *structure = gst_structure_new_empty (table[signal].name);

  for (guint i = 0; table[signal].fields[i]; i++)
    if (values[i])
      gst_structure_set (
          structure, table[signal].fields[i], G_TYPE_STRING, values[i], NULL);
  gst_element_post_message (
      element, gst_message_new_element (GST_OBJECT (element), structure));
}

static void
announce (GstElement *element, guint signal, const gchar *const *values)
{
  GValue arguments[MAX_ARGUMENTS + 1] = { G_VALUE_INIT };
  guint count = count_fields (signal);
  guint id = g_signal_lookup (table[signal].name, G_OBJECT_TYPE (element));

  post (element, signal, values);
  g_value_init (&arguments[0], G_OBJECT_TYPE (element));
  g_value_set_object (&arguments[0], element);
  for (guint i = 0; i < count; i++) {
    g_value_init (&arguments[i + 1], G_TYPE_STRING);
    g_value_set_string (&arguments[i + 1], values[i]);
  }
  g_signal_emitv (arguments, id, 0, NULL);
  for (guint i = 0; i <= count; i++)
    g_value_unset (&arguments[i]);
}

/**
 * peal_announcer_error:
 * @error: of PEAL_ERROR; becomes the element's error message. One that a
 *   retry may mend has the detail `retry` set
 */
void
peal_announcer_error (GstElement *element, const GError *error)
{
  GstStructure *details = NULL;

  switch (error->code) {
    case PEAL_ERROR_RETRY:
      details =
          gst_structure_new ("peal-error", "retry", G_TYPE_BOOLEAN, TRUE, NULL);
      gst_element_message_full_with_details (element, GST_MESSAGE_ERROR,
          GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
          g_strdup (error->message), NULL, __FILE__, GST_FUNCTION, __LINE__,
          details);
      break;
    case PEAL_ERROR_REFUSED:
      GST_ELEMENT_ERROR (
          element, RESOURCE, NOT_AUTHORIZED, ("%s", error->message), (NULL));
      break;
    case PEAL_ERROR_UNSUPPORTED:
      GST_ELEMENT_ERROR (
          element, CORE, MISSING_PLUGIN, ("%s", error->message), (NULL));
      break;
    default:
      GST_ELEMENT_ERROR (
          element, RESOURCE, SETTINGS, ("%s", error->message), (NULL));
      break;
  }
}

/* ---- what the session says ---- */

static void
on_signalling_state (PealSession *session, PealSignallingState state,
    GError *error, gpointer data)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_signalling_state_to_string (state),
    error ? error->message : NULL,
  };

  announce (data, SIGNAL_SIGNALLING_STATE, values);
}

static void
on_peer_joined (PealSession *session, PealPeer *peer, gpointer data)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_peer_get_id (peer),
    peal_peer_get_name (peer),
  };

  announce (data, SIGNAL_PEER_JOINED, values);
}

/* Connected, and yet with a reason: some of ours does not reach the peer. */
static void
warn_of_note (GstElement *element, PealPeer *peer, const gchar *note)
{
  const gchar *name = peal_peer_get_name (peer);

  GST_ELEMENT_WARNING (element, STREAM, CODEC_NOT_FOUND,
      ("%s: %s", name ? name : peal_peer_get_id (peer), note), (NULL));
}

static void
on_peer_state (
    PealSession *session, PealPeer *peer, const gchar *reason, gpointer data)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_peer_get_id (peer),
    peal_peer_get_name (peer),
    peal_peer_state_to_string (peal_peer_get_state (peer)),
    reason,
  };

  GST_DEBUG_BIN_TO_DOT_FILE_WITH_TS (
      GST_BIN (data), GST_DEBUG_GRAPH_SHOW_ALL, "peal-peer-state");
  announce (data, SIGNAL_PEER_STATE, values);
  if (reason && peal_peer_get_state (peer) == PEAL_PEER_CONNECTED)
    warn_of_note (data, peer, reason);
}

static void
on_peer_left (
    PealSession *session, PealPeer *peer, const gchar *reason, gpointer data)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_peer_get_id (peer),
    peal_peer_get_name (peer),
    reason,
  };

  announce (data, SIGNAL_PEER_LEFT, values);
}

/* The body is told as JSON text and, if there is any, as plain text; with the
 * label of the data channel unless it came through the room. */
static void
on_message (PealSession *session, const gchar *id, const gchar *name,
    JsonNode *body, const gchar *label, gpointer data)
{
  g_autofree gchar *json = json_to_string (body, FALSE);
  const gchar *values[MAX_ARGUMENTS] = { id, name, json,
    peal_app_body_get_text (body), label };

  announce (data, SIGNAL_MESSAGE, values);
}

static void
on_warning (PealSession *session, const gchar *text, gpointer data)
{
  GST_ELEMENT_WARNING (data, RESOURCE, FAILED, ("%s", text), (NULL));
}

/**
 * peal_announcer_attach:
 *
 * Announces what @session says, for as long as it lives; of its tracks the
 * owner of the pads tells, with peal_announcer_track().
 */
void
peal_announcer_attach (GstElement *element, PealSession *session)
{
  /* clang-format off */
  g_object_connect (session,
      "signal::signalling-state", on_signalling_state, element,
      "signal::peer-joined", on_peer_joined, element,
      "signal::peer-state", on_peer_state, element,
      "signal::peer-left", on_peer_left, element,
      "signal::message", on_message, element,
      "signal::warning", on_warning, element,
      NULL);
  /* clang-format on */
}

/**
 * peal_announcer_track:
 * @pad: (nullable): the pad's name
 *
 * A remote track came or went.
 */
void
peal_announcer_track (GstElement *element, PealPeer *peer, PealMediaKind kind,
    const gchar *pad, gboolean is_added)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_peer_get_id (peer),
    peal_peer_get_name (peer),
    peal_media_kind_to_string (kind),
    pad,
  };

  announce (
      element, is_added ? SIGNAL_TRACK_ADDED : SIGNAL_TRACK_REMOVED, values);
}
