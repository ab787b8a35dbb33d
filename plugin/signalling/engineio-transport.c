/*
 * Engine.IO as a transport. See engineio-transport.h; protocols.md section 4.1
 * is the protocol. Signallers own it; it owns a PealWebsocket, a
 * PealEngineioPolling, or both while one takes over from the other.
 *
 *   WEBSOCKET --open--> OPEN          (most servers)
 *   WEBSOCKET --refused--> POLLING --open--> OPEN --probe answered--> PAUSING
 *     --polling is silent--> OPEN on the WebSocket
 *
 * The server pings; who hears no ping for an interval and a timeout is alone.
 */
#include "signalling/engineio-transport.h"

#include <gst/gst.h>

#include "base/context.h"
#include "base/error.h"
#include "base/sources.h"
#include "signalling/engineio-polling.h"
#include "signalling/websocket.h"
#include "wire/engineio.h"

/* Chosen: the same as for the connection itself. */
#define HANDSHAKE_LIMIT_MS 10000

GST_DEBUG_CATEGORY_STATIC (peal_engineio_transport_debug);
#define GST_CAT_DEFAULT peal_engineio_transport_debug

typedef enum {
  PHASE_NEW,
  PHASE_WEBSOCKET, /* a WebSocket, before its handshake */
  PHASE_POLLING,   /* polling, before its handshake */
  PHASE_OPEN,
  PHASE_PAUSING, /* polling ends; the WebSocket takes over */
  PHASE_CLOSED,
} Phase;

struct _PealEngineioTransport {
  PealClientTransport parent;

  GMainContext *context;
  gchar *uri;
  gchar *tls_ca_file;
  Phase phase;
  PealWebsocket *websocket;     /* NULL: none, or none any more */
  PealEngineioPolling *polling; /* the same */
  gboolean is_on_websocket;     /* which of them carries packets */
  GError *first_error;          /* what the first WebSocket met */
  PealEngineioHandshake *handshake;
  GQueue paused; /* of gchar*: what is said while PAUSING */
  GSource *watchdog;
  guint handshake_limit_ms;
};

G_DEFINE_FINAL_TYPE (
    PealEngineioTransport, peal_engineio_transport, PEAL_TYPE_CLIENT_TRANSPORT)

static void
drop_websocket (PealEngineioTransport *self)
{
  if (!self->websocket)
    return;
  g_signal_handlers_disconnect_by_data (self->websocket, self);
  peal_websocket_close (self->websocket, PEAL_WEBSOCKET_NORMAL, NULL);
  g_clear_object (&self->websocket);
}

static void
drop_polling (PealEngineioTransport *self, gboolean is_told)
{
  if (self->polling)
    peal_engineio_polling_close (self->polling, is_told);
  g_clear_object (&self->polling);
}

static void
drop_all (PealEngineioTransport *self, gboolean is_told)
{
  self->phase = PHASE_CLOSED;
  peal_source_clear (&self->watchdog);
  drop_websocket (self);
  drop_polling (self, is_told);
  g_queue_clear_full (&self->paused, g_free);
}

static void
fail (PealEngineioTransport *self, guint code, const GError *error)
{
  drop_all (self, FALSE);
  peal_client_transport_emit_closed (PEAL_CLIENT_TRANSPORT (self), code, error);
}

static const gchar *
describe_silence (PealEngineioTransport *self)
{
  if (self->handshake)
    return "the server does not answer any more";
  if (self->websocket && peal_websocket_awaits_tls (self->websocket))
    return "the server does not begin to speak TLS (is it a ws:// server, not "
           "wss://?)";
  return "the server does not begin to speak Engine.IO";
}

static gboolean
on_watchdog (gpointer data)
{
  PealEngineioTransport *self = data;
  g_autoptr (GError) error = g_error_new_literal (
      PEAL_ERROR, PEAL_ERROR_RETRY, describe_silence (self));

  fail (self, 0, error);
  return G_SOURCE_REMOVE;
}

static void
watch (PealEngineioTransport *self, guint limit_ms)
{
  peal_source_start_timer (
      &self->watchdog, limit_ms, "peal-engineio-watchdog", on_watchdog, self);
}

/* ---- packets out ---- */

static gboolean
put (PealEngineioTransport *self, PealEngineioType type, const gchar *text,
    GError **error)
{
  g_autofree gchar *frame = peal_engineio_encode (type, text);

  if (self->is_on_websocket)
    return peal_websocket_send_text (self->websocket, frame, error);
  if (self->polling && peal_engineio_polling_send (self->polling, type, text))
    return TRUE;
  return peal_error_set (error, PEAL_ERROR_RETRY,
      "the server reads too slowly: too much is waiting");
}

/* ---- taking over ---- */

static void
connect_websocket (PealEngineioTransport *self);

static void
on_paused (gpointer data)
{
  PealEngineioTransport *self = data;
  gchar *text;

  self->is_on_websocket = TRUE;
  self->phase = PHASE_OPEN;
  drop_polling (self, FALSE);
  put (self, PEAL_ENGINEIO_UPGRADE, NULL, NULL);
  while ((text = g_queue_pop_head (&self->paused))) {
    put (self, PEAL_ENGINEIO_MESSAGE, text, NULL);
    g_free (text);
  }
  GST_INFO ("%s: upgraded to a WebSocket", self->uri);
}

static void
begin_upgrade (PealEngineioTransport *self)
{
  if (self->phase != PHASE_OPEN || self->is_on_websocket)
    return;
  self->phase = PHASE_PAUSING;
  peal_engineio_polling_pause (self->polling);
}

/* ---- packets in ---- */

static void
take_open (PealEngineioTransport *self, PealEngineioPacket *packet)
{
  g_autoptr (GError) error = NULL;

  if (self->handshake)
    return;
  self->handshake = peal_engineio_handshake_decode (
      packet->text, strlen (packet->text), &error);
  if (!self->handshake) {
    fail (self, 0, error);
    return;
  }
  self->is_on_websocket = self->phase == PHASE_WEBSOCKET;
  self->phase = PHASE_OPEN;
  watch (self,
      self->handshake->ping_interval_ms + self->handshake->ping_timeout_ms);
  if (self->polling) {
    peal_engineio_polling_set_handshake (self->polling, self->handshake);
    if (self->handshake->can_upgrade)
      connect_websocket (self);
  }
  peal_client_transport_emit_opened (PEAL_CLIENT_TRANSPORT (self));
}

static void
take_message (PealEngineioTransport *self, PealEngineioPacket *packet)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!packet->text || !self->handshake)
    return;
  bytes = g_bytes_new (packet->text, strlen (packet->text));
  peal_client_transport_emit_text (PEAL_CLIENT_TRANSPORT (self), bytes);
}

static void
take_close (PealEngineioTransport *self)
{
  g_autoptr (GError) error = g_error_new_literal (
      PEAL_ERROR, PEAL_ERROR_RETRY, "the server closed the connection");

  fail (self, PEAL_WEBSOCKET_NORMAL, error);
}

static void
take_ping (PealEngineioTransport *self, PealEngineioPacket *packet)
{
  if (!self->handshake)
    return;
  watch (self,
      self->handshake->ping_interval_ms + self->handshake->ping_timeout_ms);
  put (self, PEAL_ENGINEIO_PONG, packet->text, NULL);
}

static void
take (PealEngineioTransport *self, PealEngineioPacket *packet)
{
  switch (packet->type) {
    case PEAL_ENGINEIO_OPEN:
      take_open (self, packet);
      break;
    case PEAL_ENGINEIO_CLOSE:
      take_close (self);
      break;
    case PEAL_ENGINEIO_PING:
      take_ping (self, packet);
      break;
    case PEAL_ENGINEIO_MESSAGE:
      take_message (self, packet);
      break;
    case PEAL_ENGINEIO_PONG:
    case PEAL_ENGINEIO_UPGRADE:
    case PEAL_ENGINEIO_NOOP:
    default:
      break;
  }
}

static void
on_polled (gpointer data, PealEngineioPacket *packet)
{
  take (data, packet);
}

static void
on_polling_failed (gpointer data, const GError *error)
{
  PealEngineioTransport *self = data;
  g_autoptr (PealEngineioPolling) keep = g_object_ref (self->polling);

  fail (self, 0, self->handshake ? error : self->first_error);
}

static void
start_polling (PealEngineioTransport *self)
{
  static const PealEngineioPollingSink sink = { on_polled, on_paused,
    on_polling_failed };
  /* ws -> http, wss -> https */
  g_autofree gchar *uri = g_strconcat ("http", self->uri + 2, NULL);

  self->phase = PHASE_POLLING;
  self->polling =
      peal_engineio_polling_new (uri, self->tls_ca_file, &sink, self);
  peal_engineio_polling_start (self->polling);
}

/* ---- the WebSocket ---- */

static void
on_websocket_opened (PealClientTransport *websocket, gpointer data)
{
  PealEngineioTransport *self = data;

  if (self->polling)
    peal_websocket_send_text (self->websocket, "2probe", NULL);
}

static gboolean
is_probed (PealEngineioPacket *packet)
{
  return packet->type == PEAL_ENGINEIO_PONG &&
      g_strcmp0 (packet->text, "probe") == 0;
}

static void
on_websocket_text (PealClientTransport *websocket, GBytes *bytes, gpointer data)
{
  PealEngineioTransport *self = data;
  gsize length;
  const gchar *text = g_bytes_get_data (bytes, &length);
  g_autoptr (PealEngineioPacket) packet =
      peal_engineio_decode (text ? text : "", length, NULL);

  if (!packet)
    return;
  if (self->polling && is_probed (packet))
    begin_upgrade (self);
  else
    take (self, packet);
}

/* Before the handshake: there is another way. While polling carries packets: it
 * goes on. */
static void
on_websocket_closed (
    PealClientTransport *websocket, guint code, GError *error, gpointer data)
{
  PealEngineioTransport *self = data;

  if (self->phase == PHASE_WEBSOCKET) {
    GST_INFO ("%s: no WebSocket (%s); polling", self->uri, error->message);
    self->first_error = g_error_copy (error);
    drop_websocket (self);
    start_polling (self);
  } else if (self->polling && self->phase == PHASE_OPEN) {
    drop_websocket (self);
  } else {
    fail (self, code, error);
  }
}

static void
connect_websocket (PealEngineioTransport *self)
{
  g_autofree gchar *sid = self->handshake
      ? g_uri_escape_string (self->handshake->sid, NULL, FALSE)
      : NULL;
  g_autofree gchar *uri = g_strdup_printf ("%s%cEIO=%d&transport=websocket%s%s",
      self->uri, strchr (self->uri, '?') ? '&' : '?', PEAL_ENGINEIO_VERSION,
      sid ? "&sid=" : "", sid ? sid : "");

  self->websocket = peal_websocket_new (uri, NULL, self->tls_ca_file);
  g_signal_connect (
      self->websocket, "opened", G_CALLBACK (on_websocket_opened), self);
  g_signal_connect (
      self->websocket, "text", G_CALLBACK (on_websocket_text), self);
  g_signal_connect (
      self->websocket, "closed", G_CALLBACK (on_websocket_closed), self);
  peal_websocket_connect (self->websocket);
}

/* ---- the transport ---- */

static void
peal_engineio_transport_connect (PealClientTransport *transport)
{
  PealEngineioTransport *self = PEAL_ENGINEIO_TRANSPORT (transport);

  peal_assert_context (self->context);
  g_return_if_fail (self->phase == PHASE_NEW);
  self->phase = PHASE_WEBSOCKET;
  watch (self, self->handshake_limit_ms);
  connect_websocket (self);
}

static gboolean
peal_engineio_transport_send_text (
    PealClientTransport *transport, const gchar *text, GError **error)
{
  PealEngineioTransport *self = PEAL_ENGINEIO_TRANSPORT (transport);

  peal_assert_context (self->context);
  if (self->phase == PHASE_PAUSING) {
    g_queue_push_tail (&self->paused, g_strdup (text));
    return TRUE;
  }
  if (self->phase != PHASE_OPEN)
    return peal_error_set (
        error, PEAL_ERROR_RETRY, "the connection is not open");
  return put (self, PEAL_ENGINEIO_MESSAGE, text, error);
}

static void
peal_engineio_transport_close (
    PealClientTransport *transport, guint code, const gchar *reason)
{
  PealEngineioTransport *self = PEAL_ENGINEIO_TRANSPORT (transport);

  peal_assert_context (self->context);
  if (self->phase == PHASE_OPEN && self->is_on_websocket)
    put (self, PEAL_ENGINEIO_CLOSE, NULL, NULL);
  drop_all (self, TRUE);
}

static void
peal_engineio_transport_dispose (GObject *object)
{
  drop_all (PEAL_ENGINEIO_TRANSPORT (object), FALSE);

  G_OBJECT_CLASS (peal_engineio_transport_parent_class)->dispose (object);
}

static void
peal_engineio_transport_finalize (GObject *object)
{
  PealEngineioTransport *self = PEAL_ENGINEIO_TRANSPORT (object);

  g_clear_error (&self->first_error);
  g_clear_pointer (&self->handshake, peal_engineio_handshake_free);
  g_free (self->uri);
  g_free (self->tls_ca_file);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (peal_engineio_transport_parent_class)->finalize (object);
}

static void
peal_engineio_transport_class_init (PealEngineioTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PealClientTransportClass *transport_class =
      PEAL_CLIENT_TRANSPORT_CLASS (klass);

  object_class->dispose = peal_engineio_transport_dispose;
  object_class->finalize = peal_engineio_transport_finalize;
  transport_class->connect = peal_engineio_transport_connect;
  transport_class->send_text = peal_engineio_transport_send_text;
  transport_class->close = peal_engineio_transport_close;

  GST_DEBUG_CATEGORY_INIT (peal_engineio_transport_debug,
      "peal-signalling-engineio-transport", 0, "Peal: Engine.IO's client");
}

static void
peal_engineio_transport_init (PealEngineioTransport *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->handshake_limit_ms = HANDSHAKE_LIMIT_MS;
  g_queue_init (&self->paused);
}

/**
 * peal_engineio_transport_new:
 * @uri: a `ws:` or `wss:` address, with the path of Engine.IO
 * @tls_ca_file: (nullable): PEM file to trust besides the system
 *
 * Returns: (transfer full): a connection that belongs to the caller's
 *   thread-default main context, and does nothing yet
 */
PealClientTransport *
peal_engineio_transport_new (const gchar *uri, const gchar *tls_ca_file)
{
  PealEngineioTransport *self =
      g_object_new (PEAL_TYPE_ENGINEIO_TRANSPORT, NULL);

  self->uri = g_strdup (uri);
  self->tls_ca_file = g_strdup (tls_ca_file);
  return PEAL_CLIENT_TRANSPORT (self);
}

/**
 * peal_engineio_transport_set_handshake_limit:
 * @limit_ms: until a server that does not begin is given up; 10 s unless set
 *
 * To be called before connecting.
 */
void
peal_engineio_transport_set_handshake_limit (
    PealEngineioTransport *self, guint limit_ms)
{
  peal_assert_context (self->context);
  g_return_if_fail (self->phase == PHASE_NEW);
  self->handshake_limit_ms = limit_ms;
}
