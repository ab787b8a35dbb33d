/*
 * One server, asked over a socket of its own. See ice-probe.h. Made by
 * ice-check; calls stun-exchange, which knows what to say.
 *
 * Life cycle: new -> connect -> send, receive, send again -> `done` -> free. An
 * operation under way holds a reference; after free it finds no `done`.
 */
#include "session/ice-probe.h"

#include <string.h>

#include "base/sources.h"
#include "session/stun-exchange.h"

/* Chosen: the verdict has to be there well within 10 s. */
#define LIMIT_MS 3000
/* RFC 8489 section 6.2.1: 500 ms first; a fixed pace will do for a probe. */
#define REPEAT_MS 500
#define ANSWER_BYTES 2048

struct _PealIceProbe {
  gchar *name; /* what people call the server, without the password */
  gchar *username;
  gboolean is_udp;
  PealStunExchange *exchange;
  GCancellable *cancellable;
  GSocketConnection *connection;
  GSource *limit;
  GSource *repeat;
  guint8 answer[ANSWER_BYTES];
  gsize answer_length;
  PealIceProbeDone done; /* NULL once told, or freed */
  gpointer data;
};

static void
receive (PealIceProbe *self);

static void
clear (gpointer data)
{
  PealIceProbe *self = data;

  g_clear_object (&self->connection);
  g_clear_object (&self->cancellable);
  peal_stun_exchange_free (self->exchange);
  g_free (self->username);
  g_free (self->name);
}

static void
release (PealIceProbe *self)
{
  g_rc_box_release_full (self, clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealIceProbe, release)

/* ---- the verdict */

static void
stop (PealIceProbe *self)
{
  self->done = NULL;
  g_cancellable_cancel (self->cancellable);
  peal_source_clear (&self->limit);
  peal_source_clear (&self->repeat);
}

static void
finish (PealIceProbe *self, const gchar *fault)
{
  PealIceProbeDone done = self->done;

  stop (self);
  done (fault, self->data);
}

static void
finish_refused (PealIceProbe *self)
{
  gint code = peal_stun_exchange_get_error (self->exchange);
  g_autofree gchar *fault = NULL;

  if (code == 401) /* RFC 8489 section 14.8: unauthenticated */
    fault = g_strdup_printf (
        "%s refused user '%s': wrong credentials?", self->name, self->username);
  else if (self->username)
    fault = g_strdup_printf (
        "%s refused user '%s' with error %d", self->name, self->username, code);
  else
    fault = g_strdup_printf ("%s answered with error %d", self->name, code);
  finish (self, fault);
}

static void
finish_unreachable (PealIceProbe *self, const GError *error)
{
  g_autofree gchar *fault =
      g_strdup_printf ("%s cannot be reached: %s", self->name, error->message);

  finish (self, fault);
}

static gboolean
on_limit (gpointer data)
{
  PealIceProbe *self = data;
  g_autofree gchar *fault = g_strdup_printf ("%s does not answer", self->name);

  finish (self, fault);

  return G_SOURCE_REMOVE;
}

/* ---- saying and hearing: a few hundred bytes never block for long */

static void
send_request (PealIceProbe *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  gsize length = 0;
  const guint8 *request =
      peal_stun_exchange_get_request (self->exchange, &length);

  if (length > 0)
    g_socket_send_with_blocking (
        socket, (const gchar *)request, length, FALSE, NULL, NULL);
}

static gboolean
on_repeat (gpointer data)
{
  send_request (data);

  return G_SOURCE_CONTINUE;
}

static void
judge (PealIceProbe *self)
{
  PealStunVerdict verdict = peal_stun_exchange_take (
      self->exchange, self->answer, self->answer_length);

  if (verdict != PEAL_STUN_INCOMPLETE || self->is_udp ||
      self->answer_length == sizeof self->answer)
    self->answer_length = 0;
  if (verdict == PEAL_STUN_GO_ON || verdict == PEAL_STUN_GOOD)
    send_request (self);
  if (verdict == PEAL_STUN_GOOD)
    finish (self, NULL);
  else if (verdict == PEAL_STUN_REFUSED)
    finish_refused (self);
  else
    receive (self);
}

static void
on_received (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (PealIceProbe) self = data;
  g_autoptr (GError) error = NULL;
  gssize length =
      g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (!self->done)
    return;
  if (length <= 0 && !error)
    error = g_error_new_literal (
        G_IO_ERROR, G_IO_ERROR_CLOSED, "it closed the connection");
  if (error) {
    finish_unreachable (self, error);
    return;
  }
  self->answer_length += (gsize)length;
  judge (self);
}

static void
receive (PealIceProbe *self)
{
  g_input_stream_read_async (
      g_io_stream_get_input_stream (G_IO_STREAM (self->connection)),
      self->answer + self->answer_length,
      sizeof self->answer - self->answer_length, G_PRIORITY_DEFAULT,
      self->cancellable, on_received, g_rc_box_acquire (self));
}

static void
on_connected (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (PealIceProbe) self = data;
  g_autoptr (GError) error = NULL;

  self->connection = g_socket_client_connect_to_host_finish (
      G_SOCKET_CLIENT (object), result, &error);
  if (!self->done)
    return;
  if (!self->connection) {
    finish_unreachable (self, error);
    return;
  }
  send_request (self);
  if (self->is_udp)
    self->repeat = peal_source_attach (g_timeout_source_new (REPEAT_MS),
        "peal-ice-probe-repeat", on_repeat, self);
  receive (self);
}

/* ---- making */

static void
connect_to (PealIceProbe *self, const gchar *host, guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  if (self->is_udp) {
    g_socket_client_set_socket_type (client, G_SOCKET_TYPE_DATAGRAM);
    g_socket_client_set_protocol (client, G_SOCKET_PROTOCOL_UDP);
  }
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_host_async (client, host, port, self->cancellable,
      on_connected, g_rc_box_acquire (self));
}

static gchar *
make_name (GUri *uri)
{
  const gchar *scheme = g_uri_get_scheme (uri);
  const gchar *host = g_uri_get_host (uri);
  const gchar *query = g_uri_get_query (uri);

  return g_strdup_printf (strchr (host, ':') ? "%s server %s:[%s]:%d%s%s"
                                             : "%s server %s:%s:%d%s%s",
      strcmp (scheme, "turn") == 0 ? "TURN" : "STUN", scheme, host,
      g_uri_get_port (uri), query ? "?" : "", query ? query : "");
}

/**
 * peal_ice_probe_new:
 * @uri: `stun://host:port` or `turn://user:password@host:port`,
 * percent-encoded, as ice-servers makes them; without a transport UDP is asked
 * @done: told the verdict within 3 s
 *
 * Returns: (transfer full): the probe, under way
 */
PealIceProbe *
peal_ice_probe_new (const gchar *uri, PealIceProbeDone done, gpointer data)
{
  PealIceProbe *self = g_rc_box_new0 (PealIceProbe);
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);

  g_assert (parsed && g_uri_get_host (parsed));
  self->done = done;
  self->data = data;
  self->name = make_name (parsed);
  self->username = g_strdup (g_uri_get_user (parsed));
  self->is_udp = g_strcmp0 (g_uri_get_query (parsed), "transport=tcp") != 0;
  self->exchange =
      peal_stun_exchange_new (self->username, g_uri_get_password (parsed));
  self->cancellable = g_cancellable_new ();
  self->limit = peal_source_attach (
      g_timeout_source_new (LIMIT_MS), "peal-ice-probe-limit", on_limit, self);
  connect_to (self, g_uri_get_host (parsed), (guint16)g_uri_get_port (parsed));

  return self;
}

void
peal_ice_probe_free (PealIceProbe *self)
{
  stop (self);
  release (self);
}
