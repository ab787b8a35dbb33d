/*
 * PealRoomsSignaller: Peal rooms version 1 over a PealWebsocket. See
 * rooms-signaller.h; protocols.md section 1 is the protocol.
 *
 * Life cycle: start connects; each connection is a new PealWebsocket that
 * sends `join` when open. A lost one is followed, after a backoff, by the
 * next, which shows the resume key. If the server gives the same id back,
 * nothing has happened for anyone, and what was said meanwhile is sent; with
 * a new id it is dropped, because its sessions are gone for the others.
 *
 * One edge table decides every change of state.
 */
#include "signalling/rooms-signaller.h"

#include <gst/gst.h>

#include "base/backoff.h"
#include "base/context.h"
#include "base/error.h"
#include "signalling/kept-frames.h"
#include "signalling/peal-uri.h"
#include "signalling/websocket.h"
#include "wire/peal-rooms.h"

/* Chosen: the same as for the connection itself. */
#define JOIN_LIMIT_MS 10000
/* Chosen: a server that drops members sooner is in trouble, and is spared. */
#define LASTING_US (10 * G_USEC_PER_SEC)

GST_DEBUG_CATEGORY_STATIC (peal_rooms_signaller_debug);
#define GST_CAT_DEFAULT peal_rooms_signaller_debug

typedef enum {
  EVENT_START,
  EVENT_JOINED,
  EVENT_LOST,
  EVENT_REFUSED,
  EVENT_STOP,
} Event;

typedef enum {
  ACTION_CONNECT,
  ACTION_ENTER,
  ACTION_RETRY,
  ACTION_GIVE_UP,
  ACTION_LEAVE,
} Action;

typedef struct {
  PealSignallingState from;
  Event event;
  PealSignallingState to;
  Action action;
} Edge;

#define IDLE PEAL_SIGNALLING_IDLE
#define CONNECTING PEAL_SIGNALLING_CONNECTING
#define JOINED PEAL_SIGNALLING_JOINED
#define RECONNECTING PEAL_SIGNALLING_RECONNECTING
#define FAILED PEAL_SIGNALLING_FAILED

static const Edge edges[] = {
  { IDLE, EVENT_START, CONNECTING, ACTION_CONNECT },
  { CONNECTING, EVENT_JOINED, JOINED, ACTION_ENTER },
  { CONNECTING, EVENT_LOST, RECONNECTING, ACTION_RETRY },
  { CONNECTING, EVENT_REFUSED, FAILED, ACTION_GIVE_UP },
  { CONNECTING, EVENT_STOP, IDLE, ACTION_LEAVE },
  { JOINED, EVENT_LOST, RECONNECTING, ACTION_RETRY },
  { JOINED, EVENT_STOP, IDLE, ACTION_LEAVE },
  { RECONNECTING, EVENT_JOINED, JOINED, ACTION_ENTER },
  { RECONNECTING, EVENT_LOST, RECONNECTING, ACTION_RETRY },
  { RECONNECTING, EVENT_REFUSED, FAILED, ACTION_GIVE_UP },
  { RECONNECTING, EVENT_STOP, IDLE, ACTION_LEAVE },
  { FAILED, EVENT_STOP, IDLE, ACTION_LEAVE },
};

struct _PealRoomsSignaller {
  GObject parent;

  GMainContext *context;
  PealSignallerConfig *config;
  PealUri *uri;
  PealSignallingState state;
  gboolean is_stopped;

  PealWebsocket *websocket;
  GSource *timer; /* the join limit, or the wait for the next attempt */
  PealBackoff backoff;

  gchar *id;
  gchar *resume; /* never logged */
  gint64 joined_us;
  PealKeptFrames kept;
};

static void
iface_init (PealSignallerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PealRoomsSignaller, peal_rooms_signaller,
    G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (PEAL_TYPE_SIGNALLER, iface_init))

static void
handle (PealRoomsSignaller *self, Event event, const GError *error);

static void
clear_timer (PealRoomsSignaller *self)
{
  if (self->timer)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
set_timer (PealRoomsSignaller *self, guint delay_ms, GSourceFunc func)
{
  clear_timer (self);
  self->timer = g_timeout_source_new (delay_ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
drop_websocket (PealRoomsSignaller *self)
{
  clear_timer (self);
  if (!self->websocket)
    return;

  g_signal_handlers_disconnect_by_data (self->websocket, self);
  peal_websocket_close (self->websocket, PEAL_WEBSOCKET_NORMAL, NULL);
  g_clear_object (&self->websocket);
}

static gboolean
send_now (PealRoomsSignaller *self, PealMessage *message, GError **error)
{
  g_autofree gchar *text = peal_rooms_encode (PEAL_ROOMS_FROM_CLIENT, message);

  return peal_websocket_send_text (self->websocket, text, error);
}

static gboolean
on_join_limit (gpointer data)
{
  PealRoomsSignaller *self = data;
  g_autoptr (GError) error = g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY,
      "%s does not answer the wish to join", self->uri->endpoint);

  handle (self, EVENT_LOST, error);
  return G_SOURCE_REMOVE;
}

static PealMessage *
make_join (PealRoomsSignaller *self)
{
  PealMessage *join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->room = g_strdup (self->uri->room);
  join->name = g_strdup (self->uri->name);
  join->token = g_strdup (self->uri->token);
  join->meta = self->config->meta ? json_node_ref (self->config->meta) : NULL;
  join->prefers_offering = self->config->prefers_offering;
  join->resume = g_strdup (self->resume);

  return join;
}

static void
on_opened (PealWebsocket *websocket, gpointer data)
{
  PealRoomsSignaller *self = data;
  g_autoptr (PealMessage) join = make_join (self);
  g_autoptr (GError) error = NULL;

  set_timer (self, JOIN_LIMIT_MS, on_join_limit);
  if (!send_now (self, join, &error))
    handle (self, EVENT_LOST, error);
}

static void
on_closed (PealWebsocket *websocket, guint code, GError *error, gpointer data)
{
  gboolean can_retry = g_error_matches (error, PEAL_ERROR, PEAL_ERROR_RETRY);

  handle (data, can_retry ? EVENT_LOST : EVENT_REFUSED, error);
}

static void
send_kept (PealRoomsSignaller *self)
{
  g_autofree gchar *frame = NULL;

  while ((frame = peal_kept_frames_pop (&self->kept)) &&
      peal_websocket_send_text (self->websocket, frame, NULL))
    g_clear_pointer (&frame, g_free);
  peal_kept_frames_clear (&self->kept);
}

static void
remember (PealRoomsSignaller *self, PealMessage *joined)
{
  g_free (self->id);
  self->id = g_strdup (joined->peer_id);
  g_free (self->resume);
  self->resume = g_strdup (joined->resume);
}

static void
on_joined (PealRoomsSignaller *self, PealMessage *joined)
{
  if (self->state == JOINED) {
    GST_WARNING ("%s: joined twice", self->uri->endpoint);
    return;
  }

  clear_timer (self);
  if (g_strcmp0 (joined->peer_id, self->id) == 0)
    send_kept (self);
  else
    peal_kept_frames_clear (&self->kept);
  remember (self, joined);

  handle (self, EVENT_JOINED, NULL);
  if (self->state == JOINED)
    peal_signaller_emit_message (PEAL_SIGNALLER (self), joined);
}

/* A full room is one to come back to only for who has been in it. */
static gboolean
is_final (PealRoomsSignaller *self, const gchar *code)
{
  if (g_str_equal (code, PEAL_ROOMS_ROOM_FULL))
    return self->id == NULL;

  return g_str_equal (code, PEAL_ROOMS_UNAUTHORIZED) ||
      g_str_equal (code, PEAL_ROOMS_BAD_ROOM) ||
      g_str_equal (code, PEAL_ROOMS_BAD_NAME);
}

static const gchar *
advice_for (const gchar *code)
{
  if (g_str_equal (code, PEAL_ROOMS_UNAUTHORIZED))
    return " (the token is wrong or missing)";
  if (g_str_equal (code, PEAL_ROOMS_ROOM_FULL))
    return " (the room is full)";

  return "";
}

static void
on_join_refused (PealRoomsSignaller *self, PealMessage *message)
{
  gboolean is_end = is_final (self, message->code);
  g_autoptr (GError) error =
      g_error_new (PEAL_ERROR, is_end ? PEAL_ERROR_REFUSED : PEAL_ERROR_RETRY,
          "%s does not let us into room \"%s\": %s%s", self->uri->endpoint,
          self->uri->room, message->text ? message->text : message->code,
          advice_for (message->code));

  handle (self, is_end ? EVENT_REFUSED : EVENT_LOST, error);
}

static void
take (PealRoomsSignaller *self, PealMessage *message)
{
  if (message->kind == PEAL_MESSAGE_PONG)
    return;
  if (message->kind == PEAL_MESSAGE_JOINED)
    on_joined (self, message);
  else if (self->state == JOINED)
    peal_signaller_emit_message (PEAL_SIGNALLER (self), message);
  else if (message->kind == PEAL_MESSAGE_ERROR)
    on_join_refused (self, message);
  else
    GST_WARNING ("%s: ignored %s before joined", self->uri->endpoint,
        peal_message_kind_to_string (message->kind));
}

static void
on_text (PealWebsocket *websocket, GBytes *bytes, gpointer data)
{
  g_autoptr (PealRoomsSignaller) self = g_object_ref (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message = NULL;
  gsize length;
  const gchar *text = g_bytes_get_data (bytes, &length);

  message =
      peal_rooms_decode (PEAL_ROOMS_FROM_SERVER, text, length, NULL, &error);
  if (message)
    take (self, message);
  else
    GST_WARNING ("%s: %s", self->uri->endpoint, error->message);
}

static void
connect_now (PealRoomsSignaller *self)
{
  static const gchar *const protocols[] = { PEAL_ROOMS_SUBPROTOCOL, NULL };

  drop_websocket (self);
  self->websocket = peal_websocket_new (
      self->uri->websocket, protocols, self->config->tls_ca_file);
  g_signal_connect (self->websocket, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect (self->websocket, "text", G_CALLBACK (on_text), self);
  g_signal_connect (self->websocket, "closed", G_CALLBACK (on_closed), self);
  peal_websocket_connect (self->websocket);
}

static gboolean
on_retry (gpointer data)
{
  connect_now (data);
  return G_SOURCE_REMOVE;
}

static void
retry_later (PealRoomsSignaller *self, const GError *error)
{
  gint64 now_us = g_get_monotonic_time ();
  guint delay_ms;

  if (self->joined_us && now_us - self->joined_us >= LASTING_US)
    peal_backoff_reset (&self->backoff);
  self->joined_us = 0;
  delay_ms = peal_backoff_next_ms (&self->backoff);

  GST_INFO ("%s; trying again in %u ms", error->message, delay_ms);
  drop_websocket (self);
  set_timer (self, delay_ms, on_retry);
}

static void
leave (PealRoomsSignaller *self, PealSignallingState from)
{
  g_autoptr (PealMessage) bye = peal_message_new_bye (NULL, NULL, NULL);

  if (from == JOINED)
    send_now (self, bye, NULL);
  drop_websocket (self);
  peal_kept_frames_clear (&self->kept);
}

static void
act (PealRoomsSignaller *self, const Edge *edge, const GError *error)
{
  switch (edge->action) {
    case ACTION_CONNECT:
      connect_now (self);
      break;
    case ACTION_ENTER:
      self->joined_us = g_get_monotonic_time ();
      break;
    case ACTION_RETRY:
      retry_later (self, error);
      break;
    case ACTION_GIVE_UP:
      drop_websocket (self);
      break;
    case ACTION_LEAVE:
      leave (self, edge->from);
      break;
  }
}

static const Edge *
find_edge (PealSignallingState from, Event event)
{
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    if (edges[i].from == from && edges[i].event == event)
      return &edges[i];

  return NULL;
}

/* The only writer of the state. */
static void
set_state (
    PealRoomsSignaller *self, PealSignallingState state, const GError *error)
{
  if (self->state == state)
    return;

  GST_INFO ("%s: %s -> %s%s%s", self->uri->endpoint,
      peal_signalling_state_to_string (self->state),
      peal_signalling_state_to_string (state), error ? ": " : "",
      error ? error->message : "");
  self->state = state;
  if (!self->is_stopped)
    peal_signaller_emit_state (PEAL_SIGNALLER (self), state, error);
}

static void
handle (PealRoomsSignaller *self, Event event, const GError *error)
{
  g_autoptr (PealRoomsSignaller) keep = g_object_ref (self);
  const Edge *edge;

  if (event == EVENT_LOST && self->config->no_retry && !self->id)
    event = EVENT_REFUSED;
  edge = find_edge (self->state, event);
  if (!edge) {
    GST_WARNING ("%s: event %d refused in state %s", self->uri->endpoint, event,
        peal_signalling_state_to_string (self->state));
    return;
  }

  act (self, edge, error);
  set_state (self, edge->to, error);
}

static void
peal_rooms_signaller_start (PealSignaller *signaller)
{
  PealRoomsSignaller *self = PEAL_ROOMS_SIGNALLER (signaller);

  peal_assert_context (self->context);
  g_return_if_fail (!self->is_stopped);
  handle (self, EVENT_START, NULL);
}

static void
peal_rooms_signaller_stop (PealSignaller *signaller)
{
  PealRoomsSignaller *self = PEAL_ROOMS_SIGNALLER (signaller);

  peal_assert_context (self->context);
  self->is_stopped = TRUE;
  if (self->state != IDLE)
    handle (self, EVENT_STOP, NULL);
}

/* Only a text may be for everyone; a bye to nobody would mean to leave. */
static gboolean
is_for_members (const PealMessage *message)
{
  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
    case PEAL_MESSAGE_RENEGOTIATE:
    case PEAL_MESSAGE_BYE:
      return message->peer_id != NULL;
    case PEAL_MESSAGE_TEXT:
      return TRUE;
    default:
      return FALSE;
  }
}

static gboolean
check_sendable (PealRoomsSignaller *self, PealMessage *message, GError **error)
{
  gboolean is_away = self->state == RECONNECTING && self->id;

  if (!is_for_members (message)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_BUG,
        "%s to %s is not one to send",
        peal_message_kind_to_string (message->kind),
        message->peer_id ? message->peer_id : "nobody");
    return FALSE;
  }
  if (self->state != JOINED && !is_away) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_RETRY, "not in a room (%s)",
        peal_signalling_state_to_string (self->state));
    return FALSE;
  }

  return TRUE;
}

static gboolean
peal_rooms_signaller_send (
    PealSignaller *signaller, PealMessage *message, GError **error)
{
  PealRoomsSignaller *self = PEAL_ROOMS_SIGNALLER (signaller);
  g_autofree gchar *text = NULL;

  peal_assert_context (self->context);
  if (!check_sendable (self, message, error))
    return FALSE;

  text = peal_rooms_encode (PEAL_ROOMS_FROM_CLIENT, message);
  if (strlen (text) > PEAL_ROOMS_MAX_FRAME_BYTES) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "a message of %" G_GSIZE_FORMAT " bytes is too large (at most %d)",
        strlen (text), PEAL_ROOMS_MAX_FRAME_BYTES);
    return FALSE;
  }
  if (self->state == JOINED)
    return peal_websocket_send_text (self->websocket, text, error);

  return peal_kept_frames_push (&self->kept, text, error);
}

static PealSignallingState
peal_rooms_signaller_get_state (PealSignaller *signaller)
{
  PealRoomsSignaller *self = PEAL_ROOMS_SIGNALLER (signaller);

  peal_assert_context (self->context);
  return self->state;
}

static void
iface_init (PealSignallerInterface *iface)
{
  iface->start = peal_rooms_signaller_start;
  iface->stop = peal_rooms_signaller_stop;
  iface->send = peal_rooms_signaller_send;
  iface->get_state = peal_rooms_signaller_get_state;
}

static void
peal_rooms_signaller_dispose (GObject *object)
{
  PealRoomsSignaller *self = PEAL_ROOMS_SIGNALLER (object);

  drop_websocket (self);
  peal_kept_frames_clear (&self->kept);

  G_OBJECT_CLASS (peal_rooms_signaller_parent_class)->dispose (object);
}

static void
peal_rooms_signaller_finalize (GObject *object)
{
  PealRoomsSignaller *self = PEAL_ROOMS_SIGNALLER (object);

  g_clear_pointer (&self->config, peal_signaller_config_free);
  g_clear_pointer (&self->uri, peal_uri_free);
  g_free (self->id);
  g_free (self->resume);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_rooms_signaller_parent_class)->finalize (object);
}

static void
peal_rooms_signaller_class_init (PealRoomsSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = peal_rooms_signaller_dispose;
  object_class->finalize = peal_rooms_signaller_finalize;

  GST_DEBUG_CATEGORY_INIT (peal_rooms_signaller_debug,
      "peal-signalling-rooms-signaller", 0, "Peal rooms signalling");
}

static void
peal_rooms_signaller_init (PealRoomsSignaller *self)
{
  self->context = g_main_context_ref_thread_default ();
  peal_backoff_init (&self->backoff, NULL, NULL);
  peal_kept_frames_init (&self->kept);
}

/**
 * peal_rooms_signaller_new:
 * @config: (transfer none): where to, and as whom
 * @error: (out) (optional): USAGE when the uri or an override cannot be
 *
 * Returns: (transfer full) (nullable): an idle signaller that belongs to the
 *   caller's thread-default main context
 */
PealSignaller *
peal_rooms_signaller_new (const PealSignallerConfig *config, GError **error)
{
  g_autoptr (PealUri) uri = peal_uri_parse (config->uri, error);
  PealRoomsSignaller *self;

  if (!uri ||
      !peal_uri_override (
          uri, config->room, config->peer_name, config->token, error))
    return NULL;

  self = g_object_new (PEAL_TYPE_ROOMS_SIGNALLER, NULL);
  self->uri = g_steal_pointer (&uri);
  self->config = peal_signaller_config_copy (config);
  return PEAL_SIGNALLER (self);
}
