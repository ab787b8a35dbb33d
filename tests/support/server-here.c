/*
 * A Peal server in the test's own thread. See server-here.h.
 */
#include "server-here.h"

/**
 * server_here_new:
 * @options: (transfer none) (nullable): where it listens is ours to say
 * @limits: (nullable): in place of its own
 *
 * Returns: (transfer full): a server on a free port of loopback
 */
PealServer *
server_here_new (
    const PealServerOptions *options, const PealServerLimits *limits)
{
  g_autoptr (PealServerOptions) own =
      options ? peal_server_options_copy (options) : peal_server_options_new ();
  g_autoptr (GError) error = NULL;
  PealServer *server;

  g_free (own->listen);
  own->listen = g_strdup ("127.0.0.1:0");
  server = peal_server_new (own);
  if (limits)
    peal_server_set_limits (server, limits);
  peal_server_start (server, &error);
  g_assert_no_error (error);
  return server;
}

/**
 * server_here_free:
 * @server: (transfer full): nobody else may have it
 *
 * Ends it, and lets its connections say goodbye.
 */
void
server_here_free (PealServer *server)
{
  peal_server_stop (server);
  g_assert_finalize_object (server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}
