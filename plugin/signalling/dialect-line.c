/*
 * A transport and a dialect. See dialect-line.h. Made by the dialect
 * signaller.
 *
 * What the dialect says is told after its method has returned, so that who
 * hears it may answer at once.
 */
#include "signalling/dialect-line.h"

#include <gst/gst.h>

#include "base/error.h"
#include "base/sources.h"
#include "signalling/websocket.h"

GST_DEBUG_CATEGORY_STATIC (peal_dialect_line_debug);
#define GST_CAT_DEFAULT peal_dialect_line_debug

/* What the dialect said, to be told when its method has returned. */
typedef struct {
  PealMessage *message; /* NULL: the end */
  gchar *reason;
} Word;

struct _PealDialectLine {
  GObject parent;

  PealClientTransport *transport; /* NULL once closed */
  PealDialect *dialect;           /* NULL once closed */
  gchar *endpoint;
  const PealDialectLineSink *sink;
  gpointer data;

  GQueue words; /* of Word */
  gboolean is_telling;
  GError *frame_error; /* why a frame of the last call was not taken */
  GSource *tick;
};

G_DEFINE_FINAL_TYPE (PealDialectLine, peal_dialect_line, G_TYPE_OBJECT)

/* ---- what the dialect says ---- */

static void
word_free (Word *word)
{
  g_clear_pointer (&word->message, peal_message_unref);
  g_free (word->reason);
  g_free (word);
}

static void
push_word (PealDialectLine *self, PealMessage *message, const gchar *reason)
{
  Word *word = g_new0 (Word, 1);

  word->message = message ? peal_message_ref (message) : NULL;
  word->reason = g_strdup (reason);
  g_queue_push_tail (&self->words, word);
}

static void
on_dialect_frame (gpointer data, const gchar *text)
{
  PealDialectLine *self = data;

  if (!self->frame_error)
    peal_client_transport_send_text (self->transport, text, &self->frame_error);
}

static void
on_dialect_message (gpointer data, PealMessage *message)
{
  push_word (data, message, NULL);
}

static void
on_dialect_end (gpointer data, guint code, const gchar *reason)
{
  push_word (data, NULL, reason ? reason : "it makes no sense");
}

static const PealDialectSink dialect_sink = { on_dialect_frame,
  on_dialect_message, on_dialect_end };

static void
tell (PealDialectLine *self, const Word *word)
{
  g_autoptr (GError) error = NULL;

  if (word->message) {
    self->sink->message (self->data, word->message);
    return;
  }
  error = g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY,
      "the connection to %s ended: %s", self->endpoint, word->reason);
  self->sink->ended (self->data, error);
}

static void
tell_all (PealDialectLine *self)
{
  Word *word;

  while ((word = g_queue_pop_head (&self->words))) {
    tell (self, word);
    word_free (word);
  }
}

/* ---- time ---- */

static gboolean
on_tick (gpointer data);

/* After each call of a method of the dialect: tells what it said, in order,
 * and asks when it wants to be called again. A word may lead to more calls. */
static void
finish_call (PealDialectLine *self)
{
  g_autoptr (PealDialectLine) keep = g_object_ref (self);
  gint64 due_us = G_MAXINT64;

  if (self->frame_error)
    GST_INFO ("%s: %s", self->endpoint, self->frame_error->message);
  g_clear_error (&self->frame_error);
  if (self->is_telling)
    return;

  self->is_telling = TRUE;
  do {
    tell_all (self);
    if (self->dialect)
      due_us = peal_dialect_tick (self->dialect, g_get_monotonic_time ());
  } while (!g_queue_is_empty (&self->words));
  self->is_telling = FALSE;
  if (self->dialect)
    peal_source_start_timer_at (
        &self->tick, due_us, "peal-signalling-tick", on_tick, self);
}

static gboolean
on_tick (gpointer data)
{
  PealDialectLine *self = data;

  peal_source_clear (&self->tick);
  finish_call (self);
  return G_SOURCE_REMOVE;
}

/* ---- what the transport says ---- */

static void
on_opened (PealClientTransport *transport, gpointer data)
{
  PealDialectLine *self = data;

  self->sink->opened (self->data);
  if (!self->dialect)
    return;
  peal_dialect_open (self->dialect, g_get_monotonic_time ());
  finish_call (self);
}

static void
on_text (PealClientTransport *transport, GBytes *bytes, gpointer data)
{
  PealDialectLine *self = data;
  gsize length;
  const gchar *text = g_bytes_get_data (bytes, &length);

  peal_dialect_receive (
      self->dialect, text ? text : "", length, g_get_monotonic_time ());
  finish_call (self);
}

static void
on_closed (
    PealClientTransport *transport, guint code, GError *error, gpointer data)
{
  PealDialectLine *self = data;

  self->sink->ended (self->data, error);
}

static void
peal_dialect_line_dispose (GObject *object)
{
  PealDialectLine *self = PEAL_DIALECT_LINE (object);
  g_autoptr (PealDialect) dialect = peal_dialect_line_close (self);

  G_OBJECT_CLASS (peal_dialect_line_parent_class)->dispose (object);
}

static void
peal_dialect_line_finalize (GObject *object)
{
  PealDialectLine *self = PEAL_DIALECT_LINE (object);

  g_free (self->endpoint);
  g_clear_error (&self->frame_error);

  G_OBJECT_CLASS (peal_dialect_line_parent_class)->finalize (object);
}

static void
peal_dialect_line_class_init (PealDialectLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = peal_dialect_line_dispose;
  object_class->finalize = peal_dialect_line_finalize;

  GST_DEBUG_CATEGORY_INIT (peal_dialect_line_debug,
      "peal-signalling-dialect-line", 0, "Peal: a connection by a dialect");
}

static void
peal_dialect_line_init (PealDialectLine *self)
{
  g_queue_init (&self->words);
}

/**
 * peal_dialect_line_new:
 * @transport: (transfer full): a new one
 * @dialect: (transfer full): a new one
 * @endpoint: `HOST:PORT`, for messages to the user
 * @sink: static
 * @data: for @sink; outlives the line, or closes it
 */
PealDialectLine *
peal_dialect_line_new (PealClientTransport *transport, PealDialect *dialect,
    const gchar *endpoint, const PealDialectLineSink *sink, gpointer data)
{
  PealDialectLine *self = g_object_new (PEAL_TYPE_DIALECT_LINE, NULL);

  self->transport = transport;
  self->dialect = dialect;
  self->endpoint = g_strdup (endpoint);
  self->sink = sink;
  self->data = data;
  peal_dialect_set_sink (dialect, &dialect_sink, self);
  g_signal_connect (transport, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect (transport, "text", G_CALLBACK (on_text), self);
  g_signal_connect (transport, "closed", G_CALLBACK (on_closed), self);
  return self;
}

/**
 * peal_dialect_line_connect:
 *
 * Begins to connect, and returns at once. Once only.
 */
void
peal_dialect_line_connect (PealDialectLine *self)
{
  peal_client_transport_connect (self->transport);
}

/**
 * peal_dialect_line_send:
 * @message: (transfer none): what we say
 * @error: (out) (optional): USAGE when the protocol cannot say it, RETRY when
 *   the connection cannot take it now
 */
gboolean
peal_dialect_line_send (
    PealDialectLine *self, PealMessage *message, GError **error)
{
  g_autoptr (GError) frame_error = NULL;
  gboolean is_said = peal_dialect_send (
      self->dialect, message, g_get_monotonic_time (), error);

  frame_error = g_steal_pointer (&self->frame_error);
  finish_call (self);
  if (is_said && frame_error) {
    g_propagate_error (error, g_steal_pointer (&frame_error));
    return FALSE;
  }
  return is_said;
}

/**
 * peal_dialect_line_close:
 *
 * Closes the connection once what waits is sent; returns at once, and the sink
 * is not called any more.
 *
 * Returns: (transfer full) (nullable): the dialect, for its memory
 */
PealDialect *
peal_dialect_line_close (PealDialectLine *self)
{
  peal_source_clear (&self->tick);
  g_queue_clear_full (&self->words, (GDestroyNotify)word_free);
  if (!self->transport)
    return NULL;

  peal_dialect_set_sink (self->dialect, NULL, NULL);
  g_signal_handlers_disconnect_by_data (self->transport, self);
  peal_client_transport_close (self->transport, PEAL_WEBSOCKET_NORMAL, NULL);
  g_clear_object (&self->transport);
  return g_steal_pointer (&self->dialect);
}
