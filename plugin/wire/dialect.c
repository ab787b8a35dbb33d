/*
 * The abstract protocol end. See dialect.h. Subclasses call down to the sink;
 * signallers (as clients) and room connections (as the server) own them.
 */
#include "wire/dialect.h"

typedef struct {
  const PealDialectSink *sink; /* NULL: nobody listens any more */
  gpointer data;
  gboolean has_ended;
} PealDialectPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PealDialect, peal_dialect, G_TYPE_OBJECT)

static PealDialectPrivate *
get_private (PealDialect *self)
{
  return peal_dialect_get_instance_private (self);
}

static gboolean
is_heard (PealDialectPrivate *private)
{
  return private->sink && !private->has_ended;
}

/**
 * peal_dialect_set_sink:
 * @sink: (nullable): static; NULL when the owner goes away first
 * @data: handed to @sink's functions
 */
void
peal_dialect_set_sink (
    PealDialect *self, const PealDialectSink *sink, gpointer data)
{
  PealDialectPrivate *private = get_private (self);

  private->sink = sink;
  private->data = data;
}

/**
 * peal_dialect_open:
 * @now_us: monotonic time
 *
 * The connection stands. To be called once per connection, before anything
 * else.
 */
void
peal_dialect_open (PealDialect *self, gint64 now_us)
{
  if (PEAL_DIALECT_GET_CLASS (self)->open)
    PEAL_DIALECT_GET_CLASS (self)->open (self, now_us);
}

/**
 * peal_dialect_receive:
 * @text: one frame, UTF-8, not necessarily ending in 0
 * @length: bytes of it
 * @now_us: monotonic time
 */
void
peal_dialect_receive (
    PealDialect *self, const gchar *text, gsize length, gint64 now_us)
{
  if (is_heard (get_private (self)))
    PEAL_DIALECT_GET_CLASS (self)->receive (self, text, length, now_us);
}

/**
 * peal_dialect_send:
 * @message: (transfer none): what the owner says
 * @now_us: monotonic time
 * @error: (out) (optional): USAGE when the protocol cannot say it, RETRY when
 *   it cannot be said now
 *
 * Returns: whether it was said
 */
gboolean
peal_dialect_send (
    PealDialect *self, PealMessage *message, gint64 now_us, GError **error)
{
  return PEAL_DIALECT_GET_CLASS (self)->send (self, message, now_us, error);
}

/**
 * peal_dialect_tick:
 * @now_us: monotonic time
 *
 * To be called when the time that it, or the last call, gave has come, and
 * after each other call (which may have set a time).
 *
 * Returns: when to be called again, monotonic microseconds, or G_MAXINT64
 */
gint64
peal_dialect_tick (PealDialect *self, gint64 now_us)
{
  PealDialectClass *class = PEAL_DIALECT_GET_CLASS (self);

  return class->tick && is_heard (get_private (self))
      ? class->tick (self, now_us)
      : G_MAXINT64;
}

/**
 * peal_dialect_has_times:
 *
 * Returns: whether its protocol knows any: otherwise it need not be ticked
 */
gboolean
peal_dialect_has_times (PealDialect *self)
{
  return PEAL_DIALECT_GET_CLASS (self)->tick != NULL;
}

/**
 * peal_dialect_put_frame:
 * @text: (transfer none): to be sent
 *
 * For subclasses.
 */
void
peal_dialect_put_frame (PealDialect *self, const gchar *text)
{
  PealDialectPrivate *private = get_private (self);

  if (is_heard (private))
  private->sink->frame (private->data, text);
}

/**
 * peal_dialect_say:
 * @message: (transfer none): what the other side means
 *
 * For subclasses.
 */
void
peal_dialect_say (PealDialect *self, PealMessage *message)
{
  PealDialectPrivate *private = get_private (self);

  if (is_heard (private))
  private->sink->message (private->data, message);
}

/**
 * peal_dialect_end:
 * @code: WebSocket close code, RFC 6455 section 7.4.1
 * @reason: for the other side and the log
 *
 * For subclasses: the connection cannot go on.
 */
void
peal_dialect_end (PealDialect *self, guint code, const gchar *reason)
{
  PealDialectPrivate *private = get_private (self);

  if (!is_heard (private))
    return;
  private->has_ended = TRUE;
  private->sink->end (private->data, code, reason);
}

static void
peal_dialect_class_init (PealDialectClass *class)
{
}

static void
peal_dialect_init (PealDialect *self)
{
}
