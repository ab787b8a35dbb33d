/*
 * Reads the URIs of other GStreamer signalling protocols. See gst-uri.h. Pure.
 *
 * No error text quotes the URI, because a token may be in it.
 */
#include "signalling/gst-uri.h"

#include "signalling/endpoint.h"

static gboolean
read_query (PealGstUri *self, const PealUriForm *form, GUri *uri,
    const gchar *const *allowed, GError **error)
{
  guint n_allowed = g_strv_length ((gchar **)allowed);
  g_autofree PealUriParameter *parameters =
      g_new0 (PealUriParameter, n_allowed);

  self->allowed = allowed;
  self->values = g_new0 (gchar *, n_allowed);
  for (guint i = 0; i < n_allowed; i++)
    parameters[i] = (PealUriParameter){ allowed[i], &self->values[i] };
  return peal_uri_read_query (form, uri, parameters, n_allowed, error);
}

static void
write_address (
    PealGstUri *self, const PealUriForm *form, GUri *uri, const gchar *token)
{
  const gchar *host = g_uri_get_host (uri);
  gint port = g_uri_get_port (uri);
  g_autofree gchar *escaped =
      token ? g_uri_escape_string (token, NULL, FALSE) : NULL;
  g_autofree gchar *query =
      escaped ? g_strconcat ("token=", escaped, NULL) : NULL;

  if (port < 0)
    port = form->default_port;
  self->websocket = g_uri_join (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri),
      NULL, host, port, self->path, query, NULL);
  self->endpoint = peal_endpoint_to_string (host, port);
}

/**
 * peal_gst_uri_parse:
 * @form: the protocol's
 * @text: a URI as a user wrote it
 * @allowed: (array zero-terminated=1): the parameters that it may have; static
 * @default_path: the path where @text has none
 * @token: (nullable): used instead of the uri's unless empty
 * @error: (out) (optional): USAGE, in one sentence without secrets
 *
 * Returns: (transfer full) (nullable): what it means
 */
PealGstUri *
peal_gst_uri_parse (const PealUriForm *form, const gchar *text,
    const gchar *const *allowed, const gchar *default_path, const gchar *token,
    GError **error)
{
  g_autoptr (PealGstUri) self = g_new0 (PealGstUri, 1);
  g_autoptr (GUri) uri = peal_uri_split (form, text, error);
  const gchar *path;

  if (!uri || !read_query (self, form, uri, allowed, error))
    return NULL;
  path = g_uri_get_path (uri);
  self->path =
      g_strdup (*path == '\0' || g_str_equal (path, "/") ? default_path : path);
  if (!token || !*token)
    token = peal_gst_uri_get (self, "token");
  write_address (self, form, uri, token);
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
  for (guint i = 0; self->allowed[i]; i++)
    if (g_str_equal (self->allowed[i], parameter))
      return self->values[i] && *self->values[i] ? self->values[i] : NULL;
  return NULL;
}

void
peal_gst_uri_free (PealGstUri *self)
{
  g_free (self->websocket);
  g_free (self->endpoint);
  g_free (self->path);
  for (guint i = 0; self->values && self->allowed[i]; i++)
    g_free (self->values[i]);
  g_free (self->values);
  g_free (self);
}
