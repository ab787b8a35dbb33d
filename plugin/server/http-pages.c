/*
 * The web page and its files, out of the GResource /org/peal/web. See
 * http-pages.h. Called by the server on its thread; keeps no state.
 *
 * `/` and `/ROOM` are index.html; `/web/NAME` is the resource NAME. A name is
 * checked part by part and then looked up as it is, so that nothing but those
 * resources can be named. Everything carries an ETag and is asked for again
 * each time (no-cache): a new server has a new page at once, and an old one
 * costs a 304.
 */
#include "server/http-pages.h"

#include <string.h>

#include "server/http-answer.h"
#include "wire/peal-rooms.h"

#define RESOURCE_PREFIX "/org/peal/web/"
#define MAX_NAME_BYTES 128

/* `connect-src` names the WebSocket schemes because 'self' does not cover
 * them in Safari before 15.4. */
static const gchar content_security_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
    "font-src 'self'; connect-src 'self' ws: wss:; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

static const struct {
  const gchar *suffix;
  const gchar *content_type;
} content_types[] = {
  { ".html", "text/html; charset=utf-8" },
  { ".css", "text/css; charset=utf-8" },
  { ".js", "text/javascript; charset=utf-8" },
  { ".mjs", "text/javascript; charset=utf-8" },
  { ".json", "application/json" },
  { ".webmanifest", "application/manifest+json" },
  { ".svg", "image/svg+xml" },
  { ".png", "image/png" },
  { ".ico", "image/x-icon" },
  { ".woff2", "font/woff2" },
  { ".txt", "text/plain; charset=utf-8" },
};

static const gchar *
guess_content_type (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (content_types); i++) {
    if (g_str_has_suffix (name, content_types[i].suffix))
      return content_types[i].content_type;
  }
  return "application/octet-stream";
}

/* Letters, digits and `._-`, in parts between slashes; no part is empty or
 * begins with a dot. */
static gboolean
is_safe_name (const gchar *name)
{
  gboolean is_start = TRUE;

  if (strlen (name) > MAX_NAME_BYTES)
    return FALSE;
  for (const gchar *at = name; *at; at++) {
    if (is_start && (*at == '.' || *at == '/'))
      return FALSE;
    if (!g_ascii_isalnum (*at) && !strchr ("._-/", *at))
      return FALSE;
    is_start = *at == '/';
  }
  return !is_start;
}

static GBytes *
find_resource (const gchar *name)
{
  g_autofree gchar *path = NULL;

  if (!is_safe_name (name))
    return NULL;
  path = g_strconcat (RESOURCE_PREFIX, name, NULL);
  return g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static const gchar *
resource_name (const gchar *path)
{
  if (g_str_has_prefix (path, "/web/"))
    return path + strlen ("/web/");
  if (g_str_equal (path, "/") || peal_rooms_is_valid_room (path + 1))
    return "index.html";
  return NULL;
}

static void
add_headers (SoupMessageHeaders *headers, const gchar *etag)
{
  soup_message_headers_replace (
      headers, "Content-Security-Policy", content_security_policy);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Permissions-Policy",
      "camera=(self), microphone=(self), display-capture=(self)");
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
  soup_message_headers_replace (headers, "ETag", etag);
}

static gchar *
make_etag (GBytes *bytes)
{
  g_autofree gchar *digest =
      g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  return g_strdup_printf ("\"%.16s\"", digest);
}

static void
answer_resource (SoupServerMessage *message, const gchar *name, GBytes *bytes)
{
  g_autofree gchar *etag = make_etag (bytes);
  const gchar *known = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "If-None-Match");

  add_headers (soup_server_message_get_response_headers (message), etag);
  if (known && strstr (known, etag)) {
    soup_server_message_set_status (message, SOUP_STATUS_NOT_MODIFIED, NULL);
    return;
  }
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, guess_content_type (name),
      SOUP_MEMORY_COPY, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
}

/**
 * peal_http_pages_is_read:
 *
 * Answers 405 to anything but GET and HEAD.
 *
 * Returns: whether @message is a GET or a HEAD
 */
gboolean
peal_http_pages_is_read (SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);

  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return TRUE;
  soup_message_headers_replace (
      soup_server_message_get_response_headers (message), "Allow", "GET, HEAD");
  soup_server_message_set_status (
      message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
  return FALSE;
}

/**
 * peal_http_pages_answer:
 * @path: the path asked for, decoded
 *
 * Answers with the page, one of its files, or 404.
 */
void
peal_http_pages_answer (SoupServerMessage *message, const gchar *path)
{
  const gchar *name = resource_name (path);
  g_autoptr (GBytes) bytes = name ? find_resource (name) : NULL;

  if (bytes)
    answer_resource (message, name, bytes);
  else
    peal_http_answer (message, SOUP_STATUS_NOT_FOUND, PEAL_HTTP_ANSWER_PLAIN,
        "There is no such page here.\n");
}
