/*
 * One HTTP request. See http-exchange.h.
 *
 * The reply is read piece by piece, because libsoup would take any amount. The
 * context is held meanwhile, so that a thread that ends lets it finish.
 */
#include "signalling/http-exchange.h"

#include "base/context.h"

#define PIECE_BYTES (16 * 1024)

typedef struct {
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
  gsize max_bytes;
  GCancellable *cancellable;
  PealHttpDone done;
  gpointer data;
} Exchange;

static void
finish (Exchange *self, const GError *error)
{
  g_autoptr (GBytes) body = NULL;
  guint status = error ? 0 : soup_message_get_status (self->message);

  if (!error)
    body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
  peal_context_release ();
  self->done (self->data, status, body, error);

  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_object (&self->stream);
  g_object_unref (self->message);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
read_on (Exchange *self);

static void
on_piece (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece =
      g_input_stream_read_bytes_finish (self->stream, result, &error);
  gsize length = piece ? g_bytes_get_size (piece) : 0;

  if (length > 0 && self->body->len + length > self->max_bytes)
    error = g_error_new_literal (
        G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "the reply is too large");
  if (error || length == 0) {
    finish (self, error);
    return;
  }
  g_byte_array_append (self->body, g_bytes_get_data (piece, NULL), length);
  read_on (self);
}

static void
read_on (Exchange *self)
{
  g_input_stream_read_bytes_async (self->stream, PIECE_BYTES,
      G_PRIORITY_DEFAULT, self->cancellable, on_piece, self);
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *self = data;
  g_autoptr (GError) error = NULL;

  self->stream =
      soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream)
    read_on (self);
  else
    finish (self, error);
}

/**
 * peal_http_exchange:
 * @message: (transfer none): what to ask
 * @max_bytes: of the reply's body; more is an error
 * @cancellable: ends it early; @done is called all the same
 */
void
peal_http_exchange (SoupSession *session, SoupMessage *message, gsize max_bytes,
    GCancellable *cancellable, PealHttpDone done, gpointer data)
{
  Exchange *self = g_new0 (Exchange, 1);

  self->message = g_object_ref (message);
  self->body = g_byte_array_new ();
  self->max_bytes = max_bytes;
  self->cancellable = g_object_ref (cancellable);
  self->done = done;
  self->data = data;
  peal_context_hold ();
  soup_session_send_async (
      session, message, G_PRIORITY_DEFAULT, cancellable, on_reply, self);
}
