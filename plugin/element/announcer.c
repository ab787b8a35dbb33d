/*
 * Signals and bus messages of pealbin. See announcer.h. Called by call; no
 * state but the signal ids.
 */
#include "element/announcer.h"

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

#define MAX_ARGUMENTS 4

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
  [SIGNAL_MESSAGE] = { "message", { "id", "name", "body", "text" } },
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
 * peer-state (id, name, state, reason), track-added and track-removed
 * (id, name, kind, pad), peer-left (id, name, reason),
 * message (id, name, body, text).
 */
void
peal_announcer_install_signals (GType type)
{
  GType strings[MAX_ARGUMENTS] = { G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
    G_TYPE_STRING };

  for (guint i = 0; i < N_SIGNALS; i++)
    g_signal_newv (table[i].name, type, G_SIGNAL_RUN_LAST, NULL, NULL, NULL,
        NULL, G_TYPE_NONE, count_fields (i), strings);
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

void
peal_announcer_signalling_state (
    GstElement *element, PealSignallingState state, const GError *error)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_signalling_state_to_string (state),
    error ? error->message : NULL,
  };

  announce (element, SIGNAL_SIGNALLING_STATE, values);
}

void
peal_announcer_peer_joined (GstElement *element, PealPeer *peer)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_peer_get_id (peer),
    peal_peer_get_name (peer),
  };

  announce (element, SIGNAL_PEER_JOINED, values);
}

void
peal_announcer_peer_state (
    GstElement *element, PealPeer *peer, const gchar *reason)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_peer_get_id (peer),
    peal_peer_get_name (peer),
    peal_peer_state_to_string (peal_peer_get_state (peer)),
    reason,
  };

  announce (element, SIGNAL_PEER_STATE, values);
}

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

void
peal_announcer_peer_left (
    GstElement *element, PealPeer *peer, const gchar *reason)
{
  const gchar *values[MAX_ARGUMENTS] = {
    peal_peer_get_id (peer),
    peal_peer_get_name (peer),
    reason,
  };

  announce (element, SIGNAL_PEER_LEFT, values);
}

/**
 * peal_announcer_message:
 * @body: any JSON; told as JSON text and, if there is any, as plain text
 */
void
peal_announcer_message (
    GstElement *element, const gchar *id, const gchar *name, JsonNode *body)
{
  g_autofree gchar *json = json_to_string (body, FALSE);
  const gchar *values[MAX_ARGUMENTS] = { id, name, json,
    peal_app_body_get_text (body) };

  announce (element, SIGNAL_MESSAGE, values);
}
