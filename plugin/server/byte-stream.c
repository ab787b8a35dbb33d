/*
 * The bytes of one connection. See byte-stream.h. Called by the server's
 * WebSocket transport.
 */
#include "server/byte-stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define EARLY_BYTES 4096

static GIOStream *
dup_base (GIOStream *stream)
{
  static const gchar *const names[] = { "base-iostream", "base-io-stream" };
  GIOStream *base = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && !base; i++) {
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (stream), names[i]))
      g_object_get (stream, names[i], &base, NULL);
  }
  return base;
}

/* The socket under libsoup's stream, and TLS's, if any. */
static GSocket *
dup_socket (GIOStream *stream, gboolean *is_tls)
{
  g_autoptr (GIOStream) at = g_object_ref (stream);

  while (at && !G_IS_SOCKET_CONNECTION (at)) {
    GIOStream *base = dup_base (at);

    *is_tls |= G_IS_TLS_CONNECTION (at);
    g_object_unref (at);
    at = base;
  }
  return at
      ? g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (at)))
      : NULL;
}

static gssize
tell_failure (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
      ? PEAL_BYTE_STREAM_WAIT
      : PEAL_BYTE_STREAM_BROKEN;
}

static gssize
read_stream (GIOStream *stream, guint8 *bytes, gsize size)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (
      G_POLLABLE_INPUT_STREAM (input), bytes, size, NULL, &error);

  return n >= 0 ? n : tell_failure (error);
}

/* What libsoup has read already of what follows the handshake. */
static void
take_early (GIOStream *stream, GByteArray *early)
{
  guint8 bytes[EARLY_BYTES];
  gssize n;

  while ((n = read_stream (stream, bytes, sizeof bytes)) > 0)
    g_byte_array_append (early, bytes, n);
}

/**
 * peal_byte_stream_open:
 * @stream: (transfer full): a connection that nobody else reads or writes
 * @early: what was read of it already is added here
 *
 * Returns: whether there is a socket in it
 */
gboolean
peal_byte_stream_open (
    PealByteStream *self, GIOStream *stream, GByteArray *early)
{
  gboolean is_tls = FALSE;
  g_autoptr (GIOStream) owned = stream;
  g_autoptr (GSocket) socket = dup_socket (stream, &is_tls);

  *self = (PealByteStream){ .fd = -1 };
  if (!socket)
    return FALSE;
  take_early (stream, early);
  if (is_tls) {
    self->fd = g_socket_get_fd (socket);
    self->tls = g_steal_pointer (&owned);
    return TRUE;
  }
  self->fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);
  g_io_stream_close (stream, NULL, NULL);
  return self->fd >= 0;
}

static gssize
tell_errno (void)
{
  return errno == EAGAIN || errno == EINTR ? PEAL_BYTE_STREAM_WAIT
                                           : PEAL_BYTE_STREAM_BROKEN;
}

/**
 * peal_byte_stream_read:
 *
 * Returns: how much was read, from 1; or PEAL_BYTE_STREAM_END, _WAIT or _BROKEN
 */
gssize
peal_byte_stream_read (PealByteStream *self, guint8 *bytes, gsize size)
{
  gssize n;

  if (self->fd < 0)
    return PEAL_BYTE_STREAM_BROKEN;
  if (self->tls)
    return read_stream (self->tls, bytes, size);
  n = recv (self->fd, bytes, size, MSG_DONTWAIT);
  return n >= 0 ? n : tell_errno ();
}

static gssize
write_stream (GIOStream *stream, const guint8 *bytes, gsize length)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_output_stream_write_nonblocking (
      G_POLLABLE_OUTPUT_STREAM (output), bytes, length, NULL, &error);

  return n >= 0 ? n : tell_failure (error);
}

/**
 * peal_byte_stream_write:
 * @length: from 1
 *
 * Returns: how much was written, from 1; or PEAL_BYTE_STREAM_WAIT or _BROKEN
 */
gssize
peal_byte_stream_write (PealByteStream *self, const guint8 *bytes, gsize length)
{
  gssize n;

  if (self->fd < 0)
    return PEAL_BYTE_STREAM_BROKEN;
  if (self->tls)
    return write_stream (self->tls, bytes, length);
  n = send (self->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  return n >= 0 ? n : tell_errno ();
}

/**
 * peal_byte_stream_close:
 *
 * May be called again.
 */
void
peal_byte_stream_close (PealByteStream *self)
{
  if (self->tls)
    g_io_stream_close (self->tls, NULL, NULL);
  else if (self->fd >= 0)
    close (self->fd);
  g_clear_object (&self->tls);
  self->fd = -1;
}
