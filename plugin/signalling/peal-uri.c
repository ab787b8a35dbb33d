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

static gboolean
read_query (PealUri *self, GUri *uri, GError **error)
{
  const PealUriParameter parameters[] = { { "name", &self->name },
    { "token", &self->token }, { "room", &self->room } };

  return peal_uri_read_query (
      &form, uri, parameters, G_N_ELEMENTS (parameters), error);
}

static gboolean
check (PealUri *self, GError **error)
{
  if (!peal_rooms_is_valid_room (self->room))
    return refuse (error, "its room's name is not " PEAL_ROOMS_ROOM_RULE);
  if (self->name && *self->name && !peal_rooms_is_valid_name (self->name))
    return refuse (error, "a name is UTF-8 of at most 128 bytes");

  return TRUE;
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
  peal_uri_replace (&self->room, room);
  peal_uri_replace (&self->name, name);
  peal_uri_replace (&self->token, token);

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
