/*
 * What the uris of all protocols share. See uri-split.h. Pure.
 *
 * No error text quotes the URI, because a token may be in it.
 */
#include "signalling/uri-split.h"

#include <string.h>

#include "base/error.h"
#include "signalling/endpoint.h"

/**
 * peal_uri_refuse:
 * @why: a clause for the user
 * @error: (out) (optional): USAGE
 *
 * Returns: FALSE
 */
gboolean
peal_uri_refuse (const PealUriForm *form, const gchar *why, GError **error)
{
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "the uri cannot be used: %s; it looks like %s", why, form->example);
  return FALSE;
}

static gboolean
check_authority (const PealUriForm *form, GUri *uri, GError **error)
{
  const gchar *host = g_uri_get_host (uri);

  if (!host || !*host)
    return peal_uri_refuse (form, "it has no host", error);
  if (g_uri_get_userinfo (uri))
    return peal_uri_refuse (
        form, "a user name has no place in it (use ?token=)", error);
  if (g_uri_get_port (uri) == 0)
    return peal_uri_refuse (form, "port 0 is none", error);

  return TRUE;
}

static gboolean
check_scheme (const PealUriForm *form, GUri *uri, GError **error)
{
  const gchar *scheme = uri ? g_uri_get_scheme (uri) : "";

  return g_str_equal (scheme, "ws") || g_str_equal (scheme, "wss") ||
      peal_uri_refuse (form, "its scheme is neither ws nor wss", error);
}

/**
 * peal_uri_split:
 * @text: a URI as a user wrote it
 * @error: (out) (optional): USAGE, in one sentence without secrets
 *
 * Returns: (transfer full) (nullable): its parts, encoded, with the scheme
 *   `ws` or `wss` and a host
 */
GUri *
peal_uri_split (const PealUriForm *form, const gchar *text, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GUri) uri = NULL;
  gsize length = strlen (form->prefix);

  if (strlen (text) > PEAL_URI_MAX_BYTES) {
    peal_uri_refuse (form, "it is too long", error);
    return NULL;
  }
  if (g_ascii_strncasecmp (text, form->prefix, length) == 0)
    text += length;
  /* Normalized, the port of the scheme is none. */
  uri = g_uri_parse (text,
      G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD |
          (form->default_port ? 0 : G_URI_FLAGS_SCHEME_NORMALIZE),
      &cause);
  if (g_error_matches (cause, G_URI_ERROR, G_URI_ERROR_BAD_PORT)) {
    peal_uri_refuse (form, "its port is not a number from 1 to 65535", error);
    return NULL;
  }
  if (!uri) {
    peal_uri_refuse (form, "it is malformed", error);
    return NULL;
  }
  return check_scheme (form, uri, error) && check_authority (form, uri, error)
      ? g_steal_pointer (&uri)
      : NULL;
}

static gchar **
find_parameter (
    const PealUriParameter *parameters, guint n_parameters, const gchar *name)
{
  for (guint i = 0; i < n_parameters; i++)
    if (g_str_equal (parameters[i].name, name))
      return parameters[i].value;
  return NULL;
}

static gboolean
refuse_parameter (const PealUriForm *form, const PealUriParameter *parameters,
    guint n_parameters, GError **error)
{
  g_autoptr (GString) why = g_string_new ("it may have the parameters ");

  for (guint i = 0; i < n_parameters; i++) {
    const gchar *comma = i + 1 < n_parameters ? ", " : " and ";

    g_string_append_printf (
        why, "%s%s", i == 0 ? "" : comma, parameters[i].name);
  }
  return peal_uri_refuse (form, why->str, error);
}

/**
 * peal_uri_read_query:
 * @parameters: what the part after the `?` may have; the last of a name counts
 * @error: (out) (optional): USAGE, in one sentence without secrets
 *
 * Returns: whether it has no others
 */
gboolean
peal_uri_read_query (const PealUriForm *form, GUri *uri,
    const PealUriParameter *parameters, guint n_parameters, GError **error)
{
  const gchar *query = g_uri_get_query (uri);
  gchar *name, *value;
  GUriParamsIter iter;
  g_autoptr (GError) cause = NULL;

  g_uri_params_iter_init (
      &iter, query ? query : "", -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &name, &value, &cause)) {
    g_autofree gchar *owned_name = name;
    gchar **part = find_parameter (parameters, n_parameters, name);

    if (!part) {
      g_free (value);
      return refuse_parameter (form, parameters, n_parameters, error);
    }
    g_free (*part);
    *part = value;
  }
  return !cause ||
      peal_uri_refuse (form, "the part after ? is malformed", error);
}

/**
 * peal_uri_replace:
 * @part: (inout) (nullable): of a uri
 * @value: (nullable): takes its place, unless empty
 */
void
peal_uri_replace (gchar **part, const gchar *value)
{
  if (!value || !*value)
    return;

  g_free (*part);
  *part = g_strdup (value);
}

static gint
get_default_port (GUri *uri)
{
  return g_str_equal (g_uri_get_scheme (uri), "wss") ? 443 : 80;
}

/**
 * peal_uri_get_port:
 *
 * Returns: the port, or its scheme's default
 */
gint
peal_uri_get_port (GUri *uri)
{
  gint port = g_uri_get_port (uri);

  return port < 0 ? get_default_port (uri) : port;
}

/**
 * peal_uri_join:
 * @path: encoded
 * @query: (nullable): encoded
 *
 * Returns: (transfer full): the address at the same host
 */
gchar *
peal_uri_join (GUri *uri, const gchar *path, const gchar *query)
{
  gint port = peal_uri_get_port (uri);

  return g_uri_join (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL,
      g_uri_get_host (uri), port == get_default_port (uri) ? -1 : port, path,
      query, NULL);
}

/**
 * peal_uri_get_endpoint:
 *
 * Returns: (transfer full): `HOST:PORT`, for messages to the user
 */
gchar *
peal_uri_get_endpoint (GUri *uri)
{
  return peal_endpoint_to_string (
      g_uri_get_host (uri), peal_uri_get_port (uri));
}
