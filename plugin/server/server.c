/*
 * The room server. See server.h.
 *
 * Called by the command and by the element; calls libsoup. The entrance lets
 * clients in, the room table decides who hears what; this file opens the port
 * and answers plain HTTP.
 *
 * Life: new -> started -> stopped; it is not started again.
 */
#include "server/server.h"

#include <gst/gst.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/certificate-fingerprint.h"
#include "base/error.h"
#include "base/sources.h"
#include "server/acceptor.h"
#include "server/engineio-server.h"
#include "server/entrance.h"
#include "server/http-answer.h"
#include "server/http-pages.h"
#include "server/listen-address.h"
#include "server/server-private.h"
#include "server/server-urls.h"
#include "server/tls-store.h"
#include "server/token-file.h"
#include "server/upgrade.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

#define DEFAULT_MAX_MEMBERS 16 /* chosen: a mesh beyond that chokes anyway */
#define DEFAULT_MAX_ROOMS 1000

enum {
  SIGNAL_MEMBER_JOINED,
  SIGNAL_MEMBER_LEFT,
  SIGNAL_WARNING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _PealServer {
  GObject parent;
  PealServerOptions *options;
  PealListenAddress *address;
  GTlsCertificate *certificate;
  gchar *certificate_file;
  gchar *fingerprint;
  GMainContext *context; /* where it was started; NULL before */
  PealAcceptor *acceptor;
  SoupServer *soup;
  guint port;
  PealRoomService service;
  PealEntrance *entrance;
  PealEngineioServer *engineio;
  GSource *expiry;
};

G_DEFINE_FINAL_TYPE (PealServer, peal_server, G_TYPE_OBJECT)

static void
assert_here (PealServer *self)
{
  g_autoptr (GMainContext) here = g_main_context_ref_thread_default ();

  g_assert (!self->context || self->context == here);
}

static void
expire_members (PealServer *self);

static gboolean
on_expiry (gpointer data)
{
  expire_members (data);
  return G_SOURCE_REMOVE;
}

static void
expire_at (PealServer *self, gint64 deadline_us)
{
  peal_source_start_timer_at (
      &self->expiry, deadline_us, "peal-server-expiry", on_expiry, self);
}

/* Does what is due in the rooms, and comes back for the next. */
static void
expire_members (PealServer *self)
{
  gint64 next_us =
      peal_room_table_expire (self->service.table, g_get_monotonic_time ());

  peal_source_clear (&self->expiry);
  if (next_us >= 0)
    expire_at (self, next_us);
}

static void
on_deadline (PealServer *self, gint64 deadline_us)
{
  expire_at (self, deadline_us);
}

static void
on_gone (gpointer data)
{
  expire_members (data);
}

/* `/` has a page and a protocol. */
static void
on_page (SoupServer *soup, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer data)
{
  PealServer *self = data;

  if (peal_upgrade_is_wanted (message))
    peal_entrance_upgrade (self->entrance, message);
  else if (peal_http_pages_is_read (message))
    peal_http_pages_answer (message, path);
}

static void
on_health (SoupServer *soup, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer data)
{
  if (peal_http_pages_is_read (message))
    peal_http_answer (message, SOUP_STATUS_OK, PEAL_HTTP_ANSWER_PLAIN, "ok\n");
}

static void
on_metrics (SoupServer *soup, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer data)
{
  PealServer *self = data;
  PealMetrics metrics = self->service.metrics;
  g_autofree gchar *text = NULL;

  if (!peal_http_pages_is_read (message))
    return;
  metrics.n_open = peal_entrance_get_n_open (self->entrance);
  metrics.n_rooms = peal_room_table_get_n_rooms (self->service.table);
  metrics.n_members = peal_room_table_get_n_members (self->service.table);
  metrics.n_detached = peal_room_table_get_n_detached (self->service.table);
  text = peal_metrics_to_text (&metrics);
  peal_http_answer (message, SOUP_STATUS_OK,
      "text/plain; version=0.0.4; charset=utf-8", text);
}

static void
on_member_joined (
    PealServer *self, const gchar *room, const gchar *id, const gchar *name)
{
  GST_INFO_OBJECT (self, "%s joined %s", id, room);
  g_signal_emit (self, signals[SIGNAL_MEMBER_JOINED], 0, room, id, name);
}

static void
on_member_left (
    PealServer *self, const gchar *room, const gchar *id, const gchar *name)
{
  GST_INFO_OBJECT (self, "%s left %s", id, room);
  g_signal_emit (self, signals[SIGNAL_MEMBER_LEFT], 0, room, id, name);
}

static void
make_service (PealServer *self)
{
  const PealServerLimits *limits = &self->service.limits;
  guint max_members = self->options->max_members ? self->options->max_members
                                                 : DEFAULT_MAX_MEMBERS;
  guint max_rooms =
      self->options->max_rooms ? self->options->max_rooms : DEFAULT_MAX_ROOMS;

  self->service.table = peal_room_table_new (max_rooms,
      MIN (max_members, PEAL_SERVER_MOST_MEMBERS), g_get_monotonic_time ());
  self->service.messages =
      peal_throttle_new (limits->message_burst, limits->messages_per_second);
  self->service.websockets = (PealWebsocketService){
    .poller = peal_poller_new (),
    .pulse = peal_pulse_new (limits->ping_interval_s * 1000),
    .backlog_bytes = limits->backlog_bytes,
  };
  self->entrance = peal_entrance_new (
      &self->service, self->options->any_origin, on_gone, self);
  self->engineio = peal_engineio_server_new (&self->service, self->entrance);
  if (self->options->ice_servers)
    self->service.ice_servers = g_ptr_array_ref (self->options->ice_servers);
  g_signal_connect_object (self->service.table, "member-joined",
      G_CALLBACK (on_member_joined), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->service.table, "member-left",
      G_CALLBACK (on_member_left), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->service.table, "deadline",
      G_CALLBACK (on_deadline), self, G_CONNECT_SWAPPED);
}

static gboolean
read_secrets (PealServer *self, GError **error)
{
  const PealServerOptions *options = self->options;

  self->service.token = g_strdup (options->token);
  return peal_token_file_read (
             options->token_file, "token", &self->service.token, error) &&
      peal_token_file_read (options->turn_secret_file, "TURN secret",
          &self->service.turn_secret, error);
}

static gboolean
make_certificate (PealServer *self, GError **error)
{
  const PealServerOptions *options = self->options;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree gchar *directory = options->tls_directory
      ? g_strdup (options->tls_directory)
      : peal_tls_store_dup_default_directory ();

  if (options->tls_auto) {
    self->certificate = peal_tls_store_ensure (directory, now, error);
    self->certificate_file =
        g_build_filename (directory, PEAL_TLS_STORE_CERTIFICATE_NAME, NULL);
  } else {
    self->certificate = peal_tls_store_load (
        options->tls_certificate_file, options->tls_key_file, error);
    self->certificate_file = g_strdup (options->tls_certificate_file);
  }
  if (self->certificate)
    self->fingerprint = peal_certificate_fingerprint (self->certificate);
  return self->certificate != NULL;
}

static gboolean
wants_tls (PealServer *self)
{
  return self->options->tls_auto || self->options->tls_certificate_file ||
      self->options->tls_key_file;
}

/* libsoup ends a connection that it has not taken itself with the answer. Who
 * is not told sends its next request in vain. */
static void
tell_of_end (SoupServerMessage *message)
{
  guint status = soup_server_message_get_status (message);

  if (status == SOUP_STATUS_NONE || status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    return;
  soup_message_headers_replace (
      soup_server_message_get_response_headers (message), "Connection",
      "close");
}

/* libsoup would keep the body of any request, whatever its size. Who wants one
 * says so, once its headers are checked. */
static void
on_request_started (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  soup_message_body_set_accumulate (
      soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-headers", G_CALLBACK (tell_of_end), NULL);
  g_signal_connect (message, "got-body", G_CALLBACK (tell_of_end), NULL);
}

static void
make_soup (PealServer *self)
{
  self->soup = soup_server_new (NULL, NULL);
  g_signal_connect (
      self->soup, "request-started", G_CALLBACK (on_request_started), NULL);
  soup_server_add_handler (self->soup, "/healthz", on_health, self, NULL);
  soup_server_add_handler (self->soup, "/metrics", on_metrics, self, NULL);
  soup_server_add_handler (self->soup, NULL, on_page, self, NULL);
  peal_entrance_add_to (self->entrance, self->soup);
  peal_engineio_server_add_to (self->engineio, self->soup);
}

static void
on_accepted (PealServer *self, GIOStream *stream, GSocketAddress *local,
    GSocketAddress *remote)
{
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (
          self->soup, stream, local, remote, &error)) {
    GST_WARNING_OBJECT (self, "lost a connection: %s", error->message);
    g_io_stream_close (stream, NULL, NULL);
  }
}

static void
on_starved (PealServer *self, const gchar *text)
{
  g_signal_emit (self, signals[SIGNAL_WARNING], 0, text);
}

static gboolean
listen_on (PealServer *self, GError **error)
{
  g_autoptr (GSocketAddress) address =
      peal_listen_address_to_socket_address (self->address);

  self->acceptor = peal_acceptor_new (self->certificate);
  g_signal_connect_object (self->acceptor, "accepted", G_CALLBACK (on_accepted),
      self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->acceptor, "starved", G_CALLBACK (on_starved),
      self, G_CONNECT_SWAPPED);
  return peal_acceptor_open (self->acceptor, address, &self->port, error);
}

static void
close_all (PealServer *self)
{
  if (self->entrance)
    peal_entrance_shut_down (self->entrance);
  peal_source_clear (&self->expiry);
  if (self->acceptor)
    peal_acceptor_close (self->acceptor);
  g_clear_object (&self->acceptor);
  if (self->soup)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
}

static void
dispose (GObject *object)
{
  close_all (PEAL_SERVER (object));
  G_OBJECT_CLASS (peal_server_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  PealServer *self = PEAL_SERVER (object);

  g_clear_pointer (&self->engineio, peal_engineio_server_free);
  g_clear_pointer (&self->entrance, peal_entrance_free);
  g_clear_object (&self->service.table);
  g_clear_pointer (&self->service.messages, peal_throttle_free);
  g_clear_pointer (&self->service.websockets.poller, peal_poller_unref);
  g_clear_pointer (&self->service.websockets.pulse, peal_pulse_unref);
  g_clear_pointer (&self->service.ice_servers, g_ptr_array_unref);
  g_clear_pointer (&self->service.turn_secret, g_free);
  g_free (self->service.token);
  g_clear_pointer (&self->address, peal_listen_address_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->certificate);
  g_free (self->certificate_file);
  g_free (self->fingerprint);
  peal_server_options_free (self->options);
  G_OBJECT_CLASS (peal_server_parent_class)->finalize (object);
}

static void
peal_server_class_init (PealServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
  G_OBJECT_CLASS (klass)->finalize = finalize;

  /**
   * PealServer::member-joined:
   * @room: the room's name
   * @id: the member's id
   * @name: (nullable): the name people see
   *
   * Thread: the server's; no lock held; handlers must not stop the server.
   */
  signals[SIGNAL_MEMBER_JOINED] = g_signal_new ("member-joined",
      PEAL_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * PealServer::member-left:
   * @room: the room's name
   * @id: the member's id
   * @name: (nullable): the name people see
   *
   * Thread: the server's; no lock held; handlers must not stop the server.
   */
  signals[SIGNAL_MEMBER_LEFT] = g_signal_new ("member-left", PEAL_TYPE_SERVER,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING,
      G_TYPE_STRING, G_TYPE_STRING);
  /**
   * PealServer::warning:
   * @text: what the user should know
   *
   * Thread: the server's; no lock held; handlers must not stop the server.
   */
  signals[SIGNAL_WARNING] = g_signal_new ("warning", PEAL_TYPE_SERVER,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  GST_DEBUG_CATEGORY_INIT (
      debug_category, "peal-server", 0, "the Peal room server");
}

static void
peal_server_init (PealServer *self)
{
  self->service.limits = (PealServerLimits)PEAL_SERVER_LIMITS_INIT;
}

/**
 * peal_server_new:
 * @options: (transfer none): copied
 *
 * Returns: (transfer full): a server that is not started
 */
PealServer *
peal_server_new (const PealServerOptions *options)
{
  PealServer *self = g_object_new (PEAL_TYPE_SERVER, NULL);

  self->options = peal_server_options_copy (options);
  return self;
}

/**
 * peal_server_set_limits:
 *
 * Before the start: other limits than the product's. For tests.
 */
void
peal_server_set_limits (PealServer *self, const PealServerLimits *limits)
{
  g_return_if_fail (!self->context);

  self->service.limits = *limits;
}

/**
 * peal_server_start:
 *
 * Opens the port. From now on the server belongs to the caller's thread-default
 * main context. May be called once.
 *
 * Returns: whether it listens. PEAL_ERROR_USAGE says what the user has to
 *   change: the address, the port, a file; PEAL_ERROR_UNSUPPORTED, which
 *   package is missing
 */
gboolean
peal_server_start (PealServer *self, GError **error)
{
  g_return_val_if_fail (PEAL_IS_SERVER (self) && !self->context, FALSE);

  self->context = g_main_context_ref_thread_default ();
  self->address = peal_listen_address_parse (self->options->listen, error);
  if (!self->address || !read_secrets (self, error) ||
      (wants_tls (self) && !make_certificate (self, error)))
    return FALSE;
  make_service (self);
  make_soup (self);
  if (!listen_on (self, error)) {
    close_all (self);
    return FALSE;
  }
  GST_INFO_OBJECT (self, "listening on port %u", self->port);
  return TRUE;
}

/**
 * peal_server_stop:
 *
 * Closes the port, tells the members `shutting-down` and closes their
 * connections. The words are sent as the main context goes on: iterate it
 * until nothing is pending before the process ends. May be called again
 * without effect.
 */
void
peal_server_stop (PealServer *self)
{
  g_return_if_fail (PEAL_IS_SERVER (self));

  assert_here (self);
  close_all (self);
}

/**
 * peal_server_get_port:
 *
 * Returns: the port it listens on; 0 before the start
 */
guint
peal_server_get_port (PealServer *self)
{
  assert_here (self);
  return self->port;
}

/**
 * peal_server_is_tls:
 *
 * Returns: whether clients need https and wss
 */
gboolean
peal_server_is_tls (PealServer *self)
{
  assert_here (self);
  return self->certificate != NULL;
}

/**
 * peal_server_is_loopback:
 *
 * Returns: whether only this machine can reach it
 */
gboolean
peal_server_is_loopback (PealServer *self)
{
  assert_here (self);
  return self->address &&
      g_inet_address_get_is_loopback (self->address->address);
}

/**
 * peal_server_get_fingerprint:
 *
 * Returns: (nullable) (transfer none): the SHA-256 of the certificate, as
 *   `AB:CD:…`; NULL without TLS
 */
const gchar *
peal_server_get_fingerprint (PealServer *self)
{
  assert_here (self);
  return self->fingerprint;
}

/**
 * peal_server_get_certificate_file:
 *
 * Returns: (nullable) (transfer none): the PEM file that a client may trust;
 *   NULL without TLS
 */
const gchar *
peal_server_get_certificate_file (PealServer *self)
{
  assert_here (self);
  return self->certificate ? self->certificate_file : NULL;
}

/**
 * peal_server_dup_page_urls:
 * @room: (nullable): the room, or NULL for the page that asks
 *
 * Returns: (transfer full): the page's URLs, those that another machine can
 *   open first; at least one
 */
GStrv
peal_server_dup_page_urls (PealServer *self, const gchar *room)
{
  assert_here (self);
  g_return_val_if_fail (self->port != 0, NULL);

  return peal_server_urls_list (self->certificate ? "https" : "http",
      self->address->address, self->port, room);
}

/**
 * peal_server_dup_signalling_uri:
 * @room: (nullable): the room
 *
 * Returns: (transfer full): the uri for a `pealbin` on this machine
 */
gchar *
peal_server_dup_signalling_uri (PealServer *self, const gchar *room)
{
  assert_here (self);
  g_return_val_if_fail (self->port != 0, NULL);

  return peal_server_urls_local (self->certificate ? "wss" : "ws",
      self->address->address, self->port, room);
}
