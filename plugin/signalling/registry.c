/*
 * Schemes and who speaks them. See registry.h. The session and the element
 * call it; any thread.
 *
 * A new protocol is a new line in the table.
 */
#include "signalling/registry.h"

#include "base/error.h"
#include "signalling/gstexamples-signaller.h"
#include "signalling/gstwebrtc-signaller.h"
#include "signalling/relay-signaller.h"
#include "signalling/rooms-signaller.h"
#include "signalling/socketio-signaller.h"

typedef struct {
  const gchar *scheme;
  PealSignallerCreate create;
} Entry;

static const Entry entries[] = {
  { "ws", peal_rooms_signaller_new },
  { "wss", peal_rooms_signaller_new },
  { "gstwebrtc+ws", peal_gstwebrtc_signaller_new },
  { "gstwebrtc+wss", peal_gstwebrtc_signaller_new },
  { "gstexamples+ws", peal_gstexamples_signaller_new },
  { "gstexamples+wss", peal_gstexamples_signaller_new },
  { "relay+ws", peal_relay_signaller_new },
  { "relay+wss", peal_relay_signaller_new },
  { "socketio+ws", peal_socketio_signaller_new },
  { "socketio+wss", peal_socketio_signaller_new },
};

/* Set by tests before they begin, NULL in every other program. */
static PealSignallerCreate loopback_for_tests;

static PealSignallerCreate
find (const gchar *scheme)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (g_ascii_strcasecmp (entries[i].scheme, scheme) == 0)
      return entries[i].create;

  return g_str_equal (scheme, "loopback") ? loopback_for_tests : NULL;
}

static PealSignallerCreate
find_for_uri (const gchar *uri, GError **error)
{
  g_autofree gchar *scheme = uri ? g_uri_parse_scheme (uri) : NULL;
  g_autofree gchar *known = peal_signaller_registry_list_schemes ();
  PealSignallerCreate create = scheme ? find (scheme) : NULL;

  if (create)
    return create;

  if (scheme)
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "nothing here speaks \"%.32s\"; the uri may begin with %s", scheme,
        known);
  else
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "the uri has no scheme; it may begin with %s", known);
  return NULL;
}

/**
 * peal_signaller_registry_create:
 * @config: (transfer none): settings
 * @error: (out) (optional): USAGE when the uri cannot be
 *
 * Returns: (transfer full) (nullable): an idle signaller of the caller's
 *   thread-default main context
 */
PealSignaller *
peal_signaller_registry_create (
    const PealSignallerConfig *config, GError **error)
{
  PealSignallerCreate create = find_for_uri (config->uri, error);

  return create ? create (config, error) : NULL;
}

/**
 * peal_signaller_registry_list_schemes:
 *
 * Returns: (transfer full): `ws://, wss://`, for messages to the user
 */
gchar *
peal_signaller_registry_list_schemes (void)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    g_string_append_printf (list, "%s%s://", i ? ", " : "", entries[i].scheme);

  return g_string_free (list, FALSE);
}

/**
 * peal_signaller_registry_check_uri:
 * @uri: (nullable): what the user wrote
 * @error: (out) (optional): USAGE
 *
 * Returns: whether a signaller can be made for @uri
 */
gboolean
peal_signaller_registry_check_uri (const gchar *uri, GError **error)
{
  g_autoptr (PealSignallerConfig) config = peal_signaller_config_new (uri);
  g_autoptr (PealSignaller) signaller =
      peal_signaller_registry_create (config, error);

  return signaller != NULL;
}

/**
 * peal_signaller_registry_set_loopback_for_tests:
 * @create: (nullable): who makes signallers for `loopback:`
 *
 * For tests: lets an element meet others of the same process without a
 * server. To be called while no other thread uses the registry.
 */
void
peal_signaller_registry_set_loopback_for_tests (PealSignallerCreate create)
{
  loopback_for_tests = create;
}
