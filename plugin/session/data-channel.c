/*
 * The data channels of one webrtcbin. See data-channel.h. Made and ended by
 * the connection; used by talk.
 *
 * Nothing is told before the gate opens, which is when the peer's certificate
 * has been checked: until then all waits, bounded, in the inflow.
 *
 * What sctp.c guards against in webrtcbin's SCTP elements is told there.
 */
#include "session/data-channel.h"

#include <gst/webrtc/webrtc.h>

#include "base/error.h"
#include "base/post.h"
#include "base/signals.h"
#include "base/sources.h"
#include "session/inflow.h"
#include "session/sctp.h"
#include "wire/app-body.h"

GST_DEBUG_CATEGORY_STATIC (peal_session_data_channel_debug);
#define GST_CAT_DEFAULT peal_session_data_channel_debug

/* Chosen: as much again as usrsctp buffers. A peer that has not taken that
 * does not read. */
#define MAX_BUFFERED_BYTES (1024 * 1024)
#define MAX_LABEL_BYTES 64
#define BATCH 64 /* messages told before others get the loop */

enum { SIGNAL_STATE_CHANGED, SIGNAL_MESSAGE, N_SIGNALS };

static guint signals[N_SIGNALS];

typedef struct {
  GstWebRTCDataChannel *channel;
  gchar *label;
  gboolean is_open;
} Line;

struct _PealDataChannel {
  GObject parent;

  GMainContext *context;
  GstElement *webrtc; /* NULL once ended */
  PealSctp *sctp;
  PealInflow *inflow;
  gint is_flooded; /* atomic */

  /* on the loop only */
  GPtrArray *lines; /* of Line, in the order in which they opened */
  PealDataChannelState state;
  gboolean is_gate_open;
  gboolean is_ruled_out;
  GSource *later;
};

G_DEFINE_FINAL_TYPE (PealDataChannel, peal_data_channel, G_TYPE_OBJECT)

#define assert_owner(self) g_assert (g_main_context_is_owner ((self)->context))

static void
line_free (gpointer data)
{
  Line *line = data;

  g_object_unref (line->channel);
  g_free (line->label);
  g_free (line);
}

/* ---- state: the only writer ---- */

static void
set_state (PealDataChannel *self, PealDataChannelState state)
{
  if (self->state == state)
    return;

  GST_INFO_OBJECT (self->webrtc, "data channel: %d -> %d", self->state, state);
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

/* The one to send over: `peal`, or else the first that opened. */
static Line *
choose (PealDataChannel *self)
{
  Line *chosen = NULL;

  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);

    if (!line->is_open)
      continue;
    if (g_str_equal (line->label, PEAL_DATA_CHANNEL_LABEL))
      return line;
    if (!chosen)
      chosen = line;
  }

  return chosen;
}

static void
review (PealDataChannel *self)
{
  if (!self->webrtc)
    return;

  if (self->is_gate_open && choose (self))
    set_state (self, PEAL_DATA_CHANNEL_OPEN);
  else if (self->is_ruled_out || self->state == PEAL_DATA_CHANNEL_OPEN)
    set_state (self, PEAL_DATA_CHANNEL_CLOSED);
}

/* ---- on the loop: what came ---- */

typedef enum { NOTE_OPEN, NOTE_CLOSED, NOTE_TEXT, NOTE_BINARY } NoteKind;

typedef struct {
  NoteKind kind;
  GstWebRTCDataChannel *channel;
  gchar *text;
  GBytes *bytes;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_object_unref (note->channel);
  g_free (note->text);
  g_clear_pointer (&note->bytes, g_bytes_unref);
  g_free (note);
}

static gchar *
dup_label (GstWebRTCDataChannel *channel)
{
  g_autofree gchar *raw = NULL;
  g_autofree gchar *label = NULL;
  const gchar *end;

  g_object_get (channel, "label", &raw, NULL);
  label = g_utf8_make_valid (raw ? raw : "", -1);
  if (strlen (label) <= MAX_LABEL_BYTES)
    return g_steal_pointer (&label);
  end = g_utf8_find_prev_char (label, label + MAX_LABEL_BYTES + 1);

  return g_strndup (label, (gsize)(end - label));
}

static Line *
find_line (PealDataChannel *self, GstWebRTCDataChannel *channel)
{
  Line *line;

  for (guint i = 0; i < self->lines->len; i++) {
    line = g_ptr_array_index (self->lines, i);
    if (line->channel == channel)
      return line;
  }
  line = g_new0 (Line, 1);
  line->channel = g_object_ref (channel);
  line->label = dup_label (channel);
  g_ptr_array_add (self->lines, line);

  return line;
}

static void
tell (PealDataChannel *self, const Line *line, JsonNode *body)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, line->label, body);
  json_node_unref (body);
}

static void
take (PealDataChannel *self, const Note *note)
{
  Line *line = find_line (self, note->channel);
  g_autofree gchar *text = NULL;

  switch (note->kind) {
    case NOTE_OPEN:
    case NOTE_CLOSED:
      GST_INFO_OBJECT (self->webrtc, "data channel '%s' is %s", line->label,
          note->kind == NOTE_OPEN ? "open" : "closed");
      line->is_open = note->kind == NOTE_OPEN;
      review (self);
      break;
    case NOTE_TEXT:
      text = g_utf8_make_valid (note->text, -1);
      tell (self, line, peal_app_body_new (text));
      break;
    case NOTE_BINARY:
    default:
      tell (self, line, peal_app_body_new_binary (note->bytes));
      break;
  }
}

static void
drain (gpointer object, gpointer data)
{
  PealDataChannel *self = object;
  guint wait_ms = 1;

  peal_source_clear (&self->later);
  if (!self->is_gate_open)
    return;

  for (guint i = 0; i < BATCH && self->webrtc; i++) {
    Note *note =
        peal_inflow_pop (self->inflow, g_get_monotonic_time (), &wait_ms);

    if (!note)
      break;
    take (self, note);
    note_free (note);
    wait_ms = 1;
  }
  if (wait_ms > 0 && self->webrtc)
    self->later = peal_post_delayed (self->context, self, wait_ms, drain);
}

/* Nothing may be missing in the middle of a reliable channel: it ends here. */
static void
give_up (gpointer object, gpointer data)
{
  PealDataChannel *self = object;

  if (!self->webrtc)
    return;

  GST_WARNING_OBJECT (self->webrtc,
      "the peer sends more than can be taken; its data channels are closed");
  peal_inflow_end (self->inflow);
  self->is_ruled_out = TRUE;
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);

    g_signal_handlers_disconnect_by_data (line->channel, self);
    if (line->is_open)
      gst_webrtc_data_channel_close (line->channel);
    line->is_open = FALSE;
  }
  review (self);
}

/* ---- on webrtcbin's threads: copy and queue ---- */

static void
flood (PealDataChannel *self)
{
  if (g_atomic_int_compare_and_exchange (&self->is_flooded, FALSE, TRUE))
    peal_post (self->context, self, give_up, NULL, NULL);
}

static void
push (PealDataChannel *self, NoteKind kind, GstWebRTCDataChannel *channel,
    const gchar *text, GBytes *bytes)
{
  Note *note = g_new0 (Note, 1);
  gsize size = bytes ? g_bytes_get_size (bytes) : 0;

  note->kind = kind;
  note->channel = g_object_ref (channel);
  note->text = g_strdup (text);
  /* What is given lives in usrsctp's memory. */
  note->bytes =
      bytes ? g_bytes_new (g_bytes_get_data (bytes, NULL), size) : NULL;
  size += text ? strlen (text) : 0;

  switch (peal_inflow_push (self->inflow, note, size)) {
    case PEAL_INFLOW_WAKE:
      peal_post (self->context, self, drain, NULL, NULL);
      break;
    case PEAL_INFLOW_FULL:
      flood (self);
      break;
    case PEAL_INFLOW_QUEUED:
    default:
      break;
  }
}

static void
on_open (GstWebRTCDataChannel *channel, gpointer data)
{
  push (data, NOTE_OPEN, channel, NULL, NULL);
}

static void
on_close (GstWebRTCDataChannel *channel, gpointer data)
{
  push (data, NOTE_CLOSED, channel, NULL, NULL);
}

static void
on_text (GstWebRTCDataChannel *channel, const gchar *text, gpointer data)
{
  push (data, NOTE_TEXT, channel, text ? text : "", NULL);
}

static void
on_binary (GstWebRTCDataChannel *channel, GBytes *bytes, gpointer data)
{
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);

  push (data, NOTE_BINARY, channel, NULL, bytes ? bytes : empty);
}

static void
listen (PealDataChannel *self, GstWebRTCDataChannel *channel)
{
  GObject *data = G_OBJECT (self);

  peal_signal_connect_holding (channel, "on-open", G_CALLBACK (on_open), data);
  peal_signal_connect_holding (
      channel, "on-close", G_CALLBACK (on_close), data);
  peal_signal_connect_holding (
      channel, "on-message-string", G_CALLBACK (on_text), data);
  peal_signal_connect_holding (
      channel, "on-message-data", G_CALLBACK (on_binary), data);
}

static void
on_data_channel (
    GstElement *webrtc, GstWebRTCDataChannel *channel, gpointer data)
{
  listen (data, channel);
}

static void
on_too_many (PealSctp *sctp, gpointer data)
{
  flood (data);
}

/* ---- public ---- */

/**
 * peal_data_channel_is_supported:
 *
 * Returns: whether webrtcbin's SCTP elements are installed. Any thread
 */
gboolean
peal_data_channel_is_supported (void)
{
  g_autoptr (GstElementFactory) encoder = gst_element_factory_find ("sctpenc");
  g_autoptr (GstElementFactory) decoder = gst_element_factory_find ("sctpdec");

  return encoder && decoder;
}

/**
 * peal_data_channel_create:
 *
 * Makes our channel, if this machine can: to be called by the offerer, before
 * webrtcbin makes the offer.
 */
void
peal_data_channel_create (PealDataChannel *self)
{
  g_autoptr (GstWebRTCDataChannel) channel = NULL;

  assert_owner (self);
  if (peal_data_channel_is_supported ())
    g_signal_emit_by_name (self->webrtc, "create-data-channel",
        PEAL_DATA_CHANNEL_LABEL, NULL, &channel);
  if (!channel) {
    peal_data_channel_rule_out (self);
    return;
  }

  find_line (self, channel);
  listen (self, channel);
}

/**
 * peal_data_channel_rule_out:
 *
 * The descriptions have none: it is not to be waited for.
 */
void
peal_data_channel_rule_out (PealDataChannel *self)
{
  assert_owner (self);

  self->is_ruled_out = TRUE;
  review (self);
}

/**
 * peal_data_channel_open_gate:
 *
 * The peer is who its description says: what it has sent is told, and we may
 * send.
 */
void
peal_data_channel_open_gate (PealDataChannel *self)
{
  assert_owner (self);

  self->is_gate_open = TRUE;
  peal_post (self->context, self, drain, NULL, NULL);
}

static gboolean
check_room (GstWebRTCDataChannel *channel, gsize length, GError **error)
{
  guint64 buffered = 0;

  if (length > PEAL_DATA_CHANNEL_MAX_BYTES) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "a message of %" G_GSIZE_FORMAT " bytes is too large (at most %d)",
        length, PEAL_DATA_CHANNEL_MAX_BYTES);
    return FALSE;
  }
  g_object_get (channel, "buffered-amount", &buffered, NULL);
  if (buffered + length <= MAX_BUFFERED_BYTES)
    return TRUE;

  g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_RETRY,
      "the peer does not read what it was sent before");
  return FALSE;
}

/* webrtcbin 1.22 leaks what it is given for a channel that closes. */
static gboolean
is_ready (GstWebRTCDataChannel *channel)
{
  GstWebRTCDataChannelState state = GST_WEBRTC_DATA_CHANNEL_STATE_CLOSED;

  g_object_get (channel, "ready-state", &state, NULL);

  return state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN;
}

/**
 * peal_data_channel_send:
 * @text: not empty: SCTP knows no empty message
 * @error: PEAL_ERROR_USAGE: too large; PEAL_ERROR_RETRY: the peer does not
 *   read, or the channel is not open (any more; see the state)
 *
 * Never blocks.
 */
gboolean
peal_data_channel_send (
    PealDataChannel *self, const gchar *text, GError **error)
{
  g_autoptr (GError) why = NULL;
  Line *line = self->is_gate_open ? choose (self) : NULL;

  assert_owner (self);
  if (!line) {
    g_set_error_literal (
        error, PEAL_ERROR, PEAL_ERROR_RETRY, "the data channel is not open");
    return FALSE;
  }
  if (!check_room (line->channel, strlen (text), error))
    return FALSE;
  if (is_ready (line->channel) &&
      gst_webrtc_data_channel_send_string_full (line->channel, text, &why))
    return TRUE;

  line->is_open = FALSE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_RETRY, "%s",
      why ? why->message : "the data channel takes nothing");
  review (self);

  return FALSE;
}

PealDataChannelState
peal_data_channel_get_state (PealDataChannel *self)
{
  return self->state;
}

/**
 * peal_data_channel_end:
 *
 * Lets go of webrtcbin, which is about to end, and frees whatever waits in it
 * to be sent. No signal fires afterwards.
 */
void
peal_data_channel_end (PealDataChannel *self)
{
  if (!self->webrtc)
    return;

  assert_owner (self);
  peal_source_clear (&self->later);
  g_signal_handlers_disconnect_by_data (self->webrtc, self);
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = g_ptr_array_index (self->lines, i);

    g_signal_handlers_disconnect_by_data (line->channel, self);
  }
  peal_inflow_end (self->inflow);
  g_ptr_array_set_size (self->lines, 0);
  g_signal_handlers_disconnect_by_data (self->sctp, self);
  peal_sctp_end (self->sctp);
  g_clear_object (&self->webrtc);
}

/**
 * peal_data_channel_new:
 * @webrtc: before it has made or taken a description
 */
PealDataChannel *
peal_data_channel_new (GstElement *webrtc)
{
  PealDataChannel *self = g_object_new (PEAL_TYPE_DATA_CHANNEL, NULL);

  self->webrtc = gst_object_ref (webrtc);
  self->sctp = peal_sctp_new (webrtc);
  g_signal_connect_object (
      self->sctp, "too-many", G_CALLBACK (on_too_many), self, 0);
  g_signal_connect_object (
      webrtc, "on-data-channel", G_CALLBACK (on_data_channel), self, 0);

  return self;
}

static void
peal_data_channel_finalize (GObject *object)
{
  PealDataChannel *self = PEAL_DATA_CHANNEL (object);

  peal_source_clear (&self->later);
  g_clear_object (&self->webrtc);
  g_clear_object (&self->sctp);
  peal_inflow_free (self->inflow);
  g_ptr_array_unref (self->lines);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_data_channel_parent_class)->finalize (object);
}

static void
peal_data_channel_class_init (PealDataChannelClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = peal_data_channel_finalize;

  /* Thread: the loop, no lock held; a handler may end us. See get_state */
  signals[SIGNAL_STATE_CHANGED] = peal_signal_new (type, "state-changed", 0);
  /* Thread: the loop, no lock held; a handler may end us. Label, body */
  signals[SIGNAL_MESSAGE] =
      peal_signal_new (type, "message", 2, G_TYPE_STRING, JSON_TYPE_NODE);

  GST_DEBUG_CATEGORY_INIT (peal_session_data_channel_debug,
      "peal-session-data-channel", 0, "Peal: one peer's data channels");
}

static void
peal_data_channel_init (PealDataChannel *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->inflow = peal_inflow_new (note_free);
  self->lines = g_ptr_array_new_with_free_func (line_free);
}
