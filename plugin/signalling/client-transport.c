/*
 * The abstract connection. See client-transport.h. Signallers own one;
 * PealWebsocket and PealEngineioTransport are it.
 */
#include "signalling/client-transport.h"

enum {
  SIGNAL_OPENED,
  SIGNAL_TEXT,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE (
    PealClientTransport, peal_client_transport, G_TYPE_OBJECT)

static void
peal_client_transport_class_init (PealClientTransportClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  /**
   * PealClientTransport::opened:
   *
   * The handshake is done. Thread: the owner's context. Locks: none.
   * Re-entry: any method.
   */
  signals[SIGNAL_OPENED] = g_signal_new (
      "opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * PealClientTransport::text:
   * @bytes: one frame of valid UTF-8, not ended by NUL
   *
   * Thread: the owner's context. Locks: none. Re-entry: any method.
   */
  signals[SIGNAL_TEXT] = g_signal_new ("text", type, G_SIGNAL_RUN_LAST, 0, NULL,
      NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);

  /**
   * PealClientTransport::closed:
   * @code: the close code, 0 when there was none
   * @error: why, in words for the user; its code says whether to try again
   *
   * The last signal. Thread: the owner's context. Locks: none. Re-entry: any
   * method.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0,
      NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_ERROR);
}

static void
peal_client_transport_init (PealClientTransport *self)
{
}

/**
 * peal_client_transport_connect:
 * @self: a new connection
 */
void
peal_client_transport_connect (PealClientTransport *self)
{
  PEAL_CLIENT_TRANSPORT_GET_CLASS (self)->connect (self);
}

/**
 * peal_client_transport_send_text:
 * @text: one frame
 * @error: (out) (optional): RETRY when not open or too much waits already, BUG
 *   when @text is not UTF-8
 *
 * Returns: whether the frame was taken; frames leave in order
 */
gboolean
peal_client_transport_send_text (
    PealClientTransport *self, const gchar *text, GError **error)
{
  return PEAL_CLIENT_TRANSPORT_GET_CLASS (self)->send_text (self, text, error);
}

/**
 * peal_client_transport_close:
 * @code: WebSocket close code, RFC 6455 section 7.4.1
 * @reason: (nullable): at most 123 bytes of UTF-8
 */
void
peal_client_transport_close (
    PealClientTransport *self, guint code, const gchar *reason)
{
  PEAL_CLIENT_TRANSPORT_GET_CLASS (self)->close (self, code, reason);
}

/**
 * peal_client_transport_emit_opened:
 *
 * For subclasses.
 */
void
peal_client_transport_emit_opened (PealClientTransport *self)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

/**
 * peal_client_transport_emit_text:
 * @bytes: one frame of valid UTF-8
 *
 * For subclasses. Keeps @self alive meanwhile.
 */
void
peal_client_transport_emit_text (PealClientTransport *self, GBytes *bytes)
{
  g_object_ref (self);
  g_signal_emit (self, signals[SIGNAL_TEXT], 0, bytes);
  g_object_unref (self);
}

/**
 * peal_client_transport_emit_closed:
 *
 * For subclasses. Keeps @self alive meanwhile.
 */
void
peal_client_transport_emit_closed (
    PealClientTransport *self, guint code, const GError *error)
{
  g_object_ref (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, code, error);
  g_object_unref (self);
}
