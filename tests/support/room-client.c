/*
 * A bare WebSocket client for tests. See room-client.h.
 */
#include "room-client.h"

#include "wait.h"

static void
on_message (
    SoupWebsocketConnection *socket, gint type, GBytes *frame, RoomClient *self)
{
  gsize length = 0;
  const gchar *text = g_bytes_get_data (frame, &length);
  g_autofree gchar *copy = g_strndup (text, length);
  g_autoptr (JsonNode) root = json_from_string (copy, NULL);

  g_assert_nonnull (root);
  self->n_heard++;
  g_queue_push_tail (&self->heard, json_node_dup_object (root));
}

static void
on_closed (SoupWebsocketConnection *socket, RoomClient *self)
{
  self->close_code = soup_websocket_connection_get_close_code (socket);
  self->is_closed = TRUE;
}

static void
on_connected (GObject *session, GAsyncResult *result, gpointer data)
{
  RoomClient *self = data;

  self->is_finished = TRUE;
  self->socket = soup_session_websocket_connect_finish (
      SOUP_SESSION (session), result, &self->error);
  if (!self->socket)
    return;
  soup_websocket_connection_set_max_incoming_payload_size (
      self->socket, 1024 * 1024);
  g_signal_connect (self->socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->socket, "closed", G_CALLBACK (on_closed), self);
}

static gboolean
is_finished (gpointer data)
{
  return ((RoomClient *)data)->is_finished;
}

static gboolean
has_heard (gpointer data)
{
  return ((RoomClient *)data)->heard.length > 0;
}

static gboolean
is_closed (gpointer data)
{
  return ((RoomClient *)data)->is_closed;
}

/**
 * room_client_open:
 * @origin: (nullable): as a browser's page would send it
 * @database: (nullable): certificates to trust
 *
 * Returns: a client whose handshake is over: its socket, or its error
 */
RoomClient *
room_client_open (const gchar *url, const gchar *origin, GTlsDatabase *database)
{
  RoomClient *self = g_new0 (RoomClient, 1);

  g_queue_init (&self->heard);
  self->session = soup_session_new ();
  if (database)
    soup_session_set_tls_database (self->session, database);
  self->handshake = soup_message_new ("GET", url);
  soup_session_websocket_connect_async (self->session, self->handshake, origin,
      NULL, G_PRIORITY_DEFAULT, NULL, on_connected, self);
  wait_for (is_finished, self);
  return self;
}

/**
 * room_client_new:
 *
 * Returns: a connected client
 */
RoomClient *
room_client_new (const gchar *url)
{
  RoomClient *self = room_client_open (url, NULL, NULL);

  g_assert_no_error (self->error);
  return self;
}

void
room_client_free (RoomClient *self)
{
  if (self->socket)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->socket);
  g_clear_object (&self->handshake);
  g_clear_object (&self->session);
  g_clear_error (&self->error);
  g_clear_pointer (&self->last, json_object_unref);
  g_queue_clear_full (&self->heard, (GDestroyNotify)json_object_unref);
  g_free (self);
}

void
room_client_say_text (RoomClient *self, const gchar *text)
{
  soup_websocket_connection_send_text (self->socket, text);
}

void
room_client_say (RoomClient *self, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  room_client_say_text (self, g_strdelimit (text, "'", '"'));
}

/**
 * room_client_hear:
 * @type: what the next message must be
 *
 * Returns: (transfer none): the message, until the next call
 */
JsonObject *
room_client_hear (RoomClient *self, const gchar *type)
{
  wait_for (has_heard, self);
  g_clear_pointer (&self->last, json_object_unref);
  self->last = g_queue_pop_head (&self->heard);
  g_assert_cmpstr (
      json_object_get_string_member (self->last, "type"), ==, type);
  return self->last;
}

void
room_client_hear_error (RoomClient *self, const gchar *code)
{
  JsonObject *error = room_client_hear (self, "error");

  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_cmpstr (json_object_get_string_member (error, "message"), !=, "");
}

/**
 * room_client_hear_nothing:
 *
 * Everything that was said before has been answered: a ping's answer is the
 * next thing to be heard.
 */
void
room_client_hear_nothing (RoomClient *self)
{
  room_client_say (self, "{'type':'ping'}");
  room_client_hear (self, "pong");
}

gushort
room_client_wait_closed (RoomClient *self)
{
  wait_for (is_closed, self);
  return self->close_code;
}

/**
 * room_client_close:
 *
 * Says goodbye with @code and waits until it is said.
 */
void
room_client_close (RoomClient *self, gushort code)
{
  soup_websocket_connection_close (self->socket, code, NULL);
  wait_for (is_closed, self);
}

/* Under libsoup's stream, and TLS's, if any. */
static GSocket *
get_socket (RoomClient *self)
{
  static const gchar *const base_names[] = { "base-iostream",
    "base-io-stream" };
  GObject *stream = g_object_ref (
      G_OBJECT (soup_websocket_connection_get_io_stream (self->socket)));
  GSocket *socket;

  for (guint i = 0; i < G_N_ELEMENTS (base_names); i++) {
    GObject *base = NULL;

    if (!g_object_class_find_property (
            G_OBJECT_GET_CLASS (stream), base_names[i]))
      continue;
    g_object_get (stream, base_names[i], &base, NULL);
    g_object_unref (stream);
    stream = base;
  }
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
  g_object_unref (stream);
  return socket;
}

static void
on_answered (GObject *session, GAsyncResult *result, gpointer data)
{
  RoomAnswer *answer = data;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (
      SOUP_SESSION (session), result, &answer->error);

  answer->is_finished = TRUE;
  if (body)
    answer->body =
        g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static gboolean
is_answered (gpointer data)
{
  return ((RoomAnswer *)data)->is_finished;
}

static void
finish_asking (RoomAnswer *answer, SoupSession *session)
{
  soup_session_send_and_read_async (
      session, answer->message, G_PRIORITY_DEFAULT, NULL, on_answered, answer);
  wait_for (is_answered, answer);
}

/**
 * room_http_ask:
 * @database: (nullable): certificates to trust
 * @...: headers, each a name and a value, and NULL
 *
 * Returns: (transfer full): what the server answered
 */
RoomAnswer *
room_http_ask (
    const gchar *method, const gchar *url, GTlsDatabase *database, ...)
{
  RoomAnswer *answer = g_new0 (RoomAnswer, 1);
  g_autoptr (SoupSession) session = soup_session_new ();
  const gchar *name;
  va_list headers;

  answer->message = soup_message_new (method, url);
  va_start (headers, database);
  while ((name = va_arg (headers, const gchar *)))
    soup_message_headers_replace (
        soup_message_get_request_headers (answer->message), name,
        va_arg (headers, const gchar *));
  va_end (headers);
  if (database)
    soup_session_set_tls_database (session, database);
  finish_asking (answer, session);
  return answer;
}

/**
 * room_http_post:
 *
 * Returns: (transfer full): what the server answered to a POST of @body
 */
RoomAnswer *
room_http_post (const gchar *url, const gchar *body)
{
  RoomAnswer *answer = g_new0 (RoomAnswer, 1);
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  answer->message = soup_message_new ("POST", url);
  soup_message_set_request_body_from_bytes (
      answer->message, "text/plain;charset=UTF-8", bytes);
  finish_asking (answer, session);
  return answer;
}

const gchar *
room_answer_get_header (RoomAnswer *self, const gchar *name)
{
  return soup_message_headers_get_one (
      soup_message_get_response_headers (self->message), name);
}

void
room_answer_free (RoomAnswer *self)
{
  g_object_unref (self->message);
  g_clear_error (&self->error);
  g_free (self->body);
  g_free (self);
}

/**
 * room_client_cut:
 *
 * The connection is gone without a word, as when the client is killed.
 */
void
room_client_cut (RoomClient *self)
{
  g_signal_handlers_disconnect_by_data (self->socket, self);
  g_assert_true (g_socket_close (get_socket (self), NULL));
}

/**
 * room_socket_open:
 *
 * Returns: (transfer full): a bare connection to a server of this machine, for
 *   who says what no client would
 */
GSocketConnection *
room_socket_open (guint port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);

  g_assert_no_error (error);
  return connection;
}
