/*
 * The contract's backends over the real thing: Peal's own server on a thread of
 * its own, which speaks each protocol, and a proxy per member whose connections
 * can be cut.
 *
 *   PealDialectSignaller --ws--> TcpProxy --tcp--> ServerThread
 */
#include "contract.h"

#include "server-thread.h"
#include "server/tls-store.h"
#include "signalling/registry.h"
#include "tcp-proxy.h"
#include "text-file.h"

typedef struct {
  Backend parent;
  ServerThread *server;
  gchar *token_file; /* or NULL */
} RoomsBackend;

static Backend *
open_room (const BackendClass *klass, const gchar *token, guint max_members)
{
  RoomsBackend *self = g_new0 (RoomsBackend, 1);
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  self->parent.klass = klass;
  self->token_file = token ? text_file_write (token) : NULL;
  options->max_members = max_members;
  options->token_file = g_strdup (self->token_file);
  self->server = server_thread_new (options);
  return &self->parent;
}

static Backend *
open_tls_room (const BackendClass *klass, const gchar *directory)
{
  RoomsBackend *self = g_new0 (RoomsBackend, 1);
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  self->parent.klass = klass;
  self->parent.tls_directory = directory;
  self->parent.is_trusted = TRUE;
  options->tls_auto = TRUE;
  options->tls_directory = g_strdup (directory);
  self->server = server_thread_new (options);
  return &self->parent;
}

static void
close_room (Backend *backend)
{
  RoomsBackend *self = (RoomsBackend *)backend;

  server_thread_free (self->server);
  text_file_remove (self->token_file);
  g_free (self);
}

/* The class's own format, with one port in it. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* One calls, the others wait; nobody is in a room. */
static void
make_call (PealSignallerConfig *config, const gchar *whom)
{
  g_autofree gchar *uri = g_steal_pointer (&config->uri);
  gboolean is_caller = g_strcmp0 (config->peer_name, whom) != 0;

  g_clear_pointer (&config->room, g_free);
  config->uri = g_strconcat (uri, is_caller ? "?peer=" : NULL, whom, NULL);
}

static void
use_tls (PealSignallerConfig *config, Backend *backend)
{
  g_autofree gchar *uri = g_steal_pointer (&config->uri);
  const gchar *rest = strstr (uri, "ws://") + 2;

  config->uri = g_strdup_printf ("%.*ss%s", (int)(rest - uri), uri, rest);
  if (backend->is_trusted)
    config->tls_ca_file = g_build_filename (
        backend->tls_directory, PEAL_TLS_STORE_CERTIFICATE_NAME, NULL);
}

static void
connect_member (
    Backend *backend, Member *member, const PealSignallerConfig *config)
{
  RoomsBackend *self = (RoomsBackend *)backend;
  g_autoptr (PealSignallerConfig) own = peal_signaller_config_copy (config);
  g_autoptr (GError) error = NULL;

  member->line = tcp_proxy_new (server_thread_get_port (self->server));
  g_free (own->uri);
  own->uri =
      g_strdup_printf (backend->klass->uri, tcp_proxy_get_port (member->line));
  if (backend->tls_directory)
    use_tls (own, backend);
  if (backend->klass->calls)
    make_call (own, backend->klass->calls);
  member->signaller = peal_signaller_registry_create (own, &error);
  g_assert_no_error (error);
}

static void
disconnect_member (Backend *backend, Member *member)
{
  g_clear_pointer ((TcpProxy **)&member->line, tcp_proxy_free);
}

static void
cut (Backend *backend, Member *member)
{
  tcp_proxy_cut (member->line);
}

static void
restart (Backend *backend)
{
  RoomsBackend *self = (RoomsBackend *)backend;

  server_thread_stop (self->server);
  server_thread_start (self->server);
}

#define OVER_SERVER                                                       \
  .open = open_room, .open_tls = open_tls_room, .close = close_room,      \
  .connect = connect_member, .disconnect = disconnect_member, .cut = cut, \
  .restart = restart

/* What their clients decide among themselves, and have no words for. */
#define LACKS_OF_SOCKETIO                                             \
  (LACK_NAMES | LACK_META | LACK_TEXTS | LACK_RESUMING | LACK_TURNS | \
      LACK_WISHES)
#define LACKS_OF_TWO (LACKS_OF_SOCKETIO | LACK_IDS)
#define LACKS_OF_GSTREAMER \
  (LACK_META | LACK_TEXTS | LACK_RESUMING | LACK_WISHES)

const BackendClass server_backends[] = {
  { .name = "peal-rooms", .uri = "ws://127.0.0.1:%u/", OVER_SERVER },
  {
      .name = "relay",
      .uri = "relay+ws://127.0.0.1:%u/relay/",
      .lacks = LACKS_OF_TWO | LACK_LEAVING | LACK_SIZES,
      OVER_SERVER,
  },
  {
      .name = "socketio",
      .uri = "socketio+ws://127.0.0.1:%u/",
      .lacks = LACKS_OF_SOCKETIO,
      OVER_SERVER,
  },
  {
      .name = "socketio-mesh",
      .uri = "socketio+ws://127.0.0.1:%u/?profile=mesh",
      .lacks = LACKS_OF_SOCKETIO,
      OVER_SERVER,
  },
  {
      .name = "socketio-py",
      .uri = "socketio+ws://127.0.0.1:%u/?profile=py",
      .lacks = LACKS_OF_SOCKETIO,
      OVER_SERVER,
  },
  {
      .name = "socketio-codelab",
      .uri = "socketio+ws://127.0.0.1:%u/?profile=codelab",
      .lacks = LACKS_OF_TWO,
      OVER_SERVER,
  },
  {
      .name = "socketio-broadcast",
      .uri = "socketio+ws://127.0.0.1:%u/?profile=broadcast",
      .lacks = LACKS_OF_TWO | LACK_LEAVING,
      OVER_SERVER,
  },
  {
      .name = "gstwebrtc",
      .uri = "gstwebrtc+ws://127.0.0.1:%u/",
      .lacks = LACKS_OF_GSTREAMER,
      OVER_SERVER,
  },
  {
      .name = "gstwebrtc-1.1",
      .uri = "gstwebrtc+ws://127.0.0.1:%u/?version=1.1",
      .lacks = LACKS_OF_GSTREAMER,
      OVER_SERVER,
  },
  {
      .name = "gstexamples",
      .uri = "gstexamples+ws://127.0.0.1:%u/",
      .lacks = LACKS_OF_GSTREAMER | LACK_NAMES,
      OVER_SERVER,
  },
  {
      .name = "gstexamples-call",
      .uri = "gstexamples+ws://127.0.0.1:%u/",
      .calls = "Alice",
      .lacks = LACKS_OF_GSTREAMER | LACK_NAMES | LACK_IDS | LACK_COMING,
      OVER_SERVER,
  },
  { .name = NULL },
};
