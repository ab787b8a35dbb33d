/*
 * The settings of a session. See settings.h. Called by the session on the
 * loop.
 */
#include "session/settings.h"

#include "base/certificate-maker.h"
#include "session/ice-servers.h"

static void
on_fault (const gchar *fault, gpointer session)
{
  g_signal_emit_by_name (session, "warning", fault);
}

/**
 * peal_session_settings_init:
 * @session: (type PealSession): the owner; emits `warning` for what a check of
 *   the servers finds
 */
void
peal_session_settings_init (PealSessionSettings *self, gpointer session)
{
  self->ice_check = peal_ice_check_new (on_fault, session);
  self->tracks = g_ptr_array_new_with_free_func (g_object_unref);
  self->reaper = peal_reaper_new ();
}

/**
 * peal_session_settings_clear:
 *
 * Waits until the reaper is done.
 */
void
peal_session_settings_clear (PealSessionSettings *self)
{
  g_clear_pointer (&self->reaper, peal_reaper_free);
  g_clear_pointer (&self->tracks, g_ptr_array_unref);
  g_clear_pointer (&self->ice_check, peal_ice_check_free);
  g_free (self->own_id);
  g_free (self->stun_server);
  g_strfreev (self->turn_servers);
  g_free (self->certificate);
  g_clear_pointer (&self->dtls, peal_dtls_keeper_free);
}

/* webrtcbin's own is an RSA key, with which each side of a handshake takes two
 * milliseconds longer to sign. */
static gchar *
choose_certificate (const gchar *chosen)
{
  g_autoptr (GError) error = NULL;
  gchar *made;

  if (chosen)
    return g_strdup (chosen);

  made = peal_certificate_maker_new_anonymous (
      g_get_real_time () / G_USEC_PER_SEC, &error);
  if (!made)
    GST_WARNING ("webrtcbin makes its own certificate: %s", error->message);

  return made;
}

static void
set_certificate (PealSessionSettings *self, const gchar *chosen)
{
  g_clear_pointer (&self->dtls, peal_dtls_keeper_free);
  g_free (self->certificate);
  self->certificate = choose_certificate (chosen);
  if (self->certificate)
    self->dtls = peal_dtls_keeper_new (self->certificate);
}

static void
tell_check (PealSessionSettings *self)
{
  peal_ice_check_set_servers (self->ice_check, self->stun_server,
      (const gchar *const *)self->turn_servers);
}

/**
 * peal_session_settings_configure:
 * @config: copied
 * @error: PEAL_ERROR_USAGE for servers that are none
 */
gboolean
peal_session_settings_configure (
    PealSessionSettings *self, const PealSessionConfig *config, GError **error)
{
  g_autoptr (GStrvBuilder) turn = g_strv_builder_new ();
  g_autofree gchar *stun = NULL;

  if (config->stun_server && *config->stun_server) {
    stun = peal_ice_servers_to_stun_uri (config->stun_server, error);
    if (!stun)
      return FALSE;
  }
  for (guint i = 0; config->turn_servers && config->turn_servers[i]; i++) {
    g_autofree gchar *uri = peal_ice_servers_to_turn_uri (
        config->turn_servers[i], NULL, NULL, error);

    if (!uri)
      return FALSE;
    g_strv_builder_add (turn, uri);
  }

  g_free (self->stun_server);
  g_strfreev (self->turn_servers);
  self->stun_server = g_steal_pointer (&stun);
  self->turn_servers = g_strv_builder_end (turn);
  self->has_own_servers = self->stun_server || self->turn_servers[0];
  self->latency_ms = MAX (config->latency_ms, config->min_latency_ms);
  self->min_latency_ms = config->min_latency_ms;
  self->is_relay_only = config->is_relay_only;
  set_certificate (self, config->certificate);
  tell_check (self);

  return TRUE;
}

/**
 * peal_session_settings_offer_servers:
 * @servers: (nullable) (element-type PealIceServer): what the room hands out
 *
 * Takes them, unless the user chose some.
 */
void
peal_session_settings_offer_servers (
    PealSessionSettings *self, GPtrArray *servers)
{
  if (self->has_own_servers)
    return;

  g_free (self->stun_server);
  g_strfreev (self->turn_servers);
  self->stun_server = peal_ice_servers_find_stun (servers);
  self->turn_servers = peal_ice_servers_list_turn (servers);
  tell_check (self);
}
