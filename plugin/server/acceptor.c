/*
 * Opens the port and takes connections. See acceptor.h.
 *
 * Called by the server; its `accepted` signal hands a connection on once its
 * TLS handshake is done, so that a slow or foreign client never gets further.
 */
#include "server/acceptor.h"

#include <gst/gst.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/sources.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* chosen: a building's members that come back at once. The kernel takes the
 * smaller one of this and net.core.somaxconn (4096 since Linux 5.4); who finds
 * the line full tries again a second later. */
#define BACKLOG 4096
#define HANDSHAKE_TIMEOUT_MS                      \
  (10 * 1000) /* chosen: slow phone, slow network \
               */
/* chosen: four pings; a connection on which nothing comes for so long is
 * dead, or a browser's that kept it without need. */
#define IDLE_TIMEOUT_S 60
/* chosen: when no file descriptor is left, look again then. */
#define PAUSE_MS 500
/* chosen: while connections come and go at the limit, it is told so often. */
#define STARVED_AGAIN_US (60 * G_USEC_PER_SEC)

enum {
  SIGNAL_ACCEPTED,
  SIGNAL_STARVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _PealAcceptor {
  GObject parent;
  GTlsCertificate *certificate; /* NULL: no TLS */
  GSocket *socket;
  GSource *watch;
  GSource *pause;
  gint64 starved_us;         /* when that was told last; 0: never */
  GCancellable *cancellable; /* ends the handshakes under way */
};

G_DEFINE_FINAL_TYPE (PealAcceptor, peal_acceptor, G_TYPE_OBJECT)

typedef struct {
  GWeakRef acceptor;
  GSocketConnection *base;
  GCancellable *cancellable;
  GSource *timeout;
  GCancellable *parent;
  gulong parent_handler;
} Handshake;

static void
announce (PealAcceptor *self, GSocketConnection *base, GIOStream *stream)
{
  g_autoptr (GSocketAddress) local =
      g_socket_connection_get_local_address (base, NULL);
  g_autoptr (GSocketAddress) remote =
      g_socket_connection_get_remote_address (base, NULL);

  if (local && remote)
    g_signal_emit (self, signals[SIGNAL_ACCEPTED], 0, stream, local, remote);
  else
    g_io_stream_close (G_IO_STREAM (base), NULL, NULL);
}

static void
free_handshake (Handshake *handshake)
{
  g_cancellable_disconnect (handshake->parent, handshake->parent_handler);
  peal_source_clear (&handshake->timeout);
  g_weak_ref_clear (&handshake->acceptor);
  g_object_unref (handshake->base);
  g_object_unref (handshake->cancellable);
  g_object_unref (handshake->parent);
  g_free (handshake);
}

static void
on_handshake (GObject *stream, GAsyncResult *result, gpointer data)
{
  Handshake *handshake = data;
  g_autoptr (PealAcceptor) self = g_weak_ref_get (&handshake->acceptor);
  g_autoptr (GError) error = NULL;

  if (!g_tls_connection_handshake_finish (
          G_TLS_CONNECTION (stream), result, &error)) {
    GST_DEBUG_OBJECT (self, "no handshake: %s", error->message);
    g_io_stream_close (G_IO_STREAM (handshake->base), NULL, NULL);
  } else if (self && self->socket) {
    announce (self, handshake->base, G_IO_STREAM (stream));
  }
  free_handshake (handshake);
}

static gboolean
on_handshake_timeout (gpointer data)
{
  Handshake *handshake = data;

  g_cancellable_cancel (handshake->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_parent_cancelled (GCancellable *parent, GCancellable *child)
{
  g_cancellable_cancel (child);
}

static Handshake *
new_handshake (PealAcceptor *self, GSocketConnection *base)
{
  Handshake *handshake = g_new0 (Handshake, 1);

  g_weak_ref_init (&handshake->acceptor, self);
  handshake->base = g_object_ref (base);
  handshake->cancellable = g_cancellable_new ();
  handshake->parent = g_object_ref (self->cancellable);
  handshake->parent_handler = g_cancellable_connect (self->cancellable,
      G_CALLBACK (on_parent_cancelled), handshake->cancellable, NULL);
  peal_source_start_timer (&handshake->timeout, HANDSHAKE_TIMEOUT_MS,
      "peal-acceptor-handshake", on_handshake_timeout, handshake);
  return handshake;
}

static void
shake_hands (PealAcceptor *self, GSocketConnection *base)
{
  static const gchar *const protocols[] = { "http/1.1", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = g_tls_server_connection_new (
      G_IO_STREAM (base), self->certificate, &error);
  Handshake *handshake;

  if (!stream) {
    GST_WARNING_OBJECT (self, "no TLS: %s", error->message);
    g_io_stream_close (G_IO_STREAM (base), NULL, NULL);
    return;
  }
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (stream), FALSE);
  g_tls_connection_set_advertised_protocols (
      G_TLS_CONNECTION (stream), protocols);
  handshake = new_handshake (self, base);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (stream),
      G_PRIORITY_DEFAULT, handshake->cancellable, on_handshake, handshake);
}

static void
take (PealAcceptor *self, GSocket *socket)
{
  g_autoptr (GSocketConnection) base =
      g_socket_connection_factory_create_connection (socket);

  g_socket_set_timeout (socket, IDLE_TIMEOUT_S);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  if (self->certificate)
    shake_hands (self, base);
  else
    announce (self, base, G_IO_STREAM (base));
}

static void
start_watch (PealAcceptor *self);

static gboolean
on_pause_over (gpointer data)
{
  PealAcceptor *self = data;

  peal_source_clear (&self->pause);
  start_watch (self);
  return G_SOURCE_REMOVE;
}

static void
pause_watch (PealAcceptor *self)
{
  peal_source_clear (&self->watch);
  peal_source_start_timer (
      &self->pause, PAUSE_MS, "peal-acceptor-pause", on_pause_over, self);
}

/* Those who come wait in the line meanwhile. */
static void
tell_starved (PealAcceptor *self)
{
  gint64 now_us = g_get_monotonic_time ();
  struct rlimit files = { 0, 0 };
  g_autofree gchar *text = NULL;

  if (self->starved_us && now_us < self->starved_us + STARVED_AGAIN_US)
    return;
  self->starved_us = now_us;
  getrlimit (RLIMIT_NOFILE, &files);
  text = g_strdup_printf (
      "no more connections for now: all %" G_GUINT64_FORMAT
      " files that this process may open are open. Let it have more: "
      "ulimit -n, or LimitNOFILE= of a systemd service",
      (guint64)files.rlim_cur);
  g_signal_emit (self, signals[SIGNAL_STARVED], 0, text);
}

static gboolean
on_incoming (GSocket *listening, GIOCondition condition, gpointer data)
{
  g_autoptr (PealAcceptor) self = g_object_ref (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (listening, NULL, &error);

  if (socket) {
    take (self, socket);
    return G_SOURCE_CONTINUE;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE; /* it has gone again */
  GST_WARNING_OBJECT (self, "cannot take a connection: %s", error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES))
    tell_starved (self);
  pause_watch (self);
  return G_SOURCE_REMOVE;
}

static void
start_watch (PealAcceptor *self)
{
  self->watch = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_name (self->watch, "peal-acceptor");
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_incoming), self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
}

static void
dispose (GObject *object)
{
  PealAcceptor *self = PEAL_ACCEPTOR (object);

  peal_acceptor_close (self);
  g_clear_object (&self->certificate);
  G_OBJECT_CLASS (peal_acceptor_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_object_unref (PEAL_ACCEPTOR (object)->cancellable);
  G_OBJECT_CLASS (peal_acceptor_parent_class)->finalize (object);
}

static void
peal_acceptor_class_init (PealAcceptorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
  G_OBJECT_CLASS (klass)->finalize = finalize;

  /**
   * PealAcceptor::accepted:
   * @stream: the connection, its handshake done
   * @local: its address here
   * @remote: the client's address
   *
   * Thread: the one that opened it; no lock held; handlers may close it.
   */
  signals[SIGNAL_ACCEPTED] = g_signal_new ("accepted", PEAL_TYPE_ACCEPTOR,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_IO_STREAM,
      G_TYPE_SOCKET_ADDRESS, G_TYPE_SOCKET_ADDRESS);

  /**
   * PealAcceptor::starved:
   * @text: what to do about it, for the user
   *
   * No connection can be taken, because no file descriptor is left: it looks
   * again twice a second. Once a minute at most.
   *
   * Thread: the one that opened it; no lock held; handlers must not close it.
   */
  signals[SIGNAL_STARVED] = g_signal_new ("starved", PEAL_TYPE_ACCEPTOR,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  GST_DEBUG_CATEGORY_INIT (
      debug_category, "peal-server-acceptor", 0, "the port of the Peal server");
}

static void
peal_acceptor_init (PealAcceptor *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * peal_acceptor_new:
 * @certificate: (nullable): makes it TLS
 */
PealAcceptor *
peal_acceptor_new (GTlsCertificate *certificate)
{
  PealAcceptor *self = g_object_new (PEAL_TYPE_ACCEPTOR, NULL);

  self->certificate = certificate ? g_object_ref (certificate) : NULL;
  return self;
}

static guint
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (socket, NULL);

  return address
      ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
      : 0;
}

/* Says what to do about it. */
static void
explain (GSocketAddress *where, const GError *cause, GError **error)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (where);
  g_autofree gchar *address =
      g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  guint port = g_inet_socket_address_get_port (inet);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "port %u of %s is in use by another program: stop that one, or listen "
        "on another port",
        port, address);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "not permitted to listen on port %u of %s: choose one from 1024 on",
        port, address);
  else
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "cannot listen on port %u of %s: %s", port, address, cause->message);
}

static GSocket *
open_socket (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
          G_SOCKET_PROTOCOL_TCP, error);

  if (!socket)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, error) ||
      !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/**
 * peal_acceptor_open:
 * @address: where to listen, an Internet address; port 0 picks a free one
 * @port: (out): the port it is
 *
 * Returns: whether it listens; else PEAL_ERROR_USAGE, in words for the user
 */
gboolean
peal_acceptor_open (
    PealAcceptor *self, GSocketAddress *address, guint *port, GError **error)
{
  g_autoptr (GError) cause = NULL;

  self->socket = open_socket (address, &cause);
  if (!self->socket) {
    explain (address, cause, error);
    return FALSE;
  }
  *port = get_port (self->socket);
  start_watch (self);
  return TRUE;
}

/**
 * peal_acceptor_close:
 *
 * Takes no more connections; handshakes under way are broken off. What was
 * handed on stays.
 */
void
peal_acceptor_close (PealAcceptor *self)
{
  peal_source_clear (&self->watch);
  peal_source_clear (&self->pause);
  g_cancellable_cancel (self->cancellable);
  if (self->socket)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
}
