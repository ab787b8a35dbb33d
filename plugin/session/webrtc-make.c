/*
 * Making a webrtcbin. See webrtc-make.h. Called by the connection; calls
 * ice-agent.
 */
#include "session/webrtc-make.h"

#include <gst/webrtc/webrtc.h>

#include "base/error.h"
#include "base/pipeline-utils.h"
#include "session/ice-agent.h"

/**
 * peal_webrtc_make:
 * @config: copied where it must last
 *
 * Returns: (transfer full) (nullable): a webrtcbin in no bin and in NULL state;
 *   or NULL with PEAL_ERROR_UNSUPPORTED
 */
GstElement *
peal_webrtc_make (const PealConnectionConfig *config, GError **error)
{
  GstElement *webrtc = gst_element_factory_make ("webrtcbin", NULL);

  if (!webrtc) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
        "the element webrtcbin is missing; install the packages "
        "gstreamer1.0-plugins-bad and gstreamer1.0-nice");
    return NULL;
  }
  g_object_set (webrtc, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE,
      "latency", config->latency_ms, "ice-transport-policy",
      config->is_relay_only ? GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY
                            : GST_WEBRTC_ICE_TRANSPORT_POLICY_ALL,
      NULL);
  peal_ice_agent_set_up (webrtc,
      config->stun_server || (config->turn_servers && *config->turn_servers));
  peal_ice_agent_add_servers (
      webrtc, config->stun_server, config->turn_servers);
  peal_pipeline_tag (webrtc, config->owner);

  return gst_object_ref_sink (webrtc);
}

/**
 * peal_webrtc_start:
 * @webrtc: in its bin
 *
 * Brings it to the state of its bin.
 *
 * Returns: whether it got there; nicesrc and others may be missing
 */
gboolean
peal_webrtc_start (GstElement *webrtc, GError **error)
{
  if (gst_element_sync_state_with_parent (webrtc))
    return TRUE;

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_UNSUPPORTED,
      "webrtcbin does not start; are gstreamer1.0-nice and "
      "gstreamer1.0-plugins-bad installed?");
  return FALSE;
}
