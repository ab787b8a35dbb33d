/*
 * PealDialectSignaller: any dialect over any transport. See
 * dialect-signaller.h. Each protocol's creator makes it; it owns a
 * PealDialectLine.
 *
 * Life cycle: start connects; each connection is a new transport with a new
 * dialect, which remembers what it needs of the one before. A lost one is
 * followed, after a backoff, by the next.
 *
 * One edge table decides every change of state.
 */
#include "signalling/dialect-signaller.h"

#include <gst/gst.h>

#include "base/backoff.h"
#include "base/context.h"
#include "base/error.h"
#include "base/sources.h"
#include "signalling/dialect-line.h"
#include "signalling/kept-messages.h"
#include "wire/peal-rooms.h"

/* Chosen: the same as for the connection itself. */
#define JOIN_LIMIT_MS 10000
/* Chosen: a server that drops members sooner is in trouble, and is spared. */
#define LASTING_US (10 * G_USEC_PER_SEC)
/* protocols.md, section 1: what no protocol of ours exceeds. */
#define MAX_MESSAGE_BYTES PEAL_ROOMS_MAX_FRAME_BYTES

GST_DEBUG_CATEGORY_STATIC (peal_dialect_signaller_debug);
#define GST_CAT_DEFAULT peal_dialect_signaller_debug

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
  { JOINED, EVENT_REFUSED, FAILED, ACTION_GIVE_UP },
  { JOINED, EVENT_STOP, IDLE, ACTION_LEAVE },
  { RECONNECTING, EVENT_JOINED, JOINED, ACTION_ENTER },
  { RECONNECTING, EVENT_LOST, RECONNECTING, ACTION_RETRY },
  { RECONNECTING, EVENT_REFUSED, FAILED, ACTION_GIVE_UP },
  { RECONNECTING, EVENT_STOP, IDLE, ACTION_LEAVE },
  { FAILED, EVENT_STOP, IDLE, ACTION_LEAVE },
};

struct _PealDialectSignaller {
  GObject parent;

  GMainContext *context;
  const PealDialectPlan *plan;
  gpointer settings;
  gchar *endpoint;
  gchar *room;
  gboolean no_retry;
  PealSignallingState state;
  gboolean is_stopped;

  PealDialectLine *line; /* the connection, or NULL */
  PealDialect *previous; /* the dialect of the connection before */
  GSource *timer;        /* the join limit, or the wait for the next attempt */
  PealBackoff backoff;

  gchar *id;
  gint64 joined_us;
  PealKeptMessages kept;
};

static void
iface_init (PealSignallerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PealDialectSignaller, peal_dialect_signaller,
    G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (PEAL_TYPE_SIGNALLER, iface_init))

static void
handle (PealDialectSignaller *self, Event event, const GError *error);

static gboolean
on_join_limit (gpointer data)
{
  PealDialectSignaller *self = data;
  g_autoptr (GError) error = g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY,
      "%s does not answer the wish to join", self->endpoint);

  handle (self, EVENT_LOST, error);
  return G_SOURCE_REMOVE;
}

/* ---- what the room says ---- */

static void
send_kept (PealDialectSignaller *self)
{
  PealMessage *message;

  while ((message = peal_kept_messages_pop (&self->kept))) {
    peal_dialect_line_send (self->line, message, NULL);
    peal_message_unref (message);
  }
}

static void
on_joined (PealDialectSignaller *self, PealMessage *joined)
{
  if (self->state == JOINED) {
    GST_WARNING ("%s: joined twice", self->endpoint);
    return;
  }

  peal_source_clear (&self->timer);
  if (g_strcmp0 (joined->peer_id, self->id) == 0)
    send_kept (self);
  else
    peal_kept_messages_clear (&self->kept);
  g_free (self->id);
  self->id = g_strdup (joined->peer_id);

  handle (self, EVENT_JOINED, NULL);
  if (self->state == JOINED)
    peal_signaller_emit_message (PEAL_SIGNALLER (self), joined);
}

/* A full room is one to come back to only for who has been in it. */
static gboolean
is_final (PealDialectSignaller *self, const gchar *code)
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
on_join_refused (PealDialectSignaller *self, PealMessage *message)
{
  gboolean is_end = is_final (self, message->code);
  g_autoptr (GError) error =
      g_error_new (PEAL_ERROR, is_end ? PEAL_ERROR_REFUSED : PEAL_ERROR_RETRY,
          "%s does not let us into room \"%s\": %s%s", self->endpoint,
          self->room ? self->room : "",
          message->text ? message->text : message->code,
          advice_for (message->code));

  handle (self, is_end ? EVENT_REFUSED : EVENT_LOST, error);
}

/* A protocol without a word for being let in has us in the room at once, and
 * the refusal comes then. */
static gboolean
is_refusal (PealDialectSignaller *self, const PealMessage *message)
{
  return message->kind == PEAL_MESSAGE_ERROR &&
      (self->state != JOINED || is_final (self, message->code));
}

static void
on_message (gpointer data, PealMessage *message)
{
  PealDialectSignaller *self = data;

  if (message->kind == PEAL_MESSAGE_PONG)
    return;
  if (message->kind == PEAL_MESSAGE_JOINED)
    on_joined (self, message);
  else if (is_refusal (self, message))
    on_join_refused (self, message);
  else if (self->state == JOINED)
    peal_signaller_emit_message (PEAL_SIGNALLER (self), message);
  else
    GST_WARNING ("%s: ignored %s before joined", self->endpoint,
        peal_message_kind_to_string (message->kind));
}

/* ---- one connection ---- */

static void
drop_line (PealDialectSignaller *self)
{
  peal_source_clear (&self->timer);
  if (!self->line)
    return;

  g_clear_object (&self->previous);
  self->previous = peal_dialect_line_close (self->line);
  g_clear_object (&self->line);
}

static void
on_opened (gpointer data)
{
  PealDialectSignaller *self = data;

  peal_source_start_timer (&self->timer, JOIN_LIMIT_MS,
      "peal-signalling-join-limit", on_join_limit, self);
}

static void
on_ended (gpointer data, const GError *error)
{
  gboolean can_retry = g_error_matches (error, PEAL_ERROR, PEAL_ERROR_RETRY);

  handle (data, can_retry ? EVENT_LOST : EVENT_REFUSED, error);
}

static const PealDialectLineSink line_sink = { on_opened, on_message,
  on_ended };

static void
connect_now (PealDialectSignaller *self)
{
  PealClientTransport *transport;
  PealDialect *dialect;

  drop_line (self);
  transport = self->plan->make_transport (self->settings);
  dialect = self->plan->make_dialect (self->settings, self->previous);
  g_clear_object (&self->previous);
  self->line = peal_dialect_line_new (
      transport, dialect, self->endpoint, &line_sink, self);
  peal_dialect_line_connect (self->line);
}

/* ---- the state machine ---- */

static gboolean
on_retry (gpointer data)
{
  connect_now (data);
  return G_SOURCE_REMOVE;
}

static void
retry_later (PealDialectSignaller *self, const GError *error)
{
  gint64 now_us = g_get_monotonic_time ();
  guint delay_ms;

  if (self->joined_us && now_us - self->joined_us >= LASTING_US)
    peal_backoff_reset (&self->backoff);
  self->joined_us = 0;
  delay_ms = peal_backoff_next_ms (&self->backoff);

  GST_INFO ("%s; trying again in %u ms", error->message, delay_ms);
  drop_line (self);
  peal_source_start_timer (
      &self->timer, delay_ms, "peal-signalling-retry", on_retry, self);
}

static void
leave (PealDialectSignaller *self, PealSignallingState from)
{
  g_autoptr (PealMessage) bye = peal_message_new_bye (NULL, NULL, NULL);

  if (from == JOINED)
    peal_dialect_line_send (self->line, bye, NULL);
  drop_line (self);
  peal_kept_messages_clear (&self->kept);
}

static void
act (PealDialectSignaller *self, const Edge *edge, const GError *error)
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
      drop_line (self);
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
    PealDialectSignaller *self, PealSignallingState state, const GError *error)
{
  if (self->state == state)
    return;

  GST_INFO ("%s: %s -> %s%s%s", self->endpoint,
      peal_signalling_state_to_string (self->state),
      peal_signalling_state_to_string (state), error ? ": " : "",
      error ? error->message : "");
  self->state = state;
  if (!self->is_stopped)
    peal_signaller_emit_state (PEAL_SIGNALLER (self), state, error);
}

static void
handle (PealDialectSignaller *self, Event event, const GError *error)
{
  g_autoptr (PealDialectSignaller) keep = g_object_ref (self);
  const Edge *edge;

  if (event == EVENT_LOST && self->no_retry && !self->id)
    event = EVENT_REFUSED;
  edge = find_edge (self->state, event);
  if (!edge) {
    GST_WARNING ("%s: event %d refused in state %s", self->endpoint, event,
        peal_signalling_state_to_string (self->state));
    return;
  }

  act (self, edge, error);
  set_state (self, edge->to, error);
}

static void
peal_dialect_signaller_start (PealSignaller *signaller)
{
  PealDialectSignaller *self = PEAL_DIALECT_SIGNALLER (signaller);

  peal_assert_context (self->context);
  g_return_if_fail (!self->is_stopped);
  handle (self, EVENT_START, NULL);
}

static void
peal_dialect_signaller_stop (PealSignaller *signaller)
{
  PealDialectSignaller *self = PEAL_DIALECT_SIGNALLER (signaller);

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
check_sendable (
    PealDialectSignaller *self, PealMessage *message, GError **error)
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

/* How large it is as Peal's own protocol writes it; the others differ little.
 */
static gboolean
measure (PealMessage *message, gsize *bytes, GError **error)
{
  g_autofree gchar *text = peal_rooms_encode (PEAL_ROOMS_FROM_CLIENT, message);

  *bytes = strlen (text);
  if (*bytes <= MAX_MESSAGE_BYTES)
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "a message of %" G_GSIZE_FORMAT " bytes is too large (at most %d)",
      *bytes, MAX_MESSAGE_BYTES);
  return FALSE;
}

static gboolean
peal_dialect_signaller_send (
    PealSignaller *signaller, PealMessage *message, GError **error)
{
  PealDialectSignaller *self = PEAL_DIALECT_SIGNALLER (signaller);
  gsize bytes;

  peal_assert_context (self->context);
  if (!check_sendable (self, message, error) ||
      !measure (message, &bytes, error))
    return FALSE;
  if (self->state == JOINED)
    return peal_dialect_line_send (self->line, message, error);

  return peal_kept_messages_push (&self->kept, message, bytes, error);
}

static PealSignallingState
peal_dialect_signaller_get_state (PealSignaller *signaller)
{
  PealDialectSignaller *self = PEAL_DIALECT_SIGNALLER (signaller);

  peal_assert_context (self->context);
  return self->state;
}

static void
iface_init (PealSignallerInterface *iface)
{
  iface->start = peal_dialect_signaller_start;
  iface->stop = peal_dialect_signaller_stop;
  iface->send = peal_dialect_signaller_send;
  iface->get_state = peal_dialect_signaller_get_state;
}

static void
peal_dialect_signaller_dispose (GObject *object)
{
  PealDialectSignaller *self = PEAL_DIALECT_SIGNALLER (object);

  drop_line (self);
  g_clear_object (&self->previous);
  peal_kept_messages_clear (&self->kept);

  G_OBJECT_CLASS (peal_dialect_signaller_parent_class)->dispose (object);
}

static void
peal_dialect_signaller_finalize (GObject *object)
{
  PealDialectSignaller *self = PEAL_DIALECT_SIGNALLER (object);

  self->plan->free (self->settings);
  g_free (self->endpoint);
  g_free (self->room);
  g_free (self->id);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_dialect_signaller_parent_class)->finalize (object);
}

static void
peal_dialect_signaller_class_init (PealDialectSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = peal_dialect_signaller_dispose;
  object_class->finalize = peal_dialect_signaller_finalize;

  GST_DEBUG_CATEGORY_INIT (peal_dialect_signaller_debug,
      "peal-signalling-dialect-signaller", 0, "Peal: signalling by a dialect");
}

static void
peal_dialect_signaller_init (PealDialectSignaller *self)
{
  self->context = g_main_context_ref_thread_default ();
  peal_backoff_init (&self->backoff, NULL, NULL);
  peal_kept_messages_init (&self->kept);
}

/**
 * peal_dialect_signaller_new:
 * @plan: static
 * @settings: (transfer full): for @plan's functions
 * @endpoint: `HOST:PORT`, for messages to the user
 * @room: (nullable): for messages to the user
 * @no_retry: an unreachable server is a failure at once
 *
 * Returns: (transfer full): an idle signaller that belongs to the caller's
 *   thread-default main context
 */
PealSignaller *
peal_dialect_signaller_new (const PealDialectPlan *plan, gpointer settings,
    const gchar *endpoint, const gchar *room, gboolean no_retry)
{
  PealDialectSignaller *self = g_object_new (PEAL_TYPE_DIALECT_SIGNALLER, NULL);

  self->plan = plan;
  self->settings = settings;
  self->endpoint = g_strdup (endpoint);
  self->room = g_strdup (room);
  self->no_retry = no_retry;
  return PEAL_SIGNALLER (self);
}
