/*
 * PealLoopbackSignaller: a member of a room inside this process. See
 * loopback-signaller.h. It behaves as the signaller of Peal rooms does, so that
 * tests of the session need no socket.
 */
#include "signalling/loopback-signaller.h"

#include "base/context.h"
#include "base/error.h"
#include "base/sources.h"
#include "signalling/kept-messages.h"
#include "wire/peal-rooms.h"

/* Chosen: long enough for a test to say something while away. */
#define RETRY_MS 50

struct _PealLoopbackSignaller {
  GObject parent;

  GMainContext *context;
  PealLoopbackRoom *room;
  PealSignallerConfig *config;
  PealSignallingState state;
  gboolean is_stopped;
  guint connection;
  gchar *id;
  GSource *retry;
  GQueue kept; /* of PealMessage */
};

static void
iface_init (PealSignallerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PealLoopbackSignaller, peal_loopback_signaller,
    G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (PEAL_TYPE_SIGNALLER, iface_init))

/* The only writer of the state. */
static void
set_state (
    PealLoopbackSignaller *self, PealSignallingState state, const GError *error)
{
  if (self->state == state)
    return;

  self->state = state;
  if (!self->is_stopped)
    peal_signaller_emit_state (PEAL_SIGNALLER (self), state, error);
}

static void
forget_kept (PealLoopbackSignaller *self)
{
  g_queue_clear_full (&self->kept, (GDestroyNotify)peal_message_unref);
}

static void
say_kept (PealLoopbackSignaller *self)
{
  PealMessage *message;

  while ((message = g_queue_pop_head (&self->kept))) {
    peal_loopback_room_say (self->room, self->id, message);
    peal_message_unref (message);
  }
}

static void
on_joined (PealLoopbackSignaller *self, PealMessage *joined)
{
  if (g_strcmp0 (self->id, joined->peer_id) == 0)
    say_kept (self);
  forget_kept (self);
  g_free (self->id);
  self->id = g_strdup (joined->peer_id);

  set_state (self, PEAL_SIGNALLING_JOINED, NULL);
  if (self->state == PEAL_SIGNALLING_JOINED)
    peal_signaller_emit_message (PEAL_SIGNALLER (self), joined);
}

static void
on_refused (PealLoopbackSignaller *self, PealMessage *message)
{
  g_autoptr (GError) error = g_error_new (PEAL_ERROR, PEAL_ERROR_REFUSED,
      "the room does not let us in: %s", message->code);

  set_state (self, PEAL_SIGNALLING_FAILED, error);
}

static void
enter (PealLoopbackSignaller *self);

static gboolean
on_retry (gpointer data)
{
  PealLoopbackSignaller *self = data;

  g_clear_pointer (&self->retry, g_source_unref);
  enter (self);
  return G_SOURCE_REMOVE;
}

static void
on_cut (PealLoopbackSignaller *self)
{
  g_autoptr (GError) error = g_error_new_literal (
      PEAL_ERROR, PEAL_ERROR_RETRY, "the connection was lost");

  self->connection++;
  peal_source_start_timer (
      &self->retry, RETRY_MS, "peal-loopback-retry", on_retry, self);
  set_state (self, PEAL_SIGNALLING_RECONNECTING, error);
}

static void
on_heard (GObject *member, guint connection, PealMessage *message)
{
  PealLoopbackSignaller *self = PEAL_LOOPBACK_SIGNALLER (member);

  if (self->is_stopped || connection != self->connection)
    return;

  if (!message)
    on_cut (self);
  else if (message->kind == PEAL_MESSAGE_JOINED)
    on_joined (self, message);
  else if (self->state == PEAL_SIGNALLING_JOINED)
    peal_signaller_emit_message (PEAL_SIGNALLER (self), message);
  else if (message->kind == PEAL_MESSAGE_ERROR)
    on_refused (self, message);
}

static void
enter (PealLoopbackSignaller *self)
{
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  join->room = g_strdup (self->config->room);
  join->name = g_strdup (self->config->peer_name);
  join->token = g_strdup (self->config->token);
  join->meta = self->config->meta ? json_node_ref (self->config->meta) : NULL;
  join->prefers_offering = self->config->prefers_offering;
  join->resume = g_strdup (self->id);
  peal_loopback_room_enter (
      self->room, join, G_OBJECT (self), self->connection, on_heard);
}

static void
peal_loopback_signaller_start (PealSignaller *signaller)
{
  PealLoopbackSignaller *self = PEAL_LOOPBACK_SIGNALLER (signaller);

  peal_assert_context (self->context);
  g_return_if_fail (!self->is_stopped && self->state == PEAL_SIGNALLING_IDLE);

  enter (self);
  set_state (self, PEAL_SIGNALLING_CONNECTING, NULL);
}

static void
peal_loopback_signaller_stop (PealSignaller *signaller)
{
  PealLoopbackSignaller *self = PEAL_LOOPBACK_SIGNALLER (signaller);

  peal_assert_context (self->context);
  self->is_stopped = TRUE;
  peal_source_clear (&self->retry);
  forget_kept (self);
  if (self->id)
    peal_loopback_room_leave (self->room, self->id);
  set_state (self, PEAL_SIGNALLING_IDLE, NULL);
}

static gboolean
check_size (PealMessage *message, GError **error)
{
  g_autofree gchar *text = peal_rooms_encode (PEAL_ROOMS_FROM_CLIENT, message);

  if (strlen (text) <= PEAL_ROOMS_MAX_FRAME_BYTES)
    return TRUE;

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "a message of %" G_GSIZE_FORMAT " bytes is too large", strlen (text));
  return FALSE;
}

static gboolean
peal_loopback_signaller_send (
    PealSignaller *signaller, PealMessage *message, GError **error)
{
  PealLoopbackSignaller *self = PEAL_LOOPBACK_SIGNALLER (signaller);

  peal_assert_context (self->context);
  if (!check_size (message, error))
    return FALSE;
  if (self->state == PEAL_SIGNALLING_JOINED) {
    peal_loopback_room_say (self->room, self->id, message);
    return TRUE;
  }
  if (self->state == PEAL_SIGNALLING_RECONNECTING &&
      self->kept.length < PEAL_KEPT_MESSAGES_MAX) {
    g_queue_push_tail (&self->kept, peal_message_ref (message));
    return TRUE;
  }

  return peal_error_set (
      error, PEAL_ERROR_RETRY, "not in a room, or too much waits");
}

static PealSignallingState
peal_loopback_signaller_get_state (PealSignaller *signaller)
{
  PealLoopbackSignaller *self = PEAL_LOOPBACK_SIGNALLER (signaller);

  peal_assert_context (self->context);
  return self->state;
}

static void
iface_init (PealSignallerInterface *iface)
{
  iface->start = peal_loopback_signaller_start;
  iface->stop = peal_loopback_signaller_stop;
  iface->send = peal_loopback_signaller_send;
  iface->get_state = peal_loopback_signaller_get_state;
}

static void
peal_loopback_signaller_finalize (GObject *object)
{
  PealLoopbackSignaller *self = PEAL_LOOPBACK_SIGNALLER (object);

  peal_source_clear (&self->retry);
  forget_kept (self);
  peal_signaller_config_free (self->config);
  peal_loopback_room_unref (self->room);
  g_free (self->id);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_loopback_signaller_parent_class)->finalize (object);
}

static void
peal_loopback_signaller_class_init (PealLoopbackSignallerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = peal_loopback_signaller_finalize;
}

static void
peal_loopback_signaller_init (PealLoopbackSignaller *self)
{
  self->context = g_main_context_ref_thread_default ();
  g_queue_init (&self->kept);
}

/**
 * peal_loopback_signaller_new:
 * @room: (transfer none): the room to enter
 * @config: (transfer none): room, name, token, meta and prefers_offering are
 *   used
 *
 * Returns: (transfer full): an idle signaller that belongs to the caller's
 *   thread-default main context
 */
PealSignaller *
peal_loopback_signaller_new (
    PealLoopbackRoom *room, const PealSignallerConfig *config)
{
  PealLoopbackSignaller *self =
      g_object_new (PEAL_TYPE_LOOPBACK_SIGNALLER, NULL);

  self->room = peal_loopback_room_ref (room);
  self->config = peal_signaller_config_copy (config);
  return PEAL_SIGNALLER (self);
}
