/*
 * PealWebsocket: one WebSocket connection over libsoup 3. See websocket.h.
 * Signallers make it and hear its signals; it calls libsoup.
 *
 * Life cycle: new, connect, then `opened` and any number of `text`, then one
 * `closed`; or `closed` alone. After a close from our side nothing fires any
 * more, and the object keeps itself alive until the socket is shut, at most
 * CLOSE_LIMIT_MS.
 */
#include "signalling/websocket.h"

#include <gst/gst.h>
#include <libsoup/soup.h>

#include "base/context.h"
#include "base/error.h"
#include "base/sources.h"
#include "signalling/endpoint.h"
#include "signalling/tls-trust.h"
#include "signalling/websocket-errors.h"
#include "signalling/websocket-output.h"
#include "signalling/websocket-session.h"

/* protocols.md, section 1: the same as the server's. */
#define KEEPALIVE_INTERVAL_S 15
/* Chosen: a person waits that long before looking for the fault. */
#define CONNECT_LIMIT_S 10
#define MISSES_ALLOWED 2
/* Chosen: a leave that takes longer is not noticed as one by the user. */
#define CLOSE_LIMIT_MS 500

GST_DEBUG_CATEGORY_STATIC (peal_websocket_debug);
#define GST_CAT_DEFAULT peal_websocket_debug

typedef enum {
  STATE_NEW,
  STATE_CONNECTING,
  STATE_OPEN,
  STATE_CLOSED,
} State;

struct _PealWebsocket {
  PealClientTransport parent;

  GMainContext *context;
  State state;
  gchar *uri;
  gchar *endpoint;
  gchar *path;
  GStrv protocols;
  gchar *tls_ca_file;
  guint keepalive_s;
  guint connect_limit_s;

  PealTlsTrust *trust;
  GTlsCertificate *refused;
  GTlsCertificateFlags problems;
  SoupSession *session;
  SoupMessage *handshake;
  GCancellable *cancellable;
  gboolean is_late;
  gboolean is_tls;
  GSocketClientEvent progress;
  SoupWebsocketConnection *connection;

  PealWebsocketOutput *output;
  guint misses;

  GSource *connect_limit;
  GSource *keepalive;
  GSource *close_limit;
};

G_DEFINE_FINAL_TYPE (PealWebsocket, peal_websocket, PEAL_TYPE_CLIENT_TRANSPORT)

static void
set_state (PealWebsocket *self, State state)
{
  self->state = state;
}

static void
drop_connection (PealWebsocket *self)
{
  peal_source_clear (&self->keepalive);
  peal_source_clear (&self->close_limit);
  g_clear_pointer (&self->output, peal_websocket_output_free);
  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->session);
}

/* The one way to end that is not ours. */
static void
fail (PealWebsocket *self, guint code, GError *error)
{
  GST_INFO ("%s: closed (%u): %s", self->endpoint, code, error->message);
  set_state (self, STATE_CLOSED);
  drop_connection (self);
  peal_client_transport_emit_closed (PEAL_CLIENT_TRANSPORT (self), code, error);
  g_error_free (error);
}

static void
on_message (SoupWebsocketConnection *connection, gint type, GBytes *bytes,
    gpointer data)
{
  PealWebsocket *self = data;
  gsize length;
  const gchar *text = g_bytes_get_data (bytes, &length);

  self->misses = 0;
  if (type != SOUP_WEBSOCKET_DATA_TEXT ||
      !g_utf8_validate_len (text, length, NULL)) {
    GST_WARNING ("%s: ignored a frame that is not text", self->endpoint);
    return;
  }

  peal_client_transport_emit_text (PEAL_CLIENT_TRANSPORT (self), bytes);
}

static void
on_pong (SoupWebsocketConnection *connection, GBytes *bytes, gpointer data)
{
  PealWebsocket *self = data;

  self->misses = 0;
}

static void
on_error (SoupWebsocketConnection *connection, GError *error, gpointer data)
{
  PealWebsocket *self = data;

  GST_INFO ("%s: %s", self->endpoint, error->message);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer data)
{
  PealWebsocket *self = data;
  guint code = soup_websocket_connection_get_close_code (connection);
  const gchar *reason = soup_websocket_connection_get_close_data (connection);

  fail (self, code,
      peal_websocket_error_for_close (self->endpoint, code, reason));
}

/* libsoup 3.2 pings but does not mind missing pongs, so we do. */
static gboolean
on_keepalive (gpointer data)
{
  PealWebsocket *self = data;

  if (self->misses++ < MISSES_ALLOWED)
    return G_SOURCE_CONTINUE;

  fail (self, 0,
      g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY, "%s does not answer any more",
          self->endpoint));
  return G_SOURCE_REMOVE;
}

static void
open_connection (PealWebsocket *self)
{
  SoupWebsocketConnection *connection = self->connection;

  soup_websocket_connection_set_max_incoming_payload_size (
      connection, PEAL_WEBSOCKET_MAX_INCOMING_BYTES);
  soup_websocket_connection_set_keepalive_interval (
      connection, self->keepalive_s);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (connection, "error", G_CALLBACK (on_error), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  self->output = peal_websocket_output_new (connection, self->context);
  peal_source_start_timer (&self->keepalive, self->keepalive_s * 1000,
      "peal-websocket-keepalive", on_keepalive, self);

  GST_INFO ("%s: open", self->endpoint);
  set_state (self, STATE_OPEN);
  peal_client_transport_emit_opened (PEAL_CLIENT_TRANSPORT (self));
}

static void
fail_attempt (PealWebsocket *self, const GError *cause)
{
  PealWebsocketAttempt attempt = {
    .endpoint = self->endpoint,
    .path = self->path,
    .late_after_s = self->is_late ? self->connect_limit_s : 0,
    .is_tls = self->is_tls,
    .progress = self->progress,
    .http_status = soup_message_get_status (self->handshake),
    .certificate = self->refused,
    .problems = self->problems,
  };

  fail (self, 0, peal_websocket_error_for_attempt (&attempt, cause));
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PealWebsocket) self = data;
  g_autoptr (GError) error = NULL;

  peal_context_release ();
  peal_source_clear (&self->connect_limit);
  self->connection = soup_session_websocket_connect_finish (
      SOUP_SESSION (source), result, &error);
  if (self->state == STATE_CLOSED)
    drop_connection (self);
  else if (self->connection)
    open_connection (self);
  else
    fail_attempt (self, error);
}

static gboolean
on_connect_limit (gpointer data)
{
  PealWebsocket *self = data;

  self->is_late = TRUE;
  g_clear_pointer (&self->connect_limit, g_source_unref);
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate,
    GTlsCertificateFlags problems, gpointer data)
{
  PealWebsocket *self = data;
  GUri *uri = soup_message_get_uri (message);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (
      g_uri_get_host (uri), (guint16)MAX (g_uri_get_port (uri), 0));

  self->problems =
      peal_tls_trust_check (self->trust, certificate, problems, identity);
  if (self->problems == 0)
    return TRUE;

  g_set_object (&self->refused, certificate);
  return FALSE;
}

static void
on_network_event (SoupMessage *message, GSocketClientEvent event,
    GIOStream *stream, gpointer data)
{
  PealWebsocket *self = data;

  self->progress = event;
}

static gboolean
prepare_tls (PealWebsocket *self, GError **error)
{
  self->is_tls = g_str_has_prefix (self->uri, "wss:");
  if (!self->is_tls)
    return TRUE;
  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return peal_error_set (error, PEAL_ERROR_UNSUPPORTED,
        "wss needs TLS: install the package glib-networking");

  self->trust = peal_tls_trust_new (self->tls_ca_file, error);
  return self->trust != NULL;
}

static gboolean
prepare (PealWebsocket *self, GError **error)
{
  GUri *uri;

  self->handshake = soup_message_new (SOUP_METHOD_GET, self->uri);
  if (!self->handshake)
    return peal_error_set (error, PEAL_ERROR_USAGE, "not a WebSocket address");

  uri = soup_message_get_uri (self->handshake);
  self->path = g_strdup (g_uri_get_path (uri));
  self->endpoint =
      peal_endpoint_to_string (g_uri_get_host (uri), g_uri_get_port (uri));
  soup_message_add_flags (self->handshake, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (self->handshake, "accept-certificate",
      G_CALLBACK (on_accept_certificate), self);
  g_signal_connect (
      self->handshake, "network-event", G_CALLBACK (on_network_event), self);

  return prepare_tls (self, error);
}

/* A failure known at once is told later, when connect() has returned. */
static gboolean
on_stillborn (gpointer data)
{
  GTask *task = data;
  PealWebsocket *self = g_task_get_source_object (task);

  peal_source_clear (&self->connect_limit);
  if (self->state != STATE_CLOSED)
    fail (self, 0, g_error_copy (g_task_get_task_data (task)));
  return G_SOURCE_REMOVE;
}

static void
fail_later (PealWebsocket *self, GError *error)
{
  GTask *task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_task_data (task, error, (GDestroyNotify)g_error_free);
  self->connect_limit = g_idle_source_new ();
  g_source_set_callback (
      self->connect_limit, on_stillborn, task, g_object_unref);
  g_source_attach (self->connect_limit, self->context);
}

static void
peal_websocket_dispose (GObject *object)
{
  PealWebsocket *self = PEAL_WEBSOCKET (object);

  drop_connection (self);
  peal_source_clear (&self->connect_limit);
  if (self->handshake)
    g_signal_handlers_disconnect_by_data (self->handshake, self);
  g_clear_object (&self->handshake);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->refused);

  G_OBJECT_CLASS (peal_websocket_parent_class)->dispose (object);
}

static void
peal_websocket_finalize (GObject *object)
{
  PealWebsocket *self = PEAL_WEBSOCKET (object);

  g_clear_pointer (&self->trust, peal_tls_trust_free);
  g_free (self->uri);
  g_free (self->endpoint);
  g_free (self->path);
  g_strfreev (self->protocols);
  g_free (self->tls_ca_file);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_websocket_parent_class)->finalize (object);
}

static void
connect_transport (PealClientTransport *transport)
{
  peal_websocket_connect (PEAL_WEBSOCKET (transport));
}

static gboolean
send_transport (
    PealClientTransport *transport, const gchar *text, GError **error)
{
  return peal_websocket_send_text (PEAL_WEBSOCKET (transport), text, error);
}

static void
close_transport (
    PealClientTransport *transport, guint code, const gchar *reason)
{
  peal_websocket_close (PEAL_WEBSOCKET (transport), code, reason);
}

static void
peal_websocket_class_init (PealWebsocketClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PealClientTransportClass *transport_class =
      PEAL_CLIENT_TRANSPORT_CLASS (klass);

  object_class->dispose = peal_websocket_dispose;
  object_class->finalize = peal_websocket_finalize;
  transport_class->connect = connect_transport;
  transport_class->send_text = send_transport;
  transport_class->close = close_transport;

  GST_DEBUG_CATEGORY_INIT (peal_websocket_debug, "peal-signalling-websocket", 0,
      "Peal's WebSocket client");
}

static void
peal_websocket_init (PealWebsocket *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->keepalive_s = KEEPALIVE_INTERVAL_S;
  self->connect_limit_s = CONNECT_LIMIT_S;
}

/**
 * peal_websocket_new:
 * @uri: a `ws:` or `wss:` address, without secrets in it
 * @protocols: (nullable) (array zero-terminated=1): subprotocols to offer
 * @tls_ca_file: (nullable): PEM file to trust besides the system
 *
 * Returns: (transfer full): a connection that belongs to the caller's
 *   thread-default main context, and does nothing yet
 */
PealWebsocket *
peal_websocket_new (
    const gchar *uri, const gchar *const *protocols, const gchar *tls_ca_file)
{
  PealWebsocket *self = g_object_new (PEAL_TYPE_WEBSOCKET, NULL);

  self->uri = g_strdup (uri);
  self->protocols = g_strdupv ((GStrv)protocols);
  self->tls_ca_file = g_strdup (tls_ca_file);
  return self;
}

/**
 * peal_websocket_set_times:
 * @connect_limit_s: seconds until an attempt is given up, from 1; 10 unless set
 * @keepalive_s: seconds between pings, from 1; 15 unless set. A server that
 *   answers none of the pings of two intervals counts as lost
 *
 * To be called before connecting.
 */
void
peal_websocket_set_times (
    PealWebsocket *self, guint connect_limit_s, guint keepalive_s)
{
  peal_assert_context (self->context);
  g_return_if_fail (self->state == STATE_NEW);
  g_return_if_fail (connect_limit_s > 0 && keepalive_s > 0);

  self->connect_limit_s = connect_limit_s;
  self->keepalive_s = keepalive_s;
}

/**
 * peal_websocket_connect:
 * @self: a new connection
 *
 * Begins to connect, and returns at once. `opened` or `closed` follows within
 * the time limit. Once only.
 */
void
peal_websocket_connect (PealWebsocket *self)
{
  GError *error = NULL;

  peal_assert_context (self->context);
  g_return_if_fail (self->state == STATE_NEW);

  set_state (self, STATE_CONNECTING);
  if (!prepare (self, &error)) {
    fail_later (self, error);
    return;
  }

  self->session =
      peal_websocket_session_new (soup_message_get_uri (self->handshake));
  peal_source_start_timer (&self->connect_limit, self->connect_limit_s * 1000,
      "peal-websocket-connect-limit", on_connect_limit, self);
  peal_context_hold ();
  /* No Origin: servers that check it expect a browser's page. */
  soup_session_websocket_connect_async (self->session, self->handshake, NULL,
      self->protocols, G_PRIORITY_DEFAULT, self->cancellable, on_connected,
      g_object_ref (self));
}

/**
 * peal_websocket_awaits_tls:
 *
 * Returns: whether the server was reached and has yet to answer in TLS
 */
gboolean
peal_websocket_awaits_tls (PealWebsocket *self)
{
  peal_assert_context (self->context);
  return self->state == STATE_CONNECTING &&
      self->progress == G_SOCKET_CLIENT_TLS_HANDSHAKING;
}

/**
 * peal_websocket_send_text:
 * @text: one frame
 * @error: (out) (optional): RETRY when not open or too much waits already, BUG
 *   when @text is not UTF-8
 *
 * Returns: whether the frame was taken; frames leave in order
 */
gboolean
peal_websocket_send_text (
    PealWebsocket *self, const gchar *text, GError **error)
{
  peal_assert_context (self->context);
  if (!g_utf8_validate (text, -1, NULL))
    return peal_error_set (error, PEAL_ERROR_BUG, "text to send is not UTF-8");
  if (self->state != STATE_OPEN)
    return peal_error_set (
        error, PEAL_ERROR_RETRY, "the connection is not open");
  if (!peal_websocket_output_push (self->output, text)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_RETRY,
        "%s reads too slowly: too much is waiting", self->endpoint);
    return FALSE;
  }

  return TRUE;
}

static void
on_closed_by_us (SoupWebsocketConnection *connection, gpointer data)
{
  PealWebsocket *self = data;

  drop_connection (self);
  peal_context_release ();
  g_object_unref (self);
}

static gboolean
on_close_limit (gpointer data)
{
  on_closed_by_us (NULL, data);
  return G_SOURCE_REMOVE;
}

static void
close_open (PealWebsocket *self, guint code, const gchar *reason)
{
  peal_source_clear (&self->keepalive);
  peal_websocket_output_flush (self->output);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_object_ref (self);
  peal_context_hold ();
  g_signal_connect (
      self->connection, "closed", G_CALLBACK (on_closed_by_us), self);
  peal_source_start_timer (&self->close_limit, CLOSE_LIMIT_MS,
      "peal-websocket-close-limit", on_close_limit, self);
  if (soup_websocket_connection_get_state (self->connection) ==
      SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, code, reason);
}

/**
 * peal_websocket_close:
 * @code: the close code
 * @reason: (nullable): at most 123 bytes of UTF-8
 *
 * Sends what waits, then closes; returns at once. No signal fires afterwards,
 * and the caller's reference may be dropped. May be called in any state.
 */
void
peal_websocket_close (PealWebsocket *self, guint code, const gchar *reason)
{
  State before = self->state;

  peal_assert_context (self->context);
  set_state (self, STATE_CLOSED);
  g_cancellable_cancel (self->cancellable);
  peal_source_clear (&self->connect_limit);
  if (before == STATE_OPEN)
    close_open (self, code, reason);
}
