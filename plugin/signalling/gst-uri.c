/*
 * Reads the URIs of other GStreamer signalling protocols. See gst-uri.h. Pure.
 *
 * No error text quotes the URI, because a token may be in it.
 */
#include "signalling/gst-uri.h"

#include "base/error.h"
#include "signalling/endpoint.h"
#include "signalling/peal-uri.h"

/* Both protocols' servers listen there. */
#define DEFAULT_PORT 8443

static gboolean
refuse (GError **error, const gchar *why)
{
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "the uri cannot be used: %s; it looks like "
      "gstwebrtc+ws://HOST:8443 or gstexamples+ws://HOST:8443/?room=ROOM",
      why);
  return FALSE;
}

static gboolean
check_authority (GUri *uri, GError **error)
{
  const gchar *host = g_uri_get_host (uri);

  if (!host || !*host)
    return refuse (error, "it has no host");
  if (g_uri_get_userinfo (uri))
    return refuse (error, "a user name has no place in it (use ?token=)");
  if (g_uri_get_port (uri) == 0)
    return refuse (error, "port 0 is none");
  return TRUE;
}

static GUri *
split (const gchar *text, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (strlen (text) > PEAL_URI_MAX_BYTES) {
    refuse (error, "it is too long");
    return NULL;
  }
  uri =
      g_uri_parse (text, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (!uri) {
    refuse (error, "it is malformed");
    return NULL;
  }
  return check_authority (uri, error) ? g_steal_pointer (&uri) : NULL;
}

static gboolean
read_query (
    PealGstUri *self, GUri *uri, const gchar *const *allowed, GError **error)
{
  const gchar *query = g_uri_get_query (uri);

  self->parameters =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (query) {
    g_hash_table_unref (self->parameters);
    self->parameters =
        g_uri_parse_params (query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  }
  if (!self->parameters)
    return refuse (error, "the part after ? is malformed");

  for (guint i = 0; i < g_hash_table_size (self->parameters); i++) {
    g_autofree gpointer *names =
        g_hash_table_get_keys_as_array (self->parameters, NULL);

    if (!g_strv_contains (allowed, names[i]))
      return refuse (error, "it has a parameter that means nothing here");
  }
  return TRUE;
}

static void
write_address (
    PealGstUri *self, GUri *uri, const gchar *scheme, const gchar *token)
{
  const gchar *host = g_uri_get_host (uri);
  gint port = g_uri_get_port (uri);
  g_autofree gchar *escaped =
      token ? g_uri_escape_string (token, NULL, FALSE) : NULL;
  g_autofree gchar *query =
      escaped ? g_strconcat ("token=", escaped, NULL) : NULL;

  if (port < 0)
    port = DEFAULT_PORT;
  self->websocket = g_uri_join (
      G_URI_FLAGS_ENCODED, scheme, NULL, host, port, self->path, query, NULL);
  self->endpoint = peal_endpoint_to_string (host, port);
}

/**
 * peal_gst_uri_parse:
 * @text: a URI as a user wrote it, of a scheme that ends in `+ws` or `+wss`
 * @allowed: (array zero-terminated=1): the parameters that it may have
 * @default_path: the path where @text has none
 * @token: (nullable): used instead of the uri's unless empty
 * @error: (out) (optional): USAGE, in one sentence without secrets
 *
 * Returns: (transfer full) (nullable): what it means
 */
PealGstUri *
peal_gst_uri_parse (const gchar *text, const gchar *const *allowed,
    const gchar *default_path, const gchar *token, GError **error)
{
  g_autoptr (PealGstUri) self = g_new0 (PealGstUri, 1);
  g_autoptr (GUri) uri = split (text, error);
  const gchar *scheme;
  const gchar *path;

  if (!uri || !read_query (self, uri, allowed, error))
    return NULL;
  scheme = strchr (g_uri_get_scheme (uri), '+');
  if (!scheme) {
    refuse (error, "its scheme is another one");
    return NULL;
  }
  path = g_uri_get_path (uri);
  self->path =
      g_strdup (*path == '\0' || g_str_equal (path, "/") ? default_path : path);
  if (!token || !*token)
    token = peal_gst_uri_get (self, "token");
  write_address (self, uri, scheme + 1, token);
  return g_steal_pointer (&self);
}

/**
 * peal_gst_uri_get:
 *
 * Returns: (transfer none) (nullable): the value, unless it is empty
 */
const gchar *
peal_gst_uri_get (const PealGstUri *self, const gchar *parameter)
{
  const gchar *value = g_hash_table_lookup (self->parameters, parameter);

  return value && *value ? value : NULL;
}

void
peal_gst_uri_free (PealGstUri *self)
{
  g_free (self->websocket);
  g_free (self->endpoint);
  g_free (self->path);
  g_clear_pointer (&self->parameters, g_hash_table_unref);
  g_free (self);
}
