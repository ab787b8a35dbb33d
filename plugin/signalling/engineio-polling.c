/*
 * Engine.IO over HTTP. See engineio-polling.h; protocols.md section 4.1 is the
 * protocol.
 *
 * Life cycle: start asks for the handshake; once it is set, a GET follows each
 * GET, and a POST carries all that waits. After a close nothing is told any
 * more; each request in flight keeps the object alive until it ends.
 */
#include "signalling/engineio-polling.h"

#include <libsoup/soup.h>

#include "base/error.h"
#include "base/sources.h"
#include "signalling/endpoint.h"
#include "signalling/http-exchange.h"
#include "signalling/tls-trust.h"
#include "signalling/websocket-output.h"
#include "signalling/websocket-session.h"

/* Chosen: a server that has nothing to say and says so at once is asked a
 * hundred times a second at most. */
#define REST_MS 10

struct _PealEngineioPolling {
  GObject parent;

  gchar *uri;
  gchar *endpoint;
  gchar *tls_ca_file;
  PealTlsTrust *trust;
  SoupSession *session;
  GCancellable *cancellable;
  const PealEngineioPollingSink *sink; /* NULL once closed or failed */
  gpointer data;

  gchar *sid;
  gsize max_payload_bytes;
  GQueue waiting; /* of PealEngineioPacket */
  gboolean is_getting;
  gboolean is_posting;
  gboolean is_paused;
  GSource *rest; /* before the next GET, or NULL */
};

G_DEFINE_FINAL_TYPE (PealEngineioPolling, peal_engineio_polling, G_TYPE_OBJECT)

static void
get_next (PealEngineioPolling *self);
static void
post_next (PealEngineioPolling *self);

static void
fail (PealEngineioPolling *self, GError *error)
{
  const PealEngineioPollingSink *sink = g_steal_pointer (&self->sink);

  peal_source_clear (&self->rest);
  g_cancellable_cancel (self->cancellable);
  if (sink)
    sink->failed (self->data, error);
  g_error_free (error);
}

/* ---- requests ---- */

static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate,
    GTlsCertificateFlags problems, gpointer data)
{
  PealEngineioPolling *self = data;
  GUri *uri = soup_message_get_uri (message);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (
      g_uri_get_host (uri), (guint16)MAX (g_uri_get_port (uri), 0));

  return peal_tls_trust_check (self->trust, certificate, problems, identity) ==
      0;
}

static SoupMessage *
make_request (PealEngineioPolling *self, const gchar *method)
{
  g_autofree gchar *uri = g_strdup_printf ("%s%cEIO=%d&transport=polling%s%s",
      self->uri, strchr (self->uri, '?') ? '&' : '?', PEAL_ENGINEIO_VERSION,
      self->sid ? "&sid=" : "", self->sid ? self->sid : "");
  SoupMessage *message = soup_message_new (method, uri);

  if (message && self->trust)
    g_signal_connect_object (message, "accept-certificate",
        G_CALLBACK (on_accept_certificate), self, 0);
  return message;
}

static void
ask (PealEngineioPolling *self, SoupMessage *message, PealHttpDone done)
{
  peal_http_exchange (self->session, message, PEAL_ENGINEIO_MAX_PAYLOAD_BYTES,
      self->cancellable, done, g_object_ref (self));
}

static gboolean
check (PealEngineioPolling *self, guint status, const GError *error)
{
  if (!self->sink)
    return FALSE;
  if (error)
    fail (self,
        g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY, "cannot reach %s: %s",
            self->endpoint, error->message));
  else if (status != SOUP_STATUS_OK)
    fail (self,
        g_error_new (PEAL_ERROR,
            self->sid || status >= 500 ? PEAL_ERROR_RETRY : PEAL_ERROR_REFUSED,
            "%s does not take part in Engine.IO: HTTP status %u",
            self->endpoint, status));
  return self->sink != NULL;
}

static void
check_paused (PealEngineioPolling *self)
{
  if (self->sink && self->is_paused && !self->is_getting && !self->is_posting &&
      g_queue_is_empty (&self->waiting))
    self->sink->paused (self->data);
}

/* ---- what comes ---- */

/* Returns whether there was more than a noop. */
static gboolean
take (PealEngineioPolling *self, GBytes *body)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const gchar *text = g_bytes_get_data (body, &length);
  g_autoptr (GPtrArray) packets =
      peal_engineio_payload_split (text ? text : "", length, &error);
  gboolean has_more = FALSE;

  if (!packets) {
    fail (self,
        g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY, "%s says nonsense: %s",
            self->endpoint, error->message));
    return FALSE;
  }
  for (guint i = 0; self->sink && i < packets->len; i++) {
    PealEngineioPacket *packet = g_ptr_array_index (packets, i);

    has_more = has_more || packet->type != PEAL_ENGINEIO_NOOP;
    self->sink->packet (self->data, packet);
  }
  return has_more;
}

static gboolean
on_rested (gpointer data)
{
  PealEngineioPolling *self = data;

  peal_source_clear (&self->rest);
  get_next (self);
  return G_SOURCE_REMOVE;
}

static void
rest (PealEngineioPolling *self)
{
  peal_source_start_timer (
      &self->rest, REST_MS, "peal-engineio-rest", on_rested, self);
}

static void
on_got (gpointer data, guint status, GBytes *body, const GError *error)
{
  g_autoptr (PealEngineioPolling) self = data;
  gboolean has_more;

  self->is_getting = FALSE;
  if (!check (self, status, error))
    return;
  has_more = take (self, body);
  if (!self->sink)
    return;
  if (has_more)
    get_next (self);
  else
    rest (self);
  check_paused (self);
}

static void
get_next (PealEngineioPolling *self)
{
  g_autoptr (SoupMessage) message = NULL;

  if (self->is_getting || self->is_paused)
    return;
  message = make_request (self, SOUP_METHOD_GET);
  self->is_getting = TRUE;
  ask (self, message, on_got);
}

/* ---- what goes ---- */

static void
on_posted (gpointer data, guint status, GBytes *body, const GError *error)
{
  g_autoptr (PealEngineioPolling) self = data;

  self->is_posting = FALSE;
  if (!check (self, status, error))
    return;
  post_next (self);
  check_paused (self);
}

static GBytes *
take_payload (PealEngineioPolling *self)
{
  GString *payload = g_string_new (NULL);
  PealEngineioPacket *packet;

  while ((packet = g_queue_peek_head (&self->waiting)) &&
      peal_engineio_payload_append (payload, packet, self->max_payload_bytes))
    peal_engineio_packet_free (g_queue_pop_head (&self->waiting));
  return g_string_free_to_bytes (payload);
}

static void
post_next (PealEngineioPolling *self)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) payload = NULL;

  if (self->is_posting || !self->sid || g_queue_is_empty (&self->waiting))
    return;
  message = make_request (self, SOUP_METHOD_POST);
  payload = take_payload (self);
  soup_message_set_request_body_from_bytes (
      message, "text/plain;charset=UTF-8", payload);
  self->is_posting = TRUE;
  ask (self, message, on_posted);
}

static void
peal_engineio_polling_finalize (GObject *object)
{
  PealEngineioPolling *self = PEAL_ENGINEIO_POLLING (object);

  peal_source_clear (&self->rest);
  g_queue_clear_full (
      &self->waiting, (GDestroyNotify)peal_engineio_packet_free);
  g_clear_pointer (&self->trust, peal_tls_trust_free);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_free (self->uri);
  g_free (self->endpoint);
  g_free (self->tls_ca_file);
  g_free (self->sid);

  G_OBJECT_CLASS (peal_engineio_polling_parent_class)->finalize (object);
}

static void
peal_engineio_polling_class_init (PealEngineioPollingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = peal_engineio_polling_finalize;
}

static void
peal_engineio_polling_init (PealEngineioPolling *self)
{
  self->cancellable = g_cancellable_new ();
  self->max_payload_bytes = PEAL_ENGINEIO_MAX_PAYLOAD_BYTES;
  g_queue_init (&self->waiting);
}

/**
 * peal_engineio_polling_new:
 * @uri: `http:` or `https:`, where Engine.IO is
 * @tls_ca_file: (nullable): PEM file to trust besides the system
 * @sink: static
 */
PealEngineioPolling *
peal_engineio_polling_new (const gchar *uri, const gchar *tls_ca_file,
    const PealEngineioPollingSink *sink, gpointer data)
{
  PealEngineioPolling *self = g_object_new (PEAL_TYPE_ENGINEIO_POLLING, NULL);

  self->uri = g_strdup (uri);
  self->tls_ca_file = g_strdup (tls_ca_file);
  self->sink = sink;
  self->data = data;
  return self;
}

static gboolean
prepare (PealEngineioPolling *self, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (self->uri, SOUP_HTTP_URI_FLAGS, error);

  if (!uri)
    return FALSE;
  self->endpoint =
      peal_endpoint_to_string (g_uri_get_host (uri), g_uri_get_port (uri));
  self->session = peal_websocket_session_new (uri);
  if (g_str_equal (g_uri_get_scheme (uri), "https"))
    self->trust = peal_tls_trust_new (self->tls_ca_file, error);
  return self->trust || !g_str_equal (g_uri_get_scheme (uri), "https");
}

/**
 * peal_engineio_polling_start:
 *
 * Asks for the handshake, which comes as the first packet. Once only.
 */
void
peal_engineio_polling_start (PealEngineioPolling *self)
{
  GError *error = NULL;

  if (prepare (self, &error))
    get_next (self);
  else
    fail (self, error);
}

/**
 * peal_engineio_polling_set_handshake:
 *
 * To be called when the first packet came.
 */
void
peal_engineio_polling_set_handshake (
    PealEngineioPolling *self, const PealEngineioHandshake *handshake)
{
  self->sid = g_uri_escape_string (handshake->sid, NULL, FALSE);
  if (handshake->max_payload_bytes > 0)
    self->max_payload_bytes =
        MIN (handshake->max_payload_bytes, PEAL_ENGINEIO_MAX_PAYLOAD_BYTES);
}

/**
 * peal_engineio_polling_send:
 *
 * Returns: whether it was taken; FALSE when too much waits already
 */
gboolean
peal_engineio_polling_send (
    PealEngineioPolling *self, PealEngineioType type, const gchar *text)
{
  if (self->waiting.length >= PEAL_WEBSOCKET_MAX_QUEUED_FRAMES)
    return FALSE;
  g_queue_push_tail (&self->waiting, peal_engineio_packet_new (type, text));
  post_next (self);
  return TRUE;
}

/**
 * peal_engineio_polling_pause:
 *
 * Lets what is under way end, and begins no more GETs; then tells `paused`.
 */
void
peal_engineio_polling_pause (PealEngineioPolling *self)
{
  self->is_paused = TRUE;
  check_paused (self);
}

/* Alone with its reference: the last POST is nobody's any more. */
static void
on_said_goodbye (gpointer data, guint status, GBytes *body, const GError *error)
{
  g_object_unref (data);
}

static void
say_goodbye (PealEngineioPolling *self)
{
  g_autoptr (SoupMessage) message = make_request (self, SOUP_METHOD_POST);
  g_autoptr (GCancellable) none = g_cancellable_new ();
  g_autoptr (GBytes) payload = NULL;

  g_queue_push_tail (
      &self->waiting, peal_engineio_packet_new (PEAL_ENGINEIO_CLOSE, NULL));
  payload = take_payload (self);
  soup_message_set_request_body_from_bytes (
      message, "text/plain;charset=UTF-8", payload);
  peal_http_exchange (self->session, message, PEAL_ENGINEIO_MAX_PAYLOAD_BYTES,
      none, on_said_goodbye, g_object_ref (self));
}

/**
 * peal_engineio_polling_close:
 * @is_told: whether the server is told, after what waits
 *
 * Nothing is told to the sink any more.
 */
void
peal_engineio_polling_close (PealEngineioPolling *self, gboolean is_told)
{
  gboolean was_open = self->sink != NULL;

  self->sink = NULL;
  peal_source_clear (&self->rest);
  g_cancellable_cancel (self->cancellable);
  if (was_open && is_told && self->sid)
    say_goodbye (self);
}
