/*
 * A Peal server on a thread of its own. See server-thread.h.
 */
#include "server-thread.h"

#include "base/loop-thread.h"

struct _ServerThread {
  PealLoopThread *loop;
  PealServerOptions *options;
  PealServer *server; /* on the loop; NULL while it is stopped */
  guint port;
};

static void
start (gpointer data)
{
  ServerThread *self = data;
  g_autoptr (GError) error = NULL;

  self->server = peal_server_new (self->options);
  peal_server_start (self->server, &error);
  g_assert_no_error (error);
  self->port = peal_server_get_port (self->server);
}

static void
stop (gpointer data)
{
  ServerThread *self = data;

  peal_server_stop (self->server);
  g_clear_object (&self->server);
}

/**
 * server_thread_new:
 * @options: (transfer none): where it listens is ours to say
 *
 * Returns: (transfer full): a server on a free port of loopback
 */
ServerThread *
server_thread_new (const PealServerOptions *options)
{
  ServerThread *self = g_new0 (ServerThread, 1);

  self->loop = peal_loop_thread_new ("test-server");
  self->options = peal_server_options_copy (options);
  server_thread_start (self);
  return self;
}

void
server_thread_free (ServerThread *self)
{
  if (self->server)
    server_thread_stop (self);
  peal_loop_thread_stop (self->loop);
  peal_loop_thread_free (self->loop);
  peal_server_options_free (self->options);
  g_free (self);
}

/**
 * server_thread_stop:
 *
 * Ends the server and all that it remembers, as a crash does.
 */
void
server_thread_stop (ServerThread *self)
{
  peal_loop_thread_call (self->loop, stop, self);
}

/**
 * server_thread_start:
 *
 * A new server on the same port.
 */
void
server_thread_start (ServerThread *self)
{
  g_free (self->options->listen);
  self->options->listen = g_strdup_printf ("127.0.0.1:%u", self->port);
  peal_loop_thread_call (self->loop, start, self);
}

guint
server_thread_get_port (ServerThread *self)
{
  return self->port;
}
