/*
 * Reads Peal rooms URIs. See peal-uri.h. Pure.
 *
 * No error text quotes the URI, because a token may be in it.
 */
#include "signalling/peal-uri.h"

#include "signalling/uri-split.h"
#include "wire/peal-rooms.h"

static const PealUriForm form = { "", "ws://HOST:8080/ROOM" };

static gboolean
refuse (GError **error, const gchar *why)
{
  return peal_uri_refuse (&form, why, error);
}

/* Takes the room off the path and leaves the endpoint. */
static gboolean
read_path (PealUri *self, GUri *uri, gchar **endpoint_path, GError **error)
{
  g_autofree gchar *path = g_strdup (g_uri_get_path (uri));
  gchar *last;

  if (g_str_has_suffix (path, "/ws"))
    last = path + strlen (path);
  else
    last = strrchr (path, '/');
  if (last && *last) {
    *last++ = '\0';
    if (*last)
      self->room = g_uri_unescape_string (last, "/");
    if (*last && !self->room)
      return refuse (error, "its room is badly encoded");
  }

  *endpoint_path = g_str_has_suffix (path, "/ws")
      ? g_steal_pointer (&path)
      : g_strconcat (path, "/ws", NULL);
  return TRUE;
}

static gchar **
find_parameter (PealUri *self, const gchar *key)
{
  if (g_str_equal (key, "name"))
    return &self->name;
  if (g_str_equal (key, "token"))
    return &self->token;
  if (g_str_equal (key, "room"))
    return &self->room;

  return NULL;
}

static gboolean
read_query (PealUri *self, GUri *uri, GError **error)
{
  const gchar *query = g_uri_get_query (uri);
  gchar *key, *value;
  GUriParamsIter iter;
  g_autoptr (GError) cause = NULL;

  if (!query)
    return TRUE;

  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &key, &value, &cause)) {
    g_autofree gchar *owned_key = key;
    gchar **field = find_parameter (self, key);

    if (!field) {
      g_free (value);
      return refuse (error, "it may have the parameters name, token and room");
    }
    g_free (*field);
    *field = value;
  }

  return cause ? refuse (error, "the part after ? is malformed") : TRUE;
}

static gboolean
check (PealUri *self, GError **error)
{
  if (!peal_rooms_is_valid_room (self->room))
    return refuse (error,
        "a room is 1 to 64 letters, digits, dots, dashes or underscores");
  if (self->name && *self->name && !peal_rooms_is_valid_name (self->name))
    return refuse (error, "a name is UTF-8 of at most 128 bytes");

  return TRUE;
}

static void
replace (gchar **field, const gchar *value)
{
  if (!value || !*value)
    return;

  g_free (*field);
  *field = g_strdup (value);
}

/**
 * peal_uri_parse:
 * @text: a URI as a user wrote it
 * @error: (out) (optional): USAGE, in one sentence without secrets
 *
 * Returns: (transfer full) (nullable): what it means
 */
PealUri *
peal_uri_parse (const gchar *text, GError **error)
{
  g_autoptr (PealUri) self = g_new0 (PealUri, 1);
  g_autoptr (GUri) uri = peal_uri_split (&form, text, error);
  g_autofree gchar *endpoint_path = NULL;

  if (!uri || !read_path (self, uri, &endpoint_path, error) ||
      !read_query (self, uri, error))
    return NULL;
  if (!self->room)
    self->room = g_strdup (PEAL_URI_DEFAULT_ROOM);
  if (!check (self, error))
    return NULL;

  self->websocket = peal_uri_join (uri, endpoint_path, NULL);
  self->endpoint = peal_uri_get_endpoint (uri);
  return g_steal_pointer (&self);
}

/**
 * peal_uri_override:
 * @room: (nullable): used instead of the uri's unless empty; so are the others
 * @error: (out) (optional): USAGE
 *
 * Returns: whether the result can be used; if not, @self is to be freed
 */
gboolean
peal_uri_override (PealUri *self, const gchar *room, const gchar *name,
    const gchar *token, GError **error)
{
  replace (&self->room, room);
  replace (&self->name, name);
  replace (&self->token, token);

  return check (self, error);
}

void
peal_uri_free (PealUri *self)
{
  g_free (self->websocket);
  g_free (self->endpoint);
  g_free (self->room);
  g_free (self->name);
  g_free (self->token);
  g_free (self);
}
