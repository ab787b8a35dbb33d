/*
 * Settings of other GStreamer protocols. See gst-settings.h. Called by their
 * signallers.
 */
#include "signalling/gst-settings.h"

#include "signalling/websocket.h"

/**
 * peal_gst_settings_make_transport:
 * @settings: (transfer none): begins with a PealGstSettings
 *
 * Returns: (transfer full): a new connection, for a PealDialectPlan
 */
PealClientTransport *
peal_gst_settings_make_transport (gpointer settings)
{
  const PealGstSettings *self = settings;

  return PEAL_CLIENT_TRANSPORT (peal_websocket_new (
      self->uri->websocket, NULL, self->config->tls_ca_file));
}

/**
 * peal_gst_settings_free:
 * @settings: (transfer full): begins with a PealGstSettings, and owns nothing
 *   besides
 */
void
peal_gst_settings_free (gpointer settings)
{
  PealGstSettings *self = settings;

  g_clear_pointer (&self->uri, peal_gst_uri_free);
  g_clear_pointer (&self->config, peal_signaller_config_free);
  g_free (self);
}
