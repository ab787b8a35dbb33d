/*
 * PealSignaller, the interface: dispatch, its two signals, its settings. See
 * signaller.h. The session calls it; every protocol implements it.
 *
 * Thread: the owner's, which each implementation asserts.
 */
#include "signalling/signaller.h"

enum {
  SIGNAL_MESSAGE,
  SIGNAL_STATE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (PealSignaller, peal_signaller, G_TYPE_OBJECT)

static const GEnumValue state_values[] = {
  { PEAL_SIGNALLING_IDLE, "PEAL_SIGNALLING_IDLE", "idle" },
  { PEAL_SIGNALLING_CONNECTING, "PEAL_SIGNALLING_CONNECTING", "connecting" },
  { PEAL_SIGNALLING_JOINED, "PEAL_SIGNALLING_JOINED", "joined" },
  { PEAL_SIGNALLING_RECONNECTING, "PEAL_SIGNALLING_RECONNECTING",
      "reconnecting" },
  { PEAL_SIGNALLING_FAILED, "PEAL_SIGNALLING_FAILED", "failed" },
  { 0, NULL, NULL },
};

static void
peal_signaller_default_init (PealSignallerInterface *iface)
{
  /**
   * PealSignaller::message:
   * @message: what the other side said
   *
   * Thread: the owner's context. Locks: none. Re-entry: handlers may call
   * every method, stop included.
   */
  signals[SIGNAL_MESSAGE] =
      g_signal_new ("message", PEAL_TYPE_SIGNALLER, G_SIGNAL_RUN_LAST, 0, NULL,
          NULL, NULL, G_TYPE_NONE, 1, PEAL_TYPE_MESSAGE);

  /**
   * PealSignaller::state-changed:
   * @state: the new state
   * @error: (nullable): why, for RECONNECTING and FAILED
   *
   * Thread: the owner's context. Locks: none. Re-entry: handlers may call
   * every method, stop included.
   */
  signals[SIGNAL_STATE_CHANGED] = g_signal_new ("state-changed",
      PEAL_TYPE_SIGNALLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
      2, PEAL_TYPE_SIGNALLING_STATE, G_TYPE_ERROR);
}

GType
peal_signalling_state_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (
        &type, g_enum_register_static ("PealSignallingState", state_values));

  return type;
}

/**
 * peal_signalling_state_to_string:
 * @state: a state
 *
 * Returns: (transfer none): its name in lower case, as users see it. Any
 *   thread.
 */
const gchar *
peal_signalling_state_to_string (PealSignallingState state)
{
  g_return_val_if_fail ((guint)state < G_N_ELEMENTS (state_values) - 1, NULL);

  return state_values[state].value_nick;
}

/**
 * peal_signaller_config_new:
 * @uri: (nullable): the URI as the user wrote it
 *
 * Returns: (transfer full): settings whose other fields are empty
 */
PealSignallerConfig *
peal_signaller_config_new (const gchar *uri)
{
  PealSignallerConfig *self = g_new0 (PealSignallerConfig, 1);

  self->uri = g_strdup (uri);
  return self;
}

/**
 * peal_signaller_config_copy:
 *
 * Returns: (transfer full): a copy; @meta is shared, and not to be changed
 */
PealSignallerConfig *
peal_signaller_config_copy (const PealSignallerConfig *self)
{
  PealSignallerConfig *copy = peal_signaller_config_new (self->uri);

  copy->room = g_strdup (self->room);
  copy->peer_name = g_strdup (self->peer_name);
  copy->token = g_strdup (self->token);
  copy->tls_ca_file = g_strdup (self->tls_ca_file);
  copy->meta = self->meta ? json_node_ref (self->meta) : NULL;
  copy->prefers_offering = self->prefers_offering;
  copy->no_retry = self->no_retry;

  return copy;
}

void
peal_signaller_config_free (PealSignallerConfig *self)
{
  g_free (self->uri);
  g_free (self->room);
  g_free (self->peer_name);
  g_free (self->token);
  g_free (self->tls_ca_file);
  g_clear_pointer (&self->meta, json_node_unref);
  g_free (self);
}

/**
 * peal_signaller_start:
 * @self: an idle signaller
 *
 * Begins to connect and returns at once; `state-changed` tells the rest.
 * Once only: a stopped signaller is not started again.
 */
void
peal_signaller_start (PealSignaller *self)
{
  g_return_if_fail (PEAL_IS_SIGNALLER (self));

  PEAL_SIGNALLER_GET_IFACE (self)->start (self);
}

/**
 * peal_signaller_stop:
 * @self: a signaller in any state
 *
 * Leaves the room and closes the connection, without waiting. No signal fires
 * afterwards. May be called again.
 */
void
peal_signaller_stop (PealSignaller *self)
{
  g_return_if_fail (PEAL_IS_SIGNALLER (self));

  PEAL_SIGNALLER_GET_IFACE (self)->stop (self);
}

/**
 * peal_signaller_send:
 * @self: a signaller
 * @message: (transfer none): an offer, answer, candidate, renegotiate, text or
 *   bye
 * @error: (out) (optional): RETRY when not in a room or too much is waiting,
 *   USAGE when the message is too large or not one to send
 *
 * Returns: whether the message was sent, or kept to be sent
 */
gboolean
peal_signaller_send (PealSignaller *self, PealMessage *message, GError **error)
{
  g_return_val_if_fail (PEAL_IS_SIGNALLER (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  return PEAL_SIGNALLER_GET_IFACE (self)->send (self, message, error);
}

PealSignallingState
peal_signaller_get_state (PealSignaller *self)
{
  g_return_val_if_fail (PEAL_IS_SIGNALLER (self), PEAL_SIGNALLING_IDLE);

  return PEAL_SIGNALLER_GET_IFACE (self)->get_state (self);
}

/**
 * peal_signaller_emit_message:
 * @message: (transfer none): what was heard
 *
 * For implementations. The caller holds a reference to @self.
 */
void
peal_signaller_emit_message (PealSignaller *self, PealMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

/**
 * peal_signaller_emit_state:
 * @error: (nullable): why
 *
 * For implementations. The caller holds a reference to @self.
 */
void
peal_signaller_emit_state (
    PealSignaller *self, PealSignallingState state, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0, state, error);
}
