/*
 * The server's options as values. See server.h. Any thread.
 */
#include "server/server.h"

/**
 * peal_server_options_new:
 *
 * Returns: (transfer full): options that are all at their defaults
 */
PealServerOptions *
peal_server_options_new (void)
{
  return g_new0 (PealServerOptions, 1);
}

/**
 * peal_server_options_copy:
 *
 * Returns: (transfer full): the same options; the ICE servers are shared
 */
PealServerOptions *
peal_server_options_copy (const PealServerOptions *self)
{
  PealServerOptions *copy = g_memdup2 (self, sizeof *self);

  copy->listen = g_strdup (self->listen);
  copy->tls_certificate_file = g_strdup (self->tls_certificate_file);
  copy->tls_key_file = g_strdup (self->tls_key_file);
  copy->tls_directory = g_strdup (self->tls_directory);
  copy->token = g_strdup (self->token);
  copy->token_file = g_strdup (self->token_file);
  copy->turn_secret_file = g_strdup (self->turn_secret_file);
  if (self->ice_servers)
    copy->ice_servers = g_ptr_array_ref (self->ice_servers);
  return copy;
}

void
peal_server_options_free (PealServerOptions *self)
{
  g_free (self->listen);
  g_free (self->tls_certificate_file);
  g_free (self->tls_key_file);
  g_free (self->tls_directory);
  g_free (self->token);
  g_free (self->token_file);
  g_free (self->turn_secret_file);
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  g_free (self);
}
