/*
 * The abstract way to a client. See transport.h. Room connections own one;
 * subclasses report to its sink.
 */
#include "server/transport.h"

typedef struct {
  const PealTransportSink *sink; /* NULL: nobody listens any more */
  gpointer data;
} PealTransportPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (
    PealTransport, peal_transport, G_TYPE_OBJECT)

static PealTransportPrivate *
get_private (PealTransport *self)
{
  return peal_transport_get_instance_private (self);
}

static void
peal_transport_class_init (PealTransportClass *class)
{
}

static void
peal_transport_init (PealTransport *self)
{
}

/**
 * peal_transport_set_sink:
 * @sink: (nullable): static; NULL when the owner goes away first
 * @data: handed to @sink's functions
 */
void
peal_transport_set_sink (
    PealTransport *self, const PealTransportSink *sink, gpointer data)
{
  PealTransportPrivate *private = get_private (self);

  private->sink = sink;
  private->data = data;
}

/**
 * peal_transport_send:
 * @text: a whole frame
 *
 * Returns: FALSE when more than the bound would wait: the client does not
 *   read
 */
gboolean
peal_transport_send (PealTransport *self, const gchar *text)
{
  return PEAL_TRANSPORT_GET_CLASS (self)->send (self, text);
}

/**
 * peal_transport_drop_backlog:
 *
 * Forgets what waits for the client, before a close.
 */
void
peal_transport_drop_backlog (PealTransport *self)
{
  PEAL_TRANSPORT_GET_CLASS (self)->drop_backlog (self);
}

/**
 * peal_transport_close:
 * @code: WebSocket close code; transports that have none end all the same
 * @reason: for the client to read
 */
void
peal_transport_close (PealTransport *self, guint code, const gchar *reason)
{
  PEAL_TRANSPORT_GET_CLASS (self)->close (self, code, reason);
}

/* ---- for subclasses: each tells the owner, if there is one ---- */

void
peal_transport_take_frame (PealTransport *self, const gchar *text, gsize length)
{
  PealTransportPrivate *private = get_private (self);

  if (private->sink)
  private->sink->frame (private->data, text, length);
}

void
peal_transport_take_odd_frame (PealTransport *self, gsize length)
{
  PealTransportPrivate *private = get_private (self);

  if (private->sink)
  private->sink->odd_frame (private->data, length);
}

void
peal_transport_note_silence (PealTransport *self)
{
  PealTransportPrivate *private = get_private (self);

  if (private->sink)
  private->sink->silent (private->data);
}

void
peal_transport_note_flood (PealTransport *self)
{
  PealTransportPrivate *private = get_private (self);

  if (private->sink)
  private->sink->flooded (private->data);
}

void
peal_transport_note_closed (PealTransport *self, gboolean is_meant)
{
  PealTransportPrivate *private = get_private (self);

  if (private->sink)
  private->sink->closed (private->data, is_meant);
}
