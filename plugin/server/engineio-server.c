/*
 * Where Engine.IO clients come in. See engineio-server.h.
 *
 * Called by libsoup: first with the headers of a request (early), where what
 * is wrong is refused before a body or a WebSocket comes; then with the
 * request. Makes a session for each handshake and gives it to the entrance.
 * Owned by the server.
 */
#include "server/engineio-server.h"

#include <gst/gst.h>

#include "server/engineio-poll.h"
#include "server/engineio-session.h"
#include "server/secret.h"
#include "server/upgrade.h"
#include "wire/socketio-server.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

#define PATH "/socket.io"
#define VERSION "4"

struct _PealEngineioServer {
  PealRoomService *service;
  PealEntrance *entrance;
  GHashTable *sessions; /* sid -> PealEngineioSession, not owned */
};

static const PealProtocol protocol = {
  .path = PATH,
  .may_wait = TRUE,
  .new_dialect = peal_socketio_server_new,
};

typedef struct {
  GHashTable *query; /* NULL: none */
  const gchar *method;
  gboolean is_websocket; /* what is asked for */
  gboolean is_upgrade;   /* what the request is */
  const gchar *sid;      /* NULL: a handshake */
  PealEngineioSession *session;
} Request;

static const gchar *
get_parameter (const Request *request, const gchar *name)
{
  return request->query ? g_hash_table_lookup (request->query, name) : NULL;
}

static gboolean
is_method (const Request *request, const gchar *method)
{
  return g_strcmp0 (request->method, method) == 0;
}

static Request
read_request (
    PealEngineioServer *self, SoupServerMessage *message, GHashTable *query)
{
  Request request = { .query = query,
    .method = soup_server_message_get_method (message),
    .is_upgrade = peal_upgrade_is_wanted (message) };

  request.is_websocket =
      g_strcmp0 (get_parameter (&request, "transport"), "websocket") == 0;
  request.sid = get_parameter (&request, "sid");
  request.session =
      request.sid ? g_hash_table_lookup (self->sessions, request.sid) : NULL;
  return request;
}

/* Returns: whether nothing is wrong; otherwise *@fault */
static gboolean
check (const Request *request, PealEngineioFault *fault)
{
  const gchar *transport = get_parameter (request, "transport");

  if (g_strcmp0 (transport, "polling") != 0 && !request->is_websocket)
    *fault = PEAL_ENGINEIO_UNKNOWN_TRANSPORT;
  else if (g_strcmp0 (get_parameter (request, "EIO"), VERSION) != 0)
    *fault = PEAL_ENGINEIO_BAD_VERSION;
  else if (request->sid && !request->session)
    *fault = PEAL_ENGINEIO_UNKNOWN_SID;
  else if (!request->sid && !is_method (request, "GET"))
    *fault = PEAL_ENGINEIO_BAD_METHOD;
  else if (request->is_websocket != request->is_upgrade ||
      (!is_method (request, "GET") && !is_method (request, "POST")))
    *fault = PEAL_ENGINEIO_BAD_REQUEST;
  else
    return TRUE;
  return FALSE;
}

/* ---- the headers ---- */

/* For pages of other sites that the entrance lets in. */
static void
allow_origin (SoupServerMessage *message)
{
  const gchar *origin = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Origin");
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);

  if (!origin)
    return;
  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", origin);
  soup_message_headers_replace (
      headers, "Access-Control-Allow-Credentials", "true");
  soup_message_headers_replace (headers, "Vary", "Origin");
}

static void
answer_preflight (SoupServerMessage *message)
{
  const gchar *asked = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message),
      "Access-Control-Request-Headers");
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);

  soup_message_headers_replace (
      headers, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  if (asked)
    soup_message_headers_replace (
        headers, "Access-Control-Allow-Headers", asked);
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

/* The one body that is kept: of a known size, which is not too large. */
static void
check_body (PealEngineioSession *session, SoupServerMessage *message)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_encoding (headers) !=
      SOUP_ENCODING_CONTENT_LENGTH)
    soup_server_message_set_status (message, SOUP_STATUS_LENGTH_REQUIRED, NULL);
  else if (soup_message_headers_get_content_length (headers) >
      PEAL_SERVER_MAX_MESSAGE_BYTES)
    soup_server_message_set_status (
        message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, NULL);
  else if (!peal_engineio_session_begin_post (session, message))
    peal_engineio_poll_refuse (message, PEAL_ENGINEIO_BAD_REQUEST);
  else
    soup_message_body_set_accumulate (
        soup_server_message_get_request_body (message), TRUE);
}

static void
on_early (SoupServer *soup, SoupServerMessage *message, const gchar *path,
    GHashTable *query, gpointer data)
{
  PealEngineioServer *self = data;
  Request request = read_request (self, message, query);
  PealEngineioFault fault;

  if (!peal_entrance_check_origin (self->entrance, message)) {
    peal_engineio_poll_refuse (message, PEAL_ENGINEIO_FORBIDDEN);
    return;
  }
  allow_origin (message);
  if (is_method (&request, "OPTIONS")) {
    answer_preflight (message);
  } else if (!check (&request, &fault)) {
    peal_engineio_poll_refuse (message, fault);
  } else if (is_method (&request, "POST")) {
    check_body (request.session, message);
  }
}

/* ---- sessions ---- */

/* Their room connection owns them, by way of the entrance. */
static void
on_session_gone (gpointer data, GObject *session)
{
  PealEngineioServer *self = data;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (value == (gpointer)session) {
      g_hash_table_iter_remove (&iter);
      return;
    }
  }
}

static PealEngineioSession *
open_session (PealEngineioServer *self, SoupServerMessage *message,
    GHashTable *query, PealTransport *socket)
{
  g_autofree gchar *sid = peal_secret_new_key ();
  g_autoptr (PealEngineioSession) session =
      peal_engineio_session_new (sid, &self->service->limits, socket);
  PealRoomCaller caller = { .protocol = &protocol,
    .token = query ? g_hash_table_lookup (query, "token") : NULL };

  g_hash_table_insert (self->sessions, g_strdup (sid), session);
  g_object_weak_ref (G_OBJECT (session), on_session_gone, self);
  peal_entrance_take_in (
      self->entrance, message, PEAL_TRANSPORT (session), &caller);
  return g_steal_pointer (&session);
}

static gboolean
is_full (PealEngineioServer *self)
{
  return g_hash_table_size (self->sessions) >=
      self->service->limits.engineio_sessions;
}

static void
on_upgraded (SoupServerMessage *message, GIOStream *stream, gpointer data);

static void
on_request (SoupServer *soup, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer data)
{
  PealEngineioServer *self = data;
  Request request = read_request (self, message, query);
  g_autoptr (PealEngineioSession) session =
      request.session ? g_object_ref (request.session) : NULL;
  PealEngineioFault fault;

  if (request.is_upgrade) {
    peal_upgrade (message, on_upgraded, self);
    return;
  }
  if (!check (&request, &fault)) {
    peal_engineio_poll_refuse (message, fault);
  } else if (is_method (&request, "POST")) {
    peal_engineio_session_post (session, message);
  } else if (!session && is_full (self)) {
    soup_server_message_set_status (
        message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
  } else {
    if (!session)
      session = open_session (self, message, query, NULL);
    peal_engineio_session_poll (session, message);
  }
}

static void
on_upgraded (SoupServerMessage *message, GIOStream *stream, gpointer data)
{
  PealEngineioServer *self = data;
  PealTransport *socket =
      peal_websocket_transport_new (stream, &self->service->websockets);
  const gchar *text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = soup_form_decode (text ? text : "");
  const gchar *sid = g_hash_table_lookup (query, "sid");
  PealEngineioSession *session =
      sid ? g_hash_table_lookup (self->sessions, sid) : NULL;

  if (session && peal_engineio_session_can_upgrade (session))
    peal_engineio_session_upgrade (session, socket);
  else if (sid || is_full (self))
    peal_websocket_transport_retire (
        &socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "no such session");
  else
    g_object_unref (open_session (self, message, query, socket));
}

/**
 * peal_engineio_server_new:
 * @service: (transfer none): outlives this
 * @entrance: (transfer none): outlives this
 */
PealEngineioServer *
peal_engineio_server_new (PealRoomService *service, PealEntrance *entrance)
{
  PealEngineioServer *self = g_new0 (PealEngineioServer, 1);

  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-server-engineio", 0,
      "where Engine.IO clients of the Peal server come in");
  self->service = service;
  self->entrance = entrance;
  self->sessions =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
peal_engineio_server_free (PealEngineioServer *self)
{
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    g_object_weak_unref (session, on_session_gone, self);
  g_hash_table_unref (self->sessions);
  g_free (self);
}

/**
 * peal_engineio_server_add_to:
 * @soup: must not call any more when this is freed
 */
void
peal_engineio_server_add_to (PealEngineioServer *self, SoupServer *soup)
{
  soup_server_add_early_handler (soup, PATH, on_early, self, NULL);
  soup_server_add_handler (soup, PATH, on_request, self, NULL);
}
