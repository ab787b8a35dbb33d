/*
 * The addresses that users write, for every protocol.
 */
#include "signalling/registry.h"

#include "fuzz.h"
#include "signalling/gst-uri.h"
#include "signalling/peal-uri.h"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = { "ws://host:8080/lobby?name=Ada&token=T",
  "wss://[::1]:443/prefix/ws/lobby", "ws://a/%2e%2e?room=x",
  "gstwebrtc+ws://host:8443/?peer=ID&role=consumer&version=1.1",
  "gstexamples+wss://host/?room=lobby&id=me", "relay+ws://host/lobby",
  "socketio+ws://host/lobby?profile=mesh", NULL };

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const gchar *const parameters[] = { "peer", "role", "token", NULL };
  static const PealUriForm form = { "gstwebrtc+", "gstwebrtc+ws://HOST",
    PEAL_GST_URI_PORT };
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealUri) uri = NULL;
  g_autoptr (PealGstUri) gst_uri = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    return 0;
  uri = peal_uri_parse (text, &error);
  g_assert_true ((uri != NULL) != (error != NULL));
  gst_uri = peal_gst_uri_parse (&form, text, parameters, "/", NULL, NULL);
  peal_signaller_registry_check_uri (text, NULL);
  return 0;
}
